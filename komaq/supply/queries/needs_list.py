"""The list of requirements, merged by part: how many, by when, for what, and whom to buy them of."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    Exists,
    F,
    FloatField,
    Func,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.counts import counted
from komaq.core.money import QuantityField
from komaq.core.rates import NoRate, rate_on
from komaq.core.refusals import NotFound
from komaq.core.search import matching
from komaq.parts.models import Part
from komaq.supply import rules
from komaq.supply.choices import LIVE_NEEDS, TO_BUY, Currency, NeedState
from komaq.supply.models import PartsNeed, SupplierPart
from komaq.supply.queries.needs import BY_HAND, FIRST_NEEDED, OF_MINIMUMS, OF_ORDERS

SOMEDAY = datetime.date.max
"""When something is needed for which nobody gave a day."""
TABS: dict[str, tuple[str, ...]] = {
    "open": (NeedState.OPEN,),
    "asked": (NeedState.ASKED,),
    "ordered": (NeedState.ORDERED,),
    "all": tuple(sorted(LIVE_NEEDS)),
}
"""The tabs of the list and the states under each."""
SOURCES = {"orders": OF_ORDERS, "minimums": OF_MINIMUMS, "by_hand": BY_HAND}
"""What requirements come from, as the address of the list calls it."""


class DaysEarlier(Func):
    """A day so many days before another."""

    output_field = DateField()

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple:
        """Days are whole numbers to PostgreSQL."""
        return super().as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple:
        """SQLite keeps days as texts."""
        template = "date(%(expressions)s || ' days')"
        return super().as_sql(compiler, connection, template=template, arg_joiner=", -", **context)


@dataclass(frozen=True)
class PartNeeded:
    """A part that is needed: `quantity` for all its `needs` together, `need_by` the earliest day.

    `offer` is whom it is best bought of and at what price; what is still to buy of it has to be ordered `until` that
    day to be here in time.
    """

    part: Part
    quantity: Decimal
    need_by: datetime.date | None
    is_urgent: bool
    needs: tuple[PartsNeed, ...]
    offer: SupplierPart | None
    lead_days: int | None
    is_to_buy: bool
    until: datetime.date | None

    @property
    def is_late(self) -> bool:
        """Whether what is ordered today comes after the day it is needed."""
        return self.until is not None and self.until < clock.today()


def needs_visible_to(user: User) -> QuerySet[PartsNeed]:
    """Every requirement, for those who may know what parts cost; nobody else sees one."""
    rows = PartsNeed.objects.select_related("part", "quotation_line__request", "purchase_line__purchase__supplier")
    return rows if rules.can_see_supply(user) else rows.none()


def get_need(user: User, need_id: int) -> PartsNeed:
    """One requirement. Raises NotFound."""
    found = needs_visible_to(user).filter(pk=need_id).first()
    if found is None:
        raise NotFound
    return found


def filter_needs(
    rows: QuerySet[PartsNeed],
    *,
    states: Iterable[str] = (),
    part: int | None = None,
    q: str = "",
    urgent: bool = False,
    source: str = "",
) -> QuerySet[PartsNeed]:
    """Narrow requirements; `q` finds the part by number or words, and what a requirement is for by its code."""
    states = list(states)
    rows = rows.filter(state__in=states) if states else rows
    rows = rows.filter(part=part) if part else rows
    rows = rows.filter(is_urgent=True) if urgent else rows
    rows = rows.filter(source_kind=SOURCES[source]) if source else rows
    if q:
        named = matching(Part.objects.all(), q).order_by().values("pk")
        rows = rows.filter(Q(part__in=named) | Q(about__icontains=q.strip()))
    return rows


def needs_list(user: User, *, supplier: int | None = None, late: bool = False, **given: Any) -> QuerySet[Part]:
    """The parts that are needed, as `filter_needs` narrows them, each with what the list sorts by.

    `wanted` of it, `first_day` it is needed, `is_urgent`, the key of the best `offer` (of one `supplier`, when the
    list is narrowed to it) with its `lead`, the day `until` which it has to be ordered, and `supplier_key`.
    """
    needs = filter_needs(needs_visible_to(user), **given).select_related(None)
    mine = needs.filter(part=OuterRef("pk")).order_by().values("part")
    offers = _offers(supplier)
    rows = Part.objects.filter(pk__in=needs.order_by().values("part"))
    rows = (
        rows.filter(Exists(SupplierPart.objects.filter(part=OuterRef("pk"), supplier=supplier))) if supplier else rows
    )
    rows = rows.annotate(
        wanted=Subquery(mine.annotate(total=Sum("quantity")).values("total"), output_field=QuantityField()),
        first_day=Coalesce(Subquery(mine.annotate(first=Min("need_by")).values("first")), _day(SOMEDAY)),
        is_urgent=Exists(needs.filter(part=OuterRef("pk"), is_urgent=True)),
        offer=Subquery(offers.values("pk")[:1]),
        lead=Subquery(offers.values("days")[:1], output_field=IntegerField()),
        supplier_key=Coalesce(Subquery(offers.values("supplier__sort_key")[:1]), Value("")),
    )
    lead = Cast(Coalesce(F("lead"), Value(0)), IntegerField())
    rows = rows.annotate(
        until=DaysEarlier(F("first_day"), lead),
        supplier_day=Concat(F("supplier_key"), Value(" "), Cast(F("first_day"), CharField())),
    )
    waits = Exists(needs.filter(part=OuterRef("pk"), state__in=TO_BUY))
    return rows.filter(waits, until__lt=clock.today()) if late else rows


def counts_by_tab(user: User) -> dict[str, int]:
    """How many parts stand under each tab; one query."""
    needs = needs_visible_to(user).select_related(None).order_by()
    return counted(
        {
            name: needs.filter(state__in=states).values("part").distinct()
            for name, states in TABS.items()
            if name != "all"
        }
    )


def in_full(user: User, parts: Iterable[Part], **given: Any) -> list[PartNeeded]:
    """The rows of `needs_list` with their requirements and offers; two queries, whatever there is."""
    parts = list(parts)
    rows = filter_needs(needs_visible_to(user), **given).filter(part__in=parts).order_by(*FIRST_NEEDED)
    needs: dict[int, list[PartsNeed]] = {}
    for need in rows:
        needs.setdefault(need.part_id, []).append(need)
    sold = SupplierPart.objects.filter(pk__in=[part.offer for part in parts if part.offer])
    offers = {each.part_id: each for each in sold.select_related("supplier")}
    return [_needed(part, tuple(needs.get(part.pk, ())), offers.get(part.pk)) for part in parts]


def urgent_needs(user: User) -> QuerySet[PartsNeed]:
    """What a machine that stands still waits for, and nobody has asked a price of or ordered yet."""
    return needs_visible_to(user).filter(state=NeedState.OPEN, is_urgent=True)


def _needed(part: Part, needs: tuple[PartsNeed, ...], offer: SupplierPart | None) -> PartNeeded:
    is_dated, is_to_buy = part.first_day != SOMEDAY, any(need.state in TO_BUY for need in needs)
    return PartNeeded(
        part=part,
        quantity=part.wanted,
        need_by=part.first_day if is_dated else None,
        is_urgent=part.is_urgent,
        needs=needs,
        offer=offer,
        lead_days=part.lead,
        is_to_buy=is_to_buy,
        until=part.until if is_dated and is_to_buy else None,
    )


def _offers(supplier: int | None) -> QuerySet[SupplierPart]:
    """Who sells the part at hand, the cheapest in today's soles first, then the quickest; who has no price is last."""
    rows = SupplierPart.objects.filter(part=OuterRef("pk"), supplier__is_open=True)
    rows = rows.filter(supplier=supplier) if supplier else rows
    known = [When(currency=code, then=Value(float(rate))) for code, rate in _rates().items()]
    soles = Cast(F("price"), FloatField()) * Case(*known, output_field=FloatField())
    rows = rows.annotate(soles=soles, days=Coalesce("lead_days", "supplier__lead_days"))
    return rows.order_by(F("soles").asc(nulls_last=True), F("days").asc(nulls_last=True), "pk")


def _rates() -> dict[str, Decimal]:
    """What today one unit of each currency costs in soles, of those that are known."""
    found = {}
    for code in Currency.values:
        try:
            found[code] = rate_on(code, clock.today())[0]
        except NoRate:
            continue
    return found


def _day(day: datetime.date) -> Value:
    return Value(day, output_field=DateField())
