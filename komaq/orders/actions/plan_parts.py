"""What an order will need of parts: planned, changed, dropped, used, given back."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Stale, require
from komaq.orders import rules
from komaq.orders.actions.follow_parts import follow_parts
from komaq.orders.actions.keep_parts import lock_with_parts, reserve_for
from komaq.orders.actions.refusals import (
    DayPassed,
    OrderIsFinal,
    PartClosed,
    PartDropped,
    PartWasUsed,
    UsedMore,
)
from komaq.orders.choices import GOES_AHEAD
from komaq.orders.models import PlannedPart, Segment, ServiceOrder
from komaq.orders.queries.order import visits_of
from komaq.orders.queries.parts import planned_part_line
from komaq.orders.queries.scope import works_on
from komaq.orders.queries.steps import next_work
from komaq.parts.actions import free_reservations, issue_stock, issued_for, keep_reserved, return_stock
from komaq.parts.actions.posting import checked
from komaq.parts.models import Part, Warehouse

NOTE = 200


@action
def plan_part(
    *,
    segment: Segment,
    part: Part,
    quantity: Decimal,
    need_by: datetime.date | None,
    by: User,
    note: str = "",
) -> PlannedPart:
    """Plan a part for a segment; the same part again adds to what is planned, for the earlier day.

    Without a day it is needed by the next visit to work, else by the promise. An order that goes ahead reserves at
    once what is free, and waits when something is missing. Raises NotAllowed, OrderIsFinal, PartClosed, BadQuantity,
    DayPassed.
    """
    order = lock_with_parts(segment.order, part)
    require(rules.can_open_order(by) or rules.keeps_parts(by) or works_on(by, order))
    require(not order.is_final, else_=OrderIsFinal(order))
    require(part.is_open, else_=PartClosed())
    checked(quantity)
    _check_day(need_by)
    planned = PlannedPart.objects.filter(segment=segment, part=part, dropped_at=None).first()
    day = need_by or _usual_day(order)
    if planned is None:
        planned = PlannedPart(segment=segment, part=part, quantity=quantity, need_by=day, note=note.strip()[:NOTE])
        planned.made_by, planned.made_at = by, clock.now()
    else:
        planned.quantity = checked(planned.quantity + quantity)
        planned.need_by = min(day, planned.need_by or day)
        planned.note = _joined(planned.note, note.strip())
        planned.version += 1
    planned.save()
    trail.record("orders.part_planned", order, by=by, **_facts(planned), added=quantity)
    _settle(order, planned, by)
    return planned


@action
def change_planned_part(
    *,
    planned: PlannedPart,
    quantity: Decimal,
    need_by: datetime.date | None,
    note: str,
    by: User,
    version: int | None = None,
) -> PlannedPart:
    """Change how much is needed and by when; what is reserved follows.

    Raises NotAllowed, Stale (when `version` is another), OrderIsFinal, PartDropped, BadQuantity, UsedMore, DayPassed.
    """
    order, planned = _lock(planned, by, version)
    checked(quantity)
    used, _value = issued_for(planned.part, planned)
    require(quantity >= used, else_=UsedMore(used))
    if need_by != planned.need_by:
        _check_day(need_by)
    before = _facts(planned)
    planned.quantity, planned.need_by, planned.note = quantity, need_by or _usual_day(order), note.strip()[:NOTE]
    planned.version += 1
    planned.save()
    trail.record("orders.part_changed", order, by=by, before=before, **_facts(planned))
    most = {"most": quantity - used, "need_by": planned.need_by}
    keep_reserved(source=planned, part=planned.part, by=by, **most)
    _settle(order, planned, by)
    return planned


@action
def drop_planned_part(*, planned: PlannedPart, by: User, version: int | None = None) -> PlannedPart:
    """Take a part off the plan and let go what was reserved; again changes nothing.

    Raises NotAllowed, Stale (when `version` is another), OrderIsFinal, PartWasUsed.
    """
    lock_with_parts(planned.segment.order)
    if lock(planned).dropped_at:
        return planned
    order, planned = _lock(planned, by, version)
    require(not issued_for(planned.part, planned)[0], else_=PartWasUsed())
    planned.dropped_at = clock.now()
    planned.version += 1
    planned.save()
    trail.record("orders.part_dropped", order, by=by, **_facts(planned))
    free_reservations(source=planned, by=by)
    follow_parts(order, by)
    return planned


@action
def replace_planned_part(*, planned: PlannedPart, part: Part, quantity: Decimal, by: User) -> PlannedPart:
    """Plan another part in place of one, for all of it or some: an alternative was bought. The one that is planned now.

    Raises NotAllowed, OrderIsFinal, PartDropped, PartClosed, BadQuantity, UsedMore (of what was used already).
    """
    _order, planned = _lock(planned, by, None)
    checked(quantity)
    used, _value = issued_for(planned.part, planned)
    require(planned.quantity - quantity >= used, else_=UsedMore(used))
    day = max(planned.need_by, clock.today()) if planned.need_by else None
    wish = {"segment": planned.segment, "part": part, "quantity": quantity, "need_by": day, "by": by}
    instead = plan_part(**wish, note=_("instead of %(part)s") % {"part": planned.part})
    if planned.quantity == quantity:
        drop_planned_part(planned=planned, by=by)
    else:
        left = {"quantity": planned.quantity - quantity, "need_by": planned.need_by, "note": planned.note}
        change_planned_part(planned=planned, by=by, **left)
    return instead


@action
def use_part(*, planned: PlannedPart, warehouse: Warehouse, quantity: Decimal, by: User) -> PlannedPart:
    """Take a planned part out of stock for the work: what is reserved for it there goes first (PRT-2).

    Who uses more than planned needed more: the plan follows. Raises NotAllowed, OrderIsFinal, PartDropped,
    BadQuantity, ShortOfStock, WarehouseClosed.
    """
    order = lock_with_parts(planned.segment.order)
    require(rules.can_use_from(by, warehouse) and (rules.keeps_parts(by) or works_on(by, order)))
    require(not order.is_final, else_=OrderIsFinal(order))
    planned = _still_planned(planned, order)
    issue_stock(part=planned.part, warehouse=warehouse, quantity=quantity, by=by, source=planned)
    used, _value = issued_for(planned.part, planned)
    if used > planned.quantity:
        planned.quantity = used
    planned.version += 1
    planned.save()
    facts = _facts(planned) | {"quantity": quantity, "used": used, "warehouse": warehouse.name}
    trail.record("orders.part_used", order, by=by, **facts)
    left = {"most": planned.quantity - used, "need_by": planned.need_by}
    keep_reserved(source=planned, part=planned.part, by=by, **left)
    follow_parts(order, by)
    return planned


@action
def return_part(*, planned: PlannedPart, warehouse: Warehouse, quantity: Decimal, by: User) -> PlannedPart:
    """Take back into a store what was used of a planned part and is not needed there, at the cost it went out with.

    The plan stays: an order that goes ahead and still needs it has its place among those who wait (PRT-2). Raises
    NotAllowed, OrderIsFinal, PartDropped, BadQuantity, NothingIssued, WarehouseClosed.
    """
    order = lock_with_parts(planned.segment.order)
    require(rules.keeps_parts(by))
    require(not order.is_final, else_=OrderIsFinal(order))
    planned = _still_planned(planned, order)
    return_stock(part=planned.part, warehouse=warehouse, quantity=quantity, by=by, source=planned)
    planned.version += 1
    planned.save()
    used, _value = issued_for(planned.part, planned)
    facts = _facts(planned) | {"quantity": quantity, "used": used, "warehouse": warehouse.name}
    trail.record("orders.part_returned", order, by=by, **facts)
    follow_parts(order, by)
    return planned


def _lock(planned: PlannedPart, by: User, version: int | None) -> tuple[ServiceOrder, PlannedPart]:
    order = lock_with_parts(planned.segment.order)
    require(rules.can_open_order(by) or rules.keeps_parts(by))
    require(not order.is_final, else_=OrderIsFinal(order))
    planned = _still_planned(planned, order)
    if version is not None and version != planned.version:
        raise Stale(planned)
    return order, planned


def _still_planned(planned: PlannedPart, order: ServiceOrder) -> PlannedPart:
    part, planned = planned.part, lock(planned)
    planned.part, planned.segment.order = part, order
    require(planned.dropped_at is None, else_=PartDropped())
    return planned


def _settle(order: ServiceOrder, planned: PlannedPart, by: User) -> None:
    """An order that goes ahead keeps at once what is free of a part it needs."""
    if order.status in GOES_AHEAD:
        reserve_for(order, by, [planned_part_line(planned)])
    follow_parts(order, by)


def _check_day(need_by: datetime.date | None) -> None:
    require(need_by is None or need_by >= clock.today(), else_=DayPassed(field="need_by"))


def _usual_day(order: ServiceOrder) -> datetime.date:
    """When parts are needed unless somebody says otherwise: for the next visit to work, else for the promise."""
    visit = next_work(visits_of(order))
    moment = visit.starts_at if visit else order.due_at
    return max(moment.astimezone(clock.LIMA).date(), clock.today())


def _joined(note: str, more: str) -> str:
    return note if more in note else " · ".join(filter(None, (note, more)))[:NOTE]


def _facts(planned: PlannedPart) -> dict:
    return {
        "planned": planned.pk,
        "part": planned.part.label,
        "quantity": planned.quantity,
        "need_by": planned.need_by,
        "note": planned.note,
    }
