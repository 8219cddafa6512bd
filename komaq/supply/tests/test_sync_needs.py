"""What orders lack becomes what is to buy: no more, no less, whatever happens in between."""

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from komaq.core import clock
from komaq.customers.models import Contact
from komaq.orders import actions as orders
from komaq.orders.models import PlannedPart
from komaq.parts import actions as parts
from komaq.parts.queries import reservations_for
from komaq.supply import actions, queries
from komaq.supply.choices import NeedState
from komaq.supply.models import PartsNeed

pytestmark = pytest.mark.db


def in_days(days):
    return clock.today() + datetime.timedelta(days=days)


def live():
    """The live pieces: state, quantity and what they are for."""
    rows = PartsNeed.objects.filter(ended_at=None).order_by("pk")
    return [(need.state, need.quantity, need.about) for need in rows]


def change(planned, quantity, *, by, days=5):
    return orders.change_planned_part(
        planned=planned, quantity=Decimal(quantity), need_by=in_days(days), note="", by=by
    )


def test_what_an_order_lacks_is_to_buy_once(approved, plan, oil_filter, ana):
    order = approved()
    planned = plan(order, oil_filter, 4)
    assert live() == [(NeedState.OPEN, 4, order.code)]
    actions.sync_needs(order=order, by=ana)
    change(planned, 6, by=ana, days=3)
    need = PartsNeed.objects.get()
    assert (need.quantity, need.need_by, need.is_urgent) == (6, in_days(3), False)
    assert queries.needs_of([oil_filter]) == {oil_filter.pk: [need]}


def test_what_was_set_aside_and_let_go_is_the_orders_that_waits(approved, plan, oil_filter, store, nico):
    parts.receive_stock(part=oil_filter, warehouse=store, quantity=Decimal(5), unit_cost=Decimal(1), by=nico)
    aside = parts.set_aside(part=oil_filter, warehouse=store, quantity=Decimal(4), by=nico, reason="Feria")
    order = approved()
    planned = plan(order, oil_filter, 4)
    assert live() == [(NeedState.OPEN, 3, order.code)]
    parts.free_reservation(reservation=aside, by=nico, reason="Pasó")
    assert live() == []
    assert sum(each.quantity for each in reservations_for(planned)) == 4


def test_an_order_nobody_approved_buys_nothing(cat336, tajo_sur, beto, ana, plan, oil_filter):
    contact = Contact.objects.get(person=beto.person)
    order = orders.open_order(
        machine=cat336, contact=contact, site=tajo_sur, title="Fuga", priority="machine_down", by=ana
    )
    plan(order, oil_filter, 4)
    assert live() == []
    orders.move_order(order=order, to="approved", by=ana, reason="Garantía", choice="warranty")
    need = PartsNeed.objects.get()
    assert (need.quantity, need.is_urgent) == (4, True)


def test_a_part_taken_off_the_plan_is_not_needed_any_more(approved, plan, oil_filter, ana):
    planned = plan(approved(), oil_filter, 4)
    orders.drop_planned_part(planned=planned, by=ana)
    assert [need.state for need in PartsNeed.objects.all()] == [NeedState.DROPPED]


def test_a_cancelled_order_needs_nothing(approved, plan, oil_filter, ana):
    order = approved()
    plan(order, oil_filter, 4)
    order.refresh_from_db()
    orders.move_order(order=order, to="cancelled", by=ana, reason="El cliente desistió", choice="client")
    assert PartsNeed.objects.get().state == NeedState.DROPPED


def test_stock_that_comes_covers_it(approved, plan, oil_filter, store, nico):
    order = approved()
    plan(order, oil_filter, 4)
    facts = {"part": oil_filter, "warehouse": store, "unit_cost": Decimal(10), "by": nico}
    parts.receive_stock(quantity=Decimal(3), **facts)
    assert live() == [(NeedState.OPEN, 1, order.code)]
    parts.receive_stock(quantity=Decimal(3), **facts)
    assert PartsNeed.objects.get().state == NeedState.COVERED


def test_more_than_was_ordered_is_to_buy_apart(approved, plan, sent, oil_filter, ana):
    order = approved()
    planned = plan(order, oil_filter, 4)
    sent((oil_filter, "4", "10"), needs=list(PartsNeed.objects.all()))
    change(planned, 7, by=ana)
    assert live() == [(NeedState.ORDERED, 4, order.code), (NeedState.OPEN, 3, order.code)]
    change(planned, 5, by=ana)
    assert live() == [(NeedState.ORDERED, 4, order.code), (NeedState.OPEN, 1, order.code)]
    change(planned, 2, by=ana)
    assert live() == [(NeedState.ORDERED, 2, order.code)]
    change(planned, 4, by=ana)
    assert live() == [(NeedState.ORDERED, 4, order.code)]


def test_what_one_needs_no_more_another_has(approved, plan, sent, oil_filter, ana):
    first, second = approved(), approved()
    planned = plan(first, oil_filter, 4)
    sent((oil_filter, "4", "10"), needs=list(PartsNeed.objects.all()))
    plan(second, oil_filter, 3)
    assert (NeedState.OPEN, 3, second.code) in live()
    orders.drop_planned_part(planned=planned, by=ana)
    assert live() == [(NeedState.ORDERED, 3, second.code)]


def test_an_order_that_buys_less_leaves_the_rest_to_buy(approved, plan, buy, oil_filter, nico):
    order = approved()
    plan(order, oil_filter, 5)
    purchase = buy((oil_filter, "2", "10"), needs=list(PartsNeed.objects.all()))
    assert live() == [(NeedState.ORDERED, 2, order.code), (NeedState.OPEN, 3, order.code)]
    actions.cancel_purchase(purchase=purchase, reason="Precio", by=nico)
    assert live() == [(NeedState.OPEN, 5, order.code)]


def test_what_is_bought_for_nobody_counts(approved, plan, buy, sent, oil_filter):
    sent((oil_filter, "10", "10"))
    order = approved()
    plan(order, oil_filter, 12)
    assert live() == [(NeedState.ORDERED, 10, order.code), (NeedState.OPEN, 2, order.code)]


def test_goods_another_order_took_are_bought_again(approved, plan, sent, take_in, oil_filter):
    late, soon = approved(), approved(priority="machine_down")
    plan(late, oil_filter, 4, days=9)
    purchase = sent((oil_filter, "4", "10"), needs=list(PartsNeed.objects.all()))
    plan(soon, oil_filter, 4, days=1)
    take_in(purchase, ("4", "0"))
    assert live() == [(NeedState.OPEN, 4, late.code)]
    assert PartsNeed.objects.get(about=soon.code).state == NeedState.COVERED


def test_more_urgent_is_told(approved, plan, oil_filter, ana):
    order = approved()
    plan(order, oil_filter, 4)
    names = ("title", "site", "contact", "service_type", "due_at", "description")
    facts = {name: getattr(order, name) for name in names}
    order.refresh_from_db()
    orders.change_order(order=order, version=order.version, priority="machine_down", by=ana, **facts)
    assert PartsNeed.objects.get().is_urgent
    assert PlannedPart.objects.count() == 1


def test_a_source_has_one_piece_to_buy_and_one_on_a_line(approved, plan, sent, oil_filter):
    plan(approved(), oil_filter, 4)
    need = PartsNeed.objects.get()
    purchase = sent((oil_filter, "2", "10"), needs=[need])
    for state, line in ((NeedState.ASKED, None), (NeedState.ORDERED, purchase.lines.get())):
        facts = {"source_kind": need.source_kind, "source_id": need.source_id, "made_at": need.made_at}
        with pytest.raises(IntegrityError), transaction.atomic():
            PartsNeed.objects.create(part=oil_filter, quantity=Decimal(1), state=state, purchase_line=line, **facts)
