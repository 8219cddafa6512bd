"""What breaks and what is done about it: symptom, words of the client, title, system, tasks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Story:
    title: str
    words: str
    system: str
    tasks: tuple[str, ...]
    photos: tuple[str, ...] = ("obra",)
    days: int = 1
    symptom: str = "otro"
    machines: frozenset[str] = frozenset()


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
    ),
    Story(
        "Fuga de aceite en cilindro de balde",
        "Botó aceite por el cilindro del balde, lado de la tapa. El balde baja solo.",
        "hydraulic",
        ("Desmontar cilindro", "Cambiar kit de sellos", "Probar presión y bajada del balde"),
        ("fuga", "obra"),
        symptom="fuga-hidraulica",
        machines=DIGGERS,
    ),
    Story(
        "Motor recalienta con carga",
        "La temperatura llega a 104 °C con carga y el monitor avisa. En vacío se normaliza.",
        "cooling",
        ("Limpiar radiador", "Revisar termostato y tapa", "Probar bomba de agua", "Prueba con carga"),
        ("indicador",),
        symptom="sobrecalentamiento",
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
    ),
    Story(
        "No arranca en frío",
        "No arranca por la mañana; da vueltas lento y se apaga el tablero.",
        "electrical",
        ("Probar baterías y alternador", "Cambiar arrancador", "Revisar masa y cableado"),
        ("indicador",),
        symptom="no-arranca",
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
    ),
    Story(
        "Aire acondicionado no enfría",
        "La cabina pasa de 35 °C y el operador no aguanta el turno.",
        "cab",
        ("Revisar fuga de refrigerante", "Cambiar compresor", "Cargar gas y probar"),
        symptom="aire-acondicionado",
        machines=CABBED,
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
    ),
    Story(
        "Dirección dura",
        "El timón se pone duro cuando calienta y cuesta mantener la línea.",
        "steering",
        ("Medir presión de dirección", "Cambiar bomba de dirección", "Purgar y probar"),
        symptom="direccion-dura",
        machines=WHEELED,
    ),
    Story(
        "Servicio preventivo 2,000 h",
        "Solicito el servicio de 2,000 horas con muestras de todos los compartimientos.",
        "engine",
        ("Cambiar aceites y filtros", "Calibrar válvulas", "Probar turbo e inyectores", "Inspección estructural"),
        ("obra",),
        2,
        symptom="servicio-por-horas",
    ),
)


def story_for(machine_type: str, number: int) -> Story:
    """The story with that number among those that can happen to such a machine."""
    fitting = [story for story in STORIES if not story.machines or machine_type in story.machines]
    return fitting[number % len(fitting)]
