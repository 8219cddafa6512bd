"""Counting up to a bound."""

import pytest
from django.apps import apps

from komaq.core import counts

pytestmark = pytest.mark.db


@pytest.mark.parametrize(
    ("most", "found"), [(999, {"all": 2, "cat": 1, "none": 0}), (1, {"all": 2, "cat": 1, "none": 0})]
)
def test_lists_are_counted_in_one_statement(cat336, volvo480, django_assert_num_queries, monkeypatch, most, found):
    monkeypatch.setattr(counts, "MOST", most)
    machines = apps.get_model("fleet.Machine").objects.values("pk")
    lists = {"all": machines, "cat": machines.filter(model__brand="CAT"), "none": machines.filter(pk__in=())}
    with django_assert_num_queries(1):
        assert counts.counted(lists) == found


def test_beyond_the_bound_nothing_is_counted(cat336, volvo480, monkeypatch):
    monkeypatch.setattr(counts, "MOST", 0)
    machines = apps.get_model("fleet.Machine").objects.values("pk")
    assert counts.shown(counts.counted({"all": machines})["all"]) == "0+"


def test_a_count_within_the_bound_is_said_as_it_is():
    assert counts.shown(999) == 999
    assert counts.shown(1000) == "999+"
