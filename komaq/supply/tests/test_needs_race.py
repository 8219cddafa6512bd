"""Nothing is bought twice when several buy, plan and receive at the same moment, on either database."""

from decimal import Decimal

import pytest

from komaq.core.refusals import Refusal
from komaq.orders import actions as orders
from komaq.parts.models import Stock
from komaq.supply import actions
from komaq.supply.actions import purchase_refusals as refusals
from komaq.supply.models import PartsNeed, PurchaseLine

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


def total(rows, column="quantity"):
    return sum((getattr(row, column) for row in rows), Decimal(0))


def test_a_need_is_bought_by_one(approved, plan, buy, oil_filter, at_once, rounds):
    order = approved()
    planned = plan(order, oil_filter, 4)
    for _round in range(rounds):
        needs = list(PartsNeed.objects.filter(state="open"))
        results = at_once([lambda needs=needs: buy((oil_filter, "3", "10"), needs=needs)] * 4)
        made = [each for each in results if not isinstance(each, Exception)]
        assert len(made) == 1, results
        assert {type(each) for each in results if isinstance(each, Exception)} == {refusals.NeedTaken}
        assert total(PartsNeed.objects.filter(state="open")) == 1
        actions.cancel_purchase(purchase=made[0], reason="No", by=made[0].made_by)
        assert total(PartsNeed.objects.filter(state="open")) == 4
    assert planned.quantity == 4


def test_plans_purchases_and_deliveries_at_once_leave_sound_sums(
    approved, plan, sent, buy, take_in, oil_filter, ana, at_once, rounds
):
    for _round in range(rounds):
        deeds = several(approved, plan, sent, buy, take_in, oil_filter, ana)
        odd = [each for each in at_once(deeds) if isinstance(each, Exception) and not isinstance(each, Refusal)]
        assert not odd, odd
        check()


def several(approved, plan, sent, buy, take_in, oil_filter, ana):
    """A delivery, two changed plans and another purchase, of one part."""
    first, second = plan(approved(), oil_filter, 4), plan(approved(), oil_filter, 3, days=2)
    purchase = sent((oil_filter, "5", "10"), needs=list(PartsNeed.objects.filter(state="open")[:1]))
    more = {"quantity": Decimal(6), "need_by": first.need_by, "note": "", "by": ana}
    return [
        lambda: take_in(purchase, ("4", "0")),
        lambda: orders.change_planned_part(planned=first, **more),
        lambda: orders.drop_planned_part(planned=second, by=ana),
        lambda: buy((oil_filter, "2", "10"), needs=list(PartsNeed.objects.filter(state="open"))),
    ]


def check():
    live = PartsNeed.objects.filter(ended_at=None)
    brings = PurchaseLine.objects.filter(purchase__state__in=("draft", "sent", "partial")).select_related("purchase")
    left = sum((line.left for line in brings), Decimal(0))
    assert total(live.exclude(state="ordered")) == max(total(live) - left, Decimal(0))
    for line in brings:
        assert total(live.filter(state="ordered", purchase_line=line)) <= line.left
    stock = Stock.objects.get()
    assert stock.on_hand - stock.reserved == 0 or not live.filter(source_kind="orders.plannedpart").exists()
