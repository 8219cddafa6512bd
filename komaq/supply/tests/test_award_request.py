"""A request is decided once, whole or by line: drafts of orders, needs ordered, the others told politely."""

import contextlib
import datetime
import threading
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from komaq.core import clock, trail
from komaq.core.models import OutgoingEmail
from komaq.core.refusals import NotAllowed, Stale
from komaq.orders import actions as orders
from komaq.orders.choices import OrderStatus
from komaq.supply import actions
from komaq.supply.actions import awarding, quotation_refusals
from komaq.supply.choices import NeedState, PurchaseState, QuotationState
from komaq.supply.models import Offer, PartsNeed, PurchaseOrder, QuotationRequest

CROWD = 8


@pytest.fixture
def offers(asked, invited, quote, ferreycorp, tracto, oil_filter, seal, need_of):
    """`offers()` is a request with a need of ten filters and two offers: dear and soon, cheap and late."""

    def make():
        need = need_of(quantity="10")
        lines = [
            actions.QuotationLineIn(part=oil_filter, quantity=Decimal(10), needs=(need,)),
            actions.QuotationLineIn(part=seal, quantity=Decimal(2)),
        ]
        request = asked(lines=lines)
        dear = quote(invited(request, ferreycorp), "12", "6", days=2)
        cheap = quote(invited(request, tracto), "9.5", "5", days=20)
        return SimpleNamespace(request=request, need=need, dear=dear, cheap=cheap)

    return make


def picks(offer, *quantities):
    return [
        actions.AwardIn(offer_line=row, quantity=Decimal(quantity))
        for row, quantity in zip(offer.lines.order_by("pk"), quantities, strict=False)
        if quantity
    ]


def test_all_to_one_becomes_one_draft(offers, nico, oil_filter, store):
    given = offers()
    (order,) = actions.award(request=given.request, choices=picks(given.cheap, "10", "2"), by=nico)
    given.request.refresh_from_db()
    given.need.refresh_from_db()
    assert (given.request.state, given.request.ended_at is not None) == (QuotationState.AWARDED, True)
    assert (order.state, order.request, order.currency) == (PurchaseState.DRAFT, given.request, "USD")
    assert (order.total, order.deliver_to, order.made_by) == (Decimal("105.00"), store, nico)
    line = order.lines.get(part=oil_filter)
    assert (line.quantity, line.price, line.offer_line.awarded) == (10, Decimal("9.5"), 10)
    assert (given.need.state, given.need.purchase_line) == (NeedState.ORDERED, line)


def test_by_line_becomes_a_draft_for_each_supplier(offers, nico, ferreycorp, tracto):
    given = offers()
    choices = [*picks(given.dear, "10", None), *picks(given.cheap, None, "2")]
    orders = actions.award(request=given.request, choices=choices, by=nico)
    assert {(order.supplier, order.total) for order in orders} == {(ferreycorp, 120), (tracto, 10)}


def test_a_line_is_split(offers, nico, ferreycorp):
    given = offers()
    choices = [*picks(given.dear, "4"), *picks(given.cheap, "6")]
    orders = actions.award(request=given.request, choices=choices, by=nico)
    assert sorted(order.lines.get().quantity for order in orders) == [4, 6]
    pieces = PartsNeed.objects.filter(source_id=given.need.source_id)
    assert sorted((piece.state, piece.quantity, piece.purchase_line.quantity) for piece in pieces) == [
        (NeedState.ORDERED, 4, 4),
        (NeedState.ORDERED, 6, 6),
    ]


def test_without_quantity_all_that_is_asked_and_offered_is_bought(asked, invited, quote, ferreycorp, nico):
    request = asked()
    offer = quote(invited(request, ferreycorp), "10", "5", quantities=["24", "1"])
    choices = [actions.AwardIn(offer_line=row) for row in offer.lines.all()]
    (order,) = actions.award(request=request, choices=choices, by=nico)
    assert [line.quantity for line in order.lines.all()] == [10, 1]


def test_what_is_not_chosen_is_to_be_bought_again(offers, nico):
    given = offers()
    actions.award(request=given.request, choices=picks(given.dear, None, "2"), by=nico)
    given.need.refresh_from_db()
    assert (given.need.state, given.need.quotation_line) == (NeedState.OPEN, None)


def test_needs_go_where_they_fit(asked, invited, quote, ferreycorp, tracto, oil_filter, need_of, nico):
    early, late, last = need_of(quantity="6", days=2), need_of(quantity="4", days=5), need_of(quantity="3", days=9)
    line = actions.QuotationLineIn(part=oil_filter, quantity=Decimal(13), needs=(last, late, early))
    request = asked(lines=[line])
    one, two = (quote(invited(request, each), "9") for each in (ferreycorp, tracto))
    actions.award(request=request, choices=[*picks(one, "6"), *picks(two, "4")], by=nico)
    for need in (early, late, last):
        need.refresh_from_db()
    assert [early.purchase_line.quantity, late.purchase_line.quantity] == [6, 4]
    assert (last.state, last.purchase_line) == (NeedState.OPEN, None)


def test_the_others_hear_it_politely_and_neither_name_nor_price(offers, nico, letters_to, asked, ferreparts):
    given = offers()
    actions.invite_supplier(request=given.request, supplier=ferreparts, by=nico)
    before = len(letters_to("john@tracto.test"))
    actions.award(request=given.request, choices=picks(given.cheap, "10", "2"), by=nico)
    lost, silent = letters_to("paula@ferrey.test")[-1], letters_to("ventas@ferreparts.test")[-1]
    assert "Gracias por su oferta" in lost.text
    assert "no hace falta" in silent.text
    assert len(letters_to("john@tracto.test")) == before
    for letter in (lost, silent):
        for hidden in ("Tracto", "9.5", "105", "12", "OC-"):
            assert hidden not in letter.text.replace(given.request.code, "")


def test_it_is_decided_once(offers, nico):
    given = offers()
    seen = given.request.version
    actions.award(request=given.request, choices=picks(given.cheap, "10", "2"), by=nico)
    told = OutgoingEmail.objects.count()
    for more, why in (({}, quotation_refusals.QuotationMoved), ({"version": seen}, Stale)):
        with pytest.raises(why):
            actions.award(request=given.request, choices=picks(given.dear, "10"), by=nico, **more)
    with pytest.raises(quotation_refusals.QuotationMoved):
        actions.cancel_request(request=given.request, reason="x", by=nico)
    assert (PurchaseOrder.objects.count(), OutgoingEmail.objects.count()) == (1, told)


def test_who_may_not_decide(offers, gina, lola, tito, ana):
    given = offers()
    for other in (gina, lola, tito, ana):
        with pytest.raises(NotAllowed):
            actions.award(request=given.request, choices=picks(given.cheap, "10"), by=other)


def test_only_the_last_word_of_a_supplier_counts(offers, quote, nico):
    given = offers()
    better = quote(given.cheap.invite, "9", "5")
    with pytest.raises(quotation_refusals.OfferReplaced):
        actions.award(request=given.request, choices=picks(given.cheap, "10"), by=nico)
    actions.decline(reason="Se vendió", invite=given.dear.invite, by=nico)
    with pytest.raises(quotation_refusals.OfferReplaced):
        actions.award(request=given.request, choices=picks(given.dear, "10"), by=nico)
    assert actions.award(request=given.request, choices=picks(better, "10"), by=nico)[0].total == 90


def test_what_is_not_had_or_no_longer_holds_is_not_bought(asked, invited, quote, ferreycorp, tracto, nico):
    request = asked()
    partly = quote(invited(request, ferreycorp), "10", None)
    with pytest.raises(quotation_refusals.OfferReplaced):
        actions.award(request=request, choices=picks(partly, None, "1"), by=nico)
    short = quote(invited(request, tracto), "10", "5", valid_until=clock.today())
    with clock.travel(clock.now() + datetime.timedelta(days=2)), pytest.raises(quotation_refusals.OfferOver):
        actions.award(request=request, choices=picks(short, "1"), by=nico)


def test_an_alternative_is_bought_as_the_part_it_is(asked, invited, quote, ferreycorp, tooth, nico):
    request = asked()
    offer = quote(invited(request, ferreycorp), "8", None, alternative="ESCO V61")
    with pytest.raises(quotation_refusals.AlternativeUnknown):
        actions.award(request=request, choices=picks(offer, "10"), by=nico)
    actions.map_alternative(offer_line=offer.lines.first(), part=tooth, by=nico)
    (order,) = actions.award(request=request, choices=picks(offer, "10"), by=nico)
    assert order.lines.get().part == tooth


def test_an_alternative_takes_the_place_of_what_an_order_planned(
    approved, plan, asked, invited, quote, ferreycorp, seal, tooth, nico, gina, store
):
    order = approved()
    planned = plan(order, seal, 4)
    need = PartsNeed.objects.get(part=seal)
    request = asked(lines=[actions.QuotationLineIn(part=seal, quantity=Decimal(4), needs=(need,))])
    offer = quote(invited(request, ferreycorp), "8", alternative="ESCO V61")
    actions.map_alternative(offer_line=offer.lines.get(), part=tooth, by=nico)
    (purchase,) = actions.award(request=request, choices=picks(offer, "3"), by=nico)
    left, instead = order.segments.get().planned_parts.order_by("pk")
    assert [(each.part, each.quantity, each.need_by) for each in (left, instead)] == [
        (seal, 1, planned.need_by),
        (tooth, 3, planned.need_by),
    ]
    live = PartsNeed.objects.filter(ended_at=None).order_by("pk")
    assert {(each.part, each.quantity, each.state, each.purchase_line) for each in live} == {
        (seal, 1, NeedState.OPEN, None),
        (tooth, 3, NeedState.ORDERED, purchase.lines.get()),
    }
    orders.drop_planned_part(planned=left, by=nico)
    purchase = actions.submit_purchase(purchase=purchase, by=nico)
    purchase = actions.send_purchase(purchase=purchase, email="ventas@proveedores.test", by=nico)
    came = actions.ReceiptLineIn(line=purchase.lines.get(), accepted=Decimal(3), refused=Decimal(0))
    actions.receive(purchase=purchase, warehouse=store, lines=[came], by=nico)
    order.refresh_from_db()
    assert order.status == OrderStatus.APPROVED


def test_an_alternative_takes_the_place_of_what_was_asked_by_hand(
    asked, invited, quote, ferreycorp, seal, tooth, nico, dollar
):
    need = actions.add_need(part=seal, quantity=Decimal(4), reason="Feria minera", by=nico)
    request = asked(lines=[actions.QuotationLineIn(part=seal, quantity=Decimal(4), needs=(need,))])
    offer = quote(invited(request, ferreycorp), "8", alternative="ESCO V61")
    actions.map_alternative(offer_line=offer.lines.get(), part=tooth, by=nico)
    (purchase,) = actions.award(request=request, choices=picks(offer, "4"), by=nico)
    live = PartsNeed.objects.get(ended_at=None)
    assert (live.part, live.quantity, live.about) == (tooth, 4, "Feria minera")
    assert (live.state, live.purchase_line) == (NeedState.ORDERED, purchase.lines.get())


def test_an_alternative_is_for_who_asked_and_not_for_who_needs_it_sooner(
    approved, plan, asked, invited, quote, ferreycorp, seal, tooth, need_of, nico
):
    planned = plan(approved(), seal, 4, 9)
    by_hand = actions.add_need(part=seal, quantity=Decimal(2), reason="Feria minera", by=nico)
    sooner = need_of(tooth, quantity="6", days=1)
    needs = (PartsNeed.objects.get(source_id=str(planned.pk)), by_hand)
    request = asked(lines=[actions.QuotationLineIn(part=seal, quantity=Decimal(6), needs=needs)])
    offer = quote(invited(request, ferreycorp), "8", alternative="ESCO V61")
    actions.map_alternative(offer_line=offer.lines.get(), part=tooth, by=nico)
    (purchase,) = actions.award(request=request, choices=picks(offer, "6"), by=nico)
    sooner.refresh_from_db()
    assert (sooner.state, sooner.purchase_line) == (NeedState.OPEN, None)
    on_it = purchase.lines.get().needs.order_by("quantity")
    assert [(each.about, each.quantity) for each in on_it] == [
        ("Feria minera", 2),
        (planned.segment.order.code, 4),
    ]


def test_what_is_bought_of_an_alternative_and_free_is_given_first(
    buy, asked, invited, quote, ferreycorp, seal, tooth, nico, dollar
):
    stock = buy((tooth, "3", "1"))
    need = actions.add_need(part=seal, quantity=Decimal(4), reason="Feria minera", by=nico)
    request = asked(lines=[actions.QuotationLineIn(part=seal, quantity=Decimal(4), needs=(need,))])
    offer = quote(invited(request, ferreycorp), "8", alternative="ESCO V61")
    actions.map_alternative(offer_line=offer.lines.get(), part=tooth, by=nico)
    (purchase,) = actions.award(request=request, choices=picks(offer, "4"), by=nico)
    live = PartsNeed.objects.filter(ended_at=None)
    assert {(each.quantity, each.purchase_line) for each in live} == {
        (3, stock.lines.get()),
        (1, purchase.lines.get()),
    }


def test_who_decides_on_what_an_alternative_was_before_looks_again(
    asked, invited, quote, ferreycorp, tooth, oil_filter, nico
):
    request = asked()
    row = quote(invited(request, ferreycorp), "8", None, alternative="ESCO V61").lines.first()
    actions.map_alternative(offer_line=row, part=tooth, by=nico)
    request.refresh_from_db()
    seen = request.version
    actions.map_alternative(offer_line=row, part=oil_filter, by=nico)
    choices = [actions.AwardIn(offer_line=row)]
    with pytest.raises(Stale):
        actions.award(request=request, choices=choices, version=seen, by=nico)
    assert actions.award(request=request, choices=choices, version=seen + 1, by=nico)


def test_quantities_that_cannot_be(offers, nico):
    given = offers()
    twice = picks(given.cheap, "5") * 2
    for choices, why in (
        ([], quotation_refusals.NothingAwarded),
        (picks(given.cheap, "11"), quotation_refusals.TooMuchAwarded),
        ([*picks(given.cheap, "6"), *picks(given.dear, "5")], quotation_refusals.TooMuchAwarded),
        (twice, quotation_refusals.ForeignOfferLine),
        (picks(offers().cheap, "1"), quotation_refusals.ForeignOfferLine),
    ):
        with pytest.raises(why):
            actions.award(request=given.request, choices=choices, by=nico)
    assert not PurchaseOrder.objects.exists()


# Races


@pytest.fixture
def crowd(nico, at_once):
    """`crowd(given)`: half award to one supplier, half to the other, at the same moment."""

    def decide(given):
        choices = [picks(given.cheap, "10", "2"), picks(given.dear, "10", "2")]
        return at_once(
            [
                lambda each=choices[number % 2]: actions.award(request=given.request, choices=each, by=nico)
                for number in range(CROWD)
            ]
        )

    return decide


@pytest.fixture
def without_guards(monkeypatch):
    """No row is locked, and the step is written whatever stands there now; all look, then all write."""
    everybody_looked = threading.Barrier(CROWD, timeout=60)

    def overwrite(request, to, **_more):
        everybody_looked.wait()
        QuotationRequest.objects.filter(pk=request.pk).update(state=to)
        request.refresh_from_db()
        return request

    monkeypatch.setattr(awarding, "step_request", overwrite)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **more: rows)
    monkeypatch.setattr(trail, "_hold", lambda *subject: None)
    monkeypatch.setattr(awarding, "_asked_needs", lambda row: ())
    if connection.vendor == "sqlite":
        bare = SimpleNamespace(atomic=contextlib.nullcontext, get_connection=transaction.get_connection)
        monkeypatch.setattr("komaq.core.action.transaction", bare)


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_of_those_who_decide_at_once_one_does(offers, crowd):
    given = offers()
    results = crowd(given)
    assert sum(isinstance(each, list) for each in results) == 1, results
    assert sum(isinstance(each, quotation_refusals.QuotationMoved) for each in results) == CROWD - 1, results
    assert PurchaseOrder.objects.count() == 1
    assert PartsNeed.objects.get(pk=given.need.pk).state == NeedState.ORDERED


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_without_its_guards_it_would_be_decided_several_times(offers, crowd, without_guards):
    crowd(offers())
    assert PurchaseOrder.objects.count() > 1


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_award_at_once_leave_no_order_on_a_replaced_offer(offers, quote, nico, at_once):
    for _round in range(3):
        given = offers()
        results = at_once(
            [
                lambda each=given: actions.award(request=each.request, choices=picks(each.cheap, "10"), by=nico),
                lambda each=given: quote(each.cheap.invite, "8", "5"),
            ]
        )
        latest = Offer.objects.filter(invite=given.cheap.invite).latest("number")
        bought = PurchaseOrder.objects.filter(request=given.request).first()
        assert (bought is None) == isinstance(results[0], quotation_refusals.OfferReplaced), results
        assert bought is None or bought.lines.get().offer_line.offer == latest, results
