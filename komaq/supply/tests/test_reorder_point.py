"""A part that falls to its minimum is to buy, up to its maximum, once."""

from decimal import Decimal

import pytest

from komaq.parts import actions as parts
from komaq.parts.models import Part, Reservation
from komaq.supply import actions, rules
from komaq.supply.choices import NeedState
from komaq.supply.models import PartsNeed

pytestmark = pytest.mark.db
ZERO = Decimal(0)


def live():
    """The live pieces: state and quantity."""
    return [(need.state, need.quantity) for need in PartsNeed.objects.filter(ended_at=None).order_by("pk")]


@pytest.fixture
def kept(oil_filter, nico, store):
    """`kept(2, 10, here=5)`: the filter has a minimum of two, a maximum of ten, and five lie in the store."""

    def keep(minimum, maximum, here=0):
        limits = {"minimum": Decimal(minimum), "maximum": Decimal(maximum) if maximum else None}
        part = parts.change_part(part=oil_filter, version=oil_filter.version, by=nico, **limits)
        if here:
            facts = {"part": part, "warehouse": store, "unit_cost": Decimal(10), "by": nico}
            parts.receive_stock(quantity=Decimal(here), **facts)
        return part

    return keep


@pytest.fixture
def lose(store, nico):
    """`lose(part, 3)` takes three out of the store."""

    def out(part, quantity):
        reason = {"reason": "Merma", "by": nico}
        parts.adjust_stock(part=part, warehouse=store, quantity=-Decimal(quantity), **reason)

    return out


def test_at_its_minimum_it_is_to_buy_up_to_its_maximum(kept, lose):
    part = kept(2, 10, here=5)
    assert live() == []
    lose(part, 2)
    assert live() == []
    lose(part, 1)
    need = PartsNeed.objects.get(ended_at=None)
    facts = (need.quantity, need.source_kind, need.source_id, need.about, need.is_urgent, need.need_by)
    assert facts == (8, "parts.part", str(part.pk), "", False, None)
    lose(part, 1)
    assert live() == [(NeedState.OPEN, 9)]


def test_a_new_part_with_a_minimum_is_to_buy(nico):
    parts.create_part(brand="CAT", number="1R-0760", name="Filtro", minimum=Decimal(2), maximum=Decimal(6), by=nico)
    assert live() == [(NeedState.OPEN, 6)]


def test_what_was_set_aside_and_let_go_counts_again(kept, store, nico):
    part = kept(2, 10, here=5)
    aside = parts.set_aside(part=part, warehouse=store, quantity=Decimal(4), by=nico, reason="Feria")
    assert live() == [(NeedState.OPEN, 9)]
    parts.free_reservation(reservation=aside, by=nico, reason="Pasó")
    assert live() == []


def test_what_an_order_kept_and_was_taken_from_it_counts_again(kept, nico, approved, plan):
    part = kept(2, 10, here=5)
    plan(approved(), part, 4)
    assert (NeedState.OPEN, 9) in live()
    parts.free_reservation(reservation=Reservation.objects.get(state="held"), by=nico, reason="Otro")
    assert not PartsNeed.objects.filter(ended_at=None, source_kind="parts.part").exists()


def test_what_comes_from_elsewhere_ends_it(kept, lose, store, nico):
    part = kept(2, 10, here=5)
    lose(part, 3)
    parts.receive_stock(part=part, warehouse=store, quantity=Decimal(1), unit_cost=Decimal(1), by=nico)
    assert live() == []
    assert PartsNeed.objects.latest("pk").state == NeedState.COVERED


def test_what_is_on_order_counts(kept, lose, sent, take_in):
    part = kept(2, 10, here=5)
    lose(part, 3)
    purchase = sent((part, "8", "10"), needs=list(PartsNeed.objects.filter(state="open")))
    assert live() == [(NeedState.ORDERED, 8)]
    lose(part, 1)
    assert live() == [(NeedState.ORDERED, 8)]
    take_in(purchase, ("3", "0"))
    assert live() == [(NeedState.ORDERED, 5)]
    take_in(purchase, ("5", "0"))
    assert live() == []


def test_goods_that_orders_took_are_bought_again(kept, lose, approved, plan, sent, take_in):
    part = kept(2, 10, here=5)
    lose(part, 3)
    purchase = sent((part, "8", "10"), needs=list(PartsNeed.objects.filter(state="open")))
    plan(approved(), part, 9)
    take_in(purchase, ("8", "0"))
    assert live() == [(NeedState.OPEN, 9)]


def test_what_is_bought_for_an_order_does_not_fill_the_store(kept, lose, approved, plan, sent):
    part = kept(2, 10)
    PartsNeed.objects.all().delete()
    plan(approved(), part, 4)
    sent((part, "4", "10"), needs=list(PartsNeed.objects.filter(source_kind="orders.plannedpart")))
    assert sorted(live()) == [(NeedState.OPEN, 10), (NeedState.ORDERED, 4)]


def test_a_cancelled_purchase_is_missing_again(kept, lose, sent, nico):
    part = kept(2, 10, here=5)
    purchase = sent((part, "8", "10"))
    lose(part, 5)
    assert live() == []
    actions.cancel_purchase(purchase=purchase, reason="Precio", by=nico)
    assert live() == [(NeedState.OPEN, 10)]


def test_what_was_to_fill_the_store_and_an_order_took_is_missing_again(kept, approved, plan, lose, sent):
    part = kept(2, 10, here=5)
    sent((part, "8", "10"))
    order = approved()
    plan(order, part, 13)
    assert live() == [(NeedState.ORDERED, 8), (NeedState.OPEN, 10)]


def test_what_was_to_fill_the_store_and_somebody_asked_for_is_missing_again(kept, lose, sent, nico):
    part = kept(2, 10, here=5)
    sent((part, "8", "10"))
    lose(part, 5)
    assert live() == []
    made = actions.add_need(part=part, quantity=Decimal(7), reason="Venta", by=nico)
    assert made.state == NeedState.ORDERED
    assert live() == [(NeedState.ORDERED, 7), (NeedState.ORDERED, 1), (NeedState.OPEN, 9)]


def test_other_limits_ask_for_another_quantity(kept, oil_filter, nico):
    part = kept(2, 10)
    assert live() == [(NeedState.OPEN, 10)]
    part = parts.change_part(part=part, version=part.version, maximum=Decimal(4), by=nico)
    assert live() == [(NeedState.OPEN, 4)]
    part = parts.change_part(part=part, version=part.version, is_open=False, by=nico)
    assert live() == []
    assert PartsNeed.objects.latest("pk").state == NeedState.DROPPED


@pytest.mark.parametrize(
    ("minimum", "maximum", "free", "coming", "ordered", "wanted"),
    [
        (None, None, 0, 0, 0, 0),
        (None, 9, 0, 0, 0, 0),
        (2, 10, 3, 0, 0, 0),
        (2, 10, 2, 0, 0, 8),
        (2, 10, 0, 2, 0, 10),
        (2, 10, 0, 3, 0, 0),
        (2, 10, 1, 8, 8, 8),
        (2, 10, 5, 8, 8, 5),
        (2, 10, 12, 8, 8, 0),
        (2, None, 1, 0, 0, 1),
        (2, None, 2, 0, 0, 0),
        (0, 5, 0, 0, 0, 5),
    ],
)
def test_the_rule(minimum, maximum, free, coming, ordered, wanted):
    part = Part(minimum=minimum, maximum=maximum)
    figures = {"free": Decimal(free), "coming": Decimal(coming), "ordered": Decimal(ordered)}
    assert rules.wanted_for_stock(part, **figures) == wanted
    part.is_open = False
    assert rules.wanted_for_stock(part, **figures) == ZERO
