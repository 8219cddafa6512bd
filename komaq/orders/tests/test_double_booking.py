"""ORD-3 as a race: whoever asks at the same moment, one technician gets one visit, on either database.

Two guards stand behind the action's own look: the lock under which it looks, and the constraint of the database.
Each holds alone; with neither, everybody wins, which shows that the race is real.
"""

import contextlib
import datetime
import threading
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet

from komaq.core import clock, trail, triggers
from komaq.core.models import Event
from komaq.orders.actions.refusals import TechnicianBusy
from komaq.orders.models import Assignment, Visit
from komaq.orders.queries import planning

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]
CROWD = 50


@pytest.fixture
def days():
    """The next days at eight, one after the other."""
    tomorrow = clock.today() + datetime.timedelta(days=1)
    return (clock.lima(tomorrow + datetime.timedelta(days=each), 8) for each in range(100))


@pytest.fixture
def crowd(open_order, other_order, plan, tito, at_once):
    """`crowd(start)`: fifty supervisors send Tito to two orders at the same hour, at the same moment."""

    def run(start):
        orders = [open_order, other_order] * (CROWD // 2)
        return at_once([lambda order=order: plan(order, [tito], starts_at=start) for order in orders])

    return run


@pytest.fixture
def without_lock(monkeypatch):
    """Nobody waits: no row is locked (PostgreSQL), nobody holds the one pen (SQLite); all look, then all write."""
    everybody_looked = threading.Barrier(CROWD, timeout=60)
    look = planning.clash_of

    def look_and_wait(*people, **more):
        clash = look(*people, **more)
        everybody_looked.wait()
        return clash

    monkeypatch.setattr(planning, "clash_of", look_and_wait)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **more: rows)
    if connection.vendor == "sqlite":
        bare = SimpleNamespace(atomic=contextlib.nullcontext, get_connection=transaction.get_connection)
        monkeypatch.setattr("komaq.core.action.transaction", bare)


@pytest.fixture
def without_constraint():
    with triggers.lifted():
        yield
        Assignment.objects.all().delete()
    assert triggers.missing() == []


def rows_of_all_tables():
    return {model._meta.db_table: model._base_manager.count() for model in apps.get_models()}


def written(call):
    """What a call answers, and how many rows it left in which table."""
    before = rows_of_all_tables()
    answer = call()
    return answer, {name: rows - before[name] for name, rows in rows_of_all_tables().items() if rows != before[name]}


def test_fifty_at_once_leave_what_one_alone_leaves(crowd, days, plan, open_order, other_order, tito, rounds):
    _visit, by_one = written(lambda: plan(open_order, [tito], starts_at=next(days)))
    assert (by_one["orders_visit"], by_one["orders_assignment"], by_one["core_event"]) == (1, 1, 1)
    for start, _round in zip(days, range(rounds), strict=False):
        results, by_all = written(lambda start=start: crowd(start))
        assert sorted(type(each).__name__ for each in results) == ["TechnicianBusy"] * (CROWD - 1) + ["Visit"]
        assert by_all == by_one
        winner = next(each for each in results if isinstance(each, Visit))
        assert Assignment.objects.get(starts_at=start).visit == winner
        assert Event.objects.latest("id").subject_id == str(winner.order_id)
    assert trail.first_broken_link(Event.objects.all()) is None


def test_the_lock_holds_without_the_constraint(crowd, days, without_constraint):
    results = crowd(next(days))
    assert sum(isinstance(each, TechnicianBusy) for each in results) == CROWD - 1
    assert Assignment.objects.count() == Visit.objects.count() == 1


def test_the_constraint_holds_without_the_lock(crowd, days, without_lock):
    results = crowd(next(days))
    assert sum(isinstance(each, TechnicianBusy) for each in results) == CROWD - 1
    assert Assignment.objects.count() == 1


def test_with_neither_everybody_wins(crowd, days, without_lock, without_constraint):
    """The control: it is these two guards that make the tests above hold."""
    crowd(next(days))
    assert Assignment.objects.count() == CROWD
