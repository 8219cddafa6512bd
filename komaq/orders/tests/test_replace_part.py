"""Another part takes the place of a planned one: an alternative was bought."""

import datetime
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.core.refusals import NotAllowed
from komaq.orders import actions, queries
from komaq.orders.actions import refusals
from komaq.orders.models import Segment
from komaq.parts import actions as stock
from komaq.parts.actions.refusals import BadQuantity
from komaq.parts.models import Reservation

pytestmark = pytest.mark.db


@pytest.fixture
def other(nico):
    return stock.create_part(brand="Donaldson", number="P550084", name="Filtro de petróleo", by=nico)


@pytest.fixture
def planned(in_status, oil_filter, ana):
    order = in_status("approved")
    segment = Segment.objects.get(order=order, is_default=True)
    day = clock.today() + datetime.timedelta(days=4)
    return actions.plan_part(segment=segment, part=oil_filter, quantity=Decimal(3), need_by=day, note="Kit", by=ana)


def plan_of(planned):
    """What the order plans: each part with how many, by when and how it stands."""
    lines = queries.planned_parts_of(planned.segment.order)
    return [(line.part, line.quantity, line.planned.need_by, line.state) for line in lines]


def test_all_of_it(planned, other, nico, store):
    stock.receive_stock(part=other, warehouse=store, quantity=Decimal(5), unit_cost=Decimal(9), by=nico)
    instead = actions.replace_planned_part(planned=planned, part=other, quantity=Decimal(3), by=nico)
    assert plan_of(planned) == [(other, 3, planned.need_by, "reserved")]
    assert (instead.note, Reservation.objects.get(state="held").part) == ("en lugar de CAT 1R-0750", other)


def test_some_of_it(planned, oil_filter, other, nico):
    actions.replace_planned_part(planned=planned, part=other, quantity=Decimal(2), by=nico)
    assert plan_of(planned) == [(oil_filter, 1, planned.need_by, "missing"), (other, 2, planned.need_by, "missing")]
    planned.refresh_from_db()
    assert planned.note == "Kit"


def test_a_day_that_passed_becomes_today(planned, other, nico):
    with clock.travel(clock.now() + datetime.timedelta(days=9)):
        instead = actions.replace_planned_part(planned=planned, part=other, quantity=Decimal(3), by=nico)
        assert instead.need_by == clock.today()


def test_what_was_used_stays(planned, oil_filter, other, nico, store):
    stock.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(1), unit_cost=Decimal(9), by=nico)
    actions.use_part(planned=planned, warehouse=store, quantity=Decimal(1), by=nico)
    with pytest.raises(refusals.UsedMore):
        actions.replace_planned_part(planned=planned, part=other, quantity=Decimal(3), by=nico)
    actions.replace_planned_part(planned=planned, part=other, quantity=Decimal(2), by=nico)
    assert [row[:2] for row in plan_of(planned)] == [(oil_filter, 1), (other, 2)]


def test_what_cannot_be_replaced(planned, other, nico, tito):
    with pytest.raises(NotAllowed):
        actions.replace_planned_part(planned=planned, part=other, quantity=Decimal(1), by=tito)
    with pytest.raises(BadQuantity):
        actions.replace_planned_part(planned=planned, part=other, quantity=Decimal(0), by=nico)
    actions.drop_planned_part(planned=planned, by=nico)
    with pytest.raises(refusals.PartDropped):
        actions.replace_planned_part(planned=planned, part=other, quantity=Decimal(1), by=nico)
