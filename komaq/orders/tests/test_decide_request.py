import datetime

import pytest
from django.db import transaction

from komaq.core import clock
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed
from komaq.orders import actions, queries
from komaq.orders.actions import refusals
from komaq.orders.choices import OrderStatus, RequestStatus
from komaq.orders.models import ServiceOrder


def test_accepting_makes_one_order_with_what_the_client_said(morning, ask, ana, carla, cat336, paper):
    wished = datetime.date(2026, 11, 26)
    request = ask(carla, cat336, wished_on=wished, files=[paper("foto.pdf")])
    order = actions.accept_request(request=request, by=ana)
    request.refresh_from_db()
    assert order.code == "OS-2026-000001"
    assert (order.machine, order.site, order.contact) == (cat336, cat336.site, request.contact)
    assert (order.wished_on, order.respond_by) == (wished, request.respond_by)
    assert order.due_at == morning + datetime.timedelta(hours=120)
    assert list(order.problems.all()) == list(request.problems.all())
    assert (request.status, request.order) == (RequestStatus.ACCEPTED, order)
    assert [each.name for each in queries.documents_of(carla, order)] == ["foto.pdf"]
    segment = order.segments.get()
    assert (segment.is_default, segment.payer) == (True, "client")
    assert Event.objects.filter(kind="orders.request_accepted").count() == 1


def test_accepting_twice_returns_the_same_order(pending_request, ana, gina):
    first = actions.accept_request(request=pending_request, by=ana)
    assert actions.accept_request(request=pending_request, by=gina) == first
    assert ServiceOrder.objects.count() == 1
    assert Event.objects.filter(kind="orders.request_accepted").count() == 1


def test_what_the_supervisor_says_goes_before_what_the_client_said(pending_request, ana):
    due = clock.now() + datetime.timedelta(days=2)
    order = actions.accept_request(
        request=pending_request, by=ana, priority="machine_down", title="Bomba hidráulica", due_at=due
    )
    assert (order.priority, order.title, order.due_at) == ("machine_down", "Bomba hidráulica", due)


def test_words_about_a_machine_are_no_machine(andinos, carla, ana, cat336, volvo480):
    request = actions.ask_service(
        customer=andinos,
        contact=andinos.contacts.get(),
        machine_described="Excavadora amarilla",
        place_described="Km 84",
        description="No arranca",
        priority="normal",
        by=carla,
    )
    with pytest.raises(refusals.MachineNeeded) as refused:
        actions.accept_request(request=request, by=ana)
    assert refused.value.field == "machine"
    with pytest.raises(refusals.NotOfCustomer):
        actions.accept_request(request=request, machine=volvo480, by=ana)
    assert actions.accept_request(request=request, machine=cat336, by=ana).title == "No arranca"


def test_a_promise_in_the_past_is_refused(pending_request, ana):
    with pytest.raises(refusals.DuePassed):
        actions.accept_request(request=pending_request, by=ana, due_at=clock.now() - datetime.timedelta(hours=1))


@pytest.mark.parametrize("who", ["lola", "nico", "fina", "alex", "tito", "carla"])
def test_only_supervisors_and_managers_decide(pending_request, request, who):
    person = request.getfixturevalue(who)
    for decide in (
        lambda: actions.accept_request(request=pending_request, by=person),
        lambda: actions.reject_request(request=pending_request, reason="no", by=person),
    ):
        with pytest.raises(NotAllowed):
            decide()
    assert not ServiceOrder.objects.exists()


def test_rejecting_asks_for_a_reason_that_stays(pending_request, ana):
    with pytest.raises(refusals.ReasonNeeded):
        actions.reject_request(request=pending_request, reason=" ", by=ana)
    request = actions.reject_request(request=pending_request, reason="Fuera de nuestra zona", by=ana)
    assert (request.status, request.reason) == (RequestStatus.REJECTED, "Fuera de nuestra zona")


def test_a_decided_request_is_decided(pending_request, open_order, ana, carla):
    decisions = (
        lambda: actions.reject_request(request=pending_request, reason="x", by=ana),
        lambda: actions.merge_request(request=pending_request, order=open_order, by=ana),
        lambda: actions.withdraw_request(request=pending_request, by=carla),
    )
    for decide in decisions:
        with pytest.raises(refusals.RequestNotPending):
            decide()


def test_the_client_withdraws_what_is_pending(pending_request, carla, beto, omar, ana):
    for stranger in (omar, ana):
        with pytest.raises(NotAllowed):
            actions.withdraw_request(request=pending_request, by=stranger)
    request = actions.withdraw_request(request=pending_request, by=beto, reason="Ya arrancó")
    assert request.status == RequestStatus.WITHDRAWN
    with pytest.raises(refusals.RequestNotPending):
        actions.accept_request(request=request, by=ana)


def test_merging_joins_a_live_order_of_the_same_machine(open_order, ask, carla, cat336, ana):
    second = ask(carla, cat336)
    assert list(queries.similar_orders(ana, second)) == [open_order]
    assert actions.merge_request(request=second, order=open_order, by=ana) == open_order
    assert actions.merge_request(request=second, order=open_order, by=ana) == open_order
    second.refresh_from_db()
    assert (second.status, second.order) == (RequestStatus.MERGED, open_order)
    assert Event.objects.filter(kind="orders.request_merged").count() == 1


def test_merging_with_a_strange_or_finished_order_is_refused(other_order, in_status, ask, carla, cat336, ana):
    second = ask(carla, cat336)
    for order in (other_order, in_status(OrderStatus.CANCELLED)):
        with pytest.raises(refusals.CannotMerge):
            actions.merge_request(request=second, order=order, by=ana)
    assert not queries.similar_orders(ana, second).exists()


@pytest.mark.db
def test_ord_4_codes_are_in_sequence_and_a_rollback_gives_them_back(ask, carla, cat336, ana):
    requests = [ask(carla, cat336) for _each in range(3)]
    first = actions.accept_request(request=requests[0], by=ana)
    with transaction.atomic():
        assert actions.accept_request(request=requests[1], by=ana).code.endswith("000002")
        transaction.set_rollback(True)
    second = actions.accept_request(request=requests[2], by=ana)
    year = clock.today().year
    assert [first.code, second.code] == [f"OS-{year}-000001", f"OS-{year}-000002"]
