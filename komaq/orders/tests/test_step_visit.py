import datetime

import pytest

from komaq.core import clock
from komaq.core.models import Event
from komaq.core.refusals import NotAllowed
from komaq.orders import actions, queries
from komaq.orders.actions import refusals
from komaq.orders.models import Visit

pytestmark = pytest.mark.db


@pytest.fixture
def visit(open_order, plan, tito, rosa):
    """A diagnosis visit that Tito leads and Rosa joins."""
    return plan(open_order, [tito, rosa], kind="diagnosis")


@pytest.fixture
def repair(in_status, plan, tito, rosa):
    """A repair visit of a scheduled order."""
    return plan(in_status("approved"), [tito, rosa])


STEPS = {
    ("planned", "travelling"),
    ("planned", "on_site"),
    ("planned", "failed"),
    ("planned", "cancelled"),
    ("travelling", "on_site"),
    ("travelling", "failed"),
    ("on_site", "done"),
    ("on_site", "failed"),
}
STATES = ["planned", "travelling", "on_site", "done", "failed", "cancelled"]


@pytest.mark.parametrize("start", STATES)
def test_a_visit_goes_only_along_its_steps(start, visit, open_order, ana, rosa, tito):
    for end in STATES:
        Visit.objects.filter(pk=visit.pk).update(state=start)
        visit.refresh_from_db()
        allowed = (start, end) in STEPS
        assert (end in queries.visit_steps_open_to(ana, visit)) == allowed
        assert (end in queries.visit_steps_open_to(tito, visit)) == (allowed and end != "cancelled")
        assert queries.visit_steps_open_to(rosa, visit) == ()
        if allowed:
            assert actions.step_visit(visit=visit, to=end, by=ana, reason="Motivo").state == end
        else:
            with pytest.raises(refusals.VisitStepNotAllowed):
                actions.step_visit(visit=visit, to=end, by=ana, reason="Motivo")


def test_arriving_begins_the_diagnosis(visit, open_order, tito):
    actions.step_visit(visit=visit, to="on_site", by=tito)
    open_order.refresh_from_db()
    assert open_order.status == "diagnosing"
    assert Event.objects.filter(kind="orders.visit_stepped").count() == 1
    assert Event.objects.filter(kind="orders.status_changed").count() == 1


def test_arriving_begins_the_work_and_a_return_goes_on_with_it(repair, in_status, open_order, tito):
    started = actions.step_visit(visit=repair, to="on_site", by=tito)
    open_order.refresh_from_db()
    assert (open_order.status, started.started_at is not None) == ("in_progress", True)


def test_a_return_visit_to_paused_work_goes_on_with_it(repair, in_status, open_order, tito):
    in_status("paused", pause_reason="parts")
    actions.step_visit(visit=repair, to="on_site", by=tito)
    open_order.refresh_from_db()
    assert open_order.status == "in_progress"


def test_without_a_visit_ahead_the_order_is_no_longer_scheduled(repair, open_order, plan, ana, tito):
    second = plan(open_order, [tito])
    actions.step_visit(visit=repair, to="cancelled", by=ana, reason="El cliente pide otro día")
    open_order.refresh_from_db()
    assert open_order.status == "scheduled"
    actions.step_visit(visit=second, to="failed", by=tito, reason="Vía cerrada por nieve")
    open_order.refresh_from_db()
    assert open_order.status == "approved"
    last = Event.objects.filter(kind="orders.status_changed").latest("id")
    assert last.actor_id is None


def test_failing_and_cancelling_ask_why_and_free_the_time(visit, plan, other_order, ana, tito):
    for end in ("failed", "cancelled"):
        with pytest.raises(refusals.ReasonNeeded):
            actions.step_visit(visit=visit, to=end, by=ana, reason=" ")
    dropped = actions.step_visit(visit=visit, to="failed", by=tito, reason="Sin acceso a la mina")
    assert (dropped.reason, dropped.ended_at is not None) == ("Sin acceso a la mina", True)
    assert plan(other_order, [tito], starts_at=visit.starts_at)


def test_what_is_done_early_frees_the_rest_of_its_span(visit, plan, other_order, tito):
    halfway = visit.starts_at + datetime.timedelta(hours=2)
    with clock.travel(visit.starts_at):
        visit = actions.step_visit(visit=visit, to="on_site", by=tito)
    with clock.travel(halfway):
        actions.step_visit(visit=visit, to="done", by=tito)
        assert plan(other_order, [tito], starts_at=halfway)
        with pytest.raises(refusals.TechnicianBusy):
            plan(other_order, [tito], starts_at=visit.starts_at, hours=3)


def test_the_same_step_sent_twice_counts_once(visit, tito):
    first = actions.step_visit(visit=visit, to="travelling", by=tito)
    again = actions.step_visit(visit=visit, to="travelling", by=tito)
    assert again.version == first.version
    assert Event.objects.filter(kind="orders.visit_stepped").count() == 1


def test_only_its_lead_and_planners_step_and_only_planners_cancel(visit, rosa, tito, lola, carla):
    for person in (rosa, lola, carla):
        with pytest.raises(NotAllowed):
            actions.step_visit(visit=visit, to="travelling", by=person)
    with pytest.raises(NotAllowed):
        actions.step_visit(visit=visit, to="cancelled", by=tito, reason="No quiero")
