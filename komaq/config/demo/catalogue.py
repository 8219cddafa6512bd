"""The parts of the demo: what machines of its models need, of their makers, of others and of cheaper ones."""

import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from komaq.accounts.models import User
from komaq.fleet.models import MachineModel
from komaq.parts import actions
from komaq.parts.choices import Category, LinkKind, PartGrade, Unit
from komaq.parts.models import Part

C, U, G = Category, Unit, PartGrade
SOLES_A_DOLLAR = Decimal("3.6")
MARGIN = Decimal("1.38")
DIGGING = frozenset({"excavator", "shovel", "loader", "lhd", "backhoe"})
TRACKED = frozenset({"excavator", "dozer", "drill"})
BLADED = frozenset({"loader", "dozer", "grader"})
WHEELED = frozenset({"loader", "truck", "grader", "lhd", "roller", "backhoe", "handler"})


@dataclass(frozen=True)
class Kind:
    """What a part is: its name, its price in dollars from a small to a large machine, how many are kept."""

    name: str
    category: str
    cheapest: int
    dearest: int
    keep: tuple[int, int] | None = None
    unit: str = U.PIECE
    machines: frozenset[str] = frozenset()


KINDS = {
    "oil_filter": Kind("Filtro de aceite de motor", C.FILTER, 15, 45, (4, 16)),
    "fuel_filter": Kind("Filtro de combustible", C.FILTER, 18, 60, (4, 16)),
    "water_separator": Kind("Separador de agua y combustible", C.FILTER, 25, 70, (3, 12)),
    "air_primary": Kind("Filtro de aire primario", C.FILTER, 70, 260, (2, 8)),
    "air_secondary": Kind("Filtro de aire secundario", C.FILTER, 45, 140, (2, 6)),
    "hydraulic_filter": Kind("Filtro de retorno hidráulico", C.FILTER, 40, 150, (2, 8)),
    "cab_filter": Kind("Filtro de cabina", C.FILTER, 20, 55, (2, 6)),
    "seal_kit": Kind("Kit de sellos de cilindro", C.HYDRAULIC, 90, 420, (1, 4), U.SET, DIGGING),
    "main_pump": Kind("Bomba hidráulica principal", C.HYDRAULIC, 9_000, 42_000, machines=DIGGING),
    "hose": Kind("Manguera hidráulica de alta presión", C.HYDRAULIC, 60, 240, (2, 6)),
    "accumulator": Kind("Acumulador de frenos", C.HYDRAULIC, 420, 1_300, machines=WHEELED),
    "injector": Kind("Inyector de combustible", C.ENGINE, 600, 1_700),
    "turbo": Kind("Turbocompresor", C.ENGINE, 2_500, 7_800),
    "water_pump": Kind("Bomba de agua", C.ENGINE, 380, 1_450, (1, 2)),
    "thermostat": Kind("Termostato", C.ENGINE, 35, 110, (2, 6)),
    "gasket_kit": Kind("Kit de empaquetaduras de culata", C.ENGINE, 260, 980, unit=U.SET),
    "alternator": Kind("Alternador 24 V", C.ELECTRICAL, 480, 1_500, (1, 2)),
    "starter": Kind("Arrancador 24 V", C.ELECTRICAL, 650, 1_900, (1, 2)),
    "sensor": Kind("Sensor de presión de aceite", C.ELECTRICAL, 85, 260, (1, 4)),
    "radiator": Kind("Radiador de motor", C.COOLING, 1_800, 7_500),
    "fan_belt": Kind("Faja de ventilador", C.COOLING, 40, 130, (2, 6)),
    "clutch_disc": Kind("Disco de embrague de transmisión", C.POWERTRAIN, 60, 240, (4, 12), machines=WHEELED),
    "brake_disc": Kind("Disco de freno", C.POWERTRAIN, 110, 460, (2, 8), machines=WHEELED),
    "steering_pump": Kind("Bomba de dirección", C.POWERTRAIN, 1_400, 5_200, machines=WHEELED),
    "roller": Kind("Rodillo inferior", C.UNDERCARRIAGE, 350, 900, (2, 8), machines=TRACKED),
    "chain": Kind("Cadena de rodaje", C.UNDERCARRIAGE, 12_000, 27_000, unit=U.SET, machines=TRACKED),
    "sprocket": Kind("Segmento de rueda motriz", C.UNDERCARRIAGE, 240, 760, (2, 6), machines=TRACKED),
    "tooth": Kind("Punta de cucharón", C.GROUND_ENGAGING, 35, 180, (10, 40), machines=DIGGING),
    "edge": Kind(
        "Cuchilla de corte", C.GROUND_ENGAGING, 160, 720, (2, 6), machines=frozenset({"loader", "dozer", "grader"})
    ),
    "compressor": Kind("Compresor de aire acondicionado", C.CAB, 380, 1_150, (1, 2)),
    "main_seal": Kind("Retén de cigüeñal", C.SEAL, 45, 190, (1, 4)),
}
"""What each group of machines needs of its maker."""

GROUPS = (
    ("CAT", ("336", "966L", "140K"), 0.2),
    ("CAT", ("349", "D8T", "16M"), 0.45),
    ("CAT", ("390F", "992K", "777G", "785D"), 0.9),
    ("Komatsu", ("PC450LC-8", "D155AX-6"), 0.5),
    ("Komatsu", ("WA600-6", "HD785-7"), 0.85),
    ("Volvo", ("EC480D", "L120H", "A40G"), 0.4),
    ("Hitachi", ("ZX350LC-5",), 0.35),
    ("Epiroc", ("SmartROC D65", "Scooptram ST14"), 0.5),
)
"""Maker, its models that share parts, how large they are (0 to 1)."""

OTHERS = {
    "oil_filter": ("Fleetguard", "Sakura"),
    "fuel_filter": ("Fleetguard", "Sakura"),
    "water_separator": ("Donaldson", "Sakura"),
    "air_primary": ("Donaldson", "Baldwin"),
    "air_secondary": ("Donaldson", "Baldwin"),
    "hydraulic_filter": ("Donaldson", "Baldwin"),
    "cab_filter": ("Donaldson", ""),
    "roller": ("Berco", "ITR"),
    "chain": ("Berco", "ITR"),
    "sprocket": ("Berco", ""),
    "tooth": ("ESCO", "Hensley"),
    "alternator": ("Bosch", ""),
    "starter": ("Bosch", ""),
}
"""Who else makes it: an alternative and an economic brand."""

SHELF = (
    ("oil_15w40", "Mobil", "Aceite de motor 15W-40", C.LUBRICANT, U.GALLON, 22, (40, 200)),
    ("oil_15w40", "Chevron", "Aceite de motor 15W-40", C.LUBRICANT, U.DRUM, 980, (1, 4)),
    ("oil_hydraulic", "Mobil", "Aceite hidráulico HYDO 10W", C.LUBRICANT, U.GALLON, 19, (40, 160)),
    ("oil_hydraulic", "Shell", "Aceite hidráulico ISO 46", C.LUBRICANT, U.DRUM, 860, (1, 3)),
    ("oil_transmission", "CAT", "Aceite de transmisión TO-4 SAE 30", C.LUBRICANT, U.GALLON, 27, (20, 80)),
    ("oil_transmission", "Mobil", "Aceite de transmisión TO-4 SAE 50", C.LUBRICANT, U.GALLON, 25, (20, 80)),
    ("grease", "Shell", "Grasa de litio NLGI 2 con molibdeno", C.LUBRICANT, U.KILOGRAM, 9, (30, 120)),
    ("coolant", "Fleetguard", "Refrigerante ELC 50/50", C.LUBRICANT, U.GALLON, 16, (20, 100)),
    ("coolant", "CAT", "Refrigerante de larga duración", C.LUBRICANT, U.GALLON, 21, (10, 50)),
    ("gas", "Honeywell", "Gas refrigerante R-134a", C.CAB, U.KILOGRAM, 18, (6, 24)),
    ("dye", "Magnaflux", "Kit de líquidos penetrantes", C.OTHER, U.SET, 64, (1, 6)),
    ("electrode", "Lincoln", "Electrodo E7018 de 1/8 pulgada", C.OTHER, U.KILOGRAM, 7, (20, 80)),
    ("paint", "CAT", "Pintura amarilla de acabado", C.OTHER, U.GALLON, 58, (2, 6)),
    ("battery", "Bosch", "Batería 12 V 200 Ah", C.ELECTRICAL, U.PIECE, 210, (4, 12)),
    ("battery", "CAT", "Batería 12 V 190 Ah de alto arranque", C.ELECTRICAL, U.PIECE, 295, (2, 8)),
    ("tyre", "Michelin", "Llanta 23.5R25 L3", C.TYRE, U.PIECE, 3_900, None),
    ("tyre", "Bridgestone", "Llanta 29.5R25 L3", C.TYRE, U.PIECE, 6_400, None),
    ("tyre", "Bridgestone", "Llanta 27.00R49 E4", C.TYRE, U.PIECE, 12_000, None),
    ("tyre", "Goodyear", "Llanta 17.5-25 L3", C.TYRE, U.PIECE, 1_650, None),
    ("bit", "Epiroc", "Broca de botones 115 mm", C.DRILLING, U.PIECE, 190, (4, 12)),
    ("bit", "Sandvik", "Broca de botones 45 mm R32", C.DRILLING, U.PIECE, 62, (10, 40)),
    ("rod", "Sandvik", "Barra de extensión T38 de 3.66 m", C.DRILLING, U.PIECE, 210, (4, 12)),
    ("rod", "Epiroc", "Barra de perforación 87 mm de 6 m", C.DRILLING, U.PIECE, 690, (1, 4)),
    ("shank", "Epiroc", "Culatín T51", C.DRILLING, U.PIECE, 240, (2, 6)),
    ("coupling", "Sandvik", "Acople T38", C.DRILLING, U.PIECE, 58, (4, 12)),
    ("bearing", "SKF", "Rodamiento de rodillos cónicos 32218", C.SEAL, U.PIECE, 78, (2, 6)),
    ("bearing", "SKF", "Rodamiento de bolas 6312-2RS", C.SEAL, U.PIECE, 36, (2, 8)),
    ("bearing", "Timken", "Rodamiento de rodillos cónicos 387A", C.SEAL, U.PIECE, 54, (2, 6)),
    ("seal", "Parker", "Juego de anillos tóricos métricos", C.SEAL, U.BOX, 48, (1, 4)),
    ("seal", "Parker", "Kit de sellos de bomba de paletas", C.SEAL, U.SET, 130, (1, 4)),
    ("bolt", "CAT", "Perno de zapata con tuerca", C.FASTENER, U.PIECE, 4, (80, 400)),
    ("bolt", "Unbrako", "Perno hexagonal M16 × 60 grado 10.9", C.FASTENER, U.PIECE, 2, (100, 500)),
    ("bolt", "Unbrako", "Perno hexagonal M20 × 80 grado 10.9", C.FASTENER, U.PIECE, 3, (60, 300)),
    ("bolt", "Unbrako", "Tuerca hexagonal M16 grado 10", C.FASTENER, U.PIECE, 1, (100, 500)),
    ("bolt", "Unbrako", "Arandela plana endurecida M16", C.FASTENER, U.BOX, 24, (2, 8)),
    ("clamp", "Parker", "Abrazadera de perno en T de 4 pulgadas", C.FASTENER, U.PIECE, 8, (10, 40)),
    ("lamp", "Bosch", "Faro LED de trabajo 24 V", C.ELECTRICAL, U.PIECE, 88, (4, 12)),
    ("fuse", "Bosch", "Juego de fusibles de cuchilla", C.ELECTRICAL, U.BOX, 19, (2, 6)),
    ("cable", "Prysmian", "Cable de batería 70 mm²", C.ELECTRICAL, U.METRE, 11, (10, 50)),
    ("hose_metre", "Parker", "Manguera hidráulica de 1 pulgada", C.HYDRAULIC, U.METRE, 32, (10, 60)),
    ("fitting", "Parker", "Conector JIC 1 pulgada, hembra giratoria", C.HYDRAULIC, U.PIECE, 14, (10, 40)),
)
"""What lies on any shelf: kind, brand, name, category, unit, dollars, how many are kept."""

SHAPES = {
    "CAT": "###-####",
    "Komatsu": "###-##-#####",
    "Volvo": "VOE########",
    "Hitachi": "YA000#####",
    "Epiroc": "31## #### ##",
    "Sandvik": "########",
    "Fleetguard": "LF9###",
    "Donaldson": "P55####",
    "Baldwin": "BF7###",
    "Sakura": "C-5###",
    "ESCO": "V##TYL#",
    "Hensley": "X###RC#",
    "Berco": "KM#### R",
    "ITR": "A####0000",
    "Bosch": "0 124 ### ###",
    "Mobil": "12####",
    "Chevron": "2231##",
    "Shell": "55001####",
    "SKF": "322##-J2",
    "Timken": "38##A",
    "Parker": "ST-####",
    "Unbrako": "10#.9-##",
    "Michelin": "XHA2-####",
    "Bridgestone": "VKT-####",
    "Goodyear": "TL3A-####",
}
"""How each maker writes its numbers; # is a digit."""
LONGER = {"fuel_filter": "FF5###", "water_separator": "FS19###", "air_primary": "P53####", "air_secondary": "P60####"}
REPLACED = 8


@dataclass
class Catalogue:
    """The parts by kind, and what each costs in dollars when bought."""

    parts: list[Part] = field(default_factory=list)
    cost: dict[int, Decimal] = field(default_factory=dict)
    kind: dict[int, str] = field(default_factory=dict)
    originals: dict[tuple[str, int], Part] = field(default_factory=dict)
    general: dict[str, list[Part]] = field(default_factory=lambda: defaultdict(list))

    def for_machine(self, kind: str, model: MachineModel) -> Part | None:
        """The maker's part of a kind for a model, else what serves any machine; None when there is neither."""
        return self.originals.get((kind, model.pk)) or next(iter(self.general.get(kind, ())), None)

    def of(self, *, brands: Iterable[str] = (), categories: Iterable[str] = ()) -> list[Part]:
        """The parts of some makers or kinds of goods."""
        brands, categories = set(brands), set(categories)
        return [part for part in self.parts if part.brand in brands or part.category in categories]


class Printer:
    """Writes the catalogue into the database."""

    def __init__(self, by: User, models: list[MachineModel], dice: random.Random) -> None:
        self.by, self.dice, self.catalogue, self.taken = by, dice, Catalogue(), set()
        self.models = {(model.brand, model.name): model for model in models}

    def print(self) -> Catalogue:
        for brand, names, size in GROUPS:
            models = [self.models[brand, name] for name in names]
            for key, kind in KINDS.items():
                fitting = [model for model in models if not kind.machines or model.type in kind.machines]
                if fitting:
                    self._family(key, kind, brand, fitting, size)
        for key, brand, name, category, unit, dollars, keep in SHELF:
            kind = Kind(name, category, dollars, dollars, keep, unit)
            self.catalogue.general[key].append(self._part(key, kind, brand, G.ORIGINAL, Decimal(dollars), ()))
        self._replace_some()
        return self.catalogue

    def _family(self, key: str, kind: Kind, brand: str, models: list[MachineModel], size: float) -> None:
        """The maker's part and what others make instead, linked as equivalent."""
        dollars = kind.cheapest + (kind.dearest - kind.cheapest) * Decimal(str(size))
        first = self._part(key, kind, brand, G.ORIGINAL, dollars, models)
        self.catalogue.originals |= {(key, model.pk): first for model in models}
        shares = zip(OTHERS.get(key, ()), (G.ALTERNATIVE, G.ECONOMIC), (Decimal("0.68"), Decimal("0.45")), strict=False)
        for other, grade, share in shares:
            if other and (grade == G.ALTERNATIVE or size >= 0.45):
                same = self._part(key, kind, other, grade, dollars * share, models)
                actions.link_parts(part=first, other=same, kind=LinkKind.EQUIVALENT, by=self.by)

    def _part(
        self, key: str, kind: Kind, brand: str, grade: str, dollars: Decimal, models: Iterable[MachineModel]
    ) -> Part:
        cost = round(dollars * Decimal(self.dice.randrange(92, 109)) / 100, 2)
        names = ", ".join(model.name for model in models)
        least, most = kind.keep if kind.keep and grade == G.ORIGINAL else (None, None)
        part = actions.create_part(
            brand=brand,
            number=self._number(key, brand),
            name=kind.name,
            description=f"Para {names}." if names else "",
            category=kind.category,
            grade=grade,
            unit=kind.unit,
            price=round(cost * SOLES_A_DOLLAR * MARGIN, 2),
            minimum=least,
            maximum=most,
            fits=models,
            by=self.by,
        )
        self.catalogue.parts.append(part)
        self.catalogue.cost[part.pk], self.catalogue.kind[part.pk] = cost, key
        return part

    def _number(self, key: str, brand: str) -> str:
        shape = SHAPES.get(brand, "####-###")
        if brand in {"Fleetguard", "Donaldson"}:
            shape = LONGER.get(key, shape)
        while True:
            number = "".join(str(self.dice.randrange(1, 10)) if sign == "#" else sign for sign in shape)
            if (brand, number) not in self.taken:
                self.taken.add((brand, number))
                return number

    def _replace_some(self) -> None:
        """Old numbers that new ones took the place of, out of use or used up."""
        known = [part for part in self.catalogue.parts if part.grade == G.ORIGINAL and part.category == C.FILTER]
        for turn, new in enumerate(self.dice.sample(known, REPLACED)):
            old = actions.create_part(
                brand=new.brand,
                number=self._number(self.catalogue.kind[new.pk], new.brand),
                name=new.name,
                description=f"Reemplazado por {new.number}.",
                category=new.category,
                price=new.price,
                is_open=turn % 2 == 0,
                by=self.by,
            )
            actions.link_parts(part=old, other=new, kind=LinkKind.SUPERSEDED_BY, by=self.by)


def print_catalogue(by: User, dice: random.Random) -> Catalogue:
    """Some 400 parts for the machines that are there."""
    return Printer(by, list(MachineModel.objects.order_by("pk")), dice).print()
