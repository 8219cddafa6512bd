"""The steps an order takes by itself because of its parts, and the stock that arrives for those who wait."""

from komaq.accounts.models import User
from komaq.core.action import action, lock
from komaq.core.refusals import require
from komaq.orders import rules
from komaq.orders.actions.keep_parts import lock_with_parts, reserve_for
from komaq.orders.actions.move_order import READY, missing_in_words, move_order
from komaq.orders.actions.refusals import OrderIsFinal, WorkIsOver
from komaq.orders.choices import NEEDS_PARTS, OrderStatus
from komaq.orders.events import parts_changed
from komaq.orders.models import PlannedPart, ServiceOrder
from komaq.orders.queries.parts import planned_parts_of, waiting_for
from komaq.orders.queries.steps import has_future_work, was_moved_by_hand
from komaq.parts.actions import reserve_stock
from komaq.parts.models import Part, Reservation

_S = OrderStatus


def follow_parts(order: ServiceOrder, by: User | None) -> ServiceOrder:
    """Let an approved order wait when something is missing, and go on when nothing is any more; tell rooms above.

    Whom a person let wait goes on when a person says so.
    """
    order = lock(order)
    missing = [line for line in planned_parts_of(order) if line.missing]
    if missing and order.status in READY:
        order = move_order(order=order, to=_S.WAITING_PARTS, by=None, reason=missing_in_words(missing))
    elif order.status == _S.WAITING_PARTS and not missing and not was_moved_by_hand(order):
        order = move_order(order=order, to=_S.SCHEDULED if has_future_work(order) else _S.APPROVED, by=None)
    parts_changed.send(ServiceOrder, order=order, by=by)
    return order


@action
def cover_order(*, order: ServiceOrder, by: User) -> ServiceOrder:
    """Reserve what is free for what the order needs; it goes on by itself when nothing is missing any more.

    Raises NotAllowed, OrderIsFinal, WorkIsOver.
    """
    require(rules.can_open_order(by) or rules.keeps_parts(by))
    order = lock_with_parts(order)
    require(not order.is_final, else_=OrderIsFinal(order))
    require(order.status in NEEDS_PARTS, else_=WorkIsOver())
    return follow_parts(order, by) if reserve_for(order, by) else order


@action
def follow_freed(*, reservation: Reservation, by: User | None) -> None:
    """An order lost what was kept for it, by hand: it waits again, and what lies free is not given back unasked."""
    planned = PlannedPart.objects.filter(pk=reservation.source_id).select_related("segment__order").first()
    if planned is not None:
        follow_parts(lock_with_parts(planned.segment.order), by)


@action
def cover_waiting(*, part: Part, by: User | None) -> list[ServiceOrder]:
    """Reserve free stock of a part for the orders that wait for it, who needs it first first; the orders it changed.

    By need-by date, on the same day machines that stand still first (PRT-2). Who is short and does not wait yet,
    because something used came back, waits now.
    """
    waiting = [(planned, planned.segment.order) for planned in waiting_for(part)]
    touched = {order.pk: order for _planned, order in waiting if order.status in READY}
    for planned, order in waiting:
        wish = planned.quantity + planned.moved - planned.reserved
        if not reserve_stock(part=part, quantity=wish, source=planned, need_by=planned.need_by, by=by):
            break
        touched[order.pk] = order
    return [follow_parts(touched[key], by) for key in sorted(touched)]
