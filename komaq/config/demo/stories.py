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


STORIES = (
    Story(
        "Servicio preventivo 500 h",
        "Toca el servicio de 500 horas. La máquina para el domingo por la mañana.",
        "engine",
        ("Cambiar aceite y filtro de motor", "Cambiar filtros de combustible", "Tomar muestras de aceite", "Engrase"),
    ),
    Story(
        "Fuga de aceite en cilindro de balde",
        "Botó aceite por el cilindro del balde, lado de la tapa. El balde baja solo.",
        "hydraulic",
        ("Desmontar cilindro", "Cambiar kit de sellos", "Probar presión y bajada del balde"),
        ("fuga", "obra"),
    ),
    Story(
        "Motor recalienta en subida",
        "La temperatura llega a 104 °C en rampa y el monitor avisa. En plano se normaliza.",
        "cooling",
        ("Limpiar radiador", "Revisar termostato y tapa", "Probar bomba de agua", "Prueba en rampa"),
        ("indicador",),
    ),
    Story(
        "Sin fuerza en brazo y giro",
        "Perdió fuerza en el brazo y el giro es lento cuando está caliente.",
        "hydraulic",
        ("Medir caudal y presión de bomba", "Revisar filtro de retorno", "Cambiar bomba principal", "Calibrar"),
        ("indicador", "fuga"),
        3,
    ),
    Story(
        "Cadena floja y ruido en rodaje",
        "La cadena derecha se salió dos veces y hace ruido al avanzar.",
        "undercarriage",
        ("Medir desgaste de eslabones y bujes", "Cambiar rodillos inferiores", "Tensar cadenas"),
        ("rodaje", "obra"),
        2,
    ),
    Story(
        "No arranca en frío",
        "No arranca por la mañana; da vueltas lento y se apaga el tablero.",
        "electrical",
        ("Probar baterías y alternador", "Cambiar arrancador", "Revisar masa y cableado"),
        ("indicador",),
    ),
    Story(
        "Baja presión de frenos",
        "La alarma de presión de frenos se enciende después de media hora de trabajo.",
        "brakes",
        ("Medir presión de acumuladores", "Revisar válvula de carga", "Probar frenos de servicio y parqueo"),
        ("indicador",),
        2,
    ),
    Story(
        "Transmisión patina en tercera",
        "Patina al pasar a tercera con carga. El aceite sale oscuro.",
        "transmission",
        ("Medir presiones de embrague", "Cambiar discos", "Cambiar aceite y filtros", "Prueba de carga"),
        ("obra",),
        4,
    ),
    Story(
        "Aire acondicionado no enfría",
        "La cabina pasa de 35 °C y el operador no aguanta el turno.",
        "cab",
        ("Revisar fuga de refrigerante", "Cambiar compresor", "Cargar gas y probar"),
    ),
    Story(
        "Fisura en la pluma",
        "Se ve una fisura de unos 20 cm cerca del pin de la pluma.",
        "structure",
        ("Inspección por líquidos penetrantes", "Biselar y soldar", "Alivio de tensiones y pintura"),
        ("obra", "rodaje"),
        2,
    ),
    Story(
        "Dirección dura",
        "El timón se pone duro cuando calienta y cuesta mantener la línea.",
        "steering",
        ("Medir presión de dirección", "Cambiar bomba de dirección", "Purgar y probar"),
    ),
    Story(
        "Servicio preventivo 2,000 h",
        "Solicito el servicio de 2,000 horas con muestras de todos los compartimientos.",
        "engine",
        ("Cambiar aceites y filtros", "Calibrar válvulas", "Probar turbo e inyectores", "Inspección estructural"),
        ("obra",),
        2,
    ),
)
