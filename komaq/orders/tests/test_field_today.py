"""A technician sees where to go today and in the days after."""

import datetime

import pytest
from django.urls import reverse

from komaq.core import clock
from komaq.orders import actions
from komaq.orders.choices import VisitKind, VisitState

TODAY = "/campo/"


@pytest.fixture
def visits(morning, tito, plan, open_order):
    """Tito goes there at ten today and the day after tomorrow."""
    first = plan(open_order, [tito], kind=VisitKind.DIAGNOSIS, starts_at=morning.replace(hour=10, minute=0))
    later = morning.replace(hour=8) + datetime.timedelta(days=2)
    return [first, plan(open_order, [tito], starts_at=later)]


def test_today_stands_first_and_the_days_after_below(sign_in, tito, visits):
    page = sign_in(tito).get(TODAY)
    assert page.context["visits"] == visits[:1]
    assert page.context["first"] == visits[0]
    assert page.context["next_visits"] == visits[1:]
    assert reverse("orders:field-order", args=[visits[0].order_id]) in page.content.decode()


def test_what_is_under_way_comes_first(sign_in, tito, visits, plan, open_order, morning):
    early = plan(open_order, [tito], kind=VisitKind.FOLLOW_UP, starts_at=morning.replace(hour=8, minute=0), hours=1)
    actions.step_visit(visit=visits[0], to=VisitState.TRAVELLING, by=tito)
    page = sign_in(tito).get(TODAY)
    assert page.context["visits"] == [early, visits[0]]
    assert page.context["first"] == visits[0]


def test_an_empty_day_says_so(sign_in, tito):
    page = sign_in(tito).get(TODAY)
    assert page.context["visits"] == []
    assert 'class="empty"' in page.content.decode()


def test_a_colleagues_visits_are_not_mine(sign_in, rosa, visits):
    page = sign_in(rosa).get(TODAY)
    assert (page.context["visits"], page.context["next_visits"]) == ([], [])


@pytest.mark.parametrize(("person", "answer"), [("ana", 403), ("alex", 403), ("carla", 404)])
def test_only_technicians_come_here(sign_in, request, person, answer):
    assert sign_in(request.getfixturevalue(person)).get(TODAY).status_code == answer


def test_few_queries_however_many_visits(sign_in, tito, plan, open_order, queries_of):
    browser = sign_in(tito)
    plan(open_order, [tito])
    few = queries_of(lambda: browser.get(TODAY))
    plan(open_order, [tito])
    plan(open_order, [tito], starts_at=clock.now() + datetime.timedelta(days=9))
    assert queries_of(lambda: browser.get(TODAY)) == few <= 10
