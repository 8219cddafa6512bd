"""A purchase order is written, priced at a dated rate, approved by another person above the limit (PUR-1)."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from komaq.accounts.choices import Role
from komaq.accounts.models import Position, User
from komaq.core import clock, trail
from komaq.core.rates import NoRate
from komaq.core.refusals import NotAllowed, Stale
from komaq.parts.actions.refusals import BadQuantity
from komaq.supply import actions
from komaq.supply.actions import purchase_refusals as refusals
from komaq.supply.choices import NeedState, PurchaseState
from komaq.supply.models import PurchaseOrder

LARGE = "100"


@pytest.fixture
def needed(oil_filter, nico):
    """Nico asked for four filters by hand."""
    return actions.add_need(part=oil_filter, quantity=Decimal(4), reason="Venta en tienda", by=nico)


def test_an_order_is_priced_at_the_rate_of_its_day(buy, oil_filter, seal, dollar, nico):
    purchase = buy((oil_filter, "4", "10.55"), (seal, "2.5", "3.333"))
    assert purchase.code == f"OC-{clock.today().year}-000001"
    assert (purchase.total, purchase.total_pen) == (Decimal("50.53"), Decimal("189.49"))
    assert (purchase.rate, purchase.rate_on) == (Decimal("3.75"), dollar.on)
    assert trail.history(purchase).get().payload.data["lines"][0] == ["CAT 1R-0750", "4.0000", "10.5500000000"]


def test_without_a_rate_nothing_is_bought_in_dollars(buy, oil_filter, dollar):
    dollar.delete()
    with pytest.raises(NoRate):
        buy((oil_filter, "4", "10"))
    assert buy((oil_filter, "4", "10"), currency="PEN").total_pen == 40


@pytest.mark.parametrize("who", ["ana", "tito", "lola", "fina", "gina", "alex", "carla"])
def test_only_logistics_buys(buy, oil_filter, who, request):
    with pytest.raises(NotAllowed):
        buy((oil_filter, "4", "10"), by=request.getfixturevalue(who))


@pytest.mark.parametrize(
    ("quantity", "price", "refusal"),
    [
        ("0", "1", BadQuantity),
        ("-1", "1", BadQuantity),
        ("NaN", "1", BadQuantity),
        ("1.00001", "1", BadQuantity),
        ("1", "-0.01", refusals.BadPrice),
        ("1", "Infinity", refusals.BadPrice),
        ("1", "10000000", refusals.BadPrice),
        ("1", "0.00000000001", refusals.BadPrice),
    ],
)
def test_lines_that_cannot_be_are_refused(buy, oil_filter, quantity, price, refusal):
    with pytest.raises(refusal):
        buy((oil_filter, quantity, price))
    assert not PurchaseOrder.objects.exists()


def test_a_part_stands_once_and_there_is_one_at_least(buy, oil_filter):
    with pytest.raises(refusals.PartTwice):
        buy((oil_filter, "1", "1"), (oil_filter, "2", "1"))
    with pytest.raises(refusals.NothingToBuy):
        buy()


def test_a_need_is_bought_once(buy, oil_filter, needed, nico):
    purchase = buy((oil_filter, "4", "10"), needs=[needed])
    needed.refresh_from_db()
    assert (needed.state, needed.purchase_line.purchase) == (NeedState.ORDERED, purchase)
    with pytest.raises(refusals.NeedTaken):
        buy((oil_filter, "4", "10"), needs=[needed])
    assert PurchaseOrder.objects.count() == 1
    actions.cancel_purchase(purchase=purchase, reason="Precio errado", by=nico)
    needed.refresh_from_db()
    assert (needed.state, needed.purchase_line) == (NeedState.OPEN, None)
    assert buy((oil_filter, "4", "10"), needs=[needed]).code.endswith("000002")


def test_within_the_limit_the_buyer_goes_on_alone(buy, oil_filter, nico):
    exact = buy((oil_filter, "1", "20000"), currency="PEN")
    assert actions.submit_purchase(purchase=exact, by=nico).state == PurchaseState.APPROVED


def test_above_the_limit_a_manager_approves(buy, oil_filter, nico, gina, ana, fina):
    purchase = buy((oil_filter, "1", "5333.34"))
    assert purchase.total_pen == Decimal("20000.03")
    purchase = actions.submit_purchase(purchase=purchase, by=nico)
    assert purchase.state == PurchaseState.TO_APPROVE
    for other in (nico, ana, fina):
        with pytest.raises(NotAllowed):
            actions.approve(purchase=purchase, by=other)
    approved = actions.approve(purchase=purchase, by=gina)
    assert (approved.state, approved.approved_by) == (PurchaseState.APPROVED, gina)
    with pytest.raises(refusals.PurchaseMoved):
        actions.approve(purchase=purchase, by=gina)


@pytest.fixture
def gina_buys(gina):
    """Gina manages and buys as well."""
    Position.objects.filter(name=Role.MANAGER).update(roles=[Role.MANAGER, Role.LOGISTICS])
    return User.objects.get(pk=gina.pk)


def test_nobody_approves_what_they_wrote(buy, oil_filter, gina_buys):
    purchase = actions.submit_purchase(purchase=buy((oil_filter, LARGE, "1000"), by=gina_buys), by=gina_buys)
    with pytest.raises(refusals.OwnOrder):
        actions.approve(purchase=purchase, by=gina_buys)
    assert PurchaseOrder.objects.get().state == PurchaseState.TO_APPROVE


def test_whoever_writes_it_anew_answers_for_it(buy, oil_filter, gina_buys, store):
    purchase = buy((oil_filter, "1", "10"))
    lines = [actions.PurchaseLineIn(part=oil_filter, quantity=Decimal(100), price=Decimal(1000))]
    changed = actions.change_purchase(
        purchase=purchase, lines=lines, currency="USD", deliver_to=store, version=purchase.version, by=gina_buys
    )
    purchase = actions.submit_purchase(purchase=changed, by=gina_buys)
    with pytest.raises(refusals.OwnOrder):
        actions.approve(purchase=purchase, by=gina_buys)


def test_the_database_knows_the_limit_too(buy, oil_filter, nico, gina):
    purchase = actions.submit_purchase(purchase=buy((oil_filter, LARGE, "1000")), by=nico)
    rows = PurchaseOrder.objects.filter(pk=purchase.pk)
    for change in (
        {"state": "sent"},
        {"state": "approved", "approved_by": nico},
        {"state": "sent", "approved_by": nico},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    assert actions.approve(purchase=purchase, by=gina).state == PurchaseState.APPROVED


def test_an_approved_order_keeps_its_lines(buy, oil_filter, nico, store):
    purchase = actions.submit_purchase(purchase=buy((oil_filter, "4", "10")), by=nico)
    for change in ({"quantity": Decimal(5)}, {"price": Decimal(9)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            purchase.lines.update(**change)
    lines = [actions.PurchaseLineIn(part=oil_filter, quantity=Decimal(100), price=Decimal(1000))]
    with pytest.raises(refusals.PurchaseMoved):
        actions.change_purchase(
            purchase=purchase, lines=lines, currency="USD", deliver_to=store, version=purchase.version, by=nico
        )


def test_the_rate_is_that_of_the_day_it_was_finished(buy, oil_filter, nico, dollar):
    with clock.travel(clock.now() - datetime.timedelta(hours=1)):
        purchase = buy((oil_filter, "1", "5000"))
    type(dollar).objects.create(currency="USD", on=clock.today(), sell=Decimal("4.3"), noted_at=clock.now())
    purchase = actions.submit_purchase(purchase=purchase, by=nico)
    assert (purchase.total_pen, purchase.state) == (Decimal(21500), PurchaseState.TO_APPROVE)


def test_back_to_draft_with_a_reason(buy, oil_filter, nico, gina):
    purchase = actions.submit_purchase(purchase=buy((oil_filter, LARGE, "1000")), by=nico)
    with pytest.raises(refusals.ReasonNeeded):
        actions.return_to_draft(purchase=purchase, reason=" ", by=gina)
    back = actions.return_to_draft(purchase=purchase, reason="Pida otra oferta", by=gina)
    assert (back.state, back.reason) == (PurchaseState.DRAFT, "Pida otra oferta")


def test_the_second_to_act_sees_a_conflict(buy, oil_filter, nico, store):
    purchase = buy((oil_filter, "4", "10"))
    seen = purchase.version
    lines = [actions.PurchaseLineIn(part=oil_filter, quantity=Decimal(2), price=Decimal(10))]
    given = {"lines": lines, "currency": "USD", "deliver_to": store, "version": seen, "by": nico}
    actions.change_purchase(purchase=purchase, **given)
    with pytest.raises(Stale):
        actions.change_purchase(purchase=purchase, **given)
    with pytest.raises(Stale):
        actions.submit_purchase(purchase=purchase, by=nico, version=seen)
