"""What orders show elsewhere: inbox, lamps, search, machine and customer, a person's own data."""

import datetime

import pytest
from django.template.loader import render_to_string

from komaq.core import clock, registry
from komaq.core.lamps import lit_for
from komaq.orders import actions, panels


def inbox(user):
    return [item for source in (panels.requests_to_decide, panels.orders_that_wait) for item in source(user)]


def test_a_pending_request_waits_for_the_planners(morning, ask, carla, cat336, ana, gina, lola, alex):
    request = ask(carla, cat336, priority="machine_down")
    for person in (ana, gina):
        item = inbox(person)[0]
        assert (item.code, item.due_at, item.stopped, item.late) == (request.code, request.respond_by, True, False)
        assert "Movimientos lentos" in item.title
    assert inbox(lola) == inbox(alex) == []
    with clock.travel(request.respond_by + datetime.timedelta(minutes=1)):
        assert inbox(ana)[0].late


@pytest.mark.parametrize(
    ("status", "days", "waits"),
    [
        ("open", 0, False),
        ("open", 30, True),
        ("approved", 0, True),
        ("completed", 0, True),
        ("verified", 30, False),
        ("closed", 30, False),
    ],
)
def test_orders_wait_when_late_completed_or_unscheduled(status, days, waits, in_status, ana, lola):
    order = in_status(status)
    with clock.travel(clock.now() + datetime.timedelta(days=days)):
        assert [item.code for item in inbox(ana)] == ([order.code] if waits else [])
        assert inbox(lola) == []


@pytest.mark.parametrize(
    ("status", "seller", "keeper"),
    [
        ("quoted", "Dar seguimiento a la cotización: ", None),
        ("waiting_parts", None, "Conseguir los repuestos: "),
        ("diagnosing", None, None),
        ("scheduled", None, None),
    ],
)
def test_sales_and_logistics_see_what_waits_for_them(status, seller, keeper, in_status, lola, nico, fina):
    order = in_status(status)
    for person, title in ((lola, seller), (nico, keeper), (fina, None)):
        assert [item.title for item in inbox(person)] == ([title + order.title] if title else [])


def test_sales_quote_what_a_finished_diagnosis_found(open_order, in_status, plan, tito, ana, lola):
    visit = plan(open_order, [tito], kind="diagnosis")
    in_status("diagnosing")
    assert inbox(lola) == []
    for state in ("travelling", "on_site", "done"):
        visit = actions.step_visit(visit=visit, to=state, by=ana)
    assert [item.title for item in inbox(lola)] == ["Cotizar lo diagnosticado: " + open_order.title]
    plan(open_order, [tito], kind="diagnosis")
    assert inbox(lola) == []


def test_each_order_says_why_it_waits(in_status, ana):
    titles = set()
    for status, days in (("approved", 0), ("completed", 0), ("diagnosing", 30)):
        in_status(status)
        with clock.travel(clock.now() + datetime.timedelta(days=days)):
            titles.add(inbox(ana)[0].title.split(":")[0])
    assert len(titles) == 3


def test_the_lamps_count_machines_down_and_broken_promises(in_status, ana, tito, carla):
    in_status("open", priority="machine_down")
    assert [lamp["count"] for lamp in lit_for(ana, [panels.warnings])] == [1, 0]
    with clock.travel(clock.now() + datetime.timedelta(days=30)):
        assert [lamp["count"] for lamp in lit_for(ana, [panels.warnings])] == [1, 1]
    in_status("completed", priority="machine_down")
    assert [lamp["count"] for lamp in lit_for(ana, [panels.warnings])] == [0, 0]
    assert list(panels.warnings(tito)) == []


@pytest.mark.db
@pytest.mark.parametrize("words", ["OS-{year}-000001", "os{year}000001", "dks01874", "lentos", "andinos"])
def test_search_finds_orders_by_code_title_serial_and_customer(words, open_order, other_order, ana):
    words = words.format(year=clock.today().year)
    assert [hit.label for hit in panels.find_orders(ana, words)] == [open_order.code]


@pytest.mark.db
def test_search_finds_requests_and_stays_in_scope(pending_request, open_order, ana, omar, carla):
    assert [hit.label for hit in panels.find_requests(ana, pending_request.code)] == [pending_request.code]
    assert [hit.url for hit in panels.find_requests(carla, "336")] == [f"/portal/solicitudes/{pending_request.pk}/"]
    assert [hit.url for hit in panels.find_orders(carla, "336")] == [f"/portal/pedidos/{open_order.pk}/"]
    assert list(panels.find_requests(omar, "336")) == list(panels.find_orders(omar, "336")) == []


def test_the_room_is_on_the_pages_below_it(ana, carla, tito):
    assert panels.requests_to_decide in registry.inbox
    assert panels.warnings in registry.lamps
    for person in (ana, carla, tito):
        assert "orders/_panel_orders.html" in {each.template for each in registry.panels_for("fleet.machine", person)}
    assert not registry.panels_for("customers.customer", carla)
    assert {"orders.serviceorder", "orders.servicerequest"} <= registry.file_scopes.keys()


def test_the_machine_shows_its_service_history(open_order, cat336, volvo480, ana, carla, omar):
    page = render_to_string("orders/_panel_orders.html", panels.history_of_machine(ana, cat336))
    assert open_order.code in page
    assert f"/app/ordenes/{open_order.pk}/" in page
    assert f"/portal/pedidos/{open_order.pk}/" in render_to_string(
        "orders/_panel_orders.html", panels.history_of_machine(carla, cat336)
    )
    assert open_order.code not in render_to_string("orders/_panel_orders.html", panels.history_of_machine(omar, cat336))


def test_the_customer_shows_its_open_orders(in_status, andinos, ana):
    order = in_status("paused")
    shown = panels.orders_of_customer(ana, andinos)
    assert order.code in render_to_string("orders/_panel_orders.html", shown)
    in_status("closed")
    assert panels.orders_of_customer(ana, andinos)["rows"] == []


def test_panels_cost_the_same_for_any_number(open_order, ask, carla, cat336, andinos, ana, queries_of):
    def look():
        inbox(ana), list(panels.warnings(ana)), list(panels.find_orders(ana, "336"))
        for context in (panels.history_of_machine(ana, cat336), panels.orders_of_customer(ana, andinos)):
            render_to_string("orders/_panel_orders.html", context)

    ask(carla, cat336)
    few = queries_of(look)
    for _each in range(2):
        ask(carla, cat336)
        actions.accept_request(request=ask(carla, cat336), by=ana)
    assert queries_of(look) == few


def test_a_person_gets_the_requests_it_made(pending_request, carla, beto):
    assert [row["code"] for row in panels.own_data(carla.person)["requests"]] == [pending_request.code]
    assert panels.own_data(beto.person)["requests"] == []
