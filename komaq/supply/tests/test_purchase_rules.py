"""PUR-1 and the value of stock under any sequence of deeds with purchase orders, beside a plain oracle."""

from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from komaq.core.money import round_half_up
from komaq.core.refusals import Refusal
from komaq.parts.models import Holding, Stock
from komaq.supply import actions
from komaq.supply.choices import APPROVAL_LIMIT_PEN, PurchaseState
from komaq.supply.models import Claim, PurchaseOrder, ReceiptLine

pytestmark = pytest.mark.db
QUANTITIES = st.decimals(min_value="0.0001", max_value="12", places=4)
PRICES = st.decimals(min_value="0", max_value="900", places=6)
SHARES = st.decimals(min_value="0", max_value="1.2", places=2)
WHICH = st.integers(0, 50)
ZERO = Decimal(0)
RATE = Decimal("3.75")


class Purchases(RuleBasedStateMachine):
    """Buys one part in orders of one line, receives, claims, sends back, cancels; counts beside it."""

    nico = gina = supplier = part = store = None

    @initialize()
    def begin(self):
        self.savepoint = transaction.savepoint()
        self.known, self.value, self.on_hand = [], ZERO, ZERO

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def attempt(self, act, **given):
        """Do it, or leave everything as it was."""
        try:
            return act(**given)
        except Refusal:
            return None

    def chosen(self, which):
        return PurchaseOrder.objects.get(pk=self.known[which % len(self.known)]) if self.known else None

    @rule(quantity=QUANTITIES, price=PRICES)
    def buy(self, quantity, price):
        line = actions.PurchaseLineIn(part=self.part, quantity=quantity, price=price)
        made = actions.make_purchase(
            supplier=self.supplier, lines=[line], currency="USD", deliver_to=self.store, by=self.nico
        )
        self.known.append(made.pk)

    @rule(which=WHICH)
    def submit(self, which):
        if purchase := self.chosen(which):
            self.attempt(actions.submit_purchase, purchase=purchase, by=self.nico)

    @rule(which=WHICH)
    def approve(self, which):
        if purchase := self.chosen(which):
            self.attempt(actions.approve, purchase=purchase, by=self.gina)

    @rule(which=WHICH)
    def send(self, which):
        if purchase := self.chosen(which):
            self.attempt(actions.send_purchase, purchase=purchase, by=self.nico)

    @rule(which=WHICH)
    def cancel(self, which):
        if purchase := self.chosen(which):
            self.attempt(actions.cancel_purchase, purchase=purchase, reason="Cambio", by=self.nico)

    @rule(which=WHICH)
    def close(self, which):
        if purchase := self.chosen(which):
            self.attempt(actions.close_purchase, purchase=purchase, reason="No repone", by=self.nico)

    @rule(which=WHICH, good=SHARES, bad=SHARES)
    def receive(self, which, good, bad):
        if not (purchase := self.chosen(which)):
            return
        line = purchase.lines.get()
        accepted, refused = (round_half_up(line.quantity * share, 4) for share in (good, bad))
        row = actions.ReceiptLineIn(line=line, accepted=accepted, refused=refused, note="Roto")
        if self.attempt(actions.receive, purchase=purchase, warehouse=self.store, lines=[row], by=self.nico):
            self.on_hand += accepted
            self.value += round_half_up(accepted * round_half_up(line.price * RATE, 10), 10)

    @rule(which=WHICH, share=SHARES)
    def claim(self, which, share):
        rows = list(ReceiptLine.objects.order_by("pk"))
        if rows:
            row = rows[which % len(rows)]
            quantity = round_half_up(row.accepted * share, 4)
            given = {"receipt_line": row, "kind": "damaged", "quantity": quantity, "note": "Roto", "by": self.nico}
            self.attempt(actions.claim, **given)

    @rule(which=WHICH)
    def send_back(self, which):
        claims = list(Claim.objects.order_by("pk"))
        if not claims:
            return
        before = Holding.objects.get(part=self.part)
        if self.attempt(actions.send_back, claim=claims[which % len(claims)], by=self.nico):
            after = Holding.objects.get(part=self.part)
            self.on_hand -= before.quantity - after.quantity
            self.value -= before.value - after.value

    @invariant()
    def never_more_than_ordered(self):
        for purchase in PurchaseOrder.objects.filter(pk__in=self.known):
            line = purchase.lines.get()
            accepted = line.receipts.aggregate(total=Sum("accepted"))["total"] or ZERO
            assert ZERO <= line.received == accepted <= line.quantity
            if purchase.state == PurchaseState.PARTIAL:
                assert ZERO < line.received < line.quantity

    @invariant()
    def above_the_limit_somebody_else_approved(self):
        for purchase in PurchaseOrder.objects.filter(pk__in=self.known, sent_at__isnull=False):
            assert purchase.approved_by_id
            assert purchase.total_pen <= APPROVAL_LIMIT_PEN or purchase.approved_by_id != purchase.made_by_id

    @invariant()
    def stock_is_what_was_accepted_and_not_sent_back(self):
        holding = Holding.objects.get(part=self.part)
        stock = Stock.objects.filter(part=self.part).aggregate(total=Sum("on_hand"))["total"] or ZERO
        assert holding.quantity == stock == self.on_hand
        assert holding.value == self.value

    @invariant()
    def claims_never_exceed_what_came(self):
        for row in ReceiptLine.objects.prefetch_related("claims"):
            claimed = sum((each.quantity for each in row.claims.all()), ZERO)
            assert claimed <= row.accepted + row.refused
            assert not row.refused or row.claims.exists()


def test_any_sequence_of_deeds_keeps_the_rules(nico, gina, ferreparts, oil_filter, store, dollar, pytestconfig):
    most = 6 * pytestconfig.option.rounds
    cast = {"nico": nico, "gina": gina, "supplier": ferreparts, "part": oil_filter, "store": store}
    machine = type("PurchasesOfAFilter", (Purchases,), cast)
    quick = settings(max_examples=most, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=quick)
