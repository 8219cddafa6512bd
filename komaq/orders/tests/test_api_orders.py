"""Orders by programs: list, read, open, change, move."""

import datetime

import pytest

from komaq.core import clock
from komaq.orders import actions
from komaq.orders.choices import STEPS, TRANSITIONS, OrderStatus
from komaq.orders.models import ServiceOrder
from komaq.orders.tests.conftest import employee_of

ORDERS = "/api/v1/orders"
NOWHERE = "987654"


def ids(answer):
    assert answer.status_code == 200, answer.content
    return {item["id"] for item in answer.json()["items"]}


def moment(text):
    return datetime.datetime.fromisoformat(text)


@pytest.fixture
def wanted(andinos, cat336, carla):
    """What opens an order for the CAT 336."""
    contact = andinos.contacts.get(person=carla.person)
    return {"machine": str(cat336.pk), "contact": str(contact.pk), "title": "Cambio de mangueras", "priority": "high"}


# Reading


def test_the_main_fields_stand_in_an_order(program, ana, open_order, plan, tito):
    plan(open_order, [tito], kind="diagnosis")
    actions.add_task(segment=open_order.segments.get(), title="Medir presión", minutes=30, by=ana)
    told = program(ana)("GET", f"{ORDERS}/{open_order.pk}").json()
    request = open_order.requests.get()
    main = {
        "id": str(open_order.pk),
        "code": open_order.code,
        "request": str(request.pk),
        "machine": str(open_order.machine_id),
        "customer": str(open_order.customer_id),
        "site": str(open_order.site_id),
        "contact": str(open_order.contact_id),
        "type": None,
        "priority": "high",
        "status": "open",
        "client_status": "pending",
        "billing_status": "unbilled",
        "problems": ["hidraulico-lento"],
        "version": open_order.version,
    }
    assert {name: told[name] for name in main} == main
    assert moment(told["due_at"]) == open_order.due_at
    assert [segment["payer"] for segment in told["segments"]] == ["client"]
    assert [visit["assignments"][0]["name"] for visit in told["visits"]] == [tito.name]
    assert [(task["title"], task["segment"]) for task in told["tasks"]] == [
        ("Medir presión", told["segments"][0]["id"])
    ]


def test_a_client_reads_no_internal_words(program, carla, ana, open_order, plan, tito):
    actions.add_segment(order=open_order, title="Cortesía nuestra", system="cab", payer="goodwill", by=ana)
    actions.add_task(segment=open_order.segments.first(), title="Revisar abuso de operador", by=ana)
    plan(open_order, [tito], kind="diagnosis", note="El cliente discute todo")
    answer = program(carla)("GET", f"{ORDERS}/{open_order.pk}")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert not any(words in text for words in ("Cortesía", "abuso", "discute", "goodwill"))
    told = answer.json()
    assert (told["segments"], told["tasks"], told["visits"][0]["note"]) == ([], [], None)
    assert told["visits"][0]["assignments"][0]["name"] == tito.name


def test_everybody_lists_its_own_scope(program, ana, tito, rosa, carla, omar, open_order, other_order, plan):
    plan(open_order, [tito])
    mine, other = str(open_order.pk), str(other_order.pk)
    scopes = {ana: {mine, other}, tito: {mine}, rosa: set(), carla: {mine}, omar: {other}}
    assert {user: ids(program(user)("GET", ORDERS)) for user in scopes} == scopes


def test_the_foreign_and_the_missing_are_one(program, omar, open_order):
    call = program(omar)
    foreign = call("GET", f"{ORDERS}/{open_order.pk}")
    missing = call("GET", f"{ORDERS}/{NOWHERE}")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_filters_narrow(program, ana, open_order, other_order, plan, tito):
    visit = plan(open_order, [tito])
    ServiceOrder.objects.filter(pk=other_order.pk).update(
        status="completed", created_at=clock.now() - datetime.timedelta(days=9)
    )
    ServiceOrder.objects.filter(pk=open_order.pk).update(
        created_at=clock.now() - datetime.timedelta(days=9), due_at=clock.now() - datetime.timedelta(hours=1)
    )
    call = program(ana)
    mine, other = {str(open_order.pk)}, {str(other_order.pk)}
    sent = visit.assignments.get().technician_id
    found = {
        "status=open": mine,
        "status=pending": mine,
        "status=done": other,
        "status=closed": set(),
        "live=true": mine | other,
        "late=true": mine,
        "late=false": mine | other,
        "priority=high": mine | other,
        "priority=normal": set(),
        f"customer={open_order.customer_id}": mine,
        f"machine={other_order.machine_id}": other,
        f"technician={sent}": mine,
        f"technician={NOWHERE}": set(),
        "q=illapa": other,
        f"q={open_order.code}": mine,
        f"status=pending&machine={other_order.machine_id}": set(),
    }
    assert {given: ids(call("GET", f"{ORDERS}?{given}")) for given in found} == found


@pytest.mark.parametrize("bad", ["status=lost", "priority=1", "customer=x", "sort=code", "late=perhaps", "owner=1"])
def test_a_bad_parameter_is_told(program, ana, bad):
    assert program(ana)("GET", f"{ORDERS}?{bad}").status_code == 400


def test_a_filter_never_widens_the_scope(program, carla, open_order, other_order):
    assert ids(program(carla)("GET", f"{ORDERS}?customer={other_order.customer_id}")) == set()


@pytest.mark.parametrize("sort", ["newest", "oldest", "due_at", "-due_at"])
def test_pages_follow_each_other_while_rows_are_added(program, ana, carla, cat336, ask, sort):
    def make(priority="normal"):
        return actions.accept_request(request=ask(carla, cat336, priority=priority), by=ana)

    for priority in ("normal", "high", "machine_down"):
        make(priority)
    call = program(ana)
    whole = [item["id"] for item in call("GET", f"{ORDERS}?sort={sort}").json()["items"]]
    first = call("GET", f"{ORDERS}?sort={sort}&limit=2").json()
    make()
    second = call("GET", f"{ORDERS}?sort={sort}&limit=2&cursor={first['next']}").json()
    seen = [item["id"] for item in first["items"] + second["items"]]
    assert seen[:3] == whole


@pytest.mark.db
@pytest.mark.parametrize("who", ["ana", "carla", "tito"])
def test_a_list_costs_the_same_for_any_number(program, request, who, ask, carla, cat336, ana, tito, plan, queries_of):
    def make():
        return plan(actions.accept_request(request=ask(carla, cat336), by=ana), [tito])

    make()
    call = program(request.getfixturevalue(who))
    call("GET", ORDERS)
    one = queries_of(lambda: call("GET", ORDERS))
    make()
    make()
    assert len(call("GET", ORDERS).json()["items"]) == 3
    assert queries_of(lambda: call("GET", ORDERS)) == one


@pytest.mark.db
def test_an_order_costs_the_same_with_more_in_it(program, ana, open_order, plan, tito, rosa, queries_of):
    call = program(ana)
    plan(open_order, [tito])
    actions.add_task(segment=open_order.segments.get(), title="Uno", by=ana)
    call("GET", ORDERS)
    one = queries_of(lambda: call("GET", f"{ORDERS}/{open_order.pk}"))
    for number in range(3):
        plan(open_order, [tito, rosa])
        segment = actions.add_segment(order=open_order, title=f"Parte {number}", system="cab", payer="client", by=ana)
        actions.add_task(segment=segment, title="Otra", by=ana)
    assert queries_of(lambda: call("GET", f"{ORDERS}/{open_order.pk}")) == one


# Opening


def test_opening_is_what_the_page_does(program, ana, cat336, andinos, carla, wanted):
    contact = andinos.contacts.get(person=carla.person)
    by_page = actions.open_order(machine=cat336, contact=contact, title=wanted["title"], priority="high", by=ana)
    made = program(ana)("POST", ORDERS, wanted)
    assert made.status_code == 201, made.content
    order = ServiceOrder.objects.get(pk=made.json()["id"])
    same = ("title", "priority", "status", "machine", "site", "contact", "customer", "created_by", "description")
    assert [getattr(order, name) for name in same] == [getattr(by_page, name) for name in same]
    assert made.headers["ETag"] == '"1"'


def test_what_the_form_takes_the_api_takes(catalogue, program, lola, wanted, open_order):
    due = (clock.now() + datetime.timedelta(days=3)).isoformat()
    more = {"type": "emergencia", "payer": "warranty", "rework_of": str(open_order.pk), "due_at": due}
    made = program(lola)("POST", ORDERS, {**wanted, **more, "site": str(open_order.site_id)})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["type"], told["rework_of"], told["segments"][0]["payer"]) == (
        "emergencia",
        str(open_order.pk),
        "warranty",
    )
    assert moment(told["due_at"]) == moment(due)


@pytest.mark.parametrize("who", ["tito", "nico", "fina", "alex"])
def test_a_role_that_opens_no_orders_is_told_so(program, request, who, wanted):
    assert program(request.getfixturevalue(who))("POST", ORDERS, wanted).status_code == 403


def test_opening_twice_under_one_key_makes_one(program, ana, wanted):
    call = program(ana)
    first = call("POST", ORDERS, wanted, Idempotency_Key="order-1")
    again = call("POST", ORDERS, wanted, Idempotency_Key="order-1")
    assert (again.status_code, again.content, again.headers["ETag"]) == (201, first.content, first.headers["ETag"])
    assert ServiceOrder.objects.count() == 1
    other = call("POST", ORDERS, {**wanted, "title": "Otra"}, Idempotency_Key="order-1")
    assert other.status_code == 422


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("machine", NOWHERE),
        ("contact", NOWHERE),
        ("site", NOWHERE),
        ("rework_of", NOWHERE),
        ("type", "magia"),
        ("title", " "),
        ("title", "x" * 121),
        ("description", "x" * 4001),
        ("priority", "urgent"),
        ("payer", "nobody"),
        ("due_at", "2020-01-01T00:00:00Z"),
        ("due_at", "2199-01-01T00:00:00Z"),
        ("due_at", "2027-01-01T00:00:00"),
        ("due_at", 1795000000),
    ],
)
def test_a_value_that_cannot_be_is_named(catalogue, program, ana, wanted, field, value):
    answer = program(ana)("POST", ORDERS, {**wanted, field: value})
    assert answer.status_code == 422, answer.content
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert ServiceOrder.objects.count() == 0


def test_things_of_another_client_are_not_found(program, ana, omar, wanted, volvo480, other_order):
    call = program(ana)
    foreign = {"contact": volvo480.customer.contacts.get().pk, "rework_of": other_order.pk}
    for field, key in foreign.items():
        answer = call("POST", ORDERS, {**wanted, field: str(key)})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == field


def columns():
    names = {field.name for field in ServiceOrder._meta.get_fields()}
    return sorted(names | {"role", "is_final", "billing"})


def test_nothing_is_set_that_is_not_offered(program, ana, wanted, open_order):
    call = program(ana)
    offered = {"machine", "contact", "title", "priority", "description", "site", "due_at", "rework_of"}
    for name in set(columns()) - offered:
        answer = call("POST", ORDERS, {**wanted, name: "closed"})
        assert (name, answer.status_code) == (name, 422)
    before = ServiceOrder.objects.filter(pk=open_order.pk).values().get()
    for name in set(columns()) - {"title", "priority", "description", "site", "due_at", "contact"}:
        answer = call("PATCH", f"{ORDERS}/{open_order.pk}", {name: "closed"}, If_Match='"1"')
        assert (name, answer.status_code) == (name, 422)
    assert ServiceOrder.objects.filter(pk=open_order.pk).values().get() == before
    assert ServiceOrder.objects.count() == 1


# Changing


def test_a_change_touches_only_what_was_sent(catalogue, program, ana, open_order):
    call = program(ana)
    before = call("GET", f"{ORDERS}/{open_order.pk}").json()
    answer = call("PATCH", f"{ORDERS}/{open_order.pk}", {"priority": "normal", "type": "emergencia"}, If_Match='"1"')
    assert answer.status_code == 200, answer.content
    told = answer.json()
    changed = {name for name in told if told[name] != before[name]}
    assert changed == {"priority", "type", "version"}
    assert answer.headers["ETag"] == '"2"'
    cleared = call("PATCH", f"{ORDERS}/{open_order.pk}", {"site": None, "type": None}, If_Match='"2"').json()
    assert (cleared["site"], cleared["type"], cleared["title"]) == (None, None, before["title"])


def test_a_change_needs_the_version_it_read(program, ana, open_order):
    call, here = program(ana), f"{ORDERS}/{open_order.pk}"
    assert call("PATCH", here, {"title": "A"}).status_code == 428
    assert call("PATCH", here, {"title": "A"}, If_Match='"1"').status_code == 200
    stale = call("PATCH", here, {"title": "B"}, If_Match='"1"')
    assert stale.status_code == 412
    assert stale.json()["current"] == call("GET", here).json()
    assert call("PATCH", here, {"title": None}, If_Match='"2"').status_code == 422
    assert call("PATCH", here, {"title": "B"}, If_Match='"2"').json()["title"] == "B"


def test_a_closed_order_takes_no_changes(program, ana, in_status):
    order = in_status("closed")
    answer = program(ana)("PATCH", f"{ORDERS}/{order.pk}", {"title": "B"}, If_Match=f'"{order.version}"')
    assert answer.status_code == 409


# Moving


@pytest.mark.parametrize("start", [status for status in OrderStatus if any(s.start == status for s in TRANSITIONS)])
def test_every_step_of_the_table_is_open_to_programs(program, start, in_status, plan, ana, tito, lola, nico, carla):
    """What pages offer to somebody, programs take: each step by the people it is for."""
    order = in_status(start)
    plan(order, [tito], kind="diagnosis")
    order = in_status(start)
    reached = set()
    for person in (tito, lola, nico, carla, ana):
        call = program(person)
        for offered in call("GET", f"{ORDERS}/{order.pk}/transitions").json()["items"]:
            body = {"to": offered["to"], "reason": "Motivo"}
            body |= {"choice": offered["choices"][0]} if offered["choices"] else {}
            body |= {"outcome": offered["outcomes"][0]} if offered["outcomes"] else {}
            version = ServiceOrder.objects.get(pk=order.pk).version
            answer = call("POST", f"{ORDERS}/{order.pk}/transitions", body, If_Match=f'"{version}"')
            assert (offered["to"], answer.status_code) == (offered["to"], 200), answer.content
            reached.add((start, offered["to"]))
            in_status(start)
    needs_visit = {(s.start, s.end) for s in TRANSITIONS if {"future_repair", "return_visit"} & set(s.needs)}
    only_us = {(s.start, s.end) for s in TRANSITIONS if s.who == {"system"}}
    assert reached == {pair for pair in STEPS if pair[0] == start} - needs_visit - only_us


def test_a_step_of_an_old_version_is_stale(program, ana, open_order):
    call, here = program(ana), f"{ORDERS}/{open_order.pk}/transitions"
    assert call("POST", here, {"to": "diagnosing"}).status_code == 428
    assert call("POST", here, {"to": "diagnosing"}, If_Match='"1"').status_code == 200
    stale = call("POST", here, {"to": "diagnosing"}, If_Match='"1"')
    assert stale.status_code == 412
    assert (stale.json()["current"]["status"], stale.json()["current"]["version"]) == ("diagnosing", 2)
    assert call("POST", here, {"to": "diagnosing"}, If_Match='"2"').status_code == 409


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"to": "approved", "reason": "x"}, 422, "choice"),
        ({"to": "approved", "choice": "warranty"}, 422, "reason"),
        ({"to": "approved", "choice": "weather", "reason": "x"}, 422, "choice"),
        ({"to": "approved", "choice": "magic", "reason": "x"}, 422, "choice"),
        ({"to": "lost"}, 422, "to"),
        ({"to": "approved", "status": "closed"}, 422, "status"),
        ({"to": "verified"}, 409, None),
    ],
)
def test_what_a_step_asks_is_asked(program, ana, open_order, body, status, field):
    answer = program(ana)("POST", f"{ORDERS}/{open_order.pk}/transitions", body, If_Match='"1"')
    assert answer.status_code == status, answer.content
    assert [fault["field"] for fault in answer.json()["errors"]] == ([field] if field else [])
    assert ServiceOrder.objects.get().status == "open"


def test_who_may_not_take_a_step_is_told_so(program, lola, rosa, omar, open_order, plan):
    plan(open_order, [rosa], kind="delivery")
    here, body = f"{ORDERS}/{open_order.pk}/transitions", {"to": "diagnosing"}
    answers = {user: program(user)("POST", here, body, If_Match='"1"').status_code for user in (lola, rosa, omar)}
    assert answers == {lola: 403, rosa: 403, omar: 404}


def test_only_its_client_accepts_the_work_and_by_the_version_it_read(program, ana, omar, carla, in_status):
    order = in_status("verified", version=7)
    here = f"{ORDERS}/{order.pk}/accept-work"
    assert program(omar)("POST", here, If_Match='"7"').status_code == 404
    assert program(ana)("POST", here, If_Match='"7"').status_code == 404
    call = program(carla)
    assert call("POST", here, If_Match='"6"').json()["current"]["status"] == "verified"
    assert call("POST", here, If_Match='"7"').json()["status"] == "closed"
    assert call("POST", here, If_Match='"8"').status_code == 409


def test_a_technician_filter_takes_whoever_was_sent(program, carla, open_order, plan, tito):
    plan(open_order, [tito])
    assert ids(program(carla)("GET", f"{ORDERS}?technician={employee_of(tito).pk}")) == {str(open_order.pk)}
