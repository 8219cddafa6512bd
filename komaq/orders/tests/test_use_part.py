"""Parts leave stock for an order, its own reservation first; what was not needed comes back."""

from decimal import Decimal

import pytest

from komaq.core.refusals import NotAllowed
from komaq.orders import actions, queries
from komaq.orders.actions import refusals
from komaq.orders.tests.conftest import held_for, line_of, needs, put, status_of
from komaq.parts.actions.refusals import ShortOfStock
from komaq.parts.models import Stock

pytestmark = pytest.mark.db
ZERO = Decimal(0)


def test_using_takes_its_own_reservation_first(in_status, oil_filter, ana, nico, store, arrives):
    arrives(oil_filter, 3)
    order = in_status("in_progress")
    planned = needs(order, oil_filter, 2, by=ana)
    actions.use_part(planned=planned, warehouse=store, quantity=Decimal(1), by=nico)
    line = line_of(planned)
    assert (line.used, line.reserved, line.missing, line.state) == (Decimal(1), Decimal(1), ZERO, "reserved")
    left = Stock.objects.get()
    assert (left.on_hand, left.reserved) == (Decimal(2), Decimal(1))
    actions.use_part(planned=planned, warehouse=store, quantity=Decimal(1), by=nico)
    assert line_of(planned).state == "used"


def test_using_from_the_van_lets_the_stores_piece_go_to_who_waits(
    in_status, other_order, oil_filter, ana, tito, plan, van_of_tito, arrives
):
    order = in_status("approved")
    plan(order, [tito])
    order = in_status("in_progress")
    put(other_order, "approved")
    arrives(oil_filter, 1)
    planned = needs(order, oil_filter, 1, by=ana)
    waits = needs(other_order, oil_filter, 1, by=ana)
    Stock.objects.create(part=oil_filter, warehouse=van_of_tito, on_hand=0)
    put(other_order, "cancelled")
    arrives(oil_filter, 1, van_of_tito)
    put(other_order, "waiting_parts")
    actions.use_part(planned=planned, warehouse=van_of_tito, quantity=Decimal(1), by=tito)
    assert (line_of(planned).state, held_for(planned)) == ("used", ZERO)
    assert (held_for(waits), status_of(other_order)) == (Decimal(1), "approved")


def test_what_was_not_needed_comes_back_and_is_kept_while_it_is_planned(
    in_status, oil_filter, ana, nico, store, arrives
):
    arrives(oil_filter, 3)
    order = in_status("in_progress")
    planned = needs(order, oil_filter, 3, by=ana)
    actions.use_part(planned=planned, warehouse=store, quantity=Decimal(3), by=nico)
    planned = actions.return_part(planned=planned, warehouse=store, quantity=Decimal(2), by=nico)
    line = line_of(planned)
    assert (line.used, line.reserved, line.missing, Stock.objects.get().on_hand) == (1, 2, 0, 2)
    assert queries.history_of(ana, order)[0]["text"] == "devolvió 2 de Filtro de petróleo · CAT 1R-0750"
    actions.change_planned_part(planned=planned, quantity=Decimal(1), need_by=None, note="", by=ana)
    assert (held_for(planned), Stock.objects.get().reserved) == (ZERO, ZERO)
    actions.return_part(planned=planned, warehouse=store, quantity=Decimal(1), by=nico)
    actions.drop_planned_part(planned=planned, by=ana)
    assert (queries.planned_parts_of(order), Stock.objects.get().on_hand) == ([], Decimal(3))


def test_more_used_than_planned_was_needed(in_status, oil_filter, ana, nico, store, arrives):
    arrives(oil_filter, 3)
    planned = needs(in_status("in_progress"), oil_filter, 1, by=ana)
    planned = actions.use_part(planned=planned, warehouse=store, quantity=Decimal(3), by=nico)
    assert (planned.quantity, line_of(planned).used) == (Decimal(3), Decimal(3))


def test_what_another_order_keeps_is_not_used(in_status, other_order, oil_filter, ana, nico, store, arrives):
    arrives(oil_filter, 1)
    put(other_order, "approved")
    kept = needs(other_order, oil_filter, 1, by=ana)
    planned = needs(in_status("in_progress"), oil_filter, 1, by=ana)
    with pytest.raises(ShortOfStock):
        actions.use_part(planned=planned, warehouse=store, quantity=Decimal(1), by=nico)
    assert (held_for(kept), line_of(planned).used) == (Decimal(1), ZERO)


def test_who_may_use_from_where(in_status, oil_filter, ana, nico, lola, tito, rosa, plan, store, van_of_tito, arrives):
    order = in_status("approved")
    plan(order, [tito])
    planned = needs(order, oil_filter, 4, by=ana)
    arrives(oil_filter, 2)
    arrives(oil_filter, 2, van_of_tito)
    for person, warehouse in ((tito, store), (rosa, van_of_tito), (ana, store), (lola, van_of_tito)):
        with pytest.raises(NotAllowed):
            actions.use_part(planned=planned, warehouse=warehouse, quantity=Decimal(1), by=person)
    for person, warehouse in ((tito, van_of_tito), (nico, store), (nico, van_of_tito)):
        actions.use_part(planned=planned, warehouse=warehouse, quantity=Decimal(1), by=person)
    assert line_of(planned).used == Decimal(3)
    assert list(queries.warehouses_to_use_from(tito)) == [van_of_tito]
    assert set(queries.warehouses_to_use_from(nico)) == {store, van_of_tito}


def test_what_was_used_stays_on_the_order(in_status, oil_filter, ana, nico, store, arrives):
    arrives(oil_filter, 2)
    planned = needs(in_status("in_progress"), oil_filter, 2, by=ana)
    actions.use_part(planned=planned, warehouse=store, quantity=Decimal(1), by=nico)
    with pytest.raises(refusals.PartWasUsed):
        actions.drop_planned_part(planned=planned, by=ana)
    with pytest.raises(refusals.UsedMore) as refused:
        actions.change_planned_part(planned=planned, quantity=Decimal("0.5"), need_by=None, note="", by=ana)
    assert refused.value.field == "quantity"
