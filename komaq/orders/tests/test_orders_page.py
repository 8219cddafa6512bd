import csv
import datetime
import io

import pytest
from django.urls import reverse

from komaq.core import clock
from komaq.orders import actions
from komaq.orders.models import ServiceOrder
from komaq.orders.tests.conftest import employee_of


@pytest.fixture
def stopped(ask, ana, omar, volvo480):
    """Illapa's Volvo stands still: a second order."""
    return actions.accept_request(request=ask(omar, volvo480, priority="machine_down"), by=ana)


@pytest.fixture
def codes(sign_in, ana):
    """`codes(view="all")` gives the codes that Ana's list shows, in their order."""
    browser = sign_in(ana)

    def listed(**query):
        page = browser.get(reverse("orders:list"), query)
        assert page.status_code == 200
        return [order.code for order, _lead, _late in page.context["rows"]]

    return listed


def test_the_list_shows_what_decides(sign_in, ana, open_order, plan, tito):
    plan(open_order, [tito])
    text = sign_in(ana).get(reverse("orders:list")).text
    for shown in (open_order.code, "CAT 336", "DKS01874", open_order.customer.short_name, "Tajo Sur", "Tito Ccori"):
        assert shown in text


def test_views_hold_what_they_say(codes, open_order, stopped):
    assert set(codes()) == {open_order.code, stopped.code}
    assert codes(view="down") == [stopped.code]
    assert codes(view="parts") == []
    with clock.travel(clock.now() + datetime.timedelta(days=90)):
        assert set(codes(view="late")) == {open_order.code, stopped.code}
    ServiceOrder.objects.filter(pk=stopped.pk).update(status="cancelled")
    assert codes() == [open_order.code]
    assert set(codes(view="all")) == {open_order.code, stopped.code}
    assert codes(status="cancelled") == [stopped.code], "a status asked for is shown in every view"


def test_filters_narrow_and_stand_in_the_address(codes, open_order, stopped, plan, tito, rosa, andinos, illapa):
    plan(open_order, [tito])
    assert codes(q="dks01874") == [open_order.code]
    assert codes(priority="machine_down") == [stopped.code]
    assert codes(customer=illapa.pk) == [stopped.code]
    assert codes(technician=employee_of(tito).pk) == [open_order.code]
    assert codes(q="nothing like that") == []


@pytest.mark.parametrize("query", [{"view": "secret"}, {"status": "secret"}, {"customer": "x"}, {"sort": "secret"}])
def test_what_the_list_never_offered_is_not_found(sign_in, ana, open_order, query):
    assert sign_in(ana).get(reverse("orders:list"), query).status_code == 404


def test_sorts_and_pages_by_cursor(codes, sign_in, ana, open_order, stopped, monkeypatch):
    assert codes(sort="due") == [stopped.code, open_order.code]
    assert codes(sort="due-last") == [open_order.code, stopped.code]
    assert codes(sort="newest") == [stopped.code, open_order.code]
    assert codes(sort="oldest") == [open_order.code, stopped.code]
    assert codes(sort="customer") == [open_order.code, stopped.code]
    assert codes(sort="machine") == [open_order.code, stopped.code]
    assert sign_in(ana).get(reverse("orders:list"), {"cursor": "x"}).status_code == 404


def test_three_orders_cost_as_many_queries_as_one(sign_in, ana, ask, carla, cat336, plan, tito, open_order, queries_of):
    browser = sign_in(ana)
    plan(open_order, [tito])
    one = queries_of(lambda: browser.get(reverse("orders:list")))
    for _number in range(2):
        plan(actions.accept_request(request=ask(carla, cat336), by=ana), [tito])
    assert queries_of(lambda: browser.get(reverse("orders:list"))) == one
    assert one <= 10


def test_the_export_holds_the_same_rows_and_no_formulas(sign_in, ana, open_order, stopped):
    ServiceOrder.objects.filter(pk=stopped.pk).update(title="=1+1")
    answer = sign_in(ana).get(reverse("orders:export"), {"priority": "machine_down"})
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert len(rows) == 2
    assert rows[1][0] == stopped.code
    assert rows[1][1] == "'=1+1"
    assert "VCEC480DL4417" in rows[1]


def test_empty_lists_teach(sign_in, ana):
    browser = sign_in(ana)
    assert 'class="empty"' in browser.get(reverse("orders:list")).text
    assert 'class="empty"' in browser.get(reverse("orders:list"), {"q": "zzz"}).text


@pytest.mark.parametrize("name", ["lola", "nico", "fina", "gina"])
def test_the_office_reads(request, sign_in, open_order, name):
    browser = sign_in(request.getfixturevalue(name))
    assert open_order.code in browser.get(reverse("orders:list")).text
    assert browser.get(open_order.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("name", ["tito", "alex", "carla", "omar"])
@pytest.mark.parametrize("route", ["list", "export", "new"])
def test_nobody_else_enters(request, sign_in, open_order, name, route):
    assert sign_in(request.getfixturevalue(name)).get(reverse(f"orders:{route}")).status_code in {403, 404}
