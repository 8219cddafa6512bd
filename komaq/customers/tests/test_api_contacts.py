"""The people of a customer through the API."""

import pytest

from komaq.accounts.models import User
from komaq.customers.models import Contact, Site

NEW = {"given_names": "Rosa María", "surnames": "Quispe Flores", "phone": "987 654 321", "title": "Jefa"}


@pytest.fixture
def people(andinos):
    return f"/api/v1/customers/{andinos.pk}/contacts"


@pytest.fixture
def address(tie):
    return lambda user: f"/api/v1/contacts/{tie(user).pk}"


@pytest.fixture
def noted(program, ana, people):
    """A contact who does not sign in."""
    return program(ana)("POST", people, NEW).json()


def test_the_office_notes_somebody_once(program, ana, people, noted):
    contact = Contact.objects.get()
    assert (contact.person.phone, contact.title) == ("+51987654321", "Jefa")
    assert (noted["id"], noted["signs_in"], noted["role"]) == (str(contact.pk), False, None)
    call = program(ana)
    assert call("GET", f"/api/v1/contacts/{contact.pk}").json() == noted
    assert call("GET", people).json()["items"] == [noted]
    assert call("POST", people, NEW).json()["id"] == noted["id"]
    assert Contact.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [({"phone": "12"}, "phone"), ({"email": "x@"}, "email"), ({"surnames": ""}, "surnames"), ({"role": "x"}, "role"),
     ({"status": "active"}, "status"), ({"customer": "1"}, "customer"), ({"person": "1"}, "person")],
)  # fmt: skip
def test_what_the_form_refuses_the_api_refuses(program, ana, people, change, field):
    answer = program(ana)("POST", people, {**NEW, **change})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Contact.objects.exists()


def test_a_contact_is_corrected_as_it_was_read(program, ana, noted):
    call, address = program(ana), f"/api/v1/contacts/{noted['id']}"
    etag = call("GET", address).headers["ETag"]
    assert call("PATCH", address, {"email": "rosa@andinos.test"}).status_code == 428
    changed = call("PATCH", address, {"email": "rosa@andinos.test"}, If_Match=etag)
    assert changed.status_code == 200, changed.content
    contact = Contact.objects.get()
    assert (contact.person.email, contact.person.phone, contact.title) == ("rosa@andinos.test", "+51987654321", "Jefa")
    stale = call("PATCH", address, {"title": "Otra"}, If_Match=etag)
    assert (stale.status_code, stale.json()["current"]) == (412, changed.json())
    assert Contact.objects.get().title == "Jefa"


def test_who_signs_in_keeps_its_own_data(program, ana, carla, address):
    call = program(ana)
    etag = call("GET", address(carla)).headers["ETag"]
    refused = call("PATCH", address(carla), {"phone": "958 204 116"}, If_Match=etag)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (409, "phone")
    assert call("PATCH", address(carla), {"title": "Gerente"}, If_Match=etag).json()["title"] == "Gerente"


def test_a_version_tells_nothing_of_the_document(carla, tie):
    before = tie(carla).version
    carla.person.document_number = "45678912"
    carla.person.save()
    assert tie(carla).version == before


def test_a_company_invites_its_people(program, carla, people, tajo_sur, letters):
    call = program(carla)
    before = len(letters())
    body = {**NEW, "email": "rosa@andinos.test", "site": str(tajo_sur.pk)}
    made = call("POST", f"{people}/invite", body, Idempotency_Key="una")
    assert made.status_code == 201, made.content
    assert (made.json()["role"], made.json()["sites"]) == ("customer_member", [str(tajo_sur.pk)])
    assert call("POST", f"{people}/invite", body, Idempotency_Key="una").json() == made.json()
    assert len(letters()) == before + 1
    assert User.objects.get(email="rosa@andinos.test").site_ids(tajo_sur.customer_id) == {tajo_sur.pk}
    assert call("POST", f"{people}/invite", body).status_code == 409


def test_an_invitation_names_an_address_and_an_open_site(program, carla, illapa, people, tajo_sur):
    call = program(carla)
    elsewhere = Site.objects.create(customer=illapa, name="Otra")
    Site.objects.filter(pk=tajo_sur.pk).update(is_open=False)
    body = {**NEW, "email": "rosa@andinos.test"}
    answers = [call("POST", f"{people}/invite", {**body, "site": key}) for key in (str(elsewhere.pk), "987654321")]
    assert answers[0].status_code == answers[1].status_code == 422
    assert answers[0].json() == answers[1].json()
    assert call("POST", f"{people}/invite", {**body, "site": str(tajo_sur.pk)}).status_code == 422
    assert call("POST", f"{people}/invite", {**body, "email": ""}).status_code == 422
    assert call("POST", f"{people}/invite", {**body, "role": "admin"}).status_code == 422
    assert not User.objects.filter(email="rosa@andinos.test").exists()


def test_who_asks_to_enter_is_let_in_or_turned_away_once(program, carla, beto, rita, people, address):
    call = program(carla)
    assert [each["status"] for each in call("GET", f"{people}?status=waiting").json()["items"]] == ["waiting"]
    assert program(beto)("GET", f"{people}?status=waiting").json()["items"] == []
    assert program(beto)("GET", address(rita)).status_code == 404
    assert call("POST", f"{address(rita)}/approve", {}).json()["role"] == "customer_member"
    assert call("POST", f"{address(rita)}/approve", {}).status_code == 200
    assert call("POST", f"{address(rita)}/refuse").status_code == 409


def test_who_is_turned_away_is_out(program, carla, rita, tie, address):
    answer = program(carla)("POST", f"{address(rita)}/refuse")
    assert (answer.json()["status"], answer.json()["role"]) == ("ended", None)
    assert tie(rita).status == "ended"
    assert rita.roles == frozenset()


def test_powers_change_and_end(program, carla, beto, address, tie, tajo_sur):
    call = program(carla)
    changed = call("POST", f"{address(beto)}/access", {"site": str(tajo_sur.pk)})
    assert (changed.json()["role"], changed.json()["sites"]) == ("customer_member", [str(tajo_sur.pk)])
    mixed = call("POST", f"{address(beto)}/access", {"role": "customer_admin", "site": str(tajo_sur.pk)})
    assert (mixed.status_code, mixed.json()["errors"][0]["field"]) == (422, "site")
    assert call("POST", f"{address(beto)}/end").json()["status"] == "ended"
    assert User.objects.get(pk=beto.pk).roles == frozenset()
    last = call("POST", f"{address(carla)}/end")
    assert last.status_code == 409
    assert tie(carla).status == "active"


def test_who_may_not_decide_on_people(program, fina, beto, omar, carla, rita, address, people):
    for user, status in ((fina, 403), (beto, 403), (omar, 404)):
        call = program(user)
        assert call("POST", f"{address(rita)}/approve", {}).status_code == status
        assert call("POST", f"{address(carla)}/end").status_code == status
        assert call("POST", f"{people}/invite", {**NEW, "email": "x@y.test"}).status_code == status
    assert program(carla)("POST", people, NEW).status_code == 404
    assert program(fina)("POST", people, NEW).status_code == 403
    assert Contact.objects.filter(status="waiting").count() == 1
    assert Contact.objects.count() == 4


def test_a_foreign_contact_is_like_none(program, omar, carla, address):
    call = program(omar)
    foreign, missing = call("GET", address(carla)), call("GET", "/api/v1/contacts/987654321")
    assert foreign.status_code == 404
    assert foreign.content == missing.content
    assert call("GET", f"/api/v1/customers/{carla.live_grants[0].customer_id}/contacts").status_code == 404


def test_a_list_costs_the_same_however_long(program, ana, people, carla, beto, noted, queries_of):
    call = program(ana)
    call("GET", people)
    one = queries_of(lambda: call("GET", f"{people}?limit=1"))
    assert queries_of(lambda: call("GET", people)) == one
    assert len(call("GET", people).json()["items"]) == 3
