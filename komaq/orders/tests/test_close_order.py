import datetime

import pytest

from komaq.core import clock, jobs
from komaq.core.models import Job
from komaq.core.refusals import NotAllowed
from komaq.orders import actions
from komaq.orders.actions import refusals


def test_the_client_accepts_verified_work(in_status, carla, beto):
    order = actions.accept_work(order=in_status("verified"), by=beto)
    assert (order.status, order.closed_at is not None) == ("closed", True)


def test_accepting_before_it_is_verified_or_by_others_is_refused(in_status, carla, omar, ana):
    with pytest.raises(refusals.StepNotAllowed):
        actions.accept_work(order=in_status("completed"), by=carla)
    for person in (omar, ana):
        with pytest.raises(NotAllowed):
            actions.accept_work(order=in_status("verified"), by=person)


def test_silence_for_five_business_days_closes(morning, in_status):
    """Verified on Tuesday 24 November: Tuesday 1 December is the fifth business day."""
    order = in_status("verified")
    with clock.travel(clock.lima(datetime.date(2026, 12, 1), 23)):
        assert actions.close_accepted_orders() == 0
    with clock.travel(clock.lima(datetime.date(2026, 12, 2), 1)):
        assert actions.close_accepted_orders() == 1
        assert actions.close_accepted_orders() == 0
    order.refresh_from_db()
    assert order.status == "closed"


def test_the_worker_closes_once_however_often_it_is_planned(morning, in_status, run_jobs):
    order = in_status("verified")
    jobs.load()
    with clock.travel(clock.lima(datetime.date(2026, 12, 2), 1)):
        jobs.plan_periodic()
        jobs.plan_periodic()
        assert Job.objects.filter(name="orders.close_verified").count() == 1
        run_jobs()
    order.refresh_from_db()
    assert order.status == "closed"
