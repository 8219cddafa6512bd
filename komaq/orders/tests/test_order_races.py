"""ORD-4 as a race: orders opened at the same moment have numbers without gap or twin, whoever fails meanwhile."""

import functools

import pytest

from komaq.core import trail
from komaq.core.action import action
from komaq.core.models import Event, Sequence
from komaq.core.refusals import Refusal
from komaq.orders import actions
from komaq.orders.models import ServiceOrder, ServiceRequest

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]
CROWD = 12


@action
def accept(request, by):
    return actions.accept_request(request=request, by=by)


@action
def accept_and_fail(request, by):
    actions.accept_request(request=request, by=by)
    raise Refusal


@pytest.fixture
def crowd(ask, carla, cat336, ana, at_once):
    """`crowd()` asks twelve times and accepts all at the same moment; every third acceptance fails after its number."""

    def run():
        requests = [ask(carla, cat336) for _each in range(CROWD)]
        deeds = [accept_and_fail if place % 3 == 2 else accept for place in range(CROWD)]
        return at_once([functools.partial(deed, request, ana) for deed, request in zip(deeds, requests, strict=True)])

    return run


def test_ord_4_numbers_have_no_gap_and_no_twin_though_a_third_fails(crowd, rounds):
    for each in range(1, rounds + 1):
        results = crowd()
        assert sum(isinstance(result, ServiceOrder) for result in results) == CROWD * 2 // 3
        assert sum(isinstance(result, Refusal) for result in results) == CROWD // 3
        numbers = sorted(int(code[-6:]) for code in ServiceOrder.objects.values_list("code", flat=True))
        assert numbers == list(range(1, each * CROWD * 2 // 3 + 1))
    assert Sequence.objects.get(prefix="OS").last == len(numbers)
    assert trail.first_broken_link(Event.objects.all()) is None


def test_two_supervisors_make_one_order_of_a_request(ask, carla, cat336, ana, gina, at_once, rounds):
    for each in range(1, rounds + 1):
        request = ask(carla, cat336)
        first, second = at_once([functools.partial(accept, request, who) for who in (ana, gina)])
        assert first == second
        assert ServiceOrder.objects.count() == Sequence.objects.get(prefix="OS").last == each
    assert Event.objects.filter(kind="orders.request_accepted").count() == rounds
    assert ServiceRequest.objects.filter(status="accepted").count() == rounds
