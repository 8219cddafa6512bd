import pytest

from komaq.core.models import Event
from komaq.core.refusals import NotAllowed
from komaq.orders import actions
from komaq.orders.actions import refusals
from komaq.orders.choices import OrderStatus


@pytest.fixture
def call(cat336, carla):
    """What a caller says on the phone."""
    return {
        "machine": cat336,
        "contact": cat336.customer.contacts.get(person=carla.person),
        "title": "Fuga en cilindro de balde",
        "priority": "high",
    }


def test_a_call_becomes_an_order_without_a_request(call, ana):
    order = actions.open_order(**call, by=ana)
    assert (order.status, order.customer, order.site) == (
        OrderStatus.OPEN,
        call["machine"].customer,
        order.machine.site,
    )
    assert order.segments.get().is_default
    assert list(Event.objects.values_list("kind", flat=True)) == ["orders.order_opened"]


def test_a_return_is_a_new_order_that_names_the_old_one(call, in_status, ana):
    old = in_status(OrderStatus.CLOSED)
    order = actions.open_order(**call, by=ana, rework_of=old, payer="warranty")
    assert order.rework_of == old
    assert order.segments.get().payer == "warranty"


def test_sales_may_open_and_the_store_may_not(call, lola, nico, carla):
    assert actions.open_order(**call, by=lola)
    for person in (nico, carla):
        with pytest.raises(NotAllowed):
            actions.open_order(**call, by=person)


def test_it_needs_a_title_and_its_own_people(call, ana, illapa, omar):
    with pytest.raises(refusals.TitleNeeded):
        actions.open_order(**(call | {"title": " "}), by=ana)
    with pytest.raises(refusals.NotOfCustomer):
        actions.open_order(**(call | {"contact": illapa.contacts.get()}), by=ana)
