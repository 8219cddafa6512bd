"""What somebody asks for by hand: who may, what cannot be, what covers it."""

import datetime
from decimal import Decimal

import pytest

from komaq.core import clock, trail
from komaq.core.refusals import NotAllowed
from komaq.parts.actions.refusals import BadQuantity
from komaq.parts.models import Part
from komaq.supply import actions
from komaq.supply.actions.prices import PartOutOfUse
from komaq.supply.actions.purchase_refusals import DayPassed, ReasonNeeded
from komaq.supply.choices import NeedState
from komaq.supply.models import PartsNeed

pytestmark = pytest.mark.db


def live():
    """The live pieces: state and quantity."""
    return [(need.state, need.quantity) for need in PartsNeed.objects.filter(ended_at=None).order_by("pk")]


@pytest.mark.parametrize("who", ["ana", "tito", "lola", "fina", "gina", "alex", "carla"])
def test_only_logistics_asks_and_drops(who, request, oil_filter, nico):
    facts = {"part": oil_filter, "quantity": Decimal(4), "reason": "Venta"}
    with pytest.raises(NotAllowed):
        actions.add_need(by=request.getfixturevalue(who), **facts)
    need = actions.add_need(by=nico, **facts)
    with pytest.raises(NotAllowed):
        actions.drop_need(need=need, reason="x", by=request.getfixturevalue(who))
    assert live() == [(NeedState.OPEN, 4)]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"quantity": Decimal(0)}, BadQuantity),
        ({"quantity": Decimal("NaN")}, BadQuantity),
        ({"need_by": datetime.date(2020, 1, 1)}, DayPassed),
        ({"reason": " "}, ReasonNeeded),
    ],
)
def test_what_cannot_be_is_refused(oil_filter, nico, wrong, refusal):
    facts = {"part": oil_filter, "quantity": Decimal(4), "reason": "Venta", "by": nico}
    with pytest.raises(refusal):
        actions.add_need(**facts | wrong)
    assert live() == []


def test_a_part_out_of_use_is_not_asked_for(oil_filter, nico):
    Part.objects.filter(pk=oil_filter.pk).update(is_open=False)
    oil_filter.refresh_from_db()
    with pytest.raises(PartOutOfUse):
        actions.add_need(part=oil_filter, quantity=Decimal(4), reason="Venta", by=nico)


def test_it_is_written_down_and_dropped_with_a_reason(oil_filter, nico):
    need = actions.add_need(
        part=oil_filter, quantity=Decimal(4), reason=" Venta ", need_by=clock.today(), is_urgent=True, by=nico
    )
    assert (need.about, need.need_by, need.is_urgent) == ("Venta", clock.today(), True)
    with pytest.raises(ReasonNeeded):
        actions.drop_need(need=need, reason=" ", by=nico)
    for _time in range(2):
        need = actions.drop_need(need=need, reason="Desistió", by=nico)
    assert need.state == NeedState.DROPPED
    assert [event.kind for event in trail.history(need)] == ["supply.need_added", "supply.need_dropped"]


def test_what_is_bought_for_nobody_covers_it_first(oil_filter, nico, sent):
    sent((oil_filter, "10", "10"))
    need = actions.add_need(part=oil_filter, quantity=Decimal(12), reason="Venta", by=nico)
    assert (need.state, need.quantity) == (NeedState.OPEN, 2)
    assert sorted(live()) == [(NeedState.OPEN, 2), (NeedState.ORDERED, 10)]
    again = actions.add_need(part=oil_filter, quantity=Decimal(1), reason="Otra venta", by=nico)
    assert again.state == NeedState.OPEN
