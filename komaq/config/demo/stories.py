"""What breaks and what is done about it: symptom, words of the client, title, system, tasks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    """`parts` are the kinds it takes and how many; `rare` ones lie on no shelf and are needed now and then."""

    title: str
    words: str
    system: str
    tasks: tuple[str, ...]
    photos: tuple[str, ...] = ("obra",)
    days: int = 1
    symptom: str = "otro"
    machines: frozenset[str] = frozenset()
    parts: tuple[tuple[str, int], ...] = ()
    rare: tuple[str, ...] = ("injector", "turbo")


EXCAVATORS = frozenset({"excavator", "shovel", "backhoe"})
DIGGERS = EXCAVATORS | {"loader", "lhd"}
TRACKED = frozenset({"excavator", "dozer", "drill"})
WHEELED = frozenset({"loader", "truck", "grader", "lhd", "roller", "backhoe", "handler"})
CABBED = DIGGERS | TRACKED | WHEELED

STORIES = (
    Story(
        "Servicio preventivo 500 h",
        "Toca el servicio de 500 horas. La máquina para el domingo por la mañana.",
        "engine",
        ("Cambiar aceite y filtro de motor", "Cambiar filtros de combustible", "Tomar muestras de aceite", "Engrase"),
        symptom="servicio-por-horas",
        parts=(("oil_filter", 1), ("fuel_filter", 2), ("oil_15w40", 10)),
    ),
    Story(
        "Fuga de aceite en cilindro de balde",
        "Botó aceite por el cilindro del balde, lado de la tapa. El balde baja solo.",
        "hydraulic",
        ("Desmontar cilindro", "Cambiar kit de sellos", "Probar presión y bajada del balde"),
        ("fuga", "obra"),
        symptom="fuga-hidraulica",
        machines=DIGGERS,
        parts=(("seal_kit", 1), ("oil_hydraulic", 8)),
        rare=("main_pump",),
    ),
    Story(
        "Motor recalienta con carga",
        "La temperatura llega a 104 °C con carga y el monitor avisa. En vacío se normaliza.",
        "cooling",
        ("Limpiar radiador", "Revisar termostato y tapa", "Probar bomba de agua", "Prueba con carga"),
        ("indicador",),
        symptom="sobrecalentamiento",
        parts=(("thermostat", 1), ("coolant", 8), ("fan_belt", 1)),
        rare=("radiator",),
    ),
    Story(
        "Sin fuerza en brazo y giro",
        "Perdió fuerza en el brazo y el giro es lento cuando está caliente.",
        "hydraulic",
        ("Medir caudal y presión de bomba", "Revisar filtro de retorno", "Cambiar bomba principal", "Calibrar"),
        ("indicador", "fuga"),
        3,
        symptom="hidraulico-lento",
        machines=EXCAVATORS,
        parts=(("hydraulic_filter", 2), ("oil_hydraulic", 12)),
        rare=("main_pump",),
    ),
    Story(
        "Cadena floja y ruido en rodaje",
        "La cadena derecha se salió dos veces y hace ruido al avanzar.",
        "undercarriage",
        ("Medir desgaste de eslabones y bujes", "Cambiar rodillos inferiores", "Tensar cadenas"),
        ("rodaje", "obra"),
        2,
        symptom="cadena-suelta",
        machines=TRACKED,
        parts=(("roller", 2), ("bolt", 12), ("grease", 4)),
        rare=("chain",),
    ),
    Story(
        "No arranca en frío",
        "No arranca por la mañana; da vueltas lento y se apaga el tablero.",
        "electrical",
        ("Probar baterías y alternador", "Cambiar arrancador", "Revisar masa y cableado"),
        ("indicador",),
        symptom="no-arranca",
        parts=(("starter", 1), ("battery", 2)),
        rare=("injector",),
    ),
    Story(
        "Baja presión de frenos",
        "La alarma de presión de frenos se enciende después de media hora de trabajo.",
        "brakes",
        ("Medir presión de acumuladores", "Revisar válvula de carga", "Probar frenos de servicio y parqueo"),
        ("indicador",),
        2,
        symptom="frenos-debiles",
        machines=WHEELED,
        parts=(("brake_disc", 2), ("hose", 1)),
        rare=("accumulator",),
    ),
    Story(
        "Transmisión patina en tercera",
        "Patina al pasar a tercera con carga. El aceite sale oscuro.",
        "transmission",
        ("Medir presiones de embrague", "Cambiar discos", "Cambiar aceite y filtros", "Prueba de carga"),
        ("obra",),
        4,
        symptom="transmision-patina",
        machines=WHEELED,
        parts=(("clutch_disc", 4), ("oil_transmission", 12)),
        rare=("steering_pump",),
    ),
    Story(
        "Aire acondicionado no enfría",
        "La cabina pasa de 35 °C y el operador no aguanta el turno.",
        "cab",
        ("Revisar fuga de refrigerante", "Cambiar compresor", "Cargar gas y probar"),
        symptom="aire-acondicionado",
        machines=CABBED,
        parts=(("compressor", 1), ("gas", 1), ("cab_filter", 1)),
        rare=("radiator",),
    ),
    Story(
        "Fisura en la pluma",
        "Se ve una fisura de unos 20 cm cerca del pin de la pluma.",
        "structure",
        ("Inspección por líquidos penetrantes", "Biselar y soldar", "Alivio de tensiones y pintura"),
        ("obra", "rodaje"),
        2,
        symptom="fisura",
        machines=EXCAVATORS,
        parts=(("electrode", 6), ("dye", 1)),
        rare=("main_pump",),
    ),
    Story(
        "Dirección dura",
        "El timón se pone duro cuando calienta y cuesta mantener la línea.",
        "steering",
        ("Medir presión de dirección", "Cambiar bomba de dirección", "Purgar y probar"),
        symptom="direccion-dura",
        machines=WHEELED,
        parts=(("hose", 1), ("oil_transmission", 6)),
        rare=("steering_pump",),
    ),
    Story(
        "Servicio preventivo 2,000 h",
        "Solicito el servicio de 2,000 horas con muestras de todos los compartimientos.",
        "engine",
        ("Cambiar aceites y filtros", "Calibrar válvulas", "Probar turbo e inyectores", "Inspección estructural"),
        ("obra",),
        2,
        symptom="servicio-por-horas",
        parts=(("oil_filter", 2), ("hydraulic_filter", 1), ("air_primary", 1), ("oil_15w40", 12)),
        rare=("turbo", "injector"),
    ),
)


def story_for(machine_type: str, number: int) -> Story:
    """The story with that number among those that can happen to such a machine."""
    fitting = [story for story in STORIES if not story.machines or machine_type in story.machines]
    return fitting[number % len(fitting)]
