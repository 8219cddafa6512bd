"""Nothing is bought twice and nothing is forgotten, whatever orders, stock, buyers and suppliers do in between.

Four orders plan one part; it is asked for by hand, has a minimum, is quoted, bought in several orders, cancelled,
delivered in pieces, used and lost. After each deed what stands in the list is what plain sums say.
"""

import datetime
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import F
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from komaq.core import clock
from komaq.core.refusals import Refusal
from komaq.orders import actions as orders
from komaq.orders.choices import GOES_AHEAD
from komaq.orders.models import PlannedPart, Segment, ServiceOrder
from komaq.parts import actions as parts
from komaq.parts.models import Part, Reservation, Stock, StockMove
from komaq.supply import actions
from komaq.supply.models import PartsNeed, PurchaseLine, PurchaseOrder, QuotationRequest

pytestmark = pytest.mark.db
QUANTITIES = st.integers(1, 9).map(Decimal)
DAYS = st.integers(1, 4)
WHICH = st.integers(0, 50)
ZERO = Decimal(0)
BRINGS = ("draft", "to_approve", "approved", "sent", "confirmed", "partial")
TO_BUY = ("open", "asked")
LIVE = (*TO_BUY, "ordered")
MOST = 6


def total(rows, column="quantity"):
    return sum((getattr(row, column) for row in rows), ZERO)


def free():
    return total(Stock.objects.all(), "on_hand") - total(Stock.objects.all(), "reserved")


def lines_that_bring():
    return PurchaseLine.objects.filter(purchase__state__in=BRINGS, received__lt=F("quantity"))


def live(**given):
    return PartsNeed.objects.filter(state__in=LIVE, **given)


class Deeds(RuleBasedStateMachine):
    """What people do with one part; the sums after each deed."""

    cast, part, store, supplier = {}, None, None, None

    @initialize()
    def begin(self):
        self.savepoint = transaction.savepoint()
        self.by_hand = {}

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def attempt(self, act, **given):
        """Do it, if the product lets one."""
        try:
            with transaction.atomic():
                return act(**given)
        except Refusal:
            return None

    def one(self, rows, which):
        rows = list(rows.order_by("pk"))
        return rows[which % len(rows)] if rows else None

    @rule(which=WHICH, quantity=QUANTITIES, days=DAYS)
    def plan(self, which, quantity, days):
        segment = self.one(Segment.objects.all(), which)
        day = clock.today() + datetime.timedelta(days=days)
        self.attempt(
            orders.plan_part, segment=segment, part=self.part, quantity=quantity, need_by=day, by=self.cast["ana"]
        )

    @rule(which=WHICH, quantity=QUANTITIES)
    def change(self, which, quantity):
        if planned := self.one(PlannedPart.objects.filter(dropped_at=None), which):
            given = {"quantity": quantity, "need_by": planned.need_by, "note": ""}
            self.attempt(orders.change_planned_part, planned=planned, by=self.cast["ana"], **given)

    @rule(which=WHICH)
    def drop(self, which):
        if planned := self.one(PlannedPart.objects.filter(dropped_at=None), which):
            self.attempt(orders.drop_planned_part, planned=planned, by=self.cast["ana"])

    @rule(which=WHICH, quantity=QUANTITIES)
    def use(self, which, quantity):
        if planned := self.one(PlannedPart.objects.filter(dropped_at=None), which):
            given = {"planned": planned, "warehouse": self.store, "quantity": quantity}
            self.attempt(orders.use_part, by=self.cast["nico"], **given)

    @rule(which=WHICH)
    def cancel_order(self, which):
        if order := self.one(ServiceOrder.objects.filter(status__in=GOES_AHEAD), which):
            self.attempt(orders.move_order, order=order, to="cancelled", reason="Desistió", by=self.cast["ana"])

    @rule(quantity=QUANTITIES)
    def ask_by_hand(self, quantity):
        made = actions.add_need(part=self.part, quantity=quantity, reason="Venta", by=self.cast["nico"])
        self.by_hand[made.source_id] = quantity

    @rule(which=WHICH)
    def drop_by_hand(self, which):
        need = self.one(live(source_kind="supply.partsneed"), which)
        if need and self.attempt(actions.drop_need, need=need, reason="No", by=self.cast["nico"]):
            self.by_hand[need.source_id] -= need.quantity

    @rule(least=st.integers(0, 6), most=st.integers(0, 6))
    def keep_a_minimum(self, least, most):
        part = Part.objects.get(pk=self.part.pk)
        limits = {"minimum": Decimal(least) if least else None, "maximum": Decimal(least + most) if most else None}
        self.attempt(parts.change_part, part=part, version=part.version, by=self.cast["nico"], **limits)

    @rule(which=WHICH, several=st.booleans())
    def ask_prices(self, which, several):
        needs = list(PartsNeed.objects.filter(state="open").order_by("pk"))
        needs = needs if several else needs[which % len(needs) :][:1] if needs else []
        if needs and QuotationRequest.objects.count() < MOST:
            line = actions.QuotationLineIn(part=self.part, quantity=total(needs), needs=tuple(needs))
            made = actions.make_request(
                lines=[line],
                suppliers=[self.supplier],
                deadline=clock.now() + datetime.timedelta(days=2),
                deliver_to=self.store,
                by=self.cast["nico"],
            )
            actions.send_request(request=made, by=self.cast["nico"])

    @rule(which=WHICH)
    def ask_no_more(self, which):
        if request := self.one(QuotationRequest.objects.filter(state="sent"), which):
            self.attempt(actions.cancel_request, request=request, reason="No", by=self.cast["nico"])

    @rule(which=WHICH, several=st.booleans(), more=st.integers(-6, 6))
    def buy(self, which, several, more):
        needs = list(PartsNeed.objects.filter(state__in=TO_BUY).order_by("pk"))
        needs = needs if several else needs[which % len(needs) :][:1] if needs else []
        if PurchaseOrder.objects.count() < MOST:
            line = actions.PurchaseLineIn(
                part=self.part, quantity=max(total(needs) + more, Decimal(1)), price=Decimal(7), needs=tuple(needs)
            )
            given = {"supplier": self.supplier, "currency": "PEN", "deliver_to": self.store, "lines": [line]}
            actions.make_purchase(by=self.cast["nico"], **given)

    @rule(which=WHICH, quantity=QUANTITIES)
    def write_anew(self, which, quantity):
        if purchase := self.one(PurchaseOrder.objects.filter(state="draft"), which):
            given = {"part": self.part, "quantity": quantity, "price": Decimal(8), "version": purchase.version}
            self.attempt(actions.put_line, purchase=purchase, by=self.cast["nico"], **given)

    @rule(which=WHICH)
    def send(self, which):
        if purchase := self.one(PurchaseOrder.objects.filter(state="draft"), which):
            purchase = actions.submit_purchase(purchase=purchase, by=self.cast["nico"])
            actions.send_purchase(purchase=purchase, by=self.cast["nico"])

    @rule(which=WHICH, close=st.booleans())
    def buy_no_more(self, which, close):
        if purchase := self.one(PurchaseOrder.objects.filter(state__in=BRINGS), which):
            act = actions.close_purchase if close else actions.cancel_purchase
            self.attempt(act, purchase=purchase, reason="No", by=self.cast["nico"])

    @rule(which=WHICH, quantity=QUANTITIES)
    def come(self, which, quantity):
        purchase = self.one(PurchaseOrder.objects.filter(state__in=("sent", "confirmed", "partial")), which)
        if purchase is None:
            return
        line = purchase.lines.get()
        accepted = min(quantity, line.left)
        mine = list(live(purchase_line=line, source_kind="supply.partsneed").order_by(F("need_by").asc(), "pk"))
        before = free()
        row = actions.ReceiptLineIn(line=line, accepted=accepted)
        actions.receive(purchase=purchase, warehouse=self.store, lines=[row], by=self.cast["nico"])
        came = free() - before
        for need in mine:
            met = min(came, need.quantity)
            self.by_hand[need.source_id] -= met
            came -= met

    @rule(quantity=QUANTITIES, gain=st.booleans())
    def count(self, quantity, gain):
        given = {"part": self.part, "warehouse": self.store, "reason": "Conteo", "by": self.cast["nico"]}
        self.attempt(parts.adjust_stock, quantity=quantity if gain else -quantity, **given)

    @invariant()
    def every_order_has_all_it_wants_and_no_more(self):
        """Live needs, what is reserved and what was used are together what was planned."""
        for planned in PlannedPart.objects.select_related("segment__order"):
            mine = {"source_kind": "orders.plannedpart", "source_id": str(planned.pk)}
            goes_ahead = planned.dropped_at is None and planned.segment.order.status in GOES_AHEAD
            kept = total(Reservation.objects.filter(state="held", **mine))
            used = -total(StockMove.objects.filter(kind__in=["issue", "return"], **mine))
            assert total(live(**mine)) == (planned.quantity - used - kept if goes_ahead else ZERO)

    @invariant()
    def what_was_asked_by_hand_stands_until_it_comes(self):
        for key, quantity in self.by_hand.items():
            assert total(live(source_kind="supply.partsneed", source_id=key)) == quantity

    @invariant()
    def nothing_is_bought_twice(self):
        """To buy is what is needed less what is bought, and no line brings the same piece to two."""
        left = total(lines_that_bring()) - total(lines_that_bring(), "received")
        assert total(PartsNeed.objects.filter(state__in=TO_BUY)) == max(total(live()) - left, ZERO)
        for line in PurchaseLine.objects.select_related("purchase"):
            brings = line.left if line.purchase.state in BRINGS else ZERO
            assert total(PartsNeed.objects.filter(state="ordered", purchase_line=line)) <= brings

    @invariant()
    def stock_is_filled_up_at_its_minimum(self):
        part = Part.objects.get(pk=self.part.pk)
        mine = live(source_kind="parts.part")
        if part.minimum is None:
            assert not mine.exists()
            return
        others = PartsNeed.objects.filter(state="ordered").exclude(source_kind="parts.part")
        left = total(lines_that_bring()) - total(lines_that_bring(), "received")
        lacking = max((part.maximum or part.minimum) - free(), ZERO)
        if free() + left - total(others) <= part.minimum:
            assert total(mine) == lacking
        else:
            assert not mine.filter(state__in=TO_BUY).exists()
            assert total(mine) <= lacking


def test_whatever_happens_the_sums_hold(ana, nico, oil_filter, store, ferreparts, approved, pytestconfig):
    for _order in range(3):
        approved()
    most = 4 * pytestconfig.option.rounds
    cast = {"cast": {"ana": ana, "nico": nico}, "part": oil_filter, "store": store, "supplier": ferreparts}
    machine = type("NeedsOfAFilter", (Deeds,), cast)
    quick = settings(max_examples=most, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=quick)
