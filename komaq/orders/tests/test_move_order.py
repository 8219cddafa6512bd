"""ORD-1: a status changes only along the table, and each change leaves one event."""

import datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from komaq.comms.models import Delivery
from komaq.core import clock, registry
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed, Refusal, Stale
from komaq.orders import actions, queries
from komaq.orders.actions import refusals
from komaq.orders.choices import OrderStatus, VisitKind
from komaq.orders.models import Assignment, ServiceOrder, Visit

# The table of the domain in the words of its owner: who may take an order from where to where.
# "lead" leads its repair visit, "diagnoser" goes on its diagnosis visit, "komaq" is the product itself.
TABLE = """
open          diagnosing     supervisor manager diagnoser
open          quoted         supervisor manager sales
open          approved       supervisor manager
open          completed      supervisor manager
open          cancelled      supervisor manager client
diagnosing    quoted         supervisor manager sales
diagnosing    approved       supervisor manager
diagnosing    completed      supervisor manager
diagnosing    cancelled      supervisor manager
quoted        approved       sales
quoted        diagnosing     supervisor manager sales komaq
quoted        completed      supervisor manager
quoted        cancelled      supervisor manager client
approved      waiting_parts  supervisor manager logistics komaq
approved      scheduled      supervisor manager komaq
approved      cancelled      supervisor manager
waiting_parts approved       logistics komaq
waiting_parts scheduled      logistics komaq
waiting_parts in_progress    supervisor manager lead
waiting_parts cancelled      supervisor manager
scheduled     waiting_parts  supervisor manager logistics komaq
scheduled     approved       komaq
scheduled     in_progress    supervisor manager lead
scheduled     cancelled      supervisor manager
in_progress   paused         supervisor manager lead
in_progress   completed      supervisor manager lead
paused        in_progress    supervisor manager lead
paused        scheduled      supervisor manager lead
paused        completed      supervisor manager lead
completed     in_progress    supervisor manager
completed     verified       supervisor manager
verified      in_progress    supervisor manager
verified      closed         supervisor manager client komaq
"""
ORACLE = {(row[0], row[1]): set(row[2:]) for row in map(str.split, TABLE.strip().splitlines())}
STATUSES = [
    "open",
    "diagnosing",
    "quoted",
    "approved",
    "waiting_parts",
    "scheduled",
    "in_progress",
    "paused",
    "completed",
    "verified",
    "closed",
    "cancelled",
]
ACTORS = {
    "supervisor": "ana",
    "manager": "gina",
    "sales": "lola",
    "logistics": "nico",
    "finance": "fina",
    "administrator": "alex",
    "lead": "tito",
    "diagnoser": "rosa",
    "client": "carla",
    "stranger": "omar",
    "komaq": None,
}


@pytest.fixture
def cast(request):
    return {part: name and request.getfixturevalue(name) for part, name in ACTORS.items()}


@pytest.fixture
def order_with_visits(open_order, plan, tito, rosa):
    """An order that meets every need of its own: a repair and a diagnosis visit ahead, none done."""
    plan(open_order, [tito], kind=VisitKind.REPAIR)
    plan(open_order, [rosa], kind=VisitKind.DIAGNOSIS)
    open_order.refresh_from_db()
    return open_order


def answers(start, end):
    """What a step asks to be told, all of it."""
    diagnosis = start in {"open", "diagnosing", "quoted"}
    return {
        "reason": "Porque sí",
        "choice": "weather" if end == "paused" else "warranty",
        "outcome": "diagnosis_only" if diagnosis else "done",
    }


def steps_told(order):
    events = Event.objects.filter(kind="orders.status_changed", subject_id=str(order.pk)).order_by("id")
    return [(event.payload.data["from"], event.payload.data["to"], event.actor_id) for event in events]


def attempt(order, end, person):
    """Try a step; "yes", "no such step" or "not yours". Leaves the order as it was."""
    start, told = order.status, len(steps_told(order))
    verdict = "yes"
    with transaction.atomic():
        try:
            actions.move_order(order=order, to=end, by=person, **answers(start, end))
        except (refusals.StepNotAllowed, refusals.StatusMoved):
            verdict = "no such step"
        except NotAllowed:
            verdict = "not yours"
        else:
            told_now = steps_told(order)[told:]
            assert told_now[0] == (start, end, person.pk if person else None)
        transaction.set_rollback(True)
    order.refresh_from_db()
    return verdict


def expected(start, end, part):
    if (start, end) not in ORACLE:
        return "no such step"
    return "yes" if part in ORACLE[start, end] else "not yours"


def test_the_oracle_knows_every_status():
    assert set(STATUSES) == set(OrderStatus)
    assert {status for pair in ORACLE for status in pair} == set(STATUSES)


@pytest.mark.parametrize("start", STATUSES)
def test_ord_1_every_pair_and_every_actor(start, order_with_visits, in_status, cast):
    order = in_status(start)
    found = {(end, part): attempt(order, end, person) for end in STATUSES for part, person in cast.items()}
    wanted = {(end, part): expected(start, end, part) for end in STATUSES for part in cast}
    assert {cell: found[cell] for cell in found if found[cell] != wanted[cell]} == {}


@pytest.mark.parametrize("start", STATUSES)
def test_the_buttons_of_a_page_are_what_the_action_allows(start, order_with_visits, in_status, cast):
    order = in_status(start)
    for part, person in cast.items():
        if person:
            buttons = {step.end for step in queries.steps_open_to(person, order)}
            assert buttons == {end for end in STATUSES if expected(start, end, part) == "yes"}, part


WALK = st.lists(st.tuples(st.sampled_from(STATUSES), st.sampled_from(sorted(ACTORS))), max_size=12)


@pytest.mark.db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(walk=WALK)
def test_ord_1_no_walk_ever_leaves_the_table(walk, order_with_visits, cast):
    parts = {person.pk if person else None: part for part, person in cast.items()}
    with transaction.atomic():
        order = ServiceOrder.objects.get(pk=order_with_visits.pk)
        for end, part in walk:
            before, told = (order.status, order.version), len(steps_told(order))
            try:
                order = actions.move_order(order=order, to=end, by=cast[part], **answers(order.status, end))
            except Refusal:
                order = ServiceOrder.objects.get(pk=order.pk)
                assert (order.status, order.version) == before
            steps = steps_told(order)[told:]
            assert order.version == before[1] + len(steps)
            assert [before[0], *(step[1] for step in steps)] == [*(step[0] for step in steps), order.status]
            assert all(parts[by] in ORACLE[start, to] for start, to, by in steps)
        transaction.set_rollback(True)


# Each change: one event, one version, its moment


def test_a_step_leaves_one_event_that_says_who_from_to_and_why(morning, in_status, ana):
    order = actions.move_order(order=in_status("in_progress"), to="paused", by=ana, choice="weather", reason="Nevada")
    event = Event.objects.get(kind="orders.status_changed")
    assert (event.actor_id, event.at) == (ana.pk, morning)
    data = event.payload.data
    assert (data["from"], data["to"], data["choice"], data["reason"]) == ("in_progress", "paused", "weather", "Nevada")
    assert (order.status_since, order.pause_reason, order.version) == (morning, "weather", 2)


def test_finishing_and_returning_set_and_clear_the_dates(in_status, ana):
    done = actions.move_order(order=in_status("in_progress"), to="completed", by=ana, outcome="done", reason="Acta")
    assert (done.outcome, done.completed_at is not None) == ("done", True)
    verified = actions.move_order(order=done, to="verified", by=ana, reason="Acta")
    assert verified.verified_at
    back = actions.move_order(order=verified, to="in_progress", by=ana, reason="Sigue la fuga")
    assert (back.outcome, back.completed_at, back.verified_at) == ("", None, None)


def test_a_pause_forgets_its_reason_when_the_work_goes_on(in_status, ana):
    order = in_status("paused", pause_reason="parts")
    assert actions.move_order(order=order, to="in_progress", by=ana).pause_reason == ""


# What a step asks


@pytest.mark.parametrize(
    ("start", "end", "given", "refusal", "field"),
    [
        ("open", "approved", {"reason": "x"}, refusals.ChoiceNeeded, "choice"),
        ("open", "approved", {"reason": "x", "choice": "weather"}, refusals.ChoiceNeeded, "choice"),
        ("open", "approved", {"choice": "warranty"}, refusals.ReasonNeeded, "reason"),
        ("open", "quoted", {}, refusals.ReasonNeeded, "reason"),
        ("open", "completed", {"outcome": "done", "reason": "x"}, refusals.OutcomeNeeded, "outcome"),
        ("in_progress", "paused", {"choice": "parts", "reason": " "}, refusals.ReasonNeeded, "reason"),
        ("in_progress", "completed", {"reason": "x"}, refusals.OutcomeNeeded, "outcome"),
        ("in_progress", "completed", {"outcome": "diagnosis_only", "reason": "x"}, refusals.OutcomeNeeded, "outcome"),
        ("in_progress", "completed", {"outcome": "done"}, refusals.ReasonNeeded, "reason"),
        ("completed", "in_progress", {}, refusals.ReasonNeeded, "reason"),
        ("open", "cancelled", {}, refusals.ReasonNeeded, "reason"),
        ("approved", "scheduled", {}, refusals.VisitNeeded, None),
        ("paused", "scheduled", {}, refusals.VisitNeeded, None),
    ],
)
def test_a_step_without_its_answer_changes_nothing(start, end, given, refusal, field, in_status, ana):
    order = in_status(start)
    with pytest.raises(refusal) as refused:
        actions.move_order(order=order, to=end, by=ana, **given)
    assert refused.value.field == field
    order.refresh_from_db()
    assert (order.status, order.version) == (start, 1)
    assert not Event.objects.filter(kind="orders.status_changed").exists()


def test_a_diagnosis_that_is_all_needs_no_outcome_to_be_picked(in_status, ana):
    order = actions.move_order(order=in_status("diagnosing"), to="completed", by=ana, reason="Informe entregado")
    assert order.outcome == "diagnosis_only"


def test_a_guard_of_a_room_above_refuses_and_replaces_the_reason(in_status, ana, monkeypatch):
    monkeypatch.setitem(registry._guards, "orders.transition:quoted", [lambda order: Refusal("No quote was sent.")])
    order = in_status("open")
    with pytest.raises(Refusal, match="No quote was sent"):
        actions.move_order(order=order, to="quoted", by=ana)
    monkeypatch.setitem(registry._guards, "orders.transition:quoted", [lambda order: None])
    assert actions.move_order(order=order, to="quoted", by=ana).status == "quoted"


# Two at once


def test_ord_2_who_saw_an_older_order_is_told_what_it_is_now(in_status, ana, lola):
    seen = in_status("open")
    actions.move_order(order=seen, to="diagnosing", by=ana)
    with pytest.raises(refusals.StatusMoved) as refused:
        actions.move_order(order=seen, to="quoted", by=lola, reason="COT-1")
    assert refused.value.current.status == "diagnosing"


def test_a_button_pressed_twice_says_where_the_order_is(in_status, ana):
    order = actions.move_order(order=in_status("open"), to="diagnosing", by=ana)
    with pytest.raises(refusals.StatusMoved):
        actions.move_order(order=order, to="diagnosing", by=ana)


def test_ord_2_a_stale_version_is_refused(in_status, ana):
    order = actions.move_order(order=in_status("open"), to="diagnosing", by=ana, version=1)
    with pytest.raises(Stale) as refused:
        actions.move_order(order=order, to="quoted", by=ana, reason="x", version=1)
    assert refused.value.current.version == 2


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_two_who_move_at_once_take_one_step(in_status, ana, gina, at_once):
    order = in_status("open")
    results = at_once([lambda who=who: actions.move_order(order=order, to="diagnosing", by=who) for who in (ana, gina)])
    assert sorted(type(each).__name__ for each in results) == ["ServiceOrder", "StatusMoved"]
    assert len(steps_told(order)) == 1


# What follows


def test_approval_with_a_visit_ahead_is_scheduled_by_the_product(order_with_visits, in_status, lola):
    order = actions.move_order(order=in_status("quoted"), to="approved", by=lola, reason="Correo del cliente")
    assert order.status == "scheduled"
    assert [step[1:] for step in steps_told(order)] == [("approved", lola.pk), ("scheduled", None)]


def test_parts_that_arrive_bring_the_visit_back(order_with_visits, in_status, nico):
    assert (
        actions.move_order(order=in_status("waiting_parts"), to="approved", by=nico, reason="x").status == "scheduled"
    )
    Visit.objects.update(state="cancelled")
    assert actions.move_order(order=in_status("waiting_parts"), to="approved", by=nico, reason="x").status == "approved"


def test_a_cancelled_order_frees_its_visits(order_with_visits, in_status, ana, tito, plan, other_order):
    repair = order_with_visits.visits.get(kind="repair")
    actions.move_order(order=in_status("approved"), to="cancelled", by=ana, reason="El cliente vendió la máquina")
    repair.refresh_from_db()
    assert (repair.state, repair.reason) == ("cancelled", "El cliente vendió la máquina")
    assert not Assignment.objects.filter(visit__order=order_with_visits, is_busy=True).exists()
    assert plan(other_order, [tito], starts_at=repair.starts_at)


def test_a_finished_order_frees_its_later_visits(in_status, plan, ana, tito, rosa):
    """Who is there now goes on, a delivery too; who was to come later is free and told."""
    order = in_status("in_progress")
    now, later, delivery = plan(order, [rosa]), plan(order, [tito]), plan(order, [tito], kind="delivery")
    actions.step_visit(visit=now, to="on_site", by=rosa)
    told = Delivery.objects.filter(kind="orders.technician_freed").count()
    actions.move_order(order=order, to="completed", by=ana, outcome="done", reason="Terminado")
    for visit in (now, later, delivery):
        visit.refresh_from_db()
    assert (now.state, later.state, delivery.state) == ("on_site", "cancelled", "planned")
    assert later.reason
    assert not later.assignments.filter(is_busy=True).exists()
    freed = Delivery.objects.filter(kind="orders.technician_freed")
    assert freed.count() == told + 1
    assert freed.latest("pk").person_id == tito.person_id


def test_nothing_is_cancelled_once_somebody_was_there(order_with_visits, in_status, ana):
    order_with_visits.visits.filter(kind="diagnosis").update(state="done")
    order = in_status("diagnosing")
    with pytest.raises(refusals.WorkWasDone):
        actions.move_order(order=order, to="cancelled", by=ana, reason="x")
    assert "cancelled" not in {step.end for step in queries.steps_open_to(ana, order)}


def test_verified_work_is_rejected_within_five_business_days(morning, in_status, ana):
    order = in_status("verified")
    with clock.travel(clock.lima(datetime.date(2026, 12, 1), 23, 59)), transaction.atomic():
        assert actions.move_order(order=order, to="in_progress", by=ana, reason="Fuga").status == "in_progress"
        transaction.set_rollback(True)
    with clock.travel(clock.lima(datetime.date(2026, 12, 2), 0, 1)), pytest.raises(refusals.TooLateToReject):
        actions.move_order(order=order, to="in_progress", by=ana, reason="Fuga")
