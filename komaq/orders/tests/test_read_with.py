"""Things read together with what belongs to them, by one statement."""

import datetime

import pytest

from komaq.core import clock
from komaq.core.joined import read_with
from komaq.core.lamps import lit_for
from komaq.core.registry import Lamp
from komaq.orders import queries
from komaq.orders.models import ServiceOrder, Task

pytestmark = pytest.mark.db


def test_all_that_belongs_comes_in_one_read(open_order, plan, tito, rosa, django_assert_num_queries):
    """The same as prefetching gives, none missing, none twice, the lead first."""
    planned = plan(open_order, [tito, rosa])
    later = planned.starts_at + datetime.timedelta(days=30)
    empty = open_order.visits.create(
        kind="repair", starts_at=later, ends_at=later + datetime.timedelta(hours=1), created_at=clock.now()
    )
    with django_assert_num_queries(1):
        first, second = queries.visits_of(open_order)
        assert [one.technician.person.name for one in first.assignments.all()] == ["Tito Ccori", "Rosa Mamani"]
        assert [one.visit for one in first.assignments.all()] == [first, first]
        assert (second, list(second.assignments.all())) == (empty, [])
    assert list(planned.assignments.all()) == list(first.assignments.all())


def test_what_is_missing_on_the_way_is_none(open_order, django_assert_num_queries):
    segment = open_order.segments.get()
    Task.objects.create(segment=segment, title="Drenar", created_at=clock.now())
    with django_assert_num_queries(1):
        (read,) = queries.segments_of(open_order)
        (task,) = read.tasks.all()
        assert (task.title, task.done_by, task.segment) == ("Drenar", None, read)


def test_a_relation_of_many_to_many(open_order, other_order, django_assert_num_queries):
    with django_assert_num_queries(1):
        rows = read_with(ServiceOrder.objects.order_by("pk", "problems__id"), "problems")
        problems = [[problem.name for problem in order.problems.all()] for order in rows]
    assert problems == [list(order.problems.values_list("name", flat=True)) for order in rows]
    assert any(problems)


def test_lamps_are_counted_in_one_read(open_order, ana, django_assert_num_queries):
    every, none = ServiceOrder.objects.all(), ServiceOrder.objects.filter(pk=0)

    def source(_user):
        yield Lamp("all", "order", "/", "late", every)
        yield Lamp("none", "order", "/", "late", none)
        yield Lamp("dark", "order", "/", "late", none, dark_at_zero=True)
        yield Lamp("machines", "stop", "/", "stop", every, of="machine")

    with django_assert_num_queries(1):
        lit = [(lamp["label"], lamp["count"]) for lamp in lit_for(ana, [source])]
    assert lit == [("all", 1), ("none", 0), ("machines", 1)]
    assert lit_for(ana, []) == []
