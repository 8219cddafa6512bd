"""An order's whole life by programs alone: asked, accepted, diagnosed, planned, done, verified, accepted, closed."""

import datetime

import pytest

from komaq.core import clock
from komaq.core.models import Event
from komaq.orders.models import ServiceOrder, ServiceRequest, Visit

API = "/api/v1"


def hour(days, at):
    return clock.lima(clock.today() + datetime.timedelta(days=days), at).isoformat()


@pytest.fixture
def ask_again(program):
    """`ask_again(user)` calls like `program`, and follows the version of what it read last by its ETag."""

    def of(user):
        call = program(user)

        def send(method, path, body=None, *, status, **headers):
            answer = call(method, f"{API}{path}", body, **headers)
            assert answer.status_code == status, answer.content
            return answer

        return send

    return of


def step(send, path, to, **more):
    """Read a thing and bring it a step on, by the version just read."""
    thing = path.removesuffix("/transitions")
    etag = send("GET", thing, status=200).headers["ETag"]
    return send("POST", path, {"to": to, **more}, status=200, If_Match=etag).json()


def test_from_request_to_closed(catalogue, ask_again, carla, ana, tito_at_work, tito, cat336):
    client, office, field = ask_again(carla), ask_again(ana), ask_again(tito)

    wish = {"machine": str(cat336.pk), "problem": "hidraulico-lento", "description": "Sin fuerza", "priority": "high"}
    asked = client("POST", "/service-requests", wish, status=201, Idempotency_Key="wish-1")
    again = client("POST", "/service-requests", wish, status=201, Idempotency_Key="wish-1")
    assert again.content == asked.content
    assert ServiceRequest.objects.count() == 1
    request = asked.json()
    assert (request["status"], request["client_status"]) == ("pending", "pending")

    accept = f"/service-requests/{request['id']}/accept"
    order = office("POST", accept, {"title": "Sin fuerza en brazo", "message": "Vamos"}, status=200).json()
    assert office("POST", accept, status=200).json()["id"] == order["id"]
    assert ServiceOrder.objects.count() == 1
    assert (order["request"], order["status"], order["priority"]) == (request["id"], "open", "high")
    assert client("GET", f"/service-requests/{request['id']}", status=200).json()["order"] == order["id"]
    here = f"/orders/{order['id']}"

    me = str(tito_at_work.pk)
    visit = {"order": order["id"], "kind": "diagnosis", "technicians": [me]}
    look = office("POST", "/visits", {**visit, "start": hour(1, 8), "end": hour(1, 12)}, status=201).json()
    assert look["assignments"] == [{"technician": me, "name": tito.name, "lead": True}]
    clash = office("POST", "/visits", {**visit, "start": hour(1, 10), "end": hour(1, 14)}, status=409).json()
    assert clash["errors"][0]["field"] == "technicians"
    assert order["code"] in clash["detail"]
    assert Visit.objects.count() == 1

    step(field, f"/visits/{look['id']}/transitions", "on_site")
    assert client("GET", here, status=200).json()["status"] == "diagnosing"
    step(field, f"/visits/{look['id']}/transitions", "done")

    old = office("GET", here, status=200).headers["ETag"]
    office("PATCH", here, {"priority": "machine_down"}, status=200, If_Match=old)
    approve = {"to": "approved", "choice": "client_authorised", "reason": "Correo de la jefa de equipos"}
    stale = office("POST", f"{here}/transitions", approve, status=412, If_Match=old).json()
    assert stale["current"]["priority"] == "machine_down"
    assert stale["current"]["status"] == "diagnosing"
    fresh = f'"{stale["current"]["version"]}"'
    moved = office("POST", f"{here}/transitions", approve, status=200, If_Match=fresh).json()
    assert (moved["status"], moved["approval_ground"]) == ("approved", "client_authorised")

    work = {**visit, "kind": "repair", "start": hour(2, 8), "end": hour(2, 17), "note": "Llevar sellos"}
    repair = office("POST", "/visits", work, status=201).json()
    assert office("GET", here, status=200).json()["status"] == "scheduled"
    step(field, f"/visits/{repair['id']}/transitions", "travelling")
    step(field, f"/visits/{repair['id']}/transitions", "on_site")
    assert step(field, f"{here}/transitions", "paused", choice="weather", reason="Nevada")["pause_reason"] == "weather"
    assert step(field, f"{here}/transitions", "in_progress")["pause_reason"] is None
    done = step(field, f"{here}/transitions", "completed", outcome="done", reason="Probado con carga")
    assert (done["status"], done["outcome"], done["client_status"]) == ("completed", "done", "done")
    assert step(office, f"{here}/transitions", "verified", reason="Sin fugas")["status"] == "verified"

    etag = client("GET", here, status=200).headers["ETag"]
    offered = client("GET", f"{here}/transitions", status=200).json()["items"]
    assert [each["to"] for each in offered] == ["closed"]
    closed = client("POST", f"{here}/accept-work", status=200, If_Match=etag).json()
    assert closed["status"] == "closed"
    assert closed["closed_at"]
    assert client("GET", f"{here}/transitions", status=200).json()["items"] == []
    moves = Event.objects.filter(kind="orders.status_changed").order_by("pk").select_related("payload")
    assert [move.payload.data["to"] for move in moves] == [
        "diagnosing",
        "approved",
        "scheduled",
        "in_progress",
        "paused",
        "in_progress",
        "completed",
        "verified",
        "closed",
    ]
