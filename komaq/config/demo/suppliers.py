"""Whom the demo buys of: eight companies in Peru, two abroad, each with its people, accounts, prices and papers."""

import datetime
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from stdnum.pe import ruc

from komaq.accounts.models import User
from komaq.config.demo.catalogue import SOLES_A_DOLLAR, Catalogue
from komaq.config.demo.photos import draw
from komaq.core import clock, files
from komaq.core.search import fold
from komaq.parts.choices import Category
from komaq.parts.models import Part
from komaq.supply import actions
from komaq.supply.choices import AccountKind, Currency, PriceSource
from komaq.supply.models import Supplier

C = Category
LISTED = 12
"""How many prices a supplier's list has at most."""
PAPERS_DAYS_AGO = 64


@dataclass(frozen=True)
class House:
    """A supplier as it is invented: what it sells, how dear it is, how long it takes and how well it keeps its word.

    `slips` are the days by which it comes later than promised, one after the other; `spoils` is every how many
    deliveries something is broken, 0 for never.
    """

    name: str
    trade_name: str
    domain: str
    people: tuple[tuple[str, str], ...]
    lead_days: int
    terms: str
    brands: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    currency: str = Currency.USD
    country: str = "PE"
    number: str = ""
    address: str = ""
    bank: str = "BCP"
    dearness: str = "1.00"
    slips: tuple[int, ...] = (0, -1, 0, 1)
    spoils: int = 0
    paper: tuple[str, int] | None = None


HOUSES = (
    House(
        "Repuestos Pesados del Pacífico S.A.C.",
        "Repuestos Pacífico",
        "repuestospacifico.demo",
        (("Paula Ríos", "Ejecutiva de cuenta"), ("Jorge Alva", "Despacho")),
        4,
        "Factura a 30 días",
        frozenset({"CAT"}),
        address="Av. Argentina 3450, Callao",
        paper=("ISO 9001:2015", 210),
    ),
    House(
        "Nippo Partes Andinas S.A.C.",
        "Nippo Partes",
        "nippopartes.demo",
        (("Kenyi Arakaki", "Ventas"),),
        6,
        "Factura a 30 días",
        frozenset({"Komatsu", "Hitachi"}),
        address="Av. Nicolás Ayllón 2180, Ate, Lima",
        bank="BBVA",
        slips=(0, 1, 2, 0),
    ),
    House(
        "Nórdica Equipos y Partes S.A.C.",
        "Nórdica Partes",
        "nordicapartes.demo",
        (("Ingrid Salcedo", "Ventas técnicas"),),
        8,
        "Factura a 45 días",
        frozenset({"Volvo", "Epiroc", "Sandvik"}),
        address="Calle Los Talleres 455, Lurín, Lima",
        bank="Interbank",
        slips=(0, 0, 3, 1),
        paper=("Carta de distribución", 95),
    ),
    House(
        "Filtros y Fluidos del Sur E.I.R.L.",
        "Filtros del Sur",
        "filtrosdelsur.demo",
        (("Rocío Zea", "Administración"), ("Beltrán Puma", "Ventas")),
        2,
        "Factura a 15 días",
        frozenset({"Donaldson", "Fleetguard", "Baldwin", "Sakura"}),
        currency=Currency.PEN,
        address="Av. Alfonso Ugarte 812, Arequipa",
        slips=(0, 0, -1, 0),
    ),
    House(
        "Lubricantes Misti S.A.",
        "Lubricantes Misti",
        "lubricantesmisti.demo",
        (("Gladys Tejada", "Ventas a minería"),),
        2,
        "Factura a 30 días",
        categories=frozenset({C.LUBRICANT}),
        currency=Currency.PEN,
        address="Vía de Evitamiento km 3, Cerro Colorado, Arequipa",
        bank="Scotiabank",
        paper=("Hoja de seguridad de lubricantes", 18),
    ),
    House(
        "Llantas y Baterías Altiplano S.A.C.",
        "Llantas Altiplano",
        "llantasaltiplano.demo",
        (("Efraín Quenta", "Ventas"),),
        7,
        "Adelanto 50 %, saldo contra entrega",
        frozenset({"Bosch"}),
        frozenset({C.TYRE}),
        address="Av. Circunvalación 1540, Juliaca, Puno",
        slips=(1, 0, 2),
    ),
    House(
        "Rodajes Andes Import S.R.L.",
        "Rodajes Andes",
        "rodajesandes.demo",
        (("Vladimir Ponce", "Gerente"),),
        9,
        "Contado",
        frozenset({"ITR", "Berco", "Hensley", "ESCO"}),
        address="Jr. Unanue 1290, La Victoria, Lima",
        bank="BanBif",
        dearness="0.88",
        slips=(9, 5, 14, 7, 11),
        spoils=2,
        paper=("Garantía de rodajes", -25),
    ),
    House(
        "Ferretería Industrial Parque Lambramani S.A.C.",
        "Ferretería Lambramani",
        "lambramani.demo",
        (("Nilda Carpio", "Mostrador"),),
        1,
        "Factura a 7 días",
        categories=frozenset({C.FASTENER, C.SEAL, C.OTHER}),
        currency=Currency.PEN,
        address="Av. Lambramani 215, Arequipa",
        slips=(0,),
    ),
    House(
        "Gulf Coast Heavy Parts LLC",
        "",
        "gulfcoastparts.demo",
        (("Dana Whitfield", "Export sales"),),
        14,
        "Wire transfer in advance",
        frozenset({"CAT", "Komatsu"}),
        country="US",
        number="74-8861230",
        address="4410 Navigation Blvd, Houston, TX",
        bank="Gulf Federal Bank",
        dearness="0.90",
        slips=(0, 2, -2, 4),
    ),
    House(
        "Kettenwerk Ruhr GmbH",
        "",
        "kettenwerk-ruhr.demo",
        (("Jens Albrecht", "Export"),),
        35,
        "30 % in advance, balance against documents",
        frozenset({"Berco"}),
        country="DE",
        number="DE812004417",
        address="Hafenstrasse 88, Duisburg",
        bank="Ruhrbank",
        dearness="0.82",
        slips=(3, 0),
        paper=("EN 10204 3.1", 300),
    ),
)


@dataclass
class Seller:
    """A supplier, what it sells and at which price in its currency, by the key of the part."""

    house: House
    supplier: Supplier
    parts: list[Part] = field(default_factory=list)
    prices: dict[int, Decimal] = field(default_factory=dict)
    turns: dict[str, int] = field(default_factory=lambda: {"slip": -1, "spoil": 0})

    def next_slip(self) -> int:
        """By how many days it misses its word this time."""
        self.turns["slip"] += 1
        return self.house.slips[self.turns["slip"] % len(self.house.slips)]

    def spoils_now(self) -> bool:
        self.turns["spoil"] += 1
        return bool(self.house.spoils) and self.turns["spoil"] % self.house.spoils == 0


def meet(by: User, catalogue: Catalogue, dice: random.Random) -> list[Seller]:
    """The suppliers with their people, accounts and price lists, as they are when the books begin."""
    return [_enter(number, house, by, catalogue, dice) for number, house in enumerate(HOUSES)]


def _enter(number: int, house: House, by: User, catalogue: Catalogue, dice: random.Random) -> Seller:
    stem, in_peru = f"20990002{number:02d}", house.country == "PE"
    supplier = actions.create_supplier(
        tax_id_type="6" if in_peru else "0",
        tax_id=stem + ruc.calc_check_digit(stem) if in_peru else house.number,
        name=house.name,
        trade_name=house.trade_name,
        email=f"ventas@{house.domain}" if in_peru else f"sales@{house.domain}",
        phone=f"+511{4_200_000 + number * 13_117}" if in_peru else "",
        address=house.address,
        country=house.country,
        currency=house.currency,
        payment_terms=house.terms,
        lead_days=house.lead_days,
        language="es-pe" if in_peru else "en",
        by=by,
    )
    for rank, (name, title) in enumerate(house.people):
        given, surnames = name.split(" ", 1)
        actions.add_supplier_contact(
            supplier=supplier,
            given_names=given,
            surnames=surnames,
            email=f"{fold(given)}@{house.domain}",
            phone=f"+519{dice.randrange(10**7, 10**8):08d}" if in_peru else "",
            title=title,
            gets_requests=rank == 0,
            by=by,
        )
    _note_accounts(supplier, house, by, dice)
    return _list_prices(Seller(house, supplier), by, catalogue, dice)


def _note_accounts(supplier: Supplier, house: House, by: User, dice: random.Random) -> None:
    def digits(count: int) -> str:
        return f"{dice.randrange(10**count):0{count}d}"

    in_peru = house.country == "PE"
    note = {"supplier": supplier, "bank": house.bank, "currency": house.currency, "by": by}
    actions.add_account(kind=AccountKind.CURRENT, number=digits(13), cci=digits(20) if in_peru else "", **note)
    if in_peru and house.currency == Currency.USD:
        note |= {"currency": Currency.PEN}
        actions.add_account(kind=AccountKind.CURRENT, number=digits(13), cci=digits(20), **note)


def _list_prices(seller: Seller, by: User, catalogue: Catalogue, dice: random.Random) -> Seller:
    house = seller.house
    seller.parts = catalogue.of(brands=house.brands, categories=house.categories)
    rate = Decimal(1) if house.currency == Currency.USD else SOLES_A_DOLLAR
    for part in seller.parts:
        share = Decimal(house.dearness) * dice.randrange(97, 104) / 100
        seller.prices[part.pk] = round(catalogue.cost[part.pk] * rate * share, 2)
    for part in dice.sample(seller.parts, min(LISTED, len(seller.parts))):
        _note(seller, part, by, lead_days=house.lead_days, least=Decimal(6) if part.category == C.FASTENER else None)
    return seller


def _note(seller: Seller, part: Part, by: User, **more: object) -> None:
    actions.note_price(
        supplier=seller.supplier,
        part=part,
        price=seller.prices[part.pk],
        currency=seller.house.currency,
        source=PriceSource.LIST,
        by=by,
        **more,
    )


def raise_prices(sellers: Iterable[Seller], by: User, dice: random.Random, *, some: int) -> None:
    """Everybody asks more from today on; for some parts each it is noted as a new list."""
    for seller in sellers:
        for key, price in seller.prices.items():
            seller.prices[key] = round(price * dice.randrange(101, 109) / 100, 2)
        for part in dice.sample(seller.parts, min(some, len(seller.parts))):
            _note(seller, part, by)


def file_papers(sellers: Iterable[Seller], by: User, dice: random.Random) -> None:
    """Certificates and lists that suppliers sent, some soon out of date, one already."""
    today = clock.today()
    for seller in sellers:
        if seller.house.paper:
            title, days = seller.house.paper
            with clock.travel(clock.now() - datetime.timedelta(days=PAPERS_DAYS_AGO)):
                ends_on = today + datetime.timedelta(days=days)
                upload = draw("papel", dice)
                kept = actions.keep_papers(
                    supplier=seller.supplier, files=[upload], title=title, ends_on=ends_on, by=by
                )
            files.prepare_image(str(kept[0].pk))
