"""An outside program does the whole main job through the API alone: every role by its token, with a conflict, a stale
version, a retry and a crash of its own in between.

It knows nothing but addresses, tokens and JSON; the tokens come from the command line.
"""

import datetime
import io
import uuid

import httpx
import pytest
from django.core import mail
from django.core.management import call_command
from PIL import Image

from conftest import make_staff
from komaq.accounts.choices import Role
from komaq.core import clock, jobs, trail
from komaq.core.api import limits
from komaq.core.models import Event
from komaq.orders.models import ServiceOrder, ServiceRequest, Visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


class Program:
    """What somebody's program calls; it sends each deed under a key and tries again when the answer is lost."""

    def __init__(self, url, token):
        self.http = httpx.Client(base_url=f"{url}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=30)

    def get(self, path, **query):
        answer = self.http.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer

    def send(self, path, body=None, *, method="POST", expect=(200, 201), key=None, **more):
        headers = {"Idempotency-Key": key or uuid.uuid4().hex} if method == "POST" else {}
        answer = self.http.request(method, path, json=body, headers={**headers, **more.pop("headers", {})}, **more)
        assert answer.status_code in expect, f"{path}: {answer.status_code} {answer.text}"
        return answer

    def move(self, path, **body):
        """A transition on the version one has just read."""
        etag = self.get(path).headers["ETag"]
        return self.send(f"{path}/transitions", body, headers={"If-Match": etag}).json()


@pytest.fixture
def program(live_server, capsys):
    """`program(email)`: a program with a token of that person, made on the command line."""
    limits.forget()
    opened = []

    def of(email):
        capsys.readouterr()
        call_command("token", "create", email, "--scope", "read,write", "--days", "30")
        made = Program(live_server.url, capsys.readouterr().out.strip().splitlines()[-1])
        opened.append(made)
        return made

    yield of
    for each in opened:
        each.http.close()


@pytest.fixture
def staff(transactional_db):
    people = {
        "ana": Role.SUPERVISOR,
        "lola": Role.SALES,
        "tito": Role.TECHNICIAN,
        "rosa": Role.TECHNICIAN,
    }
    return {name: make_staff(name.title(), "Prueba", f"{name}@komaq.test", role) for name, role in people.items()}


def photo():
    content = io.BytesIO()
    Image.new("RGB", (640, 480), (196, 148, 40)).save(content, "JPEG")
    return content.getvalue()


def hours_ahead(hours):
    return (clock.now() + datetime.timedelta(hours=hours)).isoformat()


def test_the_main_job_without_a_page(program, staff):
    lola, ana, tito = (program(staff[name].email) for name in ("lola", "ana", "tito"))

    # the company, its administrator and where it works
    wrong = {"kind": "company", "tax_id_type": "6", "tax_id": "20990000036", "name": "Movitierra Sur S.A.C."}
    refused = lola.send("/customers", wrong, expect=(422,)).json()
    assert refused["errors"][0]["field"] == "tax_id"
    customer = lola.send("/customers", {**wrong, "tax_id": "20990000035"}).json()
    site = lola.send(
        f"/customers/{customer['id']}/sites", {"name": "Tajo Norte", "kind": "mine", "place": "Espinar, Cusco"}
    ).json()
    lola.send(
        f"/customers/{customer['id']}/contacts/invite",
        {
            "given_names": "Delia",
            "surnames": "Choquehuanca",
            "email": "delia@movitierra.test",
            "phone": "987 654 321",
            "role": "customer_admin",
        },
    )
    delia = program("delia@movitierra.test")

    # her machine and her request, sent twice because the first answer was lost on the way
    machine = delia.send(
        "/machines", {"brand": "CAT", "model": "336", "type": "excavator", "serial": "DKS09911", "site": site["id"]}
    ).json()
    problem = delia.get("/problems").json()["items"][0]["code"]
    wish = {"machine": machine["id"], "problem": problem, "description": "Fuga", "priority": "machine_down"}
    first = delia.send("/service-requests", wish, key="pedido-1")
    again = delia.send("/service-requests", wish, key="pedido-1")
    assert again.json() == first.json()
    assert ServiceRequest.objects.count() == 1
    request = first.json()
    files = {"files": ("fuga.jpg", photo(), "image/jpeg")}
    delia.send(f"/service-requests/{request['id']}/documents", files=files)

    # accepted once, however often
    order = ana.send(f"/service-requests/{request['id']}/accept").json()
    assert ana.send(f"/service-requests/{request['id']}/accept").json()["id"] == order["id"]
    here = f"/orders/{order['id']}"
    assert delia.get(here).json()["client_status"] == "pending"

    # two planners want the same technician: one wins, the other hears why
    span = {"from": hours_ahead(1), "to": hours_ahead(4)}
    free = ana.get("/technicians", **span).json()["items"]
    me = next(each["id"] for each in free if each["name"].startswith("Tito"))
    visit = {
        "order": order["id"],
        "kind": "diagnosis",
        "start": hours_ahead(1),
        "end": hours_ahead(4),
        "technicians": [me],
        "lead": me,
    }
    planned = ana.send("/visits", visit).json()
    conflict = ana.send("/visits", {**visit, "start": hours_ahead(2)}, expect=(409,)).json()
    assert conflict["detail"]
    assert Visit.objects.count() == 1

    # the technician, whose tablet still shows an old version
    stale = tito.get(f"/visits/{planned['id']}").headers["ETag"]
    tito.send(f"/visits/{planned['id']}/transitions", {"to": "travelling"}, headers={"If-Match": stale})
    late = tito.send(
        f"/visits/{planned['id']}/transitions", {"to": "on_site"}, headers={"If-Match": stale}, expect=(412,)
    ).json()
    assert late["current"]["state"] == "travelling"
    assert tito.send(f"/visits/{planned['id']}/transitions", {"to": "on_site"}, expect=(428,)).json()["status"] == 428
    tito.move(f"/visits/{planned['id']}", to="on_site")
    assert tito.get(here).json()["status"] == "diagnosing"
    reading = {"meter_hours": "6512.5", "read_at": hours_ahead(0)}
    ana.send(f"/machines/{machine['id']}/readings", reading)
    tito.move(f"/visits/{planned['id']}", to="done")

    # quoted, approved, repaired
    lola.move(here, to="quoted", reason="Cotización enviada por correo")
    lola.move(here, to="approved", reason="Aprobada por correo de Delia")
    repair = ana.send("/visits", {**visit, "kind": "repair", "start": hours_ahead(5), "end": hours_ahead(9)}).json()
    assert ana.get(here).json()["status"] == "scheduled"
    tito.move(f"/visits/{repair['id']}", to="on_site")
    assert delia.get(here).json()["client_status"] == "running"
    segment = ana.get(f"{here}/segments").json()["items"][0]["id"]
    task = ana.send(f"{here}/tasks", {"segment": segment, "title": "Cambiar la manguera"}).json()
    tito.send(f"{here}/tasks/{task['id']}/tick", {"done": True})
    tito.move(f"/visits/{repair['id']}", to="done")
    tito.move(here, to="completed", outcome="done", reason="Reporte entregado en obra")
    ana.move(here, to="verified", reason="Revisado en obra")

    # the client receives it
    etag = delia.get(here).headers["ETag"]
    closed = delia.send(f"{here}/accept-work", headers={"If-Match": etag}).json()
    assert (closed["status"], closed["client_status"]) == ("closed", "done")
    entries = delia.get("/calendar", **{"from": str(clock.today()), "to": str(clock.today())}).json()["items"]
    assert len(entries) >= 1
    assert [each["id"] for each in delia.get(f"/machines/{machine['id']}/history").json()["items"]] == [order["id"]]

    # what holds afterwards
    assert ServiceOrder.objects.get().status == "closed"
    assert trail.first_broken_link(Event.objects.all()) is None
    jobs.work_off()
    assert any("delia@movitierra.test" in letter.to[0] for letter in mail.outbox)


def test_what_one_role_may_not_do_no_program_does(program, staff, andinos, cat336):
    ana, tito = program(staff["ana"].email), program(staff["tito"].email)
    contact = ana.send(f"/customers/{andinos.pk}/contacts", {"given_names": "Beto", "surnames": "Huamán"}).json()
    order = ana.send("/orders", {"machine": str(cat336.pk), "contact": contact["id"], "title": "Revisión"}).json()
    assert tito.http.get(f"/orders/{order['id']}").status_code == 404
    assert tito.http.post("/orders", json={}).status_code == 403
