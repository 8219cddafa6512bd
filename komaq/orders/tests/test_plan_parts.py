"""What an order needs of parts: planned and reserved; the steps that follow from it; who gets what arrives."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from komaq.comms.models import Delivery
from komaq.core import clock
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed, Stale
from komaq.orders import actions, queries
from komaq.orders.actions import refusals
from komaq.orders.events import parts_changed
from komaq.orders.models import PlannedPart
from komaq.orders.tests.conftest import held_for, line_of, needs, put, status_of
from komaq.parts import actions as stock
from komaq.parts.actions.refusals import BadQuantity
from komaq.parts.models import Reservation, Stock

pytestmark = pytest.mark.db
ZERO = Decimal(0)


def in_days(days):
    return clock.today() + datetime.timedelta(days=days)


@pytest.fixture
def heard():
    """Which orders rooms above heard of."""
    told = []

    def listen(sender, order, **_more):
        told.append((order.pk, order.status))

    parts_changed.connect(listen)
    yield told
    parts_changed.disconnect(listen)


# Planning


def test_before_approval_nothing_is_kept_and_free_stock_counts(open_order, oil_filter, ana, arrives):
    planned = needs(open_order, oil_filter, 3, by=ana)
    assert (line_of(planned).state, queries.shortage_of(planned)) == ("missing", Decimal(3))
    arrives(oil_filter, 2)
    line = line_of(planned)
    assert (line.state, line.reserved, line.free, line.missing) == ("missing", ZERO, Decimal(2), Decimal(1))
    arrives(oil_filter, 1)
    assert (line_of(planned).state, queries.shortage_of(planned)) == ("in_stock", ZERO)
    assert status_of(open_order) == "open"


def test_who_wants_it_kept_before_approval_says_so(open_order, oil_filter, ana, arrives):
    arrives(oil_filter, 1)
    planned = needs(open_order, oil_filter, 2, by=ana)
    actions.cover_order(order=open_order, by=ana)
    assert (line_of(planned).state, held_for(planned)) == ("partly", Decimal(1))


def test_the_same_part_again_adds_for_the_earlier_day(open_order, oil_filter, ana, lola):
    first = needs(open_order, oil_filter, 2, by=ana, need_by=in_days(9), note="Filtro del motor")
    again = needs(open_order, oil_filter, "1.5", by=lola, need_by=in_days(4), note="y uno de reserva")
    assert again.pk == first.pk
    assert (again.quantity, again.need_by) == (Decimal("3.5"), in_days(4))
    assert again.note == "Filtro del motor · y uno de reserva"
    assert PlannedPart.objects.count() == 1
    later = needs(open_order, oil_filter, 1, by=lola, need_by=in_days(30))
    assert (later.need_by, later.version) == (in_days(4), 3)


def test_without_a_day_it_is_for_the_next_visit_or_the_promise(open_order, oil_filter, ana, plan, tito):
    assert needs(open_order, oil_filter, 1, by=ana).need_by == open_order.due_at.astimezone(clock.LIMA).date()


def test_who_may_plan(open_order, oil_filter, ana, lola, nico, fina, tito, rosa, carla, plan):
    plan(open_order, [tito])
    for person in (ana, lola, nico, tito):
        assert needs(open_order, oil_filter, 1, by=person)
    for person in (fina, rosa, carla):
        with pytest.raises(NotAllowed):
            needs(open_order, oil_filter, 1, by=person)


@pytest.mark.parametrize(
    ("given", "refusal", "field"),
    [
        ({"quantity": 0}, BadQuantity, "quantity"),
        ({"quantity": "0.00001"}, BadQuantity, "quantity"),
        ({"need_by": datetime.date(2020, 1, 1)}, refusals.DayPassed, "need_by"),
    ],
)
def test_what_cannot_be_planned(open_order, oil_filter, ana, given, refusal, field):
    with pytest.raises(refusal) as refused:
        needs(open_order, oil_filter, by=ana, **given)
    assert refused.value.field == field
    assert not PlannedPart.objects.exists()


def test_a_part_out_of_use_and_an_order_that_is_over_take_no_plan(open_order, in_status, oil_filter, ana):
    oil_filter.is_open = False
    with pytest.raises(refusals.PartClosed):
        needs(open_order, oil_filter, by=ana)
    oil_filter.is_open = True
    with pytest.raises(refusals.OrderIsFinal):
        needs(in_status("closed"), oil_filter, by=ana)


# The steps that come by themselves


def test_approval_keeps_what_is_there(in_status, oil_filter, ana, lola, arrives, heard):
    order = in_status("quoted")
    planned = needs(order, oil_filter, 2, by=ana)
    arrives(oil_filter, 5)
    order = actions.move_order(order=order, to="approved", by=lola, reason="Correo")
    assert (order.status, held_for(planned)) == ("approved", Decimal(2))
    assert heard[-1] == (order.pk, "approved")


def test_approval_waits_for_what_is_missing_and_goes_on_when_it_comes(
    in_status, oil_filter, ana, lola, tito, plan, arrives, heard
):
    order = in_status("quoted")
    plan(order, [tito])
    needs(order, oil_filter, 2, by=ana)
    arrives(oil_filter, 1)
    order = actions.move_order(order=order, to="approved", by=lola, reason="Correo")
    assert order.status == "waiting_parts"
    assert heard[-1] == (order.pk, "waiting_parts")
    waits = Event.objects.filter(kind="orders.status_changed").latest("id")
    assert (waits.actor_id, "1R-0750" in waits.payload.data["reason"]) == (None, True)
    arrives(oil_filter, 1)
    assert status_of(order) == "scheduled"
    assert heard[-1] == (order.pk, "scheduled")


@pytest.mark.parametrize("status", ["approved", "scheduled"])
def test_a_part_found_missing_after_approval_makes_the_order_wait(in_status, status, oil_filter, tito, plan):
    order = in_status("approved")
    visit = plan(order, [tito])
    order = in_status(status)
    needs(order, oil_filter, 1, by=tito)
    assert status_of(order) == "waiting_parts"
    visit.refresh_from_db()
    assert visit.state == "planned"


def test_whom_a_person_let_wait_goes_on_when_a_person_says_so(in_status, oil_filter, ana, nico, arrives):
    order = actions.move_order(order=in_status("approved"), to="waiting_parts", by=nico, reason="Falta el repuesto")
    needs(order, oil_filter, 1, by=ana)
    arrives(oil_filter, 1)
    assert status_of(order) == "waiting_parts"
    order.refresh_from_db()
    assert actions.move_order(order=order, to="approved", by=nico).status == "approved"


def test_a_visit_on_its_way_keeps_the_schedule(in_status, oil_filter, ana, tito, plan, arrives):
    order = in_status("approved")
    visit = plan(order, [tito])
    needs(order, oil_filter, 1, by=ana)
    actions.step_visit(visit=visit, to="travelling", by=tito)
    arrives(oil_filter, 1)
    assert status_of(order) == "scheduled"


def test_work_begins_on_arrival_though_a_part_is_missing(in_status, oil_filter, ana, tito, plan):
    order = in_status("approved")
    visit, _later = plan(order, [tito]), plan(order, [tito])
    needs(order, oil_filter, 1, by=ana)
    actions.step_visit(visit=visit, to="on_site", by=tito)
    assert status_of(order) == "in_progress"
    assert not Delivery.objects.filter(kind="orders.parts_here").exists()


def test_work_under_way_goes_on_though_a_part_is_missing(in_status, oil_filter, ana):
    order = in_status("in_progress")
    planned = needs(order, oil_filter, 1, by=ana)
    assert (status_of(order), queries.shortage_of(planned)) == ("in_progress", Decimal(1))


def test_dropping_or_lowering_what_is_missing_lets_the_order_go_on(in_status, oil_filter, ana, arrives):
    arrives(oil_filter, 1)
    order = in_status("approved")
    planned = needs(order, oil_filter, 3, by=ana)
    assert status_of(order) == "waiting_parts"
    planned = actions.change_planned_part(planned=planned, quantity=Decimal(1), need_by=None, note="", by=ana)
    assert (status_of(order), held_for(planned)) == ("approved", Decimal(1))
    planned = actions.change_planned_part(planned=planned, quantity=Decimal(2), need_by=None, note="", by=ana)
    assert status_of(order) == "waiting_parts"
    actions.drop_planned_part(planned=planned, by=ana)
    assert (status_of(order), held_for(planned)) == ("approved", ZERO)
    assert queries.planned_parts_of(order) == []


def test_logistics_says_parts_are_here_only_when_they_are(in_status, oil_filter, ana, nico, arrives):
    order = in_status("approved")
    needs(order, oil_filter, 1, by=ana)
    order.refresh_from_db()
    assert {step.end for step in queries.steps_open_to(nico, order)} == set()
    with pytest.raises(refusals.PartsMissing):
        actions.move_order(order=order, to="approved", by=nico)
    by_hand = put(order, "waiting_parts")
    PlannedPart.objects.update(dropped_at=clock.now())
    assert actions.move_order(order=by_hand, to="approved", by=nico).status == "approved"


def test_the_client_and_the_workshop_hear_of_it(in_status, oil_filter, ana, tito, plan, arrives):
    order = in_status("approved")
    plan(order, [tito])
    needs(order, oil_filter, 1, by=ana)
    arrives(oil_filter, 1)
    told = Delivery.objects.filter(kind__in=["orders.parts_missing", "orders.parts_here"])
    assert {(each.kind, each.person_id) for each in told} == {
        (kind, person.person_id) for kind in ("orders.parts_missing", "orders.parts_here") for person in (tito, ana)
    }
    news = Delivery.objects.filter(kind__in=["orders.order_waiting_parts", "orders.order_scheduled"])
    assert {each.person_id for each in news} == {order.contact.person_id}
    assert {"orders.order_waiting_parts", "orders.order_scheduled"} == {each.kind for each in news}


def test_rooms_above_hear_when_work_is_done_and_taken_up_again(in_status, oil_filter, ana, heard, arrives):
    order = in_status("in_progress")
    planned = needs(order, oil_filter, 1, by=ana)
    order = actions.move_order(order=order, to="completed", by=ana, outcome="done", reason="Acta")
    assert (heard[-1], queries.shortage_of(planned)) == ((order.pk, "completed"), ZERO)
    arrives(oil_filter, 1)
    assert held_for(planned) == ZERO
    order = actions.move_order(order=order, to="in_progress", by=ana, reason="Sigue la fuga")
    assert (heard[-1], held_for(planned)) == ((order.pk, "in_progress"), Decimal(1))


# Who gets what arrives


def test_cancelling_frees_what_was_kept_and_who_waits_gets_it(open_order, other_order, oil_filter, ana, arrives):
    put(open_order, "approved")
    put(other_order, "approved")
    arrives(oil_filter, 2)
    kept = needs(open_order, oil_filter, 2, by=ana)
    waits = needs(other_order, oil_filter, 2, by=ana)
    assert (held_for(kept), status_of(other_order)) == (Decimal(2), "waiting_parts")
    actions.move_order(order=open_order, to="cancelled", by=ana, reason="Vendió la máquina")
    assert (held_for(kept), held_for(waits), status_of(other_order)) == (ZERO, Decimal(2), "approved")
    assert Stock.objects.get().reserved == Decimal(2)


def test_closing_frees_what_was_not_used(in_status, oil_filter, ana, arrives):
    arrives(oil_filter, 2)
    order = in_status("in_progress")
    planned = needs(order, oil_filter, 2, by=ana)
    order = actions.move_order(order=in_status("verified"), to="closed", by=ana)
    assert (held_for(planned), line_of(planned).missing, line_of(planned).state) == (ZERO, ZERO, "")


def test_what_arrives_goes_to_who_needs_it_first(open_order, other_order, ask, carla, cat336, oil_filter, ana, arrives):
    third = actions.accept_request(request=ask(carla, cat336), by=ana)
    put(open_order, "approved", priority="normal")
    put(other_order, "approved", priority="machine_down")
    put(third, "approved", priority="machine_down")
    late = needs(other_order, oil_filter, 1, by=ana, need_by=in_days(8))
    normal = needs(open_order, oil_filter, 1, by=ana, need_by=in_days(3))
    down = needs(third, oil_filter, 1, by=ana, need_by=in_days(3))
    order_of_arrival = []
    for _each in range(3):
        arrives(oil_filter, 1)
        order_of_arrival.append([held_for(each) for each in (down, normal, late)])
    assert order_of_arrival == [[1, 0, 0], [1, 1, 0], [1, 1, 1]]
    assert queries.waiting_for(oil_filter) == []


@pytest.mark.parametrize("status", ["open", "quoted", "completed", "verified", "closed", "cancelled"])
def test_what_arrives_goes_to_orders_that_go_ahead_alone(in_status, oil_filter, ana, arrives, status):
    order = in_status("approved")
    planned = needs(order, oil_filter, 1, by=ana)
    in_status(status)
    arrives(oil_filter, 1)
    assert (held_for(planned), queries.waiting_for(oil_filter)) == (ZERO, [])
    assert status_of(order) == status


# Two at once, and what the trail keeps


def test_an_older_version_and_a_dropped_part_are_refused(open_order, oil_filter, ana, lola):
    planned = needs(open_order, oil_filter, 1, by=ana)
    change = {"need_by": None, "note": "", "by": lola, "version": 1}
    actions.change_planned_part(planned=planned, quantity=Decimal(2), **change)
    with pytest.raises(Stale):
        actions.change_planned_part(planned=planned, quantity=Decimal(3), **change)
    with pytest.raises(Stale):
        actions.drop_planned_part(planned=planned, by=ana, version=1)
    actions.drop_planned_part(planned=planned, by=ana)
    actions.drop_planned_part(planned=planned, by=ana)
    with pytest.raises(refusals.PartDropped):
        actions.change_planned_part(planned=planned, quantity=Decimal(3), need_by=None, note="", by=ana)
    kinds = list(Event.objects.filter(kind__startswith="orders.part_").order_by("id").values_list("kind", flat=True))
    assert kinds == ["orders.part_planned", "orders.part_changed", "orders.part_dropped"]
    assert [each["kind"] for each in queries.history_of(ana, open_order)][:3] == kinds[::-1]
    assert set(Event.objects.filter(kind__startswith="orders.part_").values_list("visibility")) == {("internal",)}


def test_a_changed_day_moves_what_is_reserved_along(in_status, oil_filter, ana, arrives):
    arrives(oil_filter, 1)
    planned = needs(in_status("approved"), oil_filter, 1, by=ana, need_by=in_days(9))
    actions.change_planned_part(planned=planned, quantity=Decimal(1), need_by=in_days(2), note="", by=ana)
    assert Reservation.objects.get(state="held").need_by == in_days(2)


# Freed by hand


def test_what_logistics_frees_by_hand_is_not_given_back_unasked(in_status, oil_filter, ana, nico, arrives, heard):
    order = in_status("approved")
    arrives(oil_filter, 2)
    planned = needs(order, oil_filter, 2, by=ana)
    assert (held_for(planned), status_of(order)) == (2, "approved")
    heard.clear()
    stock.free_reservation(reservation=Reservation.objects.get(), reason="Para otra orden", by=nico)
    assert (held_for(planned), Stock.objects.get().reserved) == (ZERO, ZERO)
    assert status_of(order) == "waiting_parts"
    assert heard[-1] == (order.pk, "waiting_parts")


def test_a_reservation_names_its_order_to_whom_may_see_it(sign_in, in_status, oil_filter, ana, nico, arrives):
    order = in_status("approved")
    arrives(oil_filter, 2)
    needs(order, oil_filter, 2, by=ana)
    assert order.code in sign_in(nico).get(reverse("parts:reservations")).content.decode()
