import datetime

import pytest

from komaq.core import clock
from komaq.orders import actions, queries
from komaq.orders.models import Absence

pytestmark = pytest.mark.db


@pytest.fixture
def month(morning):
    """The month around the morning of the tests."""
    return clock.lima(datetime.date(2026, 11, 1)), clock.lima(datetime.date(2026, 12, 31))


@pytest.fixture
def filled(month, open_order, other_order, plan, tito, rosa, rosa_at_work):
    plan(open_order, [tito, rosa], kind="diagnosis")
    plan(other_order, [rosa], kind="diagnosis")
    start = clock.lima(datetime.date(2026, 12, 10))
    Absence.objects.create(
        technician=rosa_at_work, starts_at=start, ends_at=start + datetime.timedelta(days=3), reason="Vacaciones"
    )
    return open_order, other_order


def kinds(entries):
    return sorted((entry.kind, entry.order.code[-1] if entry.order else "") for entry in entries)


def test_the_office_sees_visits_promises_and_absences(filled, month, ana):
    entries = queries.calendar_entries(ana, *month)
    assert kinds(entries) == [("absence", ""), ("promise", "1"), ("promise", "2"), ("visit", "1"), ("visit", "2")]
    first = entries[0]
    assert (first.kind, first.technicians, first.stopped) == ("visit", ("Tito Ccori", "Rosa Mamani"), False)
    assert first.title.startswith("CAT 336: ")


def test_a_client_sees_its_own_and_no_absences(filled, month, carla):
    assert kinds(queries.calendar_entries(carla, *month)) == [("promise", "1"), ("visit", "1")]


def test_a_technician_sees_where_it_goes_and_when_it_is_away(filled, month, tito, rosa):
    assert kinds(queries.calendar_entries(tito, *month)) == [("visit", "1")]
    assert kinds(queries.calendar_entries(rosa, *month)) == [("absence", ""), ("visit", "1"), ("visit", "2")]


def test_filters_by_technician_and_customer(filled, month, ana, tito_at_work, illapa):
    assert kinds(queries.calendar_entries(ana, *month, technician=tito_at_work)) == [("visit", "1")]
    assert kinds(queries.calendar_entries(ana, *month, customer=illapa)) == [("promise", "2"), ("visit", "2")]


def test_only_what_touches_the_span_and_still_stands(filled, month, ana, open_order):
    visit = open_order.visits.get()
    assert kinds(queries.calendar_entries(ana, visit.starts_at, visit.ends_at)) == [("visit", "1")]
    assert queries.calendar_entries(ana, visit.ends_at, visit.ends_at + datetime.timedelta(minutes=1)) == []
    actions.step_visit(visit=visit, to="cancelled", by=ana, reason="x")
    assert ("visit", "1") not in kinds(queries.calendar_entries(ana, *month))


def test_a_broken_promise_says_so(filled, month, ana):
    with clock.travel(clock.lima(datetime.date(2026, 12, 20))):
        assert {e.state for e in queries.calendar_entries(ana, *month) if e.kind == "promise"} == {"late"}


def test_a_calendar_costs_the_same_for_any_number(filled, month, open_order, plan, ana, tito, queries_of):
    def look():
        return queries.calendar_entries(ana, *month)

    few = queries_of(look)
    plan(open_order, [tito], kind="diagnosis")
    plan(open_order, [tito], kind="diagnosis")
    assert queries_of(look) == few


def test_my_visits_are_those_of_the_day_and_after_and_what_is_unfinished(filled, open_order, plan, tito, rosa):
    missed = open_order.visits.get()
    with clock.travel(missed.ends_at + datetime.timedelta(days=3)):
        later = plan(open_order, [tito], kind="diagnosis")
        assert list(queries.my_visits(tito, clock.today())) == [missed, later]
        actions.step_visit(visit=missed, to="failed", by=tito, reason="No hubo acceso")
        assert list(queries.my_visits(tito, clock.today())) == [later]
