"""PRT-1, PRT-2, PRT-3 under any sequence of moves, beside books that know nothing of the product.

Stock is the sum of its moves and never negative; what is reserved is there and is used first; one moving average holds
for the whole company; the kardex shows the balances of every moment and every day. Nothing that is possible is refused.
"""

import datetime
from decimal import Decimal
from fractions import Fraction
from math import floor

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from komaq.core import clock
from komaq.core.refusals import Refusal
from komaq.parts import actions, queries, rules
from komaq.parts.choices import ReservationState
from komaq.parts.models import Holding, Reservation, Stock, StockMove

pytestmark = pytest.mark.db
QUANTITIES = st.decimals(min_value="0.0001", max_value="40", places=4)
COUNTS = st.decimals(min_value="0", max_value="40", places=4)
COSTS = st.decimals(min_value="0", max_value="9000", places=4)
PLACES = st.sampled_from(["store", "van"])
WISHES = st.integers(0, 2)
ZERO = Decimal(0)
PLACE_OF_ROUNDING = 10**10
FIRST_DAY = datetime.date(2026, 3, 2)


def rounded(value):
    """A fraction with ten decimals, halves up."""
    return Decimal(floor(Fraction(value) * PLACE_OF_ROUNDING + Fraction(1, 2))) / PLACE_OF_ROUNDING


class Books:
    """What a careful person would write on paper: quantities by place, pieces set aside, one average, what is out."""

    def __init__(self):
        self.here = {"store": ZERO, "van": ZERO}
        self.value, self.last_cost = ZERO, ZERO
        self.kept = []  # [wish, place, quantity] in the order in which they were set aside
        self.out = {}
        self.days = {}

    @property
    def held(self):
        return sum(self.here.values())

    def reserved(self, place, wish=None):
        return sum((piece[2] for piece in self.kept if piece[1] == place and wish in {None, piece[0]}), ZERO)

    def free(self, place):
        return self.here[place] - self.reserved(place)

    def comes(self, place, quantity, value):
        self.here[place] += quantity
        self.value += value

    def goes(self, place, quantity):
        """Take a share of the value along, all of it with the last piece."""
        value = self.value if quantity == self.held else self.share_of(quantity)
        self.here[place] -= quantity
        self.value -= value
        return value

    def share_of(self, quantity):
        return rounded(Fraction(self.value) * Fraction(quantity) / Fraction(self.held))

    def average(self):
        return rounded(Fraction(self.value) / Fraction(self.held)) if self.held else self.last_cost

    def set_aside(self, wish, quantity):
        for place in sorted(self.here, key=lambda each: (-self.here[each], each)):
            taken = min(quantity, self.free(place))
            if taken > ZERO:
                self.kept.append([wish, place, taken])
                quantity -= taken

    def use(self, wish, place, quantity):
        """What was set aside for a wish in a place goes first."""
        for piece in self.kept:
            if piece[:2] == [wish, place]:
                taken = min(piece[2], quantity)
                piece[2] -= taken
                quantity -= taken
        self.kept = [piece for piece in self.kept if piece[2]]

    def keep_at_most(self, wish, most):
        """The smallest pieces of a wish go first."""
        mine = sorted((piece for piece in self.kept if piece[0] == wish), key=lambda piece: piece[2])
        beyond = sum((piece[2] for piece in mine), ZERO) - most
        for piece in mine:
            taken = max(min(piece[2], beyond), ZERO)
            piece[2] -= taken
            beyond -= taken
        self.kept = [piece for piece in self.kept if piece[2]]

    def close_day(self, day):
        self.days[day] = (dict(self.here), self.held, self.value)


class Moves(RuleBasedStateMachine):
    """Moves one part between two warehouses for three sources, beside the books."""

    nico = part = None
    warehouses, wishes = {}, []

    @initialize()
    def begin(self):
        self.savepoint = transaction.savepoint()
        self.books, self.day = Books(), FIRST_DAY

    def teardown(self):
        transaction.savepoint_rollback(self.savepoint)

    def attempt(self, act, *, possible, **given):
        """Do it exactly when it is possible, or leave everything as it was."""
        with clock.travel(clock.lima(self.day, 12)):
            try:
                done = act(part=self.part, by=self.nico, **given)
            except Refusal:
                assert not possible, f"{act.__name__} refused what is possible"
                return None
        assert possible, f"{act.__name__} did what is impossible"
        return done

    @rule(days=st.integers(1, 3))
    def a_day_passes(self, days):
        self.books.close_day(self.day)
        self.day += datetime.timedelta(days=days)

    @rule(place=PLACES, quantity=QUANTITIES, cost=COSTS)
    def receive(self, place, quantity, cost):
        given = {"warehouse": self.warehouses[place], "quantity": quantity, "unit_cost": cost}
        self.attempt(actions.receive_stock, possible=True, **given)
        value = rounded(Fraction(quantity) * Fraction(cost))
        self.books.comes(place, quantity, value)
        if value:
            self.books.last_cost = rounded(Fraction(value) / Fraction(quantity))

    @rule(place=PLACES, quantity=QUANTITIES, wish=WISHES)
    def issue(self, place, quantity, wish):
        given = {"warehouse": self.warehouses[place], "quantity": quantity, "source": self.wishes[wish]}
        possible = quantity <= self.books.free(place) + self.books.reserved(place, wish)
        if move := self.attempt(actions.issue_stock, possible=possible, **given):
            self.books.use(wish, place, quantity)
            value = self.books.goes(place, quantity)
            assert move.value == -value
            out = self.books.out.get(wish, (ZERO, ZERO))
            self.books.out[wish] = (out[0] + quantity, out[1] + value)

    @rule(place=PLACES, quantity=QUANTITIES, wish=WISHES)
    def bring_back(self, place, quantity, wish):
        out, value = self.books.out.get(wish, (ZERO, ZERO))
        given = {"warehouse": self.warehouses[place], "quantity": quantity, "source": self.wishes[wish]}
        if self.attempt(actions.return_stock, possible=quantity <= out, **given):
            back = value if quantity == out else rounded(Fraction(value) * Fraction(quantity) / Fraction(out))
            self.books.comes(place, quantity, back)
            self.books.out[wish] = (out - quantity, value - back)

    @rule(place=PLACES, quantity=QUANTITIES)
    def send_back(self, place, quantity):
        given = {"warehouse": self.warehouses[place], "quantity": quantity, "source": self.wishes[0], "reason": "Falla"}
        if self.attempt(actions.return_to_supplier, possible=quantity <= self.books.free(place), **given):
            self.books.goes(place, quantity)

    @rule(place=PLACES, quantity=QUANTITIES)
    def transfer(self, place, quantity):
        other = "van" if place == "store" else "store"
        given = {"warehouse": self.warehouses[place], "to": self.warehouses[other], "quantity": quantity}
        if self.attempt(actions.transfer_stock, possible=quantity <= self.books.free(place), **given):
            self.books.here[place] -= quantity
            self.books.here[other] += quantity

    @rule(place=PLACES, counted=COUNTS)
    def count(self, place, counted):
        given = {"warehouse": self.warehouses[place], "counted": counted}
        difference = counted - self.books.here[place]
        possible = counted >= self.books.reserved(place)
        self.attempt(actions.count_stock, possible=possible, **given)
        if possible:
            self.settle(place, difference)

    @rule(place=PLACES, quantity=QUANTITIES, sign=st.sampled_from([1, -1]))
    def adjust(self, place, quantity, sign):
        given = {"warehouse": self.warehouses[place], "quantity": sign * quantity, "reason": "Conteo"}
        possible = sign > 0 or quantity <= self.books.free(place)
        if self.attempt(actions.adjust_stock, possible=possible, **given):
            self.settle(place, sign * quantity)

    def settle(self, place, difference):
        if difference < ZERO:
            self.books.goes(place, -difference)
        else:
            self.books.comes(place, difference, rounded(Fraction(difference) * Fraction(self.books.average())))

    @rule(value=st.decimals(min_value="-500", max_value="500", places=2).filter(bool))
    def cost_more_later(self, value):
        given = {"warehouse": self.warehouses["store"], "value": value, "source": None, "reason": "Flete"}
        possible = self.books.held > ZERO and self.books.value + value >= ZERO
        if self.attempt(actions.revalue_stock, possible=possible, **given):
            self.books.value += value

    @rule(quantity=QUANTITIES, wish=WISHES)
    def reserve(self, quantity, wish):
        given = {"quantity": quantity, "source": self.wishes[wish], "need_by": None}
        self.attempt(actions.reserve_stock, possible=True, **given)
        self.books.set_aside(wish, quantity)

    @rule(wish=WISHES, most=COUNTS)
    def need_less(self, wish, most):
        given = {"source": self.wishes[wish], "most": most, "need_by": None}
        self.attempt(actions.keep_reserved, possible=True, **given)
        self.books.keep_at_most(wish, most)

    @rule(wish=WISHES)
    def cancel(self, wish):
        """An order that is cancelled lets go all that was kept for it."""
        self.attempt(actions.free_reservations, possible=True, source=self.wishes[wish])
        self.books.kept = [piece for piece in self.books.kept if piece[0] != wish]

    @invariant()
    def stock_is_the_sum_of_its_moves(self):
        for place, warehouse in self.warehouses.items():
            stock = Stock.objects.filter(part=self.part, warehouse=warehouse).first()
            on_hand, reserved = (stock.on_hand, stock.reserved) if stock else (ZERO, ZERO)
            moves = StockMove.objects.filter(part=self.part, warehouse=warehouse)
            assert on_hand == self.books.here[place] == (moves.aggregate(s=Sum("quantity"))["s"] or ZERO) >= ZERO
            assert reserved == self.books.reserved(place) <= on_hand

    @invariant()
    def what_is_kept_is_kept_for_whom_it_was_meant(self):
        held = Reservation.objects.filter(part=self.part, state=ReservationState.HELD)
        keys = {str(source.pk): wish for wish, source in enumerate(self.wishes)}
        places = {warehouse.pk: place for place, warehouse in self.warehouses.items()}
        found = sorted([keys[each.source_id], places[each.warehouse_id], each.quantity] for each in held)
        assert found == sorted(self.books.kept)

    @invariant()
    def one_average_holds(self):
        holding = Holding.objects.get(part=self.part)
        sums = StockMove.objects.filter(part=self.part).aggregate(q=Sum("quantity"), v=Sum("value"))
        assert holding.quantity == (sums["q"] or ZERO) == self.books.held
        assert holding.value == (sums["v"] or ZERO) == self.books.value >= ZERO
        assert holding.quantity > ZERO or holding.value == ZERO

    @invariant()
    def the_kardex_shows_every_moment(self):
        here, held, value = {}, ZERO, ZERO
        for move in queries.kardex(self.nico, self.part):
            here[move.warehouse_id] = here.get(move.warehouse_id, ZERO) + move.quantity
            held, value = held + move.quantity, value + move.value
            balances = (move.on_hand_after, move.held_after, move.value_after)
            assert balances == (here[move.warehouse_id], held, value)

    @invariant()
    def the_kardex_shows_every_day_that_is_over(self):
        for day, (here, held, value) in self.books.days.items():
            for place, warehouse in self.warehouses.items():
                then = queries.balance_on(self.part, warehouse, day)
                assert (then.quantity, then.held, then.value) == (here[place], held, value)
            assert queries.balance_on(self.part, None, day).quantity == held


def test_any_sequence_of_moves_keeps_the_rules(nico, ana, gina, oil_filter, store, van, pytestconfig):
    most = 4 * pytestconfig.option.rounds
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
