"""The list of what is needed: merged by part, with whom to buy it of and until when."""

import datetime
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.core.lists import page
from komaq.supply import actions
from komaq.supply.models import SupplierPart
from komaq.supply.queries import needs_list as listed
from komaq.supply.views.needs import GROUPED, SORTS

pytestmark = pytest.mark.db


def in_days(days):
    return clock.today() + datetime.timedelta(days=days)


@pytest.fixture
def ask(nico):
    """`ask(part, 4, 5)` asks by hand for four of a part in five days."""

    def make(part, quantity, days=None, **more):
        day = None if days is None else in_days(days)
        facts = {"reason": "Venta en tienda", "by": nico} | more
        return actions.add_need(part=part, quantity=Decimal(quantity), need_by=day, **facts)

    return make


@pytest.fixture
def sells(ferreycorp, tracto, oil_filter, seal, dollar):
    """Ferrey sells the filter for $10 in five days, Tracto for $8 in 21; the seal is Tracto's alone."""
    for supplier, part, price, days in (
        (ferreycorp, oil_filter, "10", None),
        (tracto, oil_filter, "8", None),
        (tracto, seal, "3", 2),
    ):
        SupplierPart.objects.create(supplier=supplier, part=part, price=Decimal(price), lead_days=days)


def rows(user, **given):
    given = {"states": ["open"]} | given
    narrowed = {name: value for name, value in given.items() if name not in {"supplier", "late"}}
    return listed.in_full(user, listed.needs_list(user, **given).order_by("first_day", "pk"), **narrowed)


def test_needs_are_merged_by_part(nico, ask, oil_filter, seal, sells, tracto):
    ask(oil_filter, 4, 30)
    ask(oil_filter, 2, 10, is_urgent=True)
    ask(seal, 1)
    first, last = rows(nico)
    assert (first.part, first.quantity, first.need_by, first.is_urgent) == (oil_filter, 6, in_days(10), True)
    assert (first.offer.supplier, first.lead_days, first.until) == (tracto, 21, in_days(-11))
    assert first.is_late
    assert [need.quantity for need in first.needs] == [2, 4]
    assert (last.part, last.need_by, last.until, last.is_late) == (seal, None, None, False)


def test_the_list_is_narrowed(nico, ask, oil_filter, seal, tooth, sells, ferreycorp):
    ask(oil_filter, 4, 10, reason="Feria minera")
    ask(seal, 1, 10, is_urgent=True)
    ask(tooth, 2, 10)

    def parts(**given):
        return [each.part for each in rows(nico, **given)]

    assert parts(q="1r 0750") == parts(q="1R-0750") == parts(q="feria") == [oil_filter]
    assert parts(urgent=True) == [seal]
    assert parts(late=True) == [oil_filter]
    assert parts(supplier=ferreycorp.pk) == [oil_filter]
    assert rows(nico, supplier=ferreycorp.pk)[0].until == in_days(5)
    assert parts(source="by_hand") == [oil_filter, seal, tooth]
    assert parts(source="orders") == parts(states=["asked"]) == []
    assert listed.counts_by_tab(nico) == {"open": 3, "asked": 0, "ordered": 0}


def test_what_is_ordered_is_not_late_to_order(nico, ask, buy, oil_filter, sells):
    buy((oil_filter, "4", "10"), needs=[ask(oil_filter, 4, 10)])
    (row,) = rows(nico, states=["ordered"])
    assert (row.quantity, row.is_to_buy, row.until, row.is_late) == (4, False, None, False)
    assert rows(nico, states=["ordered"], late=True) == []


def test_without_a_rate_what_costs_soles_goes_first(nico, ask, oil_filter, sells, dollar, ferreycorp):
    SupplierPart.objects.filter(supplier=ferreycorp).update(currency="PEN", price=Decimal(900))
    ask(oil_filter, 1)
    assert rows(nico)[0].offer.price == 8
    dollar.delete()
    assert rows(nico)[0].offer.supplier == ferreycorp


@pytest.mark.parametrize("who", ["ana", "tito", "alex", "carla"])
def test_who_may_not_know_prices_sees_no_needs(who, request, ask, oil_filter):
    ask(oil_filter, 1)
    assert rows(request.getfixturevalue(who)) == []


@pytest.mark.parametrize("sort", ["need", "until", "part", "supplier", "both"])
def test_the_list_goes_on_where_it_ended(nico, ask, oil_filter, seal, tooth, sells, sort):
    ask(oil_filter, 4, 30)
    ask(seal, 1)
    ask(tooth, 2, 30)
    rows = listed.needs_list(nico, states=["open"])
    every = SORTS | GROUPED["both"]
    cursor, found = None, []
    while True:
        one = page(rows, sorts=every, sort=sort, cursor=cursor, size=1)
        found += one.items
        if one.next is None:
            break
        cursor = one.next
    assert found == list(rows.order_by(every[sort].column, "pk"))
    assert {part.pk for part in found} == {oil_filter.pk, seal.pk, tooth.pk}
