"""PUR-1 and the value of stock under any sequence of deeds with purchase orders, beside books of their own.

Two people buy, one of whom manages too; a third only manages. What the rules allow is done, what they do not is
refused, and the database refuses it as well, whoever writes past the product.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from komaq.accounts.actions import hire_employee, save_area, save_position
from komaq.accounts.choices import Role
from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.refusals import Refusal
from komaq.parts.models import Holding, Stock
from komaq.supply import actions
from komaq.supply.choices import PurchaseState
from komaq.supply.models import Claim, PurchaseOrder, ReceiptLine

pytestmark = pytest.mark.db
QUANTITIES = st.decimals(min_value="0.0001", max_value="12", places=4)
PRICES = st.decimals(min_value="0", max_value="900", places=6)
SHARES = st.decimals(min_value="0", max_value="1.1", places=2)
WHICH = st.integers(0, 50)
BUYERS = st.sampled_from(["nico", "boss"])
MANAGERS = st.sampled_from(["gina", "boss"])
ZERO = Decimal(0)
RATE = Decimal("3.75")
LIMIT = Decimal(20_000)
MOST_ORDERS = 5
COMING = {"sent", "confirmed", "partial"}
UNAPPROVED = {"draft", "to_approve", "cancelled"}


def rounded(value, places):
    """A fraction with so many decimals, halves up."""
    return Decimal(floor(Fraction(value) * 10**places + Fraction(1, 2))).scaleb(-places)


@dataclass
class Order:
    """What the books know of an order of one line."""

    quantity: Decimal
    price: Decimal
    writer: str
    state: str = "draft"
    approver: str = ""
    received: Decimal = ZERO

    @property
    def soles(self):
        return rounded(rounded(self.quantity * self.price, 2) * RATE, 2)


@dataclass
class Delivered:
    """What the books know of a line of a receipt: what was taken in, and what of it was claimed."""

    accepted: Decimal
    claimed: Decimal = ZERO


@dataclass
class Complaint:
    """A claim: of goods in stock, or of those that were refused at the door."""

    key: int
    quantity: Decimal
    is_of_stock: bool
    is_open: bool = True


class Undo(Exception):
    """What was tried past the product is taken back."""


class Purchases(RuleBasedStateMachine):
    """Buys one part in orders of one line, receives, claims, sends back, cancels; counts beside it."""

    cast, supplier, part, store = {}, None, None, None

    @initialize(small=QUANTITIES, large=st.decimals(min_value="8", max_value="12", places=4), price=PRICES)
    def begin(self, small, large, price):
        """One order is on its way, one above the limit waits for its approval, one is a draft."""
        self.savepoint = transaction.savepoint()
        self.orders, self.rows, self.claims = {}, {}, []
        self.value, self.on_hand = ZERO, ZERO
        self.buy("nico", small, Decimal(400))
        self.submit(0, "nico")
        self.send(0)
        self.buy("boss", large, Decimal(900))
        self.submit(1, "boss")
        self.buy("nico", small, price)

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def attempt(self, act, *, possible, **given):
        """Do it exactly when it is possible, or leave everything as it was."""
        try:
            done = act(**given)
        except Refusal:
            assert not possible, f"{act.__name__} refused what is possible"
            return None
        assert possible, f"{act.__name__} did what is impossible"
        return done

    def chosen(self, which, *states):
        """An order and what the books say of it; out of those in certain states if there are such."""
        fit = [key for key, order in self.orders.items() if order.state in states]
        keys = fit or list(self.orders)
        key = keys[which % len(keys)]
        return PurchaseOrder.objects.get(pk=key), self.orders[key]

    @precondition(lambda self: len(self.orders) < MOST_ORDERS)
    @rule(who=BUYERS, quantity=QUANTITIES, price=PRICES)
    def buy(self, who, quantity, price):
        line = actions.PurchaseLineIn(part=self.part, quantity=quantity, price=price)
        given = {"supplier": self.supplier, "lines": [line], "currency": "USD", "deliver_to": self.store}
        made = self.attempt(actions.make_purchase, possible=True, by=self.cast[who], **given)
        self.orders[made.pk] = Order(quantity, price, who)
        assert made.total_pen == self.orders[made.pk].soles

    @rule(which=WHICH, who=BUYERS)
    def submit(self, which, who):
        purchase, order = self.chosen(which)
        possible = order.state == "draft"
        if self.attempt(actions.submit_purchase, possible=possible, purchase=purchase, by=self.cast[who]):
            order.writer = who
            order.state, order.approver = ("to_approve", "") if order.soles > LIMIT else ("approved", who)

    @rule(which=WHICH, who=MANAGERS)
    def approve(self, which, who):
        purchase, order = self.chosen(which, "to_approve")
        possible = order.state == "to_approve" and order.writer != who
        if self.attempt(actions.approve, possible=possible, purchase=purchase, by=self.cast[who]):
            order.state, order.approver = "approved", who

    @rule(which=WHICH)
    def send(self, which):
        purchase, order = self.chosen(which, "approved")
        possible = order.state in {"approved", *COMING}
        self.attempt(actions.send_purchase, possible=possible, purchase=purchase, by=self.cast["nico"])
        order.state = "sent" if order.state == "approved" else order.state

    @rule(which=WHICH)
    def cancel(self, which):
        purchase, order = self.chosen(which)
        possible = order.state in {"draft", "to_approve", "approved", "sent", "confirmed"}
        given = {"purchase": purchase, "reason": "Cambio", "by": self.cast["nico"]}
        if self.attempt(actions.cancel_purchase, possible=possible, **given):
            order.state = "cancelled"

    @rule(which=WHICH)
    def close(self, which):
        purchase, order = self.chosen(which)
        given = {"purchase": purchase, "reason": "No repone", "by": self.cast["nico"]}
        if self.attempt(actions.close_purchase, possible=order.state == "partial", **given):
            order.state = "received"

    @rule(which=WHICH, good=SHARES, bad=SHARES)
    def receive_whatever_there_is(self, which, good, bad):
        self.receive(good, bad, *self.chosen(which))

    @rule(which=WHICH, good=SHARES, bad=SHARES)
    def receive_what_is_coming(self, which, good, bad):
        self.receive(good, bad, *self.chosen(which, *COMING))

    @rule(which=WHICH)
    def receive_the_rest(self, which):
        purchase, order = self.chosen(which, *COMING)
        self.receive((order.quantity - order.received) / order.quantity, ZERO, purchase, order)

    def receive(self, good, bad, purchase, order):
        accepted, refused = (rounded(order.quantity * share, 4) for share in (good, bad))
        fits = order.received + accepted <= order.quantity >= refused
        possible = order.state in COMING and fits and bool(accepted or refused)
        line = actions.ReceiptLineIn(line=purchase.lines.get(), accepted=accepted, refused=refused, note="Roto")
        given = {"purchase": purchase, "warehouse": self.store, "lines": [line], "by": self.cast["nico"]}
        if not (receipt := self.attempt(actions.receive, possible=possible, **given)):
            return
        self.rows[receipt.lines.get().pk] = Delivered(accepted)
        if refused:
            self.claims.append(Complaint(Claim.objects.latest("pk").pk, refused, is_of_stock=False))
        order.received += accepted
        self.on_hand += accepted
        self.value += rounded(Fraction(accepted) * Fraction(rounded(Fraction(order.price) * Fraction(RATE), 10)), 10)
        if order.received == order.quantity:
            order.state = "received"
        elif order.received:
            order.state = "partial"

    @precondition(lambda self: self.rows)
    @rule(which=WHICH, share=SHARES)
    def claim(self, which, share):
        key = list(self.rows)[which % len(self.rows)]
        row = self.rows[key]
        quantity = rounded(row.accepted * share, 4)
        possible = ZERO < quantity <= row.accepted - row.claimed
        given = {"receipt_line": ReceiptLine.objects.get(pk=key), "quantity": quantity, "kind": "damaged"}
        if made := self.attempt(actions.claim, possible=possible, note="Roto", by=self.cast["nico"], **given):
            row.claimed += quantity
            self.claims.append(Complaint(made.pk, quantity, is_of_stock=True))

    @precondition(lambda self: self.claims)
    @rule(which=WHICH)
    def send_back(self, which):
        complaint = self.claims[which % len(self.claims)]
        possible = complaint.is_open and (not complaint.is_of_stock or complaint.quantity <= self.on_hand)
        given = {"claim": Claim.objects.get(pk=complaint.key), "by": self.cast["nico"]}
        if self.attempt(actions.send_back, possible=possible, **given):
            complaint.is_open = False
            if complaint.is_of_stock:
                share = Fraction(complaint.quantity) / Fraction(self.on_hand)
                self.value -= rounded(Fraction(self.value) * share, 10)
                self.on_hand -= complaint.quantity

    @rule(which=WHICH, state=st.sampled_from(PurchaseState.values), who=st.sampled_from(["", "nico", "gina", "boss"]))
    def write_past_the_product(self, which, state, who):
        """The database itself lets nothing go on that nobody approved, or its own writer above the limit."""
        purchase, order = self.chosen(which)
        lawful = state in UNAPPROVED or (who and (order.soles <= LIMIT or who != order.writer))
        try:
            with transaction.atomic():
                PurchaseOrder.objects.filter(pk=purchase.pk).update(state=state, approved_by=self.cast.get(who))
                raise Undo
        except IntegrityError:
            assert not lawful
        except Undo:
            assert lawful

    @rule(which=WHICH, more=QUANTITIES)
    def receive_past_the_product(self, which, more):
        """The database itself counts no more than was ordered."""
        purchase, order = self.chosen(which)
        try:
            with transaction.atomic():
                purchase.lines.update(received=order.received + more)
                raise Undo
        except IntegrityError:
            assert order.received + more > order.quantity
        except Undo:
            assert order.received + more <= order.quantity

    @invariant()
    def orders_stand_where_the_books_say(self):
        names = {user.pk: name for name, user in self.cast.items()}
        for purchase in PurchaseOrder.objects.filter(pk__in=self.orders).prefetch_related("lines__receipts"):
            order, [line] = self.orders[purchase.pk], purchase.lines.all()
            assert (purchase.state, purchase.made_by_id) == (order.state, self.cast[order.writer].pk)
            assert names.get(purchase.approved_by_id, "") == order.approver
            accepted = sum((each.accepted for each in line.receipts.all()), ZERO)
            assert ZERO <= line.received == order.received == accepted <= line.quantity == order.quantity

    @invariant()
    def above_the_limit_another_manager_approved(self):
        for purchase in PurchaseOrder.objects.filter(pk__in=self.orders, total_pen__gt=LIMIT).exclude(
            state="cancelled"
        ):
            if purchase.sent_at:
                assert purchase.approved_by_id in {self.cast["gina"].pk, self.cast["boss"].pk} - {purchase.made_by_id}

    @invariant()
    def stock_is_what_was_accepted_and_not_sent_back(self):
        holding = Holding.objects.get(part=self.part)
        stock = Stock.objects.filter(part=self.part).aggregate(total=Sum("on_hand"))["total"] or ZERO
        assert holding.quantity == stock == self.on_hand
        assert holding.value == self.value


@pytest.fixture
def boss(alex):
    """Manages and buys as well."""
    area = save_area(name="Gerencia", by=alex)
    post = save_position(area=area, name="Gerencia", roles=[Role.MANAGER, Role.LOGISTICS], by=alex)
    who = {"given_names": "Berta", "surnames": "Solís", "email": "berta@komaq.test"}
    hire_employee(position=post, hired_on=clock.today(), by=alex, **who)
    return User.objects.get(email=who["email"])


def test_any_sequence_of_deeds_keeps_the_rules(nico, gina, boss, ferreparts, oil_filter, store, dollar, pytestconfig):
    most = 6 * pytestconfig.option.rounds
    people = {"nico": nico, "gina": gina, "boss": boss}
    cast = {"cast": people, "supplier": ferreparts, "part": oil_filter, "store": store}
    machine = type("PurchasesOfAFilter", (Purchases,), cast)
    quick = settings(max_examples=most, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=quick)
