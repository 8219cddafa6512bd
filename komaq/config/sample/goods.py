"""Parts and suppliers in bulk: a catalogue of any size, each part sold by one or two of the suppliers."""

import random
from dataclasses import dataclass, field

from stdnum.pe import ruc

from komaq.config.demo.catalogue import KINDS, SHELF
from komaq.config.demo.suppliers import HOUSES
from komaq.config.sample import moments
from komaq.config.sample.store import Store
from komaq.config.sample.trail import Trail
from komaq.core.models import ExchangeRate
from komaq.core.search import search_text, sort_key
from komaq.parts.actions.catalogue import fill_search
from komaq.parts.choices import PartGrade, Unit
from komaq.parts.models import Holding, Part, Reservation, Stock, StockMove, Warehouse
from komaq.supply.models import PriceRecord, Supplier, SupplierPart

PIECE = 10_000
"""One piece in units of a quantity's column."""
SOL = 10**10
"""One sol in units of a price's column."""
CENT = SOL // 100
RATE = 36 * SOL // 10
PLACES = (
    ("LIM", "Almacén Lima", "store"),
    ("AQP", "Almacén Arequipa", "store"),
    ("CAJ", "Almacén Cajamarca", "store"),
    ("TAL", "Taller", "workshop"),
    ("CAM1", "Camioneta 1", "van"),
    ("CAM2", "Camioneta 2", "van"),
)
BRANDS = ("CAT", "Komatsu", "Volvo", "Hitachi", "Epiroc", "Donaldson", "Fleetguard", "Baldwin", "Berco", "SKF")
GRADES = tuple(grade.value for grade in (PartGrade.ORIGINAL, PartGrade.ALTERNATIVE, PartGrade.ECONOMIC))
SUPPLIERS = 20


@dataclass(slots=True)
class Goods:
    """A part with what lies of it by place; `price` is what it costs in dollars. All in units of their columns."""

    id: int
    facts: tuple
    price: int
    sellers: tuple[int, ...]
    here: dict[int, int] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)
    held: int = 0
    value: int = 0
    last_cost: int | None = None
    minimum: int | None = None
    maximum: int | None = None

    @property
    def free(self) -> int:
        return self.held - sum(self.kept.values())


class Warehouses:
    """Writes the catalogue, who sells it, and in the end what lies where."""

    def __init__(self, store: Store, trail: Trail, dice: random.Random, first_day: int) -> None:
        self.dice, self.trail, self.at = dice, trail, moments.at(first_day, 9)
        self.warehouses = store.table(Warehouse, "code name kind")
        self.parts = store.table(
            Part,
            "brand brand_key number number_key name category grade unit price minimum maximum search sort_key "
            "created_at",
        )
        self.holdings = store.table(Holding, "part_id quantity value last_cost")
        self.stocks = store.table(Stock, "part_id warehouse_id on_hand reserved")
        self.moves = store.table(
            StockMove,
            "part_id warehouse_id kind quantity value on_hand_after held_after value_after pair source_kind source_id "
            "reason by_id at",
        )
        self.reservations = store.table(
            Reservation, "part_id warehouse_id quantity need_by source_kind source_id made_by_id made_at"
        )
        self.suppliers = store.table(
            Supplier, "tax_id name trade_name email currency lead_days search sort_key created_at"
        )
        self.sold = store.table(SupplierPart, "supplier_id part_id price currency lead_days priced_on")
        self.prices = store.table(PriceRecord, "supplier_id part_id price currency source on")
        self.rates = store.table(ExchangeRate, "currency on sell noted_at")

    def open(self) -> list[int]:
        """The places, the suppliers and a rate; the keys of the places."""
        self.rates.add("USD", moments.date_of(moments.day_of(self.at)).isoformat(), RATE, moments.stored(self.at))
        for number in range(SUPPLIERS):
            self._supplier(number)
        return [self.warehouses.add(*facts) for facts in PLACES]

    def _supplier(self, number: int) -> None:
        house = HOUSES[number % len(HOUSES)]
        stem = f"20{70_000_000 + number:08d}"
        tax_id, name = stem + ruc.calc_check_digit(stem), f"{house.name} {number + 1}"
        trade_name, email = f"{house.trade_name or house.name} {number + 1}", f"ventas@proveedor{number + 1}.demo"
        found, at = search_text(tax_id, name, trade_name, email), moments.stored(self.at)
        key = self.suppliers.add(
            tax_id, name, trade_name, email, "USD", house.lead_days, found, sort_key(trade_name), at
        )
        chain = self.trail.of("supply.supplier", key)
        chain.link("supply.supplier_added", self.at, None, visibility="internal", name=name, tax_id=tax_id)

    def catalogue(self, count: int) -> list[Goods]:
        """So many parts, their keys counted on; their rows are written by `put_away`, when their limits are known."""
        return [self._goods(number) for number in range(count)]

    def _goods(self, number: int) -> Goods:
        dice = self.dice
        brand = BRANDS[number % len(BRANDS)]
        if number % 5:
            kind = dice.choice(list(KINDS.values()))
            name, category, unit, dollars = kind.name, kind.category, kind.unit, kind.cheapest
        else:
            _kind, _brand, name, category, unit, dollars, _keep = dice.choice(SHELF)
        part = Part(brand=brand, number=f"{100 + number % 900}-{1000 + number:06d}", name=name, category=category)
        fill_search(part)
        dollar_price = dollars * dice.randrange(80, 130) * CENT
        first = self.suppliers.last - SUPPLIERS + 1
        sellers = tuple(first + each for each in dice.sample(range(SUPPLIERS), 1 + number % 2))
        facts = (brand, part.brand_key, part.number, part.number_key, name, str(category), dice.choice(GRADES))
        facts += (str(Unit(unit)), dollar_price * RATE // SOL * 14 // 10, part.search, part.sort_key)
        return Goods(self.parts.last + 1 + number, facts, dollar_price, sellers)

    def put_away(self, goods: list[Goods]) -> None:
        """Write the parts with their limits, what is held and where it lies, and what suppliers ask."""
        at, today = moments.stored(self.at), moments.date_of(moments.today()).isoformat()
        for each in goods:
            brand, brand_key, number, number_key, name, category, grade, unit, price, found, order = each.facts
            limits = (each.minimum, each.maximum)
            key = self.parts.add(
                brand, brand_key, number, number_key, name, category, grade, unit, price, *limits, found, order, at
            )
            chain = self.trail.of("parts.part", key)
            chain.link(
                "parts.part_created", self.at, None, visibility="internal", brand=brand, number=number, name=name
            )
            self.holdings.add(key, each.held, each.value, each.last_cost)
            for place, quantity in each.here.items():
                self.stocks.add(key, place, quantity, each.kept.get(place, 0))
            for seller in each.sellers:
                price = each.price * (95 + seller % 9) // 100
                self.sold.add(seller, key, price, "USD", 2 + seller % 20, today)
                self.prices.add(seller, key, price, "USD", "list", today)
