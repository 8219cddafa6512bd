"""What there is, was and is kept of a part, as pages and programs read it."""

import datetime
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.parts import actions, queries
from komaq.parts.queries import Available

pytestmark = pytest.mark.db


def receive(part, warehouse, quantity, cost, by):
    return actions.receive_stock(
        part=part, warehouse=warehouse, quantity=Decimal(quantity), unit_cost=Decimal(cost), by=by
    )


def test_availability_over_all_warehouses(nico, ana, oil_filter, store, van, django_assert_num_queries):
    other = actions.create_part(brand="CAT", number="1R-0751", name="Filtro de aceite", by=nico)
    receive(oil_filter, store, "6", "10", nico)
    receive(oil_filter, van, "4.5", "10", nico)
    actions.reserve_stock(part=oil_filter, quantity=Decimal(7), source=ana, need_by=None, by=nico)
    with django_assert_num_queries(1):
        found = queries.availability_of([oil_filter, other.pk])
    assert found == {
        oil_filter.pk: Available(Decimal("10.5"), Decimal(7), Decimal("3.5")),
        other.pk: Available(),
    }


def test_short_is_what_is_free_at_or_below_the_minimum(nico, ana, oil_filter, store):
    def short():
        return [(each.pk, each.free) for each in queries.short_parts()]

    assert short() == []
    part = actions.change_part(part=oil_filter, version=1, by=nico, minimum=Decimal(3))
    assert short() == [(part.pk, 0)]
    receive(part, store, "10", "10", nico)
    assert short() == []
    actions.reserve_stock(part=part, quantity=Decimal(7), source=ana, need_by=None, by=nico)
    assert short() == [(part.pk, 3)]


def test_the_balance_of_any_day(nico, ana, oil_filter, store, van):
    monday = datetime.date(2026, 3, 2)
    with clock.travel(clock.lima(monday, 23, 30)):
        receive(oil_filter, store, "10", "5", nico)
    with clock.travel(clock.lima(monday + datetime.timedelta(days=1), 0, 30)):
        actions.transfer_stock(part=oil_filter, warehouse=store, to=van, quantity=Decimal(4), by=nico)
    with clock.travel(clock.lima(monday + datetime.timedelta(days=4), 9)):
        receive(oil_filter, van, "10", "11", nico)

    def there(days, warehouse):
        balance = queries.balance_on(oil_filter, warehouse, monday + datetime.timedelta(days=days))
        return balance.quantity, balance.worth, balance.unit_cost

    assert there(-1, store) == there(-1, None) == (0, 0, None)
    assert there(0, store) == there(0, None) == (10, 50, 5)
    assert there(0, van) == (0, 0, 5)
    assert there(1, store) == there(3, store) == (6, 30, 5)
    assert there(4, None) == (20, 160, 8)
    assert there(4, store) == (6, 48, 8)
    moves = queries.kardex(nico, oil_filter, van, until=monday + datetime.timedelta(days=1))
    assert [(each.kind, each.quantity) for each in moves] == [("transfer_in", 4)]


def test_clients_see_no_stock(nico, carla, oil_filter, store):
    receive(oil_filter, store, "10", "5", nico)
    assert not queries.kardex(carla, oil_filter).exists()
    assert not queries.stocks_visible_to(carla).exists()
    assert not queries.warehouses_visible_to(carla).exists()
    assert not queries.reservations_visible_to(carla).exists()


@pytest.mark.parametrize(
    ("state", "found"), [("here", 2), ("free", 1), ("reserved", 1), ("empty", 0), ("uncounted", 2), ("", 2)]
)
def test_stock_by_its_state(nico, ana, oil_filter, store, van, state, found):
    receive(oil_filter, store, "10", "5", nico)
    receive(oil_filter, van, "4", "5", nico)
    actions.reserve_stock(part=oil_filter, quantity=Decimal(4), source=ana, need_by=None, warehouse=van, by=nico)
    assert queries.filter_stocks(queries.stocks_visible_to(nico), state=state).count() == found


def test_what_is_needed_first_is_first(nico, ana, gina, fina, oil_filter, store):
    receive(oil_filter, store, "10", "5", nico)
    days = {ana: None, gina: datetime.date(2026, 5, 2), fina: datetime.date(2026, 5, 1)}
    for source, day in days.items():
        actions.reserve_stock(part=oil_filter, quantity=Decimal(2), source=source, need_by=day, by=nico)
    assert [each.source_id for each in queries.reservations_for(oil_filter)] == [
        str(each.pk) for each in (fina, gina, ana)
    ]
    actions.free_reservations(source=gina, by=nico)
    assert not queries.reservations_for(gina).exists()
    assert queries.reservations_for(gina, held_only=False).get().state == "freed"
