"""What suppliers sell and ask, and what a dollar costs."""

import datetime
from decimal import Decimal
from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Day, Id, In, Key, Moment, Number, Out, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.parts.queries import get_part
from komaq.supply import actions, queries
from komaq.supply.api.suppliers import Days
from komaq.supply.choices import NOTERS, SUPPLY, Currency, PriceSource

doors = Doors(tags=["suppliers"])
SORTS = {"name": Sort("part__sort_key"), "number": Sort("part__number_key")}
RATE_SORTS = {"newest": Sort("on", descending=True)}


def bare(number: Decimal | None) -> Decimal | None:
    """A number without the zeros that only its column adds."""
    return None if number is None else Decimal(f"{number.normalize():f}")


class SoldPartOut(Out):
    """That a supplier sells a part, and what it asked last."""

    model_config = example(
        part="31",
        brand="CAT",
        number="1R-0750",
        name="Filtro de petróleo",
        their_number="FP-1R0750",
        price="38.4",
        currency="USD",
        lead_days=3,
        least="6",
        priced_on="2026-11-20",
    )

    part: Id
    brand: str
    number: str
    name: str
    their_number: str = Field(description="What the supplier calls it.")
    price: Decimal | None = Field(description="Per unit, without tax; the last one.")
    currency: Currency
    lead_days: int | None
    least: Decimal | None = Field(description="The least it sells at once.")
    priced_on: datetime.date | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = ("their_number", "currency", "lead_days", "priced_on")
        facts = {name: getattr(thing.part, name) for name in ("brand", "number", "name")}
        facts |= {name: getattr(thing, name) for name in names}
        return cls(part=thing.part_id, price=bare(thing.price), least=bare(thing.least), **facts)


class PriceIn(In):
    """What a supplier asks for a part; what is left out stays as it was known."""

    model_config = example(part="31", price="38.40", lead_days=3)

    part: Key
    price: Number(12, 4, high="10000000") = Field(description="Per unit, without tax.")
    currency: Currency = Field(ABSENT, description="The supplier's when left out.")
    on: Day = Field(ABSENT, description="The day of the price; today when left out.")
    their_number: Words(40, 1) = ABSENT
    lead_days: Days = ABSENT
    least: Number(12, 4, high="10000000") = ABSENT


class SoldPartsQuery(Query):
    """How to narrow and sort what a supplier sells."""

    q: str = Field("", max_length=80, description="Words or pieces of a number, the maker's or the supplier's.")
    sort: Literal["name", "number"] = "name"


class RateOut(Out):
    """Soles for one unit of a currency, from a day until the next one noted."""

    model_config = example(currency="USD", on="2026-11-27", sell="3.752", noted_at="2026-11-27T14:00:00Z")

    currency: str
    on: datetime.date
    sell: Decimal = Field(description="The selling rate.")
    noted_at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(currency=thing.currency, on=thing.on, sell=bare(thing.sell), noted_at=thing.noted_at)


class RateIn(In):
    """The selling rate of a day."""

    model_config = example(sell="3.752")

    currency: Literal["USD"] = "USD"
    sell: Number(6, 3, high="100")
    on: Day = Field(ABSENT, description="Today when left out; a day noted before is corrected.")


class RatesQuery(Query):
    """How to read rates."""

    sort: Literal["newest"] = "newest"


@doors.lists("/suppliers/{supplier_id}/parts", SUPPLY, SoldPartOut)
def list_supplier_parts(request: HttpRequest, supplier_id: Key, wanted: InQuery[SoldPartsQuery]) -> Page:
    """What a supplier sells, with its last price of each part."""
    supplier = queries.get_supplier(request.user, int(supplier_id))
    return page_of(queries.sold_by(request.user, supplier, **wanted.filters()), wanted, sorts=SORTS)


@doors.makes("/suppliers/{supplier_id}/parts", SUPPLY, SoldPartOut)
def note_supplier_price(request: HttpRequest, supplier_id: Key, body: PriceIn) -> Any:
    """Note what a supplier asks for a part.

    The same price of the same day is noted once; an older one goes into the history and leaves the newer alone.
    """
    user = request.user
    supplier = queries.get_supplier(user, int(supplier_id))
    facts = {"currency": supplier.currency, **body.given()}
    facts["part"] = found("part", get_part, user, int(body.part))
    return actions.note_price(supplier=supplier, source=PriceSource.LIST, by=user, **facts)


@doors.lists("/exchange-rates", SUPPLY, RateOut)
def list_exchange_rates(request: HttpRequest, wanted: InQuery[RatesQuery]) -> Page:
    """Every rate that was noted, newest first."""
    return page_of(queries.rates_visible_to(request.user), wanted, sorts=RATE_SORTS)


@doors.makes("/exchange-rates", NOTERS, RateOut)
def note_exchange_rate(request: HttpRequest, body: RateIn) -> Any:
    """Note the selling rate of a day.

    Documents keep the rate they were made at.
    """
    return actions.note_rate(by=request.user, **{"currency": body.currency, **body.given()})
