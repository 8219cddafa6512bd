"""Requests for service by programs: ask, decide, take back."""

import datetime

import pytest

from komaq.core import clock
from komaq.customers.choices import ContactStatus
from komaq.fleet.choices import MachineStatus
from komaq.orders.models import Problem, ServiceOrder, ServiceRequest

REQUESTS = "/api/v1/service-requests"
NOWHERE = "987654"


@pytest.fixture
def wish(catalogue, cat336):
    """What Carla asks for."""
    return {"machine": str(cat336.pk), "problem": "hidraulico-lento", "description": "Sin fuerza", "priority": "high"}


def test_asking_is_what_the_page_does(program, ask, carla, cat336, wish):
    by_page = ask(carla, cat336, description="Sin fuerza")
    made = program(carla)("POST", REQUESTS, wish)
    assert made.status_code == 201, made.content
    asked = ServiceRequest.objects.get(pk=made.json()["id"])
    same = ("customer", "machine", "site", "contact", "priority", "description", "status", "asked_by", "service_type")
    assert [getattr(asked, name) for name in same] == [getattr(by_page, name) for name in same]
    assert list(asked.problems.all()) == list(by_page.problems.all())


def test_a_machine_in_words_needs_a_place(program, carla, wish):
    call = program(carla)
    words = {**wish, "machine_described": "Cargador SEM 656"}
    del words["machine"]
    refused = call("POST", REQUESTS, words)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "place_described")
    made = call("POST", REQUESTS, {**words, "place_described": "Km 84", "latitude": "-14.5", "longitude": "-71.25"})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["machine"], told["machine_described"], told["place_described"]) == (None, "Cargador SEM 656", "Km 84")
    assert float(told["latitude"]) == -14.5


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("site", NOWHERE),
        ("contact", NOWHERE),
        ("machine", NOWHERE),
        ("problem", "magia"),
        ("problems", ["hidraulico-lento", "magia"]),
        ("service_type", "magia"),
        ("priority", "urgent"),
        ("description", "x" * 2001),
        ("place_described", "x" * 201),
        ("wished_at", "2020-01-01T00:00:00Z"),
        ("latitude", "91"),
        ("latitude", 14.5),
    ],
)
def test_a_value_that_cannot_be_is_named(program, carla, wish, field, value):
    answer = program(carla)("POST", REQUESTS, {**wish, field: value})
    assert answer.status_code == 422, answer.content
    assert [fault["field"].partition(".")[0] for fault in answer.json()["errors"]] == [field]
    assert ServiceRequest.objects.count() == 0


def test_half_a_point_is_none(program, carla, wish):
    answer = program(carla)("POST", REQUESTS, {**wish, "latitude": "-14.5"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "longitude")


def test_who_has_left_and_what_is_retired_are_not_found(program, carla, andinos, cat336, beto, wish):
    call = program(carla)
    contact = andinos.contacts.get(person=beto.person)
    contact.status = ContactStatus.ENDED
    contact.save()
    refused = call("POST", REQUESTS, {**wish, "contact": str(contact.pk)})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "contact")
    cat336.status = MachineStatus.RETIRED
    cat336.save()
    refused = call("POST", REQUESTS, wish)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "machine")


def test_foreign_and_missing_machines_are_one(program, carla, volvo480, wish):
    call = program(carla)
    foreign, missing = (call("POST", REQUESTS, {**wish, "machine": key}) for key in (str(volvo480.pk), NOWHERE))
    assert foreign.status_code == missing.status_code == 422
    assert foreign.content == missing.content


def test_foreign_and_missing_requests_are_one(program, omar, pending_request):
    call = program(omar)
    for rest in ("", "/documents"):
        foreign, missing = (call("GET", f"{REQUESTS}/{key}{rest}") for key in (pending_request.pk, NOWHERE))
        assert foreign.status_code == missing.status_code == 404
        assert foreign.content == missing.content
    assert call("POST", f"{REQUESTS}/{pending_request.pk}/withdraw").status_code == 404
    assert call("GET", REQUESTS).json()["items"] == []


def test_accepting_answers_with_the_order(program, ana, pending_request):
    due = (clock.now() + datetime.timedelta(days=2)).isoformat()
    body = {
        "title": "Sin fuerza en brazo",
        "priority": "machine_down",
        "service_type": "emergencia",
        "due_at": due,
        "message": "Vamos mañana",
    }
    call, here = program(ana), f"{REQUESTS}/{pending_request.pk}/accept"
    answer = call("POST", here, body)
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["title"], told["priority"], told["type"]) == ("Sin fuerza en brazo", "machine_down", "emergencia")
    assert (told["request"], told["requests"]) == (str(pending_request.pk), [str(pending_request.pk)])
    assert datetime.datetime.fromisoformat(told["due_at"]) == datetime.datetime.fromisoformat(due)
    assert answer.headers["ETag"] == f'"{told["version"]}"'
    assert call("POST", here).json()["id"] == told["id"]
    assert ServiceOrder.objects.count() == 1


def test_a_request_in_words_takes_the_machine_on_accepting(program, ana, carla, wish, cat336, volvo480):
    words = {"machine_described": "Excavadora amarilla", "place_described": "Km 84", "description": "No arranca"}
    pending = program(carla)("POST", REQUESTS, words).json()
    call, here = program(ana), f"{REQUESTS}/{pending['id']}/accept"
    for body, status in ((None, 422), ({"machine": NOWHERE}, 422), ({"machine": str(volvo480.pk)}, 422)):
        answer = call("POST", here, body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, "machine")
    assert call("POST", here, {"machine": str(cat336.pk)}).json()["machine"] == str(cat336.pk)


def test_a_request_keeps_the_machine_it_names(program, ana, pending_request, cat336, andinos):
    other = type(cat336).objects.create(
        code="MAQ-2026-000009", customer=andinos, model=cat336.model, serial="X9", created_at=clock.now()
    )
    answer = program(ana)("POST", f"{REQUESTS}/{pending_request.pk}/accept", {"machine": str(other.pk)})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "machine")
    assert ServiceOrder.objects.count() == 0


def test_rejecting_says_why(program, ana, carla, pending_request):
    call, here = program(ana), f"{REQUESTS}/{pending_request.pk}/reject"
    for body in ({}, {"reason": " "}, {"reason": "x" * 301}):
        assert call("POST", here, body).status_code == 422
    told = call("POST", here, {"reason": "No es nuestra marca"}).json()
    assert (told["status"], told["client_status"], told["reason"]) == ("rejected", "refused", "No es nuestra marca")
    assert program(carla)("GET", f"{REQUESTS}/{pending_request.pk}").json() == told
    assert call("POST", here, {"reason": "Otra vez"}).status_code == 409
    assert call("POST", f"{REQUESTS}/{pending_request.pk}/accept").status_code == 409


def test_withdrawing_is_for_the_client_alone(program, ana, carla, pending_request):
    here = f"{REQUESTS}/{pending_request.pk}/withdraw"
    assert program(ana)("POST", here).status_code == 404
    call = program(carla)
    assert call("POST", here, {"reason": "Ya arrancó"}).json()["status"] == "withdrawn"
    assert call("POST", here).status_code == 409


def test_merging_joins_a_live_order_of_the_same_machine(program, ana, carla, open_order, other_order, ask, cat336):
    second = ask(carla, cat336)
    call, here = program(ana), f"{REQUESTS}/{second.pk}/merge"
    missing = call("POST", here, {"order": NOWHERE})
    assert (missing.status_code, missing.json()["errors"][0]["field"]) == (422, "order")
    assert call("POST", here, {"order": str(other_order.pk)}).status_code == 409
    joined = call("POST", here, {"order": str(open_order.pk)})
    assert joined.status_code == 200, joined.content
    assert joined.json()["requests"] == [str(open_order.requests.earliest("pk").pk), str(second.pk)]
    assert call("POST", here, {"order": str(open_order.pk)}).json()["id"] == str(open_order.pk)


@pytest.mark.parametrize("deed", ["accept", "reject", "merge"])
@pytest.mark.parametrize(("who", "status"), [("lola", 403), ("tito", 403), ("fina", 403), ("carla", 404)])
def test_only_planners_decide(program, request, pending_request, deed, who, status):
    call = program(request.getfixturevalue(who))
    assert call("POST", f"{REQUESTS}/{pending_request.pk}/{deed}", {"reason": "x"}).status_code == status
    pending_request.refresh_from_db()
    assert pending_request.status == "pending"


def test_nothing_is_set_that_is_not_offered(program, carla, ana, wish, pending_request):
    offered = {
        "customer machine machine_described site place_described latitude longitude contact service_type problems"
        " description priority"
    }
    names = {field.name for field in ServiceRequest._meta.get_fields()} | {"role", "wished_on", "client_status"}
    call, office = program(carla), program(ana)
    for name in names - set(*(each.split() for each in offered)):
        answer = call("POST", REQUESTS, {**wish, name: "accepted"})
        assert (name, answer.status_code) == (name, 422)
    for name in names - {"machine", "priority", "service_type"}:
        answer = office("POST", f"{REQUESTS}/{pending_request.pk}/accept", {name: "accepted"})
        assert (name, answer.status_code) == (name, 422)
    assert ServiceRequest.objects.count() == 1
    assert ServiceOrder.objects.count() == 0


def test_lists_narrow_and_sort(program, ana, carla, pending_request, ask, cat336, open_order):
    call = program(ana)
    every = [item["id"] for item in call("GET", f"{REQUESTS}?sort=oldest").json()["items"]]
    pending = [item["id"] for item in call("GET", f"{REQUESTS}?status=pending").json()["items"]]
    assert every == [str(pending_request.pk)]
    assert pending == []
    urgent = ask(carla, cat336, priority="machine_down")
    first = call("GET", f"{REQUESTS}?sort=respond_by&limit=1").json()["items"][0]
    assert first["id"] == str(urgent.pk)
    assert call("GET", f"{REQUESTS}?q={urgent.code}").json()["items"][0]["id"] == str(urgent.pk)


@pytest.mark.db
def test_a_list_costs_the_same_for_any_number(program, carla, ask, cat336, queries_of):
    ask(carla, cat336)
    call = program(carla)
    call("GET", REQUESTS)
    one = queries_of(lambda: call("GET", REQUESTS))
    ask(carla, cat336, problems=list(Problem.objects.all()[:3]))
    ask(carla, cat336)
    assert len(call("GET", REQUESTS).json()["items"]) == 3
    assert queries_of(lambda: call("GET", REQUESTS)) == one
