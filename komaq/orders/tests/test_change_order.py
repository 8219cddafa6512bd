import datetime

import pytest

from komaq.core import clock
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed, Stale
from komaq.orders import actions, queries
from komaq.orders.actions import refusals
from komaq.orders.choices import OrderStatus


@pytest.fixture
def change(open_order, ana):
    """`change(title="…")` saves the form of the open order with one thing changed."""

    def save(*, by=ana, version=1, **more):
        written = {
            name: getattr(open_order, name)
            for name in ("title", "priority", "site", "contact", "service_type", "due_at", "description")
        }
        return actions.change_order(order=open_order, version=version, by=by, **(written | more))

    return save


def test_a_change_raises_the_version_and_keeps_before_and_after(change, ana):
    order = change(title="Bomba principal", priority="machine_down")
    assert (order.version, order.title, order.priority) == (2, "Bomba principal", "machine_down")
    event = Event.objects.get(kind="orders.order_changed")
    assert event.payload.data["after"] == {"title": "Bomba principal", "priority": "machine_down"}
    assert event.payload.data["before"]["priority"] == "high"
    assert list(queries.filter_orders(queries.orders_visible_to(ana), q="bomba principal")) == [order]


def test_saving_nothing_new_leaves_no_event(change):
    assert change().version == 1
    assert not Event.objects.filter(kind="orders.order_changed").exists()


def test_ord_2_the_second_to_save_gets_what_is_new(change, lola):
    change(title="De Ana")
    with pytest.raises(Stale) as refused:
        change(title="De Lola", by=lola)
    assert (refused.value.current.title, refused.value.current.version) == ("De Ana", 2)
    assert change(title="De Lola", by=lola, version=2).title == "De Lola"


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_ord_2_two_at_once_never_lose_an_update(change, ana, lola, at_once, open_order):
    results = at_once([lambda: change(title="De Ana"), lambda: change(title="De Lola", by=lola)])
    assert sorted(type(each).__name__ for each in results) == ["ServiceOrder", "Stale"]
    open_order.refresh_from_db()
    assert open_order.version == 2


def test_what_is_over_and_what_is_wrong_is_refused(change, in_status, illapa, omar):
    for wrong, refusal in (
        ({"title": ""}, refusals.TitleNeeded),
        ({"due_at": clock.now() - datetime.timedelta(days=400)}, refusals.DuePassed),
        ({"contact": illapa.contacts.get()}, refusals.NotOfCustomer),
    ):
        with pytest.raises(refusal):
            change(**wrong)
    in_status(OrderStatus.CLOSED)
    with pytest.raises(refusals.OrderIsFinal):
        change(title="Otra")


def test_clients_technicians_and_the_store_change_nothing(change, carla, tito, nico, fina):
    for person in (carla, tito, nico, fina):
        with pytest.raises(NotAllowed):
            change(title="Otra", by=person)
