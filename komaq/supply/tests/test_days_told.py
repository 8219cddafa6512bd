"""A client hears once of each day its parts are promised for, however its needs come to hang on another purchase."""

import datetime
from decimal import Decimal

import pytest

from komaq.comms.models import Delivery
from komaq.core import clock
from komaq.core.templatetags.komaq import day
from komaq.orders import actions as orders
from komaq.orders.queries.parts import planned_parts_of
from komaq.parts import actions as parts
from komaq.supply import actions
from komaq.supply.models import PartsNeed
from komaq.supply.queries.promises import expected_for

pytestmark = pytest.mark.db
PROMISED, GONE = "supply.parts_promised", "supply.promise_gone"


def in_days(days):
    return clock.today() + datetime.timedelta(days=days)


def needs_of(order):
    return list(PartsNeed.objects.filter(ended_at=None, about=order.code))


def told(order):
    """What this order's client was told, oldest first: the day, or None for one that is gone."""
    kinds = Delivery.objects.filter(kind__in=[PROMISED, GONE], subject_id=str(order.pk), email__isnull=False)
    days = {day(in_days(days)): days for days in range(40)}
    said = []
    for each in kinds.select_related("email").order_by("pk"):
        named = [count for text, count in days.items() if text in each.email.subject]
        said.append(named[0] if each.kind == PROMISED else None)
    return said


@pytest.fixture
def bought(sent, oil_filter, nico):
    """`bought(4, days=3, needs=…)` are so many filters, promised in three days; without days nobody confirmed."""

    def buy(quantity, *, days=None, needs=()):
        purchase = sent((oil_filter, str(quantity), "10"), needs=needs)
        if days is not None:
            actions.confirm(dates={purchase.lines.get().pk: in_days(days)}, purchase=purchase, by=nico)
        return purchase

    return buy


def test_a_part_is_promised_when_all_of_it_is(approved, plan, bought, oil_filter, nico):
    order = approved()
    plan(order, oil_filter, 4)
    bought(2, days=3, needs=needs_of(order))
    assert planned_parts_of(order)[0].promised_on is None
    assert (expected_for(order), told(order)) == (None, [])
    rest = bought(2, needs=[need for need in needs_of(order) if need.purchase_line_id is None])
    assert planned_parts_of(order)[0].promised_on is None
    actions.confirm(dates={rest.lines.get().pk: in_days(8)}, purchase=rest, by=nico)
    assert planned_parts_of(order)[0].promised_on == in_days(8)
    assert told(order) == [8]


def test_a_part_half_promised_is_one_without_a_day(approved, plan, sent, oil_filter, seal, nico):
    order = approved()
    plan(order, oil_filter, 4)
    plan(order, seal, 2)
    purchase = sent((oil_filter, "4", "10"), (seal, "1", "5"), needs=[])
    dates = {line.pk: in_days(3) for line in purchase.lines.all()}
    actions.confirm(dates=dates, purchase=purchase, by=nico)
    expected = expected_for(order)
    assert (expected.on, expected.is_all) == (in_days(3), False)


def test_goods_another_took_come_with_a_later_purchase(approved, plan, bought, take_in, oil_filter):
    late, soon = approved(), approved(priority="machine_down")
    plan(late, oil_filter, 4, days=9)
    first = bought(4, days=3, needs=needs_of(late))
    plan(soon, oil_filter, 4, days=1)
    bought(4, days=9, needs=needs_of(soon))
    assert (told(late), told(soon)) == ([3], [9])
    take_in(first, ("4", "0"))
    assert planned_parts_of(late)[0].promised_on == in_days(9)
    assert (told(late), told(soon)) == ([3, 9], [9])


def test_goods_another_took_that_nobody_sells_again_yet(approved, plan, bought, take_in, oil_filter):
    late, soon = approved(), approved(priority="machine_down")
    plan(late, oil_filter, 4, days=9)
    purchase = bought(4, days=3, needs=needs_of(late))
    plan(soon, oil_filter, 4, days=1)
    take_in(purchase, ("4", "0"))
    assert (told(late), told(soon)) == ([3, None], [])


def test_nobody_hears_of_parts_that_simply_come(approved, plan, bought, take_in, oil_filter):
    order = approved()
    plan(order, oil_filter, 4)
    purchase = bought(4, days=3, needs=needs_of(order))
    take_in(purchase, ("3", "0"))
    take_in(purchase, ("1", "0"))
    assert told(order) == [3]


def test_an_order_that_takes_what_is_on_its_way_hears_of_it_once(approved, plan, bought, oil_filter, ana):
    bought(10, days=3)
    order = approved()
    planned = plan(order, oil_filter, 4)
    assert told(order) == [3]
    more = {"need_by": in_days(5), "note": "", "by": ana}
    orders.change_planned_part(planned=planned, quantity=Decimal(12), **more)
    assert told(order) == [3, None]
    orders.change_planned_part(planned=planned, quantity=Decimal(10), **more)
    assert told(order) == [3, None, 3]
    order.refresh_from_db()
    orders.move_order(order=order, to="cancelled", by=ana, reason="El cliente desistió", choice="client")
    assert told(order) == [3, None, 3]


def test_what_one_plans_no_more_another_is_promised(approved, plan, bought, oil_filter, ana):
    first, second = approved(), approved()
    planned = plan(first, oil_filter, 4)
    bought(4, days=3, needs=needs_of(first))
    plan(second, oil_filter, 3)
    assert (told(first), told(second)) == ([3], [])
    orders.drop_planned_part(planned=planned, by=ana)
    assert (told(first), told(second)) == ([3], [3])


def test_a_cancelled_purchase_is_told_once_where_another_brings_it(approved, plan, bought, oil_filter, nico):
    order = approved()
    plan(order, oil_filter, 4)
    purchase = bought(4, days=3, needs=needs_of(order))
    bought(4, days=9)
    actions.cancel_purchase(purchase=purchase, reason="Precio", by=nico)
    assert told(order) == [3, 9]


def test_what_stock_asks_for_no_more_an_order_is_promised(approved, plan, bought, oil_filter, nico):
    limits = {"minimum": Decimal(2), "maximum": Decimal(10)}
    part = parts.change_part(part=oil_filter, version=oil_filter.version, by=nico, **limits)
    actions.keep_minimum(part=part, by=nico)
    bought(10, days=3, needs=list(PartsNeed.objects.all()))
    order = approved()
    plan(order, part, 4)
    assert told(order) == []
    part.refresh_from_db()
    parts.change_part(part=part, version=part.version, by=nico, minimum=None, maximum=None)
    assert told(order) == [3]
