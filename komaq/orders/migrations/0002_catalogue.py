"""What the company offers and the symptoms a client can name; both are edited in the product afterwards."""

from django.db import migrations

SERVICE_TYPES = [
    ("reparacion-en-campo", "Reparación en campo", "Vamos a su obra o mina con técnico, furgón y herramientas."),
    ("reparacion-en-taller", "Reparación en taller", "Recibimos la máquina o el componente en nuestro taller."),
    ("mantenimiento-preventivo", "Mantenimiento preventivo", "Servicio por horómetro: 250, 500, 1,000 y 2,000 horas."),
    ("diagnostico", "Diagnóstico e inspección", "Encontramos la causa y le entregamos un informe con fotos."),
    ("emergencia", "Auxilio de emergencia", "Máquina parada: salimos con la primera cuadrilla disponible."),
    ("reconstruccion", "Reconstrucción de componentes", "Motores, transmisiones, bombas, cilindros y mandos finales."),
]
TRACKS = ["excavator", "shovel", "dozer", "drill"]
WHEELS = ["loader", "truck", "grader", "lhd", "roller", "backhoe", "handler"]
PROBLEMS = [
    ("no-arranca", "No arranca", [], "engine"),
    ("motor-sin-fuerza", "Motor sin fuerza", [], "engine"),
    ("humo-excesivo", "Humo negro, blanco o azul", [], "engine"),
    ("presion-aceite-baja", "Presión de aceite de motor baja", [], "engine"),
    ("ruido-en-motor", "Ruido o golpeteo en el motor", [], "engine"),
    ("consumo-combustible", "Consume demasiado combustible", [], "fuel"),
    ("agua-en-combustible", "Agua o suciedad en el combustible", [], "fuel"),
    ("sobrecalentamiento", "Se recalienta", [], "cooling"),
    ("fuga-refrigerante", "Fuga de refrigerante", [], "cooling"),
    ("baterias-no-cargan", "Baterías o alternador no cargan", [], "electrical"),
    ("codigo-de-falla", "Alarma o código de falla en el monitor", [], "electrical"),
    ("luces-o-sensores", "Fallan luces, sensores o cableado", [], "electrical"),
    ("hidraulico-lento", "Movimientos lentos o sin fuerza", [], "hydraulic"),
    ("fuga-hidraulica", "Fuga de aceite hidráulico", [], "hydraulic"),
    ("hidraulico-caliente", "Aceite hidráulico muy caliente", [], "hydraulic"),
    ("ruido-en-bomba", "Ruido en la bomba hidráulica", [], "hydraulic"),
    ("cilindro-cae", "Un cilindro se cae o no sostiene carga", [], "hydraulic"),
    ("transmision-patina", "La transmisión patina o no entra marcha", [*WHEELS, "dozer"], "transmission"),
    ("transmision-caliente", "Transmisión o convertidor se recalienta", [*WHEELS, "dozer"], "transmission"),
    ("mando-final", "Ruido o fuga en mando final o diferencial", [], "drive"),
    ("no-traslada", "No se traslada o se desvía", TRACKS, "drive"),
    ("frenos-debiles", "Frenos débiles o bloqueados", WHEELS, "brakes"),
    ("direccion-dura", "Dirección dura o con juego", WHEELS, "steering"),
    ("cadena-suelta", "Cadena suelta, gastada o descarrilada", TRACKS, "undercarriage"),
    ("rodillos-o-ruedas", "Rodillos, ruedas guía o sprocket gastados", TRACKS, "undercarriage"),
    ("llantas", "Llanta o aro dañado", WHEELS, "tyres"),
    ("giro-falla", "El giro falla o hace ruido", ["excavator", "shovel", "drill"], "implement"),
    ("pines-con-juego", "Pines y bocinas con juego", [], "implement"),
    ("balde-o-puntas", "Balde, cuchilla o puntas dañadas", [], "implement"),
    ("fisura", "Fisura o soldadura rota", [], "structure"),
    ("aire-acondicionado", "Aire acondicionado o cabina", [], "cab"),
    ("perforacion-falla", "Falla en avance, rotación o compresor", ["drill", "compressor"], "implement"),
    ("servicio-por-horas", "Le toca servicio por horas", [], "general"),
    ("otro", "Otro problema", [], "general"),
]


def fill(apps, schema_editor):
    service_type, problem = apps.get_model("orders", "ServiceType"), apps.get_model("orders", "Problem")
    for code, name, description in SERVICE_TYPES:
        service_type.objects.get_or_create(code=code, defaults={"name": name, "description": description})
    for code, name, machine_types, system in PROBLEMS:
        problem.objects.get_or_create(
            code=code, defaults={"name": name, "machine_types": machine_types, "system": system}
        )


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
