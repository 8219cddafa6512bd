"""Orders that reach for the same stock at the same moment."""

import functools
import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from komaq.core import clock
from komaq.orders import actions, queries
from komaq.orders.actions.refusals import StatusMoved
from komaq.orders.models import PlannedPart, Segment, ServiceOrder
from komaq.parts import actions as stock
from komaq.parts.models import Reservation, Stock

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]
ONE = Decimal(1)
TABLES = '"(parts_holding|orders_serviceorder|orders_plannedpart)"'
LOCKED = re.compile(rf'FROM {TABLES} (?:INNER JOIN "parts_part"|WHERE "\1"\."id" = )')


def approved(order):
    ServiceOrder.objects.filter(pk=order.pk).update(status="approved")
    order.refresh_from_db()
    return order


def wish(order, part, by):
    segment = Segment.objects.get(order=order, is_default=True)
    return functools.partial(actions.plan_part, segment=segment, part=part, quantity=ONE, need_by=None, by=by)


@pytest.fixture
def arrive(nico, store, oil_filter):
    return functools.partial(
        stock.receive_stock, part=oil_filter, warehouse=store, quantity=ONE, unit_cost=ONE, by=nico
    )


def statuses(*orders):
    return sorted(ServiceOrder.objects.filter(pk__in=[each.pk for each in orders]).values_list("status", flat=True))


def test_the_last_piece_goes_to_one_of_two_orders(open_order, other_order, ana, lola, nico, store, at_once, rounds):
    first, second = approved(open_order), approved(other_order)
    for each in range(rounds):
        part = stock.create_part(brand="CAT", number=f"RAZ-{each}", name="Sello", by=nico)
        stock.receive_stock(part=part, warehouse=store, quantity=ONE, unit_cost=ONE, by=nico)
        answers = at_once([wish(first, part, ana), wish(second, part, lola)])
        assert all(isinstance(answer, PlannedPart) for answer in answers), answers
        assert statuses(first, second) == ["approved", "waiting_parts"]
        assert sorted(queries.planned_part_line(answer).reserved for answer in answers) == [0, 1]
        assert Stock.objects.get(part=part).reserved == ONE
        for planned in answers:
            actions.drop_planned_part(planned=planned, by=ana)
        assert statuses(first, second) == ["approved", "approved"]


def test_what_arrives_while_its_order_is_cancelled_is_not_lost(
    open_order, other_order, oil_filter, ana, arrive, at_once
):
    """Whichever comes first, the cancelled order keeps nothing and the other gets the piece.

    Who cancels what the delivery just released is told so, looks again and cancels it as it stands.
    """
    first, second = approved(open_order), approved(other_order)
    wish(first, oil_filter, ana)()
    wish(second, oil_filter, ana)()
    first.refresh_from_db()
    cancel = functools.partial(actions.move_order, order=first, to="cancelled", by=ana, reason="Vendida")
    answers = at_once([arrive, cancel])
    if isinstance(answers[1], StatusMoved):
        first.refresh_from_db()
        assert first.status == "approved"
        cancel()
    kept = Reservation.objects.get(state="held")
    assert PlannedPart.objects.get(pk=int(kept.source_id)).segment.order_id == second.pk, answers
    assert statuses(first, second) == ["approved", "cancelled"]


def test_two_deliveries_of_two_parts_release_two_orders(open_order, other_order, oil_filter, ana, nico, store, at_once):
    seal = stock.create_part(brand="CAT", number="9X-7430", name="Sello", by=nico)
    for order in (approved(open_order), approved(other_order)):
        wish(order, oil_filter, ana)()
        wish(order, seal, ana)()
    assert statuses(open_order, other_order) == ["waiting_parts", "waiting_parts"]
    two = {"warehouse": store, "quantity": Decimal(2), "unit_cost": ONE, "by": nico}
    answers = at_once([functools.partial(stock.receive_stock, part=part, **two) for part in (oil_filter, seal)])
    assert not any(isinstance(answer, Exception) for answer in answers), answers
    assert statuses(open_order, other_order) == ["approved", "approved"]


def test_two_who_plan_the_same_part_plan_it_once(open_order, oil_filter, ana, lola, at_once):
    answers = at_once([wish(open_order, oil_filter, who) for who in (ana, lola)])
    assert not any(isinstance(answer, Exception) for answer in answers), answers
    assert PlannedPart.objects.get().quantity == Decimal(2)


def change(order, by, **given):
    names = ("title", "priority", "site", "contact", "service_type", "due_at", "description", "version")
    return actions.change_order(order=order, by=by, **{name: getattr(order, name) for name in names} | given)


DEEDS = {
    "drop": ("approved", lambda order, planned, ana, carla: actions.drop_planned_part(planned=planned, by=ana)),
    "hurry": ("approved", lambda order, planned, ana, carla: change(order, ana, priority="machine_down")),
    "complete": (
        "in_progress",
        lambda order, planned, ana, carla: actions.move_order(
            order=order, to="completed", by=ana, outcome="done", reason="Acta"
        ),
    ),
    "accept": (
        "verified",
        lambda order, planned, ana, carla: actions.accept_work(order=order, by=carla, version=order.version),
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_stock_is_locked_before_the_order_and_its_rows(deed, open_order, oil_filter, ana, carla):
    """Stock that arrives locks in this order; two that lock the other way round would wait for each other."""
    planned = wish(approved(open_order), oil_filter, ana)()
    status, act = DEEDS[deed]
    ServiceOrder.objects.update(status=status, verified_at=clock.now())
    order = ServiceOrder.objects.select_related("site", "contact", "service_type").get()
    planned = PlannedPart.objects.select_related("segment__order", "part").get(pk=planned.pk)
    with CaptureQueriesContext(connection) as seen:
        act(order, planned, ana, carla)
    locked = [found[1] for each in seen if (found := LOCKED.search(each["sql"]))]
    assert locked[0] == "parts_holding", locked
    assert "orders_serviceorder" in locked
