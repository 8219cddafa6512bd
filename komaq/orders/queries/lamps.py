"""How many machines stand still and how many promises are broken."""

from komaq.accounts.models import User
from komaq.core import clock
from komaq.orders import rules
from komaq.orders.choices import Priority
from komaq.orders.queries.scope import orders_visible_to


def machines_down(user: User) -> int:
    """The machines that stand still because of an order that is not completed."""
    rows = orders_visible_to(user).filter(status__in=rules.PROMISED, priority=Priority.MACHINE_DOWN)
    return rows.values("machine").distinct().count()


def overdue(user: User) -> int:
    """The orders whose promise is broken."""
    return orders_visible_to(user).filter(status__in=rules.PROMISED, due_at__lt=clock.now()).count()
