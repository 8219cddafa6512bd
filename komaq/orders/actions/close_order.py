from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.action import action
from komaq.core.refusals import Stale, require
from komaq.orders import rules
from komaq.orders.actions.keep_parts import lock_with_parts
from komaq.orders.actions.move_order import move_order
from komaq.orders.actions.refusals import StepNotAllowed
from komaq.orders.choices import OrderStatus
from komaq.orders.models import ServiceOrder


@action
def accept_work(*, order: ServiceOrder, by: User, version: int | None = None) -> ServiceOrder:
    """The client accepts verified work, which closes the order.

    Raises NotAllowed, Stale (when `version` is another), StepNotAllowed, StatusMoved.
    """
    require(rules.is_of_client(by, order.customer_id, order.site_id))
    if version is not None and version != (current := lock_with_parts(order)).version:
        raise Stale(current)
    require(rules.can_accept_work(by, order), else_=StepNotAllowed(order, OrderStatus.CLOSED))
    return move_order(order=order, to=OrderStatus.CLOSED, by=by)


def close_accepted_orders() -> int:
    """Close what was verified more than 5 business days ago without a word from the client; how many.

    Each order is an action of its own, so that one that fails holds up none.
    """
    closed = 0
    for order in ServiceOrder.objects.filter(status=OrderStatus.VERIFIED).order_by("id"):
        if clock.today() > rules.last_day_to_reject(order.verified_at):
            move_order(order=order, to=OrderStatus.CLOSED, by=None)
            closed += 1
    return closed
