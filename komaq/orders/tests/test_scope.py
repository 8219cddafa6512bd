"""PRV-1: nobody reads a request, an order or a visit outside its scope."""

import datetime

import pytest

from komaq.accounts.models import Grant
from komaq.core import clock
from komaq.core.refusals import NotFound
from komaq.customers.models import Site
from komaq.orders import actions, queries
from komaq.orders.choices import OrderStatus

pytestmark = pytest.mark.db

OFFICE = ["ana", "gina", "lola", "nico", "fina"]


@pytest.fixture
def visit(open_order, plan, tito):
    return plan(open_order, [tito], kind="diagnosis")


@pytest.mark.parametrize("who", [*OFFICE, "alex", "tito", "rosa", "carla", "beto", "omar"])
def test_who_sees_a_request_an_order_and_a_visit(who, request, open_order, pending_request, visit):
    person = request.getfixturevalue(who)
    sees = {
        "request": who in {*OFFICE, "carla", "beto"},
        "order": who in {*OFFICE, "carla", "beto", "tito"},
        "visit": who in {*OFFICE, "carla", "beto", "tito"},
    }
    for name, get, thing in (
        ("request", queries.get_request, pending_request),
        ("order", queries.get_order, open_order),
        ("visit", queries.get_visit, visit),
    ):
        if sees[name]:
            assert get(person, thing.pk) == thing
        else:
            with pytest.raises(NotFound):
                get(person, thing.pk)


def test_a_client_held_to_a_site_sees_that_site(open_order, visit, andinos, beto):
    other = Site.objects.create(customer=andinos, name="Taller Arequipa", kind="yard")
    Grant.objects.filter(user=beto).update(scope_kind="site", scope_id=other.pk)
    assert not queries.orders_visible_to(beto).exists()
    assert not queries.requests_visible_to(beto).exists()
    assert not queries.visits_visible_to(beto).exists()


def test_a_technician_no_longer_sent_no_longer_sees(open_order, visit, ana, tito):
    actions.step_visit(visit=visit, to="cancelled", by=ana, reason="Otro día")
    assert not queries.orders_visible_to(tito).exists()
    assert not queries.visits_visible_to(tito).exists()


def test_an_order_with_many_visits_is_one_row(open_order, plan, tito, rosa):
    for _each in range(3):
        plan(open_order, [tito, rosa], kind="diagnosis")
    assert queries.orders_visible_to(tito).count() == 1
    assert queries.filter_orders(queries.orders_visible_to(tito), q="336").count() == 1


def test_filters(open_order, other_order, plan, ana, tito, tito_at_work):
    rows = queries.orders_visible_to(ana)
    plan(open_order, [tito], kind="diagnosis")

    def found(**filters):
        return set(queries.filter_orders(rows, **filters))

    assert found(q="dks01874") == found(q=open_order.code) == found(q="andinos tajo") == {open_order}
    assert found(customer=other_order.customer) == {other_order}
    assert found(technician=tito_at_work) == {open_order}
    assert found(status="open") == found(status="pending") == found(live=True) == {open_order, other_order}
    assert found(status="running") == found(priority="machine_down") == found(late=True) == set()
    with clock.travel(open_order.due_at + datetime.timedelta(minutes=1)):
        assert found(late=True) == {open_order, other_order}
    actions.move_order(order=other_order, to=OrderStatus.CANCELLED, by=ana, reason="x")
    assert found(live=True) == {open_order}
    assert found(status="refused") == {other_order}


def test_machine_history_is_newest_first_and_in_scope(in_status, cat336, carla, omar, ana):
    old = in_status("closed")
    contact = old.contact
    new = actions.open_order(machine=cat336, contact=contact, title="Otra vez", priority="normal", by=ana)
    assert list(queries.machine_history(carla, cat336)) == [new, old]
    assert not queries.machine_history(omar, cat336).exists()


def test_lists_cost_the_same_for_any_number(open_order, other_order, ask, carla, cat336, ana, queries_of):
    def look():
        rows = queries.filter_orders(queries.orders_visible_to(ana), q="336", live=True)
        for order in rows:
            str(order.machine), str(order.site), order.customer.short_name, order.contact.name, str(order.service_type)
        for request in queries.requests_visible_to(ana):
            str(request.machine), request.customer.short_name, request.contact.name, request.order

    one = queries_of(look)
    for _each in range(2):
        actions.accept_request(request=ask(carla, cat336), by=ana)
    assert queries_of(look) == one
