"""What clients hear of the days their parts are promised for."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from komaq.comms.actions import post
from komaq.core import clock
from komaq.orders.models import ServiceOrder
from komaq.orders.queries.parts import is_short
from komaq.orders.queries.people import people_of
from komaq.supply.notices import purchases as notices
from komaq.supply.queries.promises import Expected, expected_for

Days = dict[int, tuple[ServiceOrder, Expected | None]]
_known: ContextVar[Days | None] = ContextVar("known_days", default=None)


@contextmanager
def telling(orders: Iterable[ServiceOrder]) -> Iterator[None]:
    """Tell the clients of these orders of each day that is another afterwards; or that there is none any more.

    Blocks inside one another tell once, at the end of the outermost: of where it all started and where it ended.
    """
    outer = _known.get()
    known: Days = {} if outer is None else outer
    for order in orders:
        if order.pk not in known:
            known[order.pk] = order, expected_for(order)
    if outer is not None:
        yield
        return
    token = _known.set(known)
    try:
        yield
    finally:
        _known.reset(token)
    _tell(known)


def _tell(before: Days) -> None:
    key = clock.now().isoformat()
    for order, known in before.values():
        expected = expected_for(order)
        if expected == known or not (expected or is_short(order)):
            continue
        for person in people_of(order):
            if expected:
                post(notices.parts_promised(order, person, on=expected.on, is_all=expected.is_all, key=key))
            else:
                post(notices.promise_gone(order, person, key=key))
