"""Hand notices over, to each person once."""

from collections.abc import Callable, Iterable

from komaq.accounts.models import Employee
from komaq.comms.actions import post
from komaq.comms.notices import Notice
from komaq.orders.models import ServiceOrder, ServiceRequest
from komaq.orders.queries.people import people_of


def tell_client(
    thing: ServiceOrder | ServiceRequest, notice: Callable[..., Notice], *args: object, **more: object
) -> None:
    """Post `notice(*args, person, **more)` to the people of an order or request."""
    for person in people_of(thing):
        post(notice(*args, person, **more))


def tell_technicians(
    technicians: Iterable[Employee], notice: Callable[..., Notice], *args: object, **more: object
) -> None:
    for technician in technicians:
        post(notice(*args, technician.person, **more))
