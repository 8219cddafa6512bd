"""What orders need of parts: planned, reserved, used, missing, and promised by whoever buys them."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, CharField, DateField, F, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Cast, Coalesce

from komaq.accounts.models import User
from komaq.core import registry
from komaq.core.money import QuantityField
from komaq.core.refusals import NotFound
from komaq.core.registry import SearchHit
from komaq.core.trail import kind_of
from komaq.orders import rules
from komaq.orders.choices import DIAGNOSED, GOES_AHEAD, Priority
from komaq.orders.models import PlannedPart, ServiceOrder
from komaq.orders.queries.scope import orders_visible_to
from komaq.parts.choices import Availability, MoveKind, ReservationState
from komaq.parts.models import Part, Reservation, Stock, StockMove, Warehouse

PROMISE = "orders.order_parts_promise"
"""Where a room above says when a planned part is promised for: see `registry.expressions`."""
BUYING = "orders.order_parts_buying"
"""Where a room above says how far the buying of a planned part has come: see `registry.whereabouts`."""
ZERO = Decimal(0)
MOST_SHOWN = 30


@dataclass(frozen=True)
class PlannedLine:
    """A planned part as it stands.

    `missing` is what must still come: of an order that goes ahead what is not reserved, before its approval what not
    even free stock covers, nothing once its work is done. `free` is what nobody reserved, wherever it lies; `place`
    names the warehouse that keeps most of what is reserved. `state` is empty for what a finished order did not use.
    """

    planned: PlannedPart
    part: Part
    quantity: Decimal
    reserved: Decimal
    used: Decimal
    missing: Decimal
    state: Availability | str
    promised_on: datetime.date | None
    free: Decimal
    place: str

    @property
    def unreserved(self) -> Decimal:
        """What is neither used nor reserved."""
        return max(self.quantity - self.used - self.reserved, ZERO)


def planned_parts_of(order: ServiceOrder) -> list[PlannedLine]:
    """What the order needs of parts, as planned; one query."""
    return [_line(planned, order.status) for planned in _planned_of(order)]


def planned_with_buying(user: User, order: ServiceOrder) -> tuple[list[PlannedLine], dict[int, list[SearchHit]]]:
    """What `planned_parts_of` says, and of what is missing how far its buying has come, by planned part; one query."""
    make, tell = registry.expressions.get(BUYING), registry.whereabouts.get(BUYING)
    if make is None or tell is None:
        return planned_parts_of(order), {}
    lines = [_line(planned, order.status) for planned in _planned_of(order).annotate(buying=make())]
    return lines, {line.planned.pk: tell(user, line.planned.buying or []) for line in lines if line.missing}


def shortage_of(planned: PlannedPart) -> Decimal:
    """What must still come for a planned part, as `PlannedLine.missing` says."""
    found = _planned().filter(pk=planned.pk).select_related("segment__order").first()
    return _line(found, found.segment.order.status).missing if found else ZERO


def is_short(order: ServiceOrder) -> bool:
    """Whether something the order needs is not there for it."""
    return any(line.missing for line in planned_parts_of(order))


def waiting_for(part: Part) -> list[PlannedPart]:
    """The planned parts that are short of a part, in orders that go ahead: who needs it first comes first.

    By need-by date, on the same day machines that stand still first, then as planned. Each has its `segment.order`.
    """
    mine = {"part": part, "segment__order__status__in": GOES_AHEAD}
    if not PlannedPart.objects.filter(**mine, dropped_at=None).exists():
        return []
    rows = _planned().filter(**mine).select_related("segment__order")
    urgency = Case(When(segment__order__priority=Priority.MACHINE_DOWN, then=0), default=1)
    ranked = rows.order_by(F("need_by").asc(nulls_last=True), urgency, "id")
    return [planned for planned in ranked if _line(planned, planned.segment.order.status).missing]


def needed_of(user: User, part: Part) -> list[PlannedLine]:
    """The planned parts of a part in the orders a person sees whose work is not done, who needs it first at the front.

    Each has its order with machine at hand; one query.
    """
    orders = orders_visible_to(user).filter(status__in=GOES_AHEAD | DIAGNOSED).order_by().values("pk")
    rows = _planned().filter(part=part, segment__order__in=orders)
    rows = rows.select_related("segment__order__machine__model", "part")
    ranked = rows.order_by(F("need_by").asc(nulls_last=True), "id")[:MOST_SHOWN]
    return [_line(planned, planned.segment.order.status) for planned in ranked]


def orders_of_planned(user: User, ids: Iterable[str]) -> dict[int, ServiceOrder]:
    """The orders that planned some parts, by the planned part's key, as far as the person may see them; one query."""
    keys = [int(each) for each in ids if each.isdecimal()]
    rows = PlannedPart.objects.filter(pk__in=keys, segment__order__in=orders_visible_to(user).values("pk"))
    return {each.pk: each.segment.order for each in rows.select_related("segment__order")}


def get_planned_part(order: ServiceOrder, planned_id: int) -> PlannedPart:
    """One planned part of an order, with its segment. Raises NotFound."""
    found = _planned().filter(segment__order=order, pk=planned_id).first()
    if found is None:
        raise NotFound
    return found


def planned_part_line(planned: PlannedPart) -> PlannedLine:
    """One planned part as it stands now, dropped or not."""
    found = _counted(PlannedPart.objects.filter(pk=planned.pk).select_related("segment__order", "part")).get()
    return _line(found, found.segment.order.status)


def warehouses_to_use_from(user: User) -> QuerySet[Warehouse]:
    """Where this person takes parts from: who keeps the store from any place, a technician from its own van."""
    rows = Warehouse.objects.filter(is_open=True).order_by("name", "id")
    return rows if rules.keeps_parts(user) else rows.filter(keeper__person_id=user.person_id)


def get_warehouse_to_use(user: User, warehouse_id: int) -> Warehouse:
    """One of those places. Raises NotFound."""
    found = warehouses_to_use_from(user).filter(pk=warehouse_id).first()
    if found is None:
        raise NotFound
    return found


def _planned_of(order: ServiceOrder) -> QuerySet[PlannedPart]:
    return _planned().filter(segment__order=order).order_by("-segment__is_default", "segment_id", "id")


def _planned() -> QuerySet[PlannedPart]:
    rows = PlannedPart.objects.filter(dropped_at=None).select_related("segment", "part")
    return _counted(rows)


def _counted(rows: QuerySet[PlannedPart]) -> QuerySet[PlannedPart]:
    """Each row with what is reserved, used, free and promised of it."""
    mine = {"source_kind": kind_of(PlannedPart), "source_id": Cast(OuterRef("pk"), CharField())}
    held = Reservation.objects.filter(**mine, state=ReservationState.HELD)
    out = StockMove.objects.filter(**mine, kind__in=[MoveKind.ISSUE, MoveKind.RETURN])
    lies = Stock.objects.filter(part=OuterRef("part"), warehouse__is_open=True)
    place = held.order_by("-quantity", "id").values("warehouse__name")[:1]
    promise = registry.expressions.get(PROMISE)
    return rows.annotate(
        reserved=_sum(held, "quantity"),
        moved=_sum(out, "quantity"),
        on_hand=_sum(lies, "on_hand", by="part"),
        taken=_sum(lies, "reserved", by="part"),
        place=Coalesce(Subquery(place), Value("")),
        promised_on=promise() if promise else Value(None, output_field=DateField()),
    )


def _sum(rows: QuerySet, column: str, *, by: str = "source_id") -> Coalesce:
    total = rows.order_by().values(by).annotate(total=Sum(column)).values("total")
    return Coalesce(Subquery(total), Value(ZERO, output_field=QuantityField()))


def _line(planned: PlannedPart, status: str) -> PlannedLine:
    used, free = ZERO - planned.moved, planned.on_hand - planned.taken
    unreserved = max(planned.quantity - used - planned.reserved, ZERO)
    return PlannedLine(
        planned=planned,
        part=planned.part,
        quantity=planned.quantity,
        reserved=planned.reserved,
        used=used,
        missing=rules.missing_of(unreserved, free=free, status=status),
        state=rules.state_of_part(planned.quantity, used=used, reserved=planned.reserved, free=free, status=status),
        promised_on=planned.promised_on,
        free=free,
        place=planned.place,
    )
