"""PRT-1 and PRT-2 as races: whoever reaches for the last pieces at the same moment, on either database.

Two guards stand behind each move: the lock on what is held of the part, and the swap that writes only over what was
read. Each holds alone; with neither, more goes out than there is, which shows that the race is real.
"""

import contextlib
import threading
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.test.utils import CaptureQueriesContext

from komaq.core import trail
from komaq.core.models import Event
from komaq.core.refusals import Refusal
from komaq.parts import actions
from komaq.parts.actions import move_stock, posting, reserving
from komaq.parts.actions.refusals import MovedMeanwhile, ShortOfStock
from komaq.parts.models import Holding, Reservation, Stock, StockMove, Warehouse

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]
CROWD, PIECES = 50, 10
ONE = Decimal(1)


@pytest.fixture
def ten(nico, oil_filter, store):
    """`ten()` leaves ten pieces in the store."""

    def fill():
        stock = Stock.objects.filter(part=oil_filter, warehouse=store).first()
        lacking = Decimal(PIECES) - (stock.on_hand if stock else 0)
        if lacking:
            actions.receive_stock(part=oil_filter, warehouse=store, quantity=lacking, unit_cost=Decimal("7.5"), by=nico)

    return fill


@pytest.fixture
def crowd(nico, oil_filter, store, at_once):
    """`crowd()`: fifty people take one piece each at the same moment."""

    def issue():
        return actions.issue_stock(part=oil_filter, warehouse=store, quantity=ONE, reason="Venta", by=nico)

    return lambda: at_once([issue] * CROWD)


@pytest.fixture
def without_lock(monkeypatch):
    """Nobody waits: no row is locked (PostgreSQL), nobody holds the one pen (SQLite); all look, then all write."""
    everybody_looked = threading.Barrier(CROWD, timeout=60)
    look = posting.free_in

    def look_and_wait(stock):
        free = look(stock)
        everybody_looked.wait()
        return free

    monkeypatch.setattr(move_stock, "free_in", look_and_wait)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows, **more: rows)
    monkeypatch.setattr(trail, "_hold", lambda *subject: None)
    if connection.vendor == "sqlite":
        bare = SimpleNamespace(atomic=contextlib.nullcontext, get_connection=transaction.get_connection)
        monkeypatch.setattr("komaq.core.action.transaction", bare)


@pytest.fixture
def without_swap(monkeypatch):
    """What is written is what was read and reckoned, whatever stands there now."""

    def overwrite(row, **after):
        type(row).objects.filter(pk=row.pk).update(**after)
        vars(row).update(after)

    for module in (posting, reserving):
        monkeypatch.setattr(module, "swap", overwrite)


def gone():
    return -(StockMove.objects.filter(kind="issue").aggregate(s=Sum("quantity"))["s"] or 0)


def assert_books_agree(part):
    """Stock, holding and last balances are the sum of the moves; reserved is the sum of what is held."""
    for stock in Stock.objects.filter(part=part):
        moves = StockMove.objects.filter(part=part, warehouse=stock.warehouse)
        assert stock.on_hand == moves.aggregate(s=Sum("quantity"))["s"] == moves.latest("id").on_hand_after
        held = Reservation.objects.filter(part=part, warehouse=stock.warehouse, state="held")
        assert stock.reserved == (held.aggregate(s=Sum("quantity"))["s"] or 0) <= stock.on_hand
    moves = StockMove.objects.filter(part=part).aggregate(q=Sum("quantity"), v=Sum("value"))
    holding, last = Holding.objects.get(part=part), StockMove.objects.filter(part=part).latest("id")
    assert (holding.quantity, holding.value) == (moves["q"], moves["v"]) == (last.held_after, last.value_after)
    assert trail.first_broken_link(Event.objects.all()) is None


def test_fifty_reach_for_ten_pieces(crowd, ten, oil_filter, rounds):
    for done in range(1, rounds + 1):
        ten()
        results = crowd()
        assert sum(isinstance(each, StockMove) for each in results) == PIECES
        assert sum(isinstance(each, ShortOfStock) for each in results) == CROWD - PIECES
        assert gone() == done * PIECES
        assert_books_agree(oil_filter)


def test_the_lock_holds_without_the_swap(crowd, ten, oil_filter, without_swap):
    ten()
    results = crowd()
    assert sum(isinstance(each, StockMove) for each in results) == PIECES
    assert_books_agree(oil_filter)


def test_the_swap_holds_without_the_lock(crowd, ten, oil_filter, without_lock):
    ten()
    results = crowd()
    assert any(isinstance(each, MovedMeanwhile) for each in results)
    assert 0 < sum(isinstance(each, StockMove) for each in results) <= PIECES
    assert 0 < gone() <= PIECES


def test_with_neither_more_goes_out_than_there_is(crowd, ten, without_lock, without_swap):
    """The control: it is these two guards that make the tests above hold."""
    ten()
    crowd()
    assert gone() > PIECES


def test_transfers_in_opposite_directions_all_arrive(nico, oil_filter, store, van, ten, at_once, rounds):
    """Nobody waits in a ring: each of them moves, and nobody sees an error."""
    ten()
    actions.transfer_stock(part=oil_filter, warehouse=store, to=van, quantity=Decimal(5), by=nico)
    other = actions.create_part(brand="CAT", number="1R-0751", name="Filtro de aceite", by=nico)
    for place in (store, van):
        actions.receive_stock(part=other, warehouse=place, quantity=Decimal(5), unit_cost=ONE, by=nico)
    ways = [(part, *way) for part in (oil_filter, other) for way in ((store, van), (van, store))] * 5

    def move(part, warehouse, to):
        return actions.transfer_stock(part=part, warehouse=warehouse, to=to, quantity=ONE, by=nico)

    for _round in range(rounds):
        results = at_once([lambda way=way: move(*way) for way in ways])
        assert [each for each in results if not isinstance(each, tuple)] == []
        for part in (oil_filter, other):
            assert {each.on_hand for each in Stock.objects.filter(part=part)} == {Decimal(5)}
            assert_books_agree(part)


def test_reserving_and_taking_share_what_there_is(nico, ana, gina, oil_filter, store, ten, at_once, rounds):
    """What was reserved is never taken by others; what was taken is never reserved."""

    def reserve():
        return actions.reserve_stock(part=oil_filter, quantity=ONE, source=ana, need_by=None, by=nico)

    def take():
        return actions.issue_stock(part=oil_filter, warehouse=store, quantity=ONE, reason="Venta", by=nico)

    def use():
        return actions.issue_stock(part=oil_filter, warehouse=store, quantity=ONE, source=ana, by=nico)

    def let_go():
        return actions.free_reservations(source=gina, by=nico)

    for _round in range(rounds):
        ten()
        actions.reserve_stock(part=oil_filter, quantity=Decimal(3), source=gina, need_by=None, by=nico)
        results = at_once([reserve, take, use, let_go] * 6)
        odd = [each for each in results if isinstance(each, Exception) and not isinstance(each, Refusal)]
        assert odd == []
        assert_books_agree(oil_filter)
        actions.free_reservations(source=ana, by=nico)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer")
def test_reserving_waits_for_no_move_of_another_part(nico, ana, oil_filter, store, ten, at_once):
    """Each of two receipts that reserves what it brought would else wait for the other's hold on the store."""
    other = actions.create_part(brand="CAT", number="1R-0751", name="Filtro de aceite", by=nico)
    ten()

    def reserve():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return actions.reserve_stock(part=oil_filter, quantity=ONE, source=ana, need_by=None, by=nico)

    with transaction.atomic():
        actions.receive_stock(part=other, warehouse=store, quantity=ONE, unit_cost=ONE, by=nico)
        results = at_once([reserve])
    assert [each.quantity for each in results[0]] == [ONE]


def test_changing_a_part_locks_as_moves_do(nico, oil_filter):
    """What is held first, then the part: the other way round a move and a change would wait for each other."""
    with CaptureQueriesContext(connection) as told:
        actions.change_part(part=oil_filter, version=1, name="Filtro", by=nico)
    asked = [each["sql"] for each in told if each["sql"].startswith("SELECT")]
    assert 'FROM "parts_holding"' in asked[0]
    assert 'FROM "parts_part"' in asked[1]


def test_a_closing_warehouse_takes_nothing_in(nico, oil_filter, ten, at_once, rounds):
    """Either it closes empty or what came in keeps it open."""
    ten()
    for number in range(rounds):
        facts = {"code": f"T{number}", "name": "Taller", "kind": "workshop", "by": nico}
        place = actions.save_warehouse(**facts)

        def close(facts=facts, place=place):
            return actions.save_warehouse(**facts, warehouse=place, is_open=False)

        def receive(place=place):
            return actions.receive_stock(part=oil_filter, warehouse=place, quantity=ONE, unit_cost=ONE, by=nico)

        at_once([close, *[receive] * 5, close])
        there = Stock.objects.filter(part=oil_filter, warehouse=place, on_hand__gt=0).exists()
        assert there is Warehouse.objects.get(pk=place.pk).is_open
        assert_books_agree(oil_filter)
