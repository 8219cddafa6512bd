"""PRT-1, PRT-2, PRT-3 under any sequence of moves: stock is the sum of its moves, never negative; reserved is there;
one moving average holds, and the kardex shows the balances of every moment.
"""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from komaq.core.refusals import Refusal
from komaq.parts import actions, rules
from komaq.parts.choices import ReservationState
from komaq.parts.models import Holding, Reservation, Stock, StockMove

pytestmark = pytest.mark.db
QUANTITIES = st.decimals(min_value="0.0001", max_value="40", places=4)
COSTS = st.decimals(min_value="0", max_value="9000", places=4)
PLACES = st.sampled_from(["store", "van"])
WISHES = st.integers(0, 2)
ZERO = Decimal(0)


class Moves(RuleBasedStateMachine):
    """Moves one part between two warehouses for three sources, beside a plain oracle."""

    nico = part = None
    warehouses, wishes = {}, []

    @initialize()
    def begin(self):
        self.savepoint = transaction.savepoint()
        self.on_hand = {"store": ZERO, "van": ZERO}
        self.refused = 0

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def attempt(self, act, **given):
        """Do it, or leave everything as it was."""
        try:
            return act(part=self.part, by=self.nico, **given)
        except Refusal:
            self.refused += 1
            return None

    @rule(place=PLACES, quantity=QUANTITIES, cost=COSTS)
    def receive(self, place, quantity, cost):
        actions.receive_stock(
            part=self.part, warehouse=self.warehouses[place], quantity=quantity, unit_cost=cost, by=self.nico
        )
        self.on_hand[place] += quantity

    @rule(place=PLACES, quantity=QUANTITIES, wish=WISHES)
    def issue(self, place, quantity, wish):
        given = {"warehouse": self.warehouses[place], "quantity": quantity, "source": self.wishes[wish]}
        if self.attempt(actions.issue_stock, **given):
            self.on_hand[place] -= quantity

    @rule(place=PLACES, quantity=QUANTITIES, wish=WISHES)
    def bring_back(self, place, quantity, wish):
        given = {"warehouse": self.warehouses[place], "quantity": quantity, "source": self.wishes[wish]}
        if self.attempt(actions.return_stock, **given):
            self.on_hand[place] += quantity

    @rule(place=PLACES, quantity=QUANTITIES)
    def transfer(self, place, quantity):
        other = "van" if place == "store" else "store"
        given = {"warehouse": self.warehouses[place], "to": self.warehouses[other], "quantity": quantity}
        if self.attempt(actions.transfer_stock, **given):
            self.on_hand[place] -= quantity
            self.on_hand[other] += quantity

    @rule(place=PLACES, counted=st.decimals(min_value="0", max_value="40", places=4))
    def count(self, place, counted):
        before = self.refused
        self.attempt(actions.count_stock, warehouse=self.warehouses[place], counted=counted)
        if self.refused == before:
            self.on_hand[place] = counted

    @rule(quantity=QUANTITIES, wish=WISHES)
    def reserve(self, quantity, wish):
        self.attempt(actions.reserve_stock, quantity=quantity, source=self.wishes[wish], need_by=None)

    @rule(wish=WISHES)
    def free(self, wish):
        actions.free_reservations(source=self.wishes[wish], by=self.nico)

    @invariant()
    def stock_is_the_sum_of_its_moves(self):
        for place, warehouse in self.warehouses.items():
            stock = Stock.objects.filter(part=self.part, warehouse=warehouse).first()
            on_hand = stock.on_hand if stock else ZERO
            moves = StockMove.objects.filter(part=self.part, warehouse=warehouse)
            assert on_hand == self.on_hand[place] == (moves.aggregate(s=Sum("quantity"))["s"] or ZERO) >= ZERO
            held = Reservation.objects.filter(part=self.part, warehouse=warehouse, state=ReservationState.HELD)
            reserved = held.aggregate(s=Sum("quantity"))["s"] or ZERO
            assert (stock.reserved if stock else ZERO) == reserved <= on_hand

    @invariant()
    def one_average_holds(self):
        holding = Holding.objects.get(part=self.part)
        sums = StockMove.objects.filter(part=self.part).aggregate(q=Sum("quantity"), v=Sum("value"))
        assert holding.quantity == (sums["q"] or ZERO) == sum(self.on_hand.values())
        assert holding.value == (sums["v"] or ZERO) >= ZERO
        assert holding.quantity > ZERO or holding.value == ZERO

    @invariant()
    def the_kardex_shows_every_moment(self):
        here, held, value = {}, ZERO, ZERO
        for move in StockMove.objects.filter(part=self.part).order_by("id"):
            here[move.warehouse_id] = here.get(move.warehouse_id, ZERO) + move.quantity
            held, value = held + move.quantity, value + move.value
            balances = (move.on_hand_after, move.held_after, move.value_after)
            assert balances == (here[move.warehouse_id], held, value)


def test_any_sequence_of_moves_keeps_the_rules(nico, ana, gina, oil_filter, store, van, pytestconfig):
    most = 8 * pytestconfig.option.rounds
    wishes = [nico, ana, gina]  # anything can be a source: three users stand for three orders
    cast = {"nico": nico, "part": oil_filter, "warehouses": {"store": store, "van": van}, "wishes": wishes}
    machine = type("MovesOfAFilter", (Moves,), cast)
    quick = settings(max_examples=most, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=quick)


def test_the_average_moves_with_each_receipt_alone(nico, ana, oil_filter, store):
    for quantity, cost in (("10", "5"), ("30", "9")):
        actions.receive_stock(
            part=oil_filter, warehouse=store, quantity=Decimal(quantity), unit_cost=Decimal(cost), by=nico
        )
    holding = Holding.objects.get(part=oil_filter)
    assert rules.average_cost(holding.quantity, holding.value) == Decimal(8)
    move = actions.issue_stock(part=oil_filter, warehouse=store, quantity=Decimal(4), by=nico, source=ana)
    assert move.value == Decimal(-32)
    holding.refresh_from_db()
    assert rules.average_cost(holding.quantity, holding.value) == Decimal(8)


def test_a_later_cost_moves_value_and_no_piece(nico, oil_filter, store):
    actions.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(4), unit_cost=Decimal(10), by=nico)
    move = actions.revalue_stock(
        part=oil_filter, warehouse=store, value=Decimal(6), by=nico, source=None, reason="Flete"
    )
    assert (move.quantity, move.on_hand_after, move.value_after) == (ZERO, Decimal(4), Decimal(46))


@pytest.mark.parametrize("change", [{"on_hand": Decimal(-1)}, {"reserved": Decimal(5)}, {"reserved": Decimal(-1)}])
def test_the_database_itself_refuses_impossible_stock(nico, oil_filter, store, change):
    actions.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(4), unit_cost=Decimal(10), by=nico)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(part=oil_filter).update(**change)


def test_a_move_is_never_edited(nico, oil_filter, store):
    actions.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(4), unit_cost=Decimal(10), by=nico)
    for change in (lambda rows: rows.update(reason="x"), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(StockMove.objects.all())
