"""Reads of warehouses, stock and reservations."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, NullIf

from komaq.accounts.models import Employee, User
from komaq.core import clock, trail
from komaq.core.money import QuantityField, round_half_up
from komaq.core.refusals import NotFound
from komaq.core.search import matching
from komaq.parts import rules
from komaq.parts.choices import ReservationState
from komaq.parts.models import Part, Reservation, Stock, Warehouse

ZERO = Decimal(0)
NOTHING = Value(ZERO, output_field=QuantityField())


@dataclass(frozen=True)
class Available:
    """How much of a part the company has, over all warehouses; `free` is on hand and not reserved."""

    on_hand: Decimal = ZERO
    reserved: Decimal = ZERO
    free: Decimal = ZERO
    on_order: Decimal = ZERO


def availability_of(parts: Iterable[Part | int]) -> dict[int, Available]:
    """What there is of each part, by its key, in one read; parts that never had stock are there with zeros."""
    keys = {part if isinstance(part, int) else part.pk for part in parts}
    sums = Stock.objects.filter(part__in=keys).order_by().values("part_id")
    found = {
        row["part_id"]: Available(row["here"], row["kept"], row["here"] - row["kept"])
        for row in sums.annotate(here=Sum("on_hand"), kept=Sum("reserved"))
    }
    return {key: found.get(key, Available()) for key in keys}


def with_free(parts: QuerySet[Part]) -> QuerySet[Part]:
    """Parts with `free`: what of each is on hand and not reserved, over all warehouses."""
    mine = Stock.objects.filter(part=OuterRef("pk")).order_by().values("part")
    free = mine.annotate(free=Sum(F("on_hand") - F("reserved"), output_field=QuantityField())).values("free")
    return parts.annotate(free=Coalesce(Subquery(free), NOTHING, output_field=QuantityField()))


def short_parts() -> QuerySet[Part]:
    """The parts in use of which no more is free than their minimum, each with `free`."""
    return with_free(Part.objects.filter(is_open=True, minimum__isnull=False)).filter(free__lte=F("minimum"))


def warehouses_visible_to(user: User) -> QuerySet[Warehouse]:
    """Every warehouse, open or closed, for whoever may see parts; nobody else's."""
    rows = Warehouse.objects.select_related("keeper__person")
    return rows if rules.can_see_parts(user) else rows.none()


def warehouses_with_totals(user: User) -> list[Warehouse]:
    """The warehouses, open ones first, each with how many `parts` lie there, of how many some is `kept`, and `worth`.

    The worth is what lies there at the moving average, in PEN, to the céntimo.
    """
    here = Stock.objects.filter(on_hand__gt=ZERO).order_by().values("warehouse")
    held, value = _raw("part__holding__quantity"), _raw("part__holding__value")
    sums = here.annotate(
        parts=Count("pk"),
        kept=Count("pk", filter=Q(reserved__gt=ZERO)),
        worth=Sum(_raw("on_hand") * value / NullIf(held, Value(0.0))),
    )
    found = {row["warehouse"]: row for row in sums}
    rows = list(warehouses_visible_to(user).order_by("-is_open", "name", "pk"))
    for each in rows:
        row = found.get(each.pk, {"parts": 0, "kept": 0, "worth": None})
        each.parts, each.kept = row["parts"], row["kept"]
        each.worth = round_half_up(Decimal(row["worth"] or 0).scaleb(-rules.COST_PLACES), 2)
    return rows


def _raw(column: str) -> Cast:
    """What a column holds as a plain number, unscaled."""
    return Cast(F(column), models.FloatField())


def open_warehouses() -> QuerySet[Warehouse]:
    """The warehouses that take and give stock, by name."""
    return Warehouse.objects.filter(is_open=True).order_by("name", "pk")


def keepers() -> QuerySet[Employee]:
    """Who works here and may keep a warehouse, by name."""
    here = Q(left_on=None) | Q(left_on__gt=clock.today())
    return Employee.objects.filter(here).select_related("person").order_by("person__sort_key", "pk")


def get_warehouse(user: User, warehouse_id: int) -> Warehouse:
    """One warehouse. Raises NotFound."""
    return _only(warehouses_visible_to(user).filter(pk=warehouse_id))


def warehouse_coded(code: str) -> Warehouse | None:
    """The warehouse of a code, whatever its case."""
    return Warehouse.objects.filter(code=code.strip().upper()).first()


def stocks_visible_to(user: User) -> QuerySet[Stock]:
    """Stock by part and warehouse, for whoever may see parts, with `free`."""
    rows = Stock.objects.select_related("part__holding", "warehouse")
    rows = rows.annotate(free=F("on_hand") - F("reserved"))
    return rows if rules.can_see_parts(user) else rows.none()


def stocks_since(user: User, since: datetime.datetime | None) -> QuerySet[Stock]:
    """What lies anywhere, for whom may see parts; with a moment, of the parts that an action touched since."""
    rows = stocks_visible_to(user).filter(on_hand__gt=ZERO).order_by("warehouse_id", "pk")
    return rows.filter(part__in=trail.touched_since(Part, since)) if since else rows


def filter_warehouses(rows: QuerySet[Warehouse], *, kind: str = "", is_open: bool | None = None) -> QuerySet[Warehouse]:
    """Narrow warehouses by kind and whether they are open."""
    rows = rows.filter(kind=kind) if kind else rows
    return rows if is_open is None else rows.filter(is_open=is_open)


def get_keeper(employee_id: int) -> Employee:
    """Somebody who works here. Raises NotFound."""
    return _only(keepers().filter(pk=employee_id))


def filter_stocks(
    rows: QuerySet[Stock],
    *,
    q: str = "",
    warehouse: int | str | None = None,
    part: int | str | None = None,
    category: str = "",
    state: str = "",
) -> QuerySet[Stock]:
    """Narrow stock by words, place and kind of part; `state` is here, free, reserved, empty or uncounted."""
    rows = matching(rows, q, "part__search") if q else rows
    rows = rows.filter(warehouse_id=warehouse) if warehouse else rows
    rows = rows.filter(part_id=part) if part else rows
    rows = rows.filter(part__category=category) if category else rows
    states = {
        "here": {"on_hand__gt": ZERO},
        "free": {"free__gt": ZERO},
        "reserved": {"reserved__gt": ZERO},
        "empty": {"on_hand": ZERO},
        "uncounted": {"counted_at": None},
    }
    return rows.filter(**states[state]) if state in states else rows


def stock_in(part: Part, warehouse: Warehouse) -> Stock | None:
    """The stock of a part in a warehouse; None where it never lay."""
    rows = Stock.objects.select_related("part__holding", "warehouse")
    return rows.filter(part=part, warehouse=warehouse).first()


def stocks_of(part: Part) -> list[Stock]:
    """Where a part lies or has lain, the most first, each with `free`."""
    rows = Stock.objects.filter(part=part).select_related("warehouse").annotate(free=F("on_hand") - F("reserved"))
    return list(rows.order_by("-on_hand", "pk"))


def reservations_visible_to(user: User) -> QuerySet[Reservation]:
    """Every reservation, for whoever may see parts."""
    rows = Reservation.objects.select_related("part", "warehouse", "made_by__person")
    return rows if rules.can_see_parts(user) else rows.none()


def get_reservation(user: User, reservation_id: int) -> Reservation:
    """One reservation. Raises NotFound."""
    return _only(reservations_visible_to(user).filter(pk=reservation_id))


def reservations_for(subject: models.Model, *, held_only: bool = True) -> QuerySet[Reservation]:
    """What is reserved of a part, or for a source, what is needed first at the front."""
    rows = Reservation.objects.select_related("part", "warehouse")
    if isinstance(subject, Part):
        rows = rows.filter(part=subject)
    else:
        rows = rows.filter(source_kind=trail.kind_of(subject), source_id=str(subject.pk))
    rows = rows.filter(state=ReservationState.HELD) if held_only else rows
    return rows.order_by(F("need_by").asc(nulls_last=True), "pk")


def filter_reservations(
    rows: QuerySet[Reservation],
    *,
    q: str = "",
    warehouse: int | str | None = None,
    part: int | str | None = None,
    state: str = "",
    until: datetime.date | None = None,
) -> QuerySet[Reservation]:
    """Narrow reservations by words of the part, place, state and the day until which they are needed."""
    rows = matching(rows, q, "part__search") if q else rows
    rows = rows.filter(warehouse_id=warehouse) if warehouse else rows
    rows = rows.filter(part_id=part) if part else rows
    rows = rows.filter(need_by__lte=until) if until else rows
    return rows.filter(state=state) if state else rows


def _only(rows: QuerySet) -> models.Model:
    found = rows.first()
    if found is None:
        raise NotFound
    return found
