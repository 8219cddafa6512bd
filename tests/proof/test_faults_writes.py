"""Whatever write of a use case fails, nothing of it stays, and trying again completes it."""

import datetime
import shutil
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction

from komaq.core import clock
from komaq.core.middleware import WRITE
from komaq.orders import actions
from komaq.orders.models import ServiceOrder, ServiceRequest, Visit
from komaq.orders.tests.conftest import ask, catalogue, employee_of, in_status, open_order, paper, pending_request, plan

__all__ = ["ask", "catalogue", "in_status", "open_order", "paper", "pending_request", "plan"]


class Broken(Exception):
    """What goes wrong at the chosen write."""


class Breaker:
    """Counts the writes that pass, and fails at the one it was told."""

    def __init__(self, at=None):
        self.at, self.count = at, 0

    def __call__(self, execute, sql, params, many, context):
        if WRITE.match(sql):
            self.count += 1
            if self.count == self.at:
                raise Broken
        return execute(sql, params, many, context)


def everything():
    """All rows of all tables, and all files."""
    rows = {model._meta.db_table: sorted(map(repr, model._base_manager.values_list())) for model in apps.get_models()}
    return rows, sorted(str(path) for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def sizes():
    return {model._meta.db_table: model._base_manager.count() for model in apps.get_models()}


def undisturbed(call):
    """How many writes a use case makes and what it adds; then all is taken back."""
    breaker = Breaker()
    with transaction.atomic():
        with connection.execute_wrapper(breaker):
            call()
        grown = sizes()
        transaction.set_rollback(True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    return breaker.count, grown


def all_or_nothing(call):
    """Fail at each write in turn, then let it through. The number of writes."""
    writes, grown = undisturbed(call)
    before = everything()
    for at in range(1, writes + 1):
        with pytest.raises(Broken), connection.execute_wrapper(Breaker(at)):
            call()
        assert everything() == before, f"write {at} of {writes} failed and left something"
    call()
    assert sizes() == grown
    return writes


@pytest.fixture
def tomorrow():
    return clock.now() + datetime.timedelta(days=1)


@pytest.mark.db
def test_asking_for_service(ask, carla, cat336):
    assert all_or_nothing(lambda: ask(carla, cat336)) >= 8


@pytest.mark.db
def test_asking_with_files(ask, carla, cat336, paper):
    def call():
        ask(carla, cat336, files=[paper("a.pdf"), paper("b.pdf")])

    assert all_or_nothing(call) >= 10
    assert len(everything()[1]) == 2


@pytest.mark.db
def test_accepting_a_request(pending_request, ana):
    def call():
        actions.accept_request(request=ServiceRequest.objects.get(pk=pending_request.pk), by=ana)

    assert all_or_nothing(call) >= 8


@pytest.mark.db
def test_planning_a_visit(in_status, ana, tito, rosa, tomorrow):
    order = in_status("approved")
    people = [employee_of(tito), employee_of(rosa)]

    def call():
        actions.plan_visit(
            order=ServiceOrder.objects.get(pk=order.pk),
            kind="repair",
            starts_at=tomorrow,
            ends_at=tomorrow + datetime.timedelta(hours=4),
            technicians=people,
            lead=people[0],
            by=ana,
        )

    assert all_or_nothing(call) >= 10


@pytest.mark.db
def test_stepping_a_visit(in_status, plan, tito):
    visit = plan(in_status("approved"), [tito])

    def call():
        actions.step_visit(visit=Visit.objects.get(pk=visit.pk), to="on_site", by=tito)

    assert all_or_nothing(call) >= 6


@pytest.mark.db
def test_cancelling_an_order_with_a_visit_ahead(in_status, plan, ana, tito):
    order = in_status("approved")
    plan(order, [tito])

    def call():
        actions.move_order(
            order=ServiceOrder.objects.get(pk=order.pk), to="cancelled", reason="La máquina se vendió.", by=ana
        )

    assert all_or_nothing(call) >= 8
