"""PUR-1: received never exceeds ordered, whatever is pressed, how often and at once; stock follows its price."""

import uuid
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Sum

from komaq.core import clock
from komaq.core.files import attachments_of
from komaq.core.refusals import NotAllowed
from komaq.parts.actions.refusals import BadQuantity, WarehouseClosed
from komaq.parts.models import Holding, Stock, StockMove
from komaq.supply import actions
from komaq.supply.actions import purchase_refusals as refusals
from komaq.supply.choices import ClaimKind, ClaimState, NeedState, PurchaseState
from komaq.supply.models import Claim, GoodsReceipt, PartsNeed, PurchaseLine

GUIDE = b"%PDF-1.4 guia"


def test_part_of_it_then_the_rest(sent, take_in, oil_filter, seal, store):
    purchase = sent((oil_filter, "10", "10"), (seal, "2", "33.3333"))
    first = take_in(purchase, ("4", "0"), guide=" T001-123 ")
    purchase.refresh_from_db()
    assert (first.guide, purchase.state) == ("T001-123", PurchaseState.PARTIAL)
    take_in(purchase, ("6", "0"), ("2", "0"))
    purchase.refresh_from_db()
    assert purchase.state == PurchaseState.RECEIVED
    assert purchase.received_at
    assert dict(Stock.objects.values_list("part", "on_hand")) == {oil_filter.pk: 10, seal.pk: 2}


def test_stock_is_valued_in_soles_at_the_rate_of_the_order(sent, take_in, seal, dollar):
    purchase = sent((seal, "3", "33.3333333333"))
    type(dollar).objects.create(currency="USD", on=clock.today(), sell=Decimal(5), noted_at=clock.now())
    take_in(purchase, ("3", "0"))
    assert Holding.objects.get(part=seal).value == Decimal("374.9999999997")
    assert StockMove.objects.get().source_kind == "supply.goodsreceipt"


@pytest.mark.parametrize(("good", "bad"), [("10.0001", "0"), ("11", "0"), ("0", "11")])
def test_more_than_ordered_is_refused_and_nothing_is_kept(sent, take_in, oil_filter, good, bad):
    purchase = sent((oil_filter, "10", "10"))
    with pytest.raises(refusals.OverReceipt) as refused:
        take_in(purchase, (good, bad))
    assert "10" in str(refused.value.message)
    assert not GoodsReceipt.objects.exists()
    assert not StockMove.objects.exists()


def test_the_database_itself_refuses_more_than_ordered(sent, oil_filter):
    sent((oil_filter, "10", "10"))
    with pytest.raises(IntegrityError), transaction.atomic():
        PurchaseLine.objects.update(received=Decimal("10.0001"))


def test_pressed_twice_counts_once(sent, take_in, oil_filter):
    purchase, key = sent((oil_filter, "10", "10")), uuid.uuid4()
    again = [take_in(purchase, ("3", "0"), form_key=key) for _time in range(2)]
    assert again[0] == again[1]
    assert Stock.objects.get().on_hand == 3
    other = sent((oil_filter, "10", "10"))
    with pytest.raises(refusals.FormUsed):
        take_in(other, ("3", "0"), form_key=key)


@pytest.mark.parametrize("state", ["draft", "to_approve", "approved", "received", "cancelled"])
def test_only_what_is_on_its_way_is_received(buy, sent, take_in, oil_filter, nico, state):
    if state in {"draft", "to_approve", "approved"}:
        purchase = buy((oil_filter, "100", "1000" if state == "to_approve" else "10"))
        if state != "draft":
            purchase = actions.submit_purchase(purchase=purchase, by=nico)
    else:
        purchase = sent((oil_filter, "10", "10"))
        if state == "received":
            take_in(purchase, ("10", "0"))
        else:
            actions.cancel_purchase(purchase=purchase, reason="x", by=nico)
    purchase.refresh_from_db()
    assert purchase.state == state
    with pytest.raises(refusals.PurchaseMoved):
        take_in(purchase, ("1", "0"))


def test_what_is_refused_has_a_claim_and_stays_missing(sent, take_in, oil_filter):
    purchase = sent((oil_filter, "10", "10"))
    take_in(purchase, ("7", "3"))
    claim = Claim.objects.get()
    assert (claim.quantity, claim.note, claim.state) == (3, "Golpeado", ClaimState.OPEN)
    assert purchase.lines.get().left == 3
    take_in(purchase, ("3", "0"))
    assert purchase.lines.get().left == 0
    assert Stock.objects.get().on_hand == 10


def test_a_delivery_of_which_nothing_is_taken_moves_nothing(sent, take_in, oil_filter):
    purchase = sent((oil_filter, "10", "10"))
    take_in(purchase, ("0", "10"))
    purchase.refresh_from_db()
    assert purchase.state == PurchaseState.SENT
    assert not StockMove.objects.exists()


def test_receipts_that_say_nothing_or_too_little(sent, take_in, oil_filter, seal, nico, store):
    purchase, other = sent((oil_filter, "10", "10")), sent((seal, "1", "1"))
    give = {"purchase": purchase, "warehouse": store, "by": nico}
    line = purchase.lines.get()
    for rows, refusal in (
        ([], refusals.NothingReceived),
        ([actions.ReceiptLineIn(line=line)], refusals.NothingReceived),
        ([actions.ReceiptLineIn(line=other.lines.get(), accepted=Decimal(1))], refusals.ForeignLine),
        ([actions.ReceiptLineIn(line=line, accepted=Decimal(1))] * 2, refusals.ForeignLine),
        ([actions.ReceiptLineIn(line=line, refused=Decimal(1))], refusals.ReasonNeeded),
        ([actions.ReceiptLineIn(line=line, accepted=Decimal(-1))], BadQuantity),
        ([actions.ReceiptLineIn(line=line, accepted=Decimal("NaN"))], BadQuantity),
    ):
        with pytest.raises(refusal):
            actions.receive(lines=rows, **give)
    assert not GoodsReceipt.objects.exists()


@pytest.mark.parametrize("who", ["ana", "tito", "lola", "fina", "gina", "alex", "carla"])
def test_only_logistics_receives(sent, oil_filter, store, who, request):
    purchase = sent((oil_filter, "10", "10"))
    rows = [actions.ReceiptLineIn(line=purchase.lines.get(), accepted=Decimal(1))]
    with pytest.raises(NotAllowed):
        actions.receive(purchase=purchase, warehouse=store, lines=rows, by=request.getfixturevalue(who))


def test_the_photo_of_the_guide_stays_with_the_receipt(sent, take_in, oil_filter, sign_in, nico, tito, lola):
    receipt = take_in(
        sent((oil_filter, "10", "10")),
        ("1", "0"),
        uploads=[SimpleUploadedFile("guia.pdf", GUIDE, "application/pdf")],
    )
    path = f"/archivos/{attachments_of(receipt).get().pk}/"
    assert sign_in(nico).get(path).getvalue() == GUIDE
    assert sign_in(lola).get(path).getvalue() == GUIDE
    assert sign_in(tito).get(path).status_code == 404


def test_what_was_asked_by_hand_is_met_by_quantity(sent, take_in, oil_filter, nico):
    needs = [actions.add_need(part=oil_filter, quantity=Decimal(8), reason="Venta en tienda", by=nico)]
    purchase = sent((oil_filter, "8", "10"), needs=needs)
    take_in(purchase, ("3", "0"))
    need = PartsNeed.objects.get()
    assert (need.state, need.quantity) == (NeedState.ORDERED, 5)
    take_in(purchase, ("5", "0"))
    assert PartsNeed.objects.get().state == NeedState.COVERED


def test_the_rest_may_be_waited_for_no_longer(sent, take_in, oil_filter, nico):
    purchase = sent((oil_filter, "10", "10"))
    take_in(purchase, ("4", "0"))
    purchase = actions.close_purchase(purchase=purchase, reason="El proveedor no repone", by=nico)
    assert purchase.state == PurchaseState.RECEIVED
    with pytest.raises(refusals.PurchaseMoved):
        take_in(purchase, ("1", "0"))
    with pytest.raises(refusals.PurchaseMoved):
        actions.cancel_purchase(purchase=purchase, reason="x", by=nico)


# Claims


def test_goods_found_bad_later_leave_stock_and_come_back(sent, take_in, oil_filter, nico):
    receipt = take_in(sent((oil_filter, "10", "10")), ("10", "0"))
    row = receipt.lines.get()
    with pytest.raises(refusals.ClaimTooLarge):
        actions.claim(receipt_line=row, kind=ClaimKind.WRONG, quantity=Decimal(11), note="x", by=nico)
    made = actions.claim(receipt_line=row, kind=ClaimKind.WRONG, quantity=Decimal(4), note="Otro modelo", by=nico)
    with pytest.raises(refusals.ClaimTooLarge):
        actions.claim(receipt_line=row, kind=ClaimKind.DAMAGED, quantity=Decimal(7), note="x", by=nico)
    actions.send_back(claim=made, by=nico)
    assert Stock.objects.get().on_hand == 6
    with pytest.raises(refusals.ClaimClosed):
        actions.send_back(claim=made, by=nico)
    settled = actions.settle_claim(claim=made, outcome="Repuso", replaced=True, by=nico)
    assert (settled.state, Stock.objects.get().on_hand) == (ClaimState.SETTLED, 10)
    assert Holding.objects.get(part=oil_filter).value == 375
    with pytest.raises(refusals.ClaimClosed):
        actions.settle_claim(claim=made, outcome="Repuso", replaced=True, by=nico)


def test_what_was_refused_at_the_door_never_moves_stock(sent, take_in, oil_filter, nico):
    take_in(sent((oil_filter, "10", "10")), ("7", "3"))
    made = Claim.objects.get()
    actions.send_back(claim=made, by=nico)
    assert Stock.objects.get().on_hand == 7
    with pytest.raises(refusals.ClaimClosed):
        actions.settle_claim(claim=made, outcome="x", replaced=True, by=nico)
    assert actions.settle_claim(claim=made, outcome="Nota de crédito", by=nico).outcome == "Nota de crédito"


def test_fewer_than_announced_has_nothing_to_send_back(sent, take_in, oil_filter, nico):
    receipt = take_in(sent((oil_filter, "10", "10")), ("7", "0"))
    made = actions.claim(
        receipt_line=receipt.lines.get(), kind=ClaimKind.SHORT, quantity=Decimal(3), note="Guía dice 10", by=nico
    )
    with pytest.raises(refusals.ClaimClosed):
        actions.send_back(claim=made, by=nico)


# At once


@pytest.mark.django_db(transaction=True)
def test_two_receipts_of_the_last_piece_one_wins(sent, oil_filter, nico, store, at_once, rounds):
    for _round in range(max(1, rounds)):
        purchase = sent((oil_filter, "1", "10"))
        line = purchase.lines.get()

        def receive(purchase=purchase, line=line):
            rows = [actions.ReceiptLineIn(line=line, accepted=Decimal(1))]
            return actions.receive(purchase=purchase, warehouse=store, lines=rows, by=nico)

        results = at_once([receive] * 4)
        won = [each for each in results if isinstance(each, GoodsReceipt)]
        lost = [each for each in results if isinstance(each, refusals.PurchaseMoved | refusals.OverReceipt)]
        assert (len(won), len(lost)) == (1, 3), results
        line.refresh_from_db()
        assert line.received == 1
    moved = StockMove.objects.aggregate(total=Sum("quantity"))["total"]
    assert Stock.objects.get().on_hand == moved == max(1, rounds)


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_four_times_at_once_is_one_receipt(sent, oil_filter, nico, store, at_once):
    purchase, key = sent((oil_filter, "9", "10")), uuid.uuid4()
    rows = [actions.ReceiptLineIn(line=purchase.lines.get(), accepted=Decimal(2))]
    give = {"purchase": purchase, "warehouse": store, "lines": rows, "by": nico, "form_key": key}
    results = at_once([lambda: actions.receive(**give)] * 4)
    assert len({each.pk for each in results}) == 1, results
    assert (GoodsReceipt.objects.count(), Stock.objects.get().on_hand) == (1, 2)


def test_a_closed_warehouse_takes_nothing_in(sent, take_in, oil_filter, store):
    purchase = sent((oil_filter, "1", "10"))
    type(store).objects.filter(pk=store.pk).update(is_open=False)
    store.refresh_from_db()
    with pytest.raises((refusals.PlaceClosed, WarehouseClosed)):
        take_in(purchase, ("1", "0"))
