"""PUR-1 as races: whoever presses at the same moment, on either database.

Behind the lock on the order stands a second guard that writes only over what was read. The control shows that one of
them is needed: without the lock and without that guard more comes in than was ordered.
"""

import contextlib
import threading
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet, Sum

from komaq.accounts.actions import hire_employee, save_area, save_position
from komaq.accounts.choices import Role
from komaq.accounts.models import User
from komaq.comms.models import Delivery
from komaq.core import clock, trail
from komaq.core.models import OutgoingEmail
from komaq.core.refusals import Refusal
from komaq.parts.models import Holding, Stock, StockMove
from komaq.supply import actions
from komaq.supply.actions import purchase_refusals as refusals
from komaq.supply.actions import receipts
from komaq.supply.choices import ClaimKind, ClaimState, NeedState, PurchaseState
from komaq.supply.models import Claim, GoodsReceipt, PurchaseLine, PurchaseOrder, ReceiptLine, SupplierLink

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]
CROWD = 8


def won(results):
    """Those that did it; whoever did not was refused in words."""
    odd = [each for each in results if isinstance(each, Exception) and not isinstance(each, Refusal)]
    assert odd == []
    return [each for each in results if not isinstance(each, Exception)]


def lost(results, *refused):
    return [each for each in results if isinstance(each, refused)]


@pytest.fixture
def berta(alex):
    """A second manager."""
    post = save_position(area=save_area(name="G", by=alex), name="G", roles=[Role.MANAGER], by=alex)
    hire_employee(
        given_names="Berta", surnames="Solís", email="berta@komaq.test", position=post, hired_on=clock.today(), by=alex
    )
    return User.objects.get(email="berta@komaq.test")


@pytest.fixture
def press(nico, store):
    """`press(line, quantity)` is a delivery of so many of a line, ready to be received."""

    def ready(line, quantity):
        def receive():
            rows = [actions.ReceiptLineIn(line=line, accepted=Decimal(quantity))]
            return actions.receive(purchase=line.purchase, warehouse=store, lines=rows, by=nico)

        return receive

    return ready


def test_deliveries_of_one_line_share_what_was_ordered(sent, oil_filter, press, at_once, rounds):
    for number in range(1, rounds + 1):
        line = sent((oil_filter, "10", "10")).lines.get()
        results = at_once([press(line, 3)] * CROWD)
        assert len(won(results)) == 3
        assert len(lost(results, refusals.OverReceipt)) == CROWD - 3
        line.refresh_from_db()
        assert line.received == 9
        assert (Stock.objects.get().on_hand, Holding.objects.get().quantity) == (9 * number, 9 * number)
        assert GoodsReceipt.objects.count() == StockMove.objects.count() == 3 * number


@pytest.fixture
def without_lock(monkeypatch):
    """Nobody waits: no row is locked (PostgreSQL), nobody holds the one pen (SQLite); all look, then all write."""
    everybody_looked = threading.Barrier(CROWD, timeout=60)
    look = receipts._checked

    def look_and_wait(*given):
        found = look(*given)
        everybody_looked.wait()
        return found

    monkeypatch.setattr(receipts, "_checked", look_and_wait)
    monkeypatch.setattr(receipts, "sequences", SimpleNamespace(take=lambda _series: uuid4().hex[:20]))
    monkeypatch.setattr(receipts, "_go_on", lambda *given: None)
    monkeypatch.setattr(receipts, "_stock", lambda *given: None)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **more: rows)
    monkeypatch.setattr(trail, "_hold", lambda *subject: None)
    if connection.vendor == "sqlite":
        bare = SimpleNamespace(atomic=contextlib.nullcontext, get_connection=transaction.get_connection)
        monkeypatch.setattr("komaq.core.action.transaction", bare)


def taken_in():
    return ReceiptLine.objects.aggregate(total=Sum("accepted"))["total"]


def test_without_the_lock_no_more_is_counted_than_was_ordered(sent, oil_filter, press, at_once, without_lock):
    """The guard behind the lock: the line counts only what still fits."""
    line = sent((oil_filter, "10", "10")).lines.get()
    results = at_once([press(line, 3)] * CROWD)
    assert lost(results, refusals.OverReceipt)
    line.refresh_from_db()
    assert line.received == taken_in() == 9


def test_with_neither_more_comes_in_than_was_ordered(sent, oil_filter, press, at_once, without_lock, monkeypatch):
    """The control: it is these guards that make the tests above hold."""

    def count_blindly(receipt, given, by):
        PurchaseLine.objects.filter(pk=given.line.pk).update(received=given.accepted)
        ReceiptLine.objects.create(receipt=receipt, line=given.line, accepted=given.accepted)

    monkeypatch.setattr(receipts, "_take", count_blindly)
    line = sent((oil_filter, "10", "10")).lines.get()
    at_once([press(line, 3)] * CROWD)
    assert taken_in() > line.quantity


def test_two_managers_approve_it_once(buy, oil_filter, nico, gina, berta, at_once, rounds):
    for _round in range(rounds):
        purchase = actions.submit_purchase(purchase=buy((oil_filter, "100", "1000")), by=nico)
        calls = [lambda by=by, it=purchase: actions.approve(purchase=it, by=by) for by in (gina, berta)] * 2
        results = at_once(calls)
        assert (len(won(results)), len(lost(results, refusals.PurchaseMoved))) == (1, 3)
        assert Delivery.objects.filter(kind="supply.purchase_approved", subject_id=str(purchase.pk)).count() == 1
        steps = trail.history(purchase).filter(kind="supply.purchase_moved").count()
        assert steps == 2, "submitted and approved, each once"


def test_approved_and_sent_back_at_once_is_one_of_them(buy, oil_filter, nico, gina, berta, at_once):
    purchase = actions.submit_purchase(purchase=buy((oil_filter, "100", "1000")), by=nico)
    results = at_once(
        [
            lambda: actions.approve(purchase=purchase, by=gina),
            lambda: actions.return_to_draft(purchase=purchase, reason="Pida otra", by=berta),
        ]
    )
    assert len(won(results)) == 1
    assert PurchaseOrder.objects.get().state == won(results)[0].state


def test_a_draft_finished_twice_is_asked_for_once(buy, oil_filter, nico, gina, at_once):
    purchase = buy((oil_filter, "100", "1000"))
    results = at_once([lambda: actions.submit_purchase(purchase=purchase, by=nico)] * 4)
    assert len(won(results)) == 1
    assert Delivery.objects.filter(kind="supply.approval_asked").count() == 1


def test_sent_twice_at_once_leaves_one_link(buy, oil_filter, nico, at_once):
    """Each press is a letter of its own; the link of the last one opens, and no other."""
    purchase = actions.submit_purchase(purchase=buy((oil_filter, "1", "10")), by=nico)
    results = at_once([lambda: actions.send_purchase(purchase=purchase, by=nico)] * 3)
    assert won(results)
    assert SupplierLink.objects.filter(purchase=purchase, ended_at=None).count() == 1
    assert OutgoingEmail.objects.filter(to=purchase.email).count() == len(won(results))


def test_received_while_it_is_cancelled(sent, oil_filter, press, nico, at_once, rounds):
    """Either it is cancelled and nothing came, or it came and is not cancelled."""
    for _round in range(rounds):
        purchase = sent((oil_filter, "1", "10"))
        before = StockMove.objects.count()

        def cancel(purchase=purchase):
            return actions.cancel_purchase(purchase=purchase, reason="Precio", by=nico)

        results = at_once([press(purchase.lines.get(), 1), cancel])
        assert len(won(results)) == 1, results
        purchase.refresh_from_db()
        came = StockMove.objects.count() - before
        assert (purchase.state, came) in {(PurchaseState.CANCELLED, 0), (PurchaseState.RECEIVED, 1)}


def test_claims_never_exceed_what_came(sent, take_in, oil_filter, nico, at_once):
    row = take_in(sent((oil_filter, "10", "10")), ("10", "0")).lines.get()
    give = {"receipt_line": row, "kind": ClaimKind.DAMAGED, "quantity": Decimal(3), "note": "Roto", "by": nico}
    results = at_once([lambda: actions.claim(**give)] * CROWD)
    assert (len(won(results)), len(lost(results, refusals.ClaimTooLarge))) == (3, CROWD - 3)
    assert Claim.objects.aggregate(total=Sum("quantity"))["total"] == 9


def test_a_claim_goes_back_once_and_is_replaced_once(sent, take_in, oil_filter, nico, at_once):
    row = take_in(sent((oil_filter, "10", "10")), ("10", "0")).lines.get()
    made = actions.claim(receipt_line=row, kind=ClaimKind.DAMAGED, quantity=Decimal(4), note="Roto", by=nico)
    results = at_once([lambda: actions.send_back(claim=made, by=nico)] * 4)
    assert len(won(results)) == 1
    assert Stock.objects.get().on_hand == 6
    results = at_once([lambda: actions.settle_claim(claim=made, outcome="Repuso", replaced=True, by=nico)] * 4)
    assert len(won(results)) == 1
    assert (Stock.objects.get().on_hand, Claim.objects.get().state) == (10, ClaimState.SETTLED)


def test_a_need_is_bought_once_by_two_who_order_at_once(buy, oil_filter, nico, at_once):
    need = actions.add_need(part=oil_filter, quantity=Decimal(4), reason="Para la feria", by=nico)
    results = at_once([lambda: buy((oil_filter, "4", "10"), needs=[need])] * 4)
    assert (len(won(results)), len(lost(results, refusals.NeedTaken))) == (1, 3)
    need.refresh_from_db()
    assert (need.state, PurchaseOrder.objects.count()) == (NeedState.ORDERED, 1)


def test_two_who_write_a_draft_anew_lose_nothing(buy, oil_filter, seal, nico, store, at_once):
    purchase = buy((oil_filter, "4", "10"))

    def put(quantity):
        return actions.put_line(
            purchase=purchase,
            part=seal,
            quantity=Decimal(quantity),
            price=Decimal(1),
            version=purchase.version,
            by=nico,
        )

    results = at_once([lambda: put(2), lambda: put(3)])
    assert len(won(results)) == 1
    assert purchase.lines.get(part=seal).quantity in {2, 3}
