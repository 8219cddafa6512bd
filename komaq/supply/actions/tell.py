"""What clients hear of the days their parts are promised for."""

from collections.abc import Iterable

from komaq.comms.actions import post
from komaq.core import clock
from komaq.orders.models import ServiceOrder
from komaq.orders.queries.people import people_of
from komaq.supply.models import PurchaseLine
from komaq.supply.notices import purchases as notices
from komaq.supply.queries.promises import Expected, expected_for, orders_waiting_for

Days = list[tuple[ServiceOrder, Expected | None]]


def days_known(lines: Iterable[PurchaseLine]) -> Days:
    """The orders that wait for these lines, each with the day its client was told so far."""
    return [(order, expected_for(order)) for order in orders_waiting_for(lines)]


def tell_clients(before: Days) -> None:
    """Tell each client whose day is another now; or that there is none any more."""
    key = clock.now().isoformat()
    for order, known in before:
        expected = expected_for(order)
        if expected == known:
            continue
        for person in people_of(order):
            if expected:
                post(notices.parts_promised(order, person, on=expected.on, is_all=expected.is_all, key=key))
            else:
                post(notices.promise_gone(order, person, key=key))
