"""What nobody may do with an order's parts, or not like that: refused by the deed itself, and by the database."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from komaq.core.refusals import NotAllowed
from komaq.orders import actions
from komaq.orders.actions import refusals
from komaq.orders.models import PlannedPart, Segment, ServiceOrder
from komaq.parts import actions as stock
from komaq.parts.actions.refusals import BadQuantity, NothingIssued, WarehouseClosed
from komaq.parts.models import Reservation, StockMove, Warehouse

pytestmark = pytest.mark.db
ONE = Decimal(1)
HOSTILE = ["NaN", "Infinity", "-1", "0", "1.00001", "1000000.0001", "1E+30", "1E-30"]


@pytest.fixture
def segment(open_order):
    ServiceOrder.objects.filter(pk=open_order.pk).update(status="approved")
    return Segment.objects.get(order=open_order, is_default=True)


@pytest.fixture
def planned(segment, oil_filter, store, ana, nico):
    """Three of four are there for it."""
    stock.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(3), unit_cost=ONE, by=nico)
    return actions.plan_part(segment=segment, part=oil_filter, quantity=Decimal(4), need_by=None, by=ana)


@pytest.fixture
def deeds(planned, segment, oil_filter, store):
    """Every deed by name, as it goes well; what is given with it takes the place of what it would take."""
    wish = {"quantity": ONE, "need_by": None}

    def usual(act, **of):
        return lambda **given: act(**{**of, **given})

    return {
        "plan": usual(actions.plan_part, segment=segment, part=oil_filter, **wish),
        "change": usual(actions.change_planned_part, planned=planned, note="", **wish),
        "drop": usual(actions.drop_planned_part, planned=planned),
        "use": usual(actions.use_part, planned=planned, warehouse=store, quantity=ONE),
        "return": usual(actions.return_part, planned=planned, warehouse=store, quantity=ONE),
        "cover": usual(actions.cover_order, order=segment.order),
    }


def refused(act, refusal, **given):
    """It is refused so, and nothing is left of it."""

    def books():
        return [list(rows.order_by("pk").values()) for rows in (PlannedPart.objects, Reservation.objects)]

    before = books(), StockMove.objects.count()
    with pytest.raises(refusal), transaction.atomic():
        act(**given)
    assert (books(), StockMove.objects.count()) == before


NAMES = ["plan", "change", "drop", "use", "return", "cover"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["tito", "fina", "alex", "carla", "omar"])
def test_who_has_no_part_in_it_changes_nothing(deeds, name, who, request):
    refused(deeds[name], NotAllowed, by=request.getfixturevalue(who))


@pytest.mark.parametrize("name", ["use", "return"])
@pytest.mark.parametrize("who", ["ana", "lola", "gina"])
def test_who_plans_takes_nothing_out_of_the_store(deeds, name, who, request):
    refused(deeds[name], NotAllowed, by=request.getfixturevalue(who))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_an_order_that_is_over_keeps_its_parts_as_they_are(deeds, segment, nico, name, status):
    ServiceOrder.objects.filter(pk=segment.order_id).update(status=status)
    refused(deeds[name], refusals.OrderIsFinal, by=nico)


@pytest.mark.parametrize("status", ["completed", "verified"])
def test_nothing_more_is_reserved_for_work_that_is_done(deeds, segment, nico, status):
    ServiceOrder.objects.filter(pk=segment.order_id).update(status=status)
    refused(deeds["cover"], refusals.WorkIsOver, by=nico)


@pytest.mark.parametrize("name", ["change", "use", "return"])
def test_what_was_dropped_is_planned_no_more(deeds, nico, name):
    deeds["drop"](by=nico)
    refused(deeds[name], refusals.PartDropped, by=nico)


@pytest.mark.parametrize("quantity", HOSTILE)
@pytest.mark.parametrize("name", ["plan", "change", "use", "return"])
def test_quantities_that_cannot_be_are_refused(deeds, nico, name, quantity):
    refused(deeds[name], BadQuantity, by=nico, quantity=Decimal(quantity))


def test_what_was_used_is_neither_dropped_nor_planned_away(deeds, nico):
    deeds["use"](by=nico, quantity=Decimal(2))
    refused(deeds["drop"], refusals.PartWasUsed, by=nico)
    refused(deeds["change"], refusals.UsedMore, by=nico)


def test_no_more_comes_back_than_was_used(deeds, nico):
    refused(deeds["return"], NothingIssued, by=nico)
    deeds["use"](by=nico, quantity=Decimal(2))
    refused(deeds["return"], NothingIssued, by=nico, quantity=Decimal("2.0001"))


def test_nothing_is_used_out_of_a_closed_warehouse(deeds, nico, store):
    Warehouse.objects.filter(pk=store.pk).update(is_open=False)
    refused(deeds["use"], WarehouseClosed, by=nico)


@pytest.mark.parametrize("name", ["orders_planned_part_once", "orders_planned_part_positive"])
def test_the_database_refuses_what_is_written_past_the_product(planned, name):
    born = PlannedPart.objects.values().get(pk=planned.pk) | {"id": None}
    writes = {
        "orders_planned_part_once": lambda: PlannedPart.objects.create(**born),
        "orders_planned_part_positive": lambda: PlannedPart.objects.update(quantity=0),
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        writes[name]()
