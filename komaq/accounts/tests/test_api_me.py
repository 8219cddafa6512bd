"""Oneself through the API: data, tokens, what is kept, being forgotten."""

import json

import pytest

from komaq.accounts.models import AccessKey, Person, User
from komaq.accounts.tests.conftest import PASSWORD
from komaq.core.models import Event, KeptAnswer

ME = "/api/v1/me"
TOKENS = "/api/v1/me/tokens"
PRIVACY = "/api/v1/privacy-requests"


def patch(call, body):
    return call("PATCH", ME, body, If_Match=call("GET", ME).headers["ETag"])


def test_staff_reads_who_it_is(program, tito, clerk):
    told = program(tito)("GET", ME).json()
    post = clerk.position_changes.get().position
    assert (told["id"], told["name"], told["roles"]) == (str(tito.pk), "Tito Ccori", ["technician"])
    assert (told["employee"], told["position"], told["area_name"]) == (str(clerk.pk), str(post.pk), "Técnica")
    assert (told["customer"], told["powers"]) == (None, [])


def test_a_client_reads_its_companies(program, carla, andinos):
    told = program(carla)("GET", ME).json()
    assert told["customer"] == str(andinos.pk)
    assert told["powers"] == [{"customer": str(andinos.pk), "role": "customer_admin", "site": None}]
    assert (told["employee"], told["position"], told["email"]) == (None, None, "carla@andinos.test")


def test_what_is_not_sent_stays(program, carla):
    call = program(carla)
    changed = patch(call, {"phone": "958 204 116", "document_type": "1", "document_number": "4567-8912"})
    assert changed.status_code == 200, changed.content
    person = Person.objects.get(pk=carla.person_id)
    assert (person.phone, person.document_number, person.given_names) == ("+51958204116", "45678912", "Carla")
    assert changed.json() == call("GET", ME).json()
    assert "958204116" in person.search


def test_data_changes_as_it_was_read(program, carla):
    call = program(carla)
    etag = call("GET", ME).headers["ETag"]
    assert call("PATCH", ME, {"language": "en"}).status_code == 428
    assert call("PATCH", ME, {"language": "en"}, If_Match=etag).status_code == 200
    stale = call("PATCH", ME, {"language": "es-pe"}, If_Match=etag)
    assert (stale.status_code, stale.json()["current"]["language"]) == (412, "en")
    assert Person.objects.get(pk=carla.person_id).language == "en"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"phone": "123"}, "phone"),
        ({"email": "x"}, "email"),
        ({"given_names": ""}, "given_names"),
        ({"language": "fr"}, "language"),
        ({"document_type": "1", "document_number": "123"}, "document_number"),
        ({"document_type": "1"}, "document_number"),
        ({"document_number": "45678912"}, "document_type"),
        ({"document_type": "6", "document_number": "20131312955"}, "document_type"),
        ({"roles": ["admin"]}, "roles"),
        ({"sign_in_email": "x@y.test"}, "sign_in_email"),
        ({"erased_at": None}, "erased_at"),
        ({"password": "x"}, "password"),
        ({"is_active": True}, "is_active"),
        ({"version": 1}, "version"),
    ],
)
def test_what_cannot_be_is_named_and_changes_nothing(program, carla, body, field):
    answer = patch(program(carla), body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not Event.objects.filter(kind="accounts.own_data_changed").exists()


def test_everything_kept_is_taken_along_and_that_is_written_down(program, carla):
    call = program(carla)
    data = call("GET", f"{ME}/export").json()
    assert data["person"][0]["given_names"] == "Carla"
    assert {"access", "employment", "consents", "activity", "keys", "readers"} <= data.keys()
    assert Event.objects.filter(kind="accounts.data_exported", subject_id=str(carla.person_id)).count() == 1
    assert [each["kind"] for each in call("GET", PRIVACY).json()["items"]] == ["export"]


def test_a_token_is_shown_once_and_works_until_it_is_taken_away(program, client, carla):
    call = program(carla)
    made = call("POST", TOKENS, {"name": "ERP", "days": 30})
    assert made.status_code == 201, made.content
    secret = made.json()["token"]
    assert (made.json()["scopes"], made.headers["Cache-Control"]) == (["read"], "no-store")
    assert client.get(ME, headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    listed = call("GET", TOKENS)
    assert secret not in listed.content.decode()
    assert [each["name"] for each in listed.json()["items"]] == ["ERP", "Prueba"]
    assert call("DELETE", f"{TOKENS}/{made.json()['id']}").status_code == 204
    assert client.get(ME, headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert [each["name"] for each in call("GET", TOKENS).json()["items"]] == ["Prueba"]


def test_the_same_key_makes_one_token_and_keeps_no_secret(program, carla):
    call = program(carla)
    first = call("POST", TOKENS, {"name": "ERP"}, Idempotency_Key="una")
    again = call("POST", TOKENS, {"name": "ERP"}, Idempotency_Key="una")
    assert again.json() == {**first.json(), "token": None}
    assert AccessKey.objects.filter(name="ERP").count() == 1
    assert first.json()["token"] not in KeptAnswer.objects.get().body


def test_by_a_session_a_token_asks_for_the_password(sign_in, carla, cache_table):
    client = sign_in(carla)
    for password, status in (({}, 422), ({"password": "otra"}, 422), ({"password": PASSWORD}, 201)):
        body = {"name": "ERP", "can_write": True, **password}
        answer = client.post(TOKENS, body, content_type="application/json")
        assert answer.status_code == status, answer.content
    assert AccessKey.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [({"name": " "}, "name"), ({"days": 731}, "days"), ({"days": 0}, "days"), ({"can_write": "yes"}, "can_write"),
     ({"user": "1"}, "user"), ({"purpose": "calendar"}, "purpose"), ({"digest": "x"}, "digest")],
)  # fmt: skip
def test_a_token_that_cannot_be_is_not_made(program, carla, body, field):
    answer = program(carla)("POST", TOKENS, {"name": "ERP", **body})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert AccessKey.objects.count() == 1


def test_somebody_elses_token_is_like_none(program, carla, beto):
    program(beto)
    theirs = AccessKey.objects.get(user=beto)
    call = program(carla)
    foreign, missing = call("DELETE", f"{TOKENS}/{theirs.pk}"), call("DELETE", f"{TOKENS}/987654321")
    assert foreign.status_code == 404
    assert foreign.content == missing.content
    theirs.refresh_from_db()
    assert theirs.ended_at is None


def test_who_only_reads_makes_no_token(program, carla):
    assert program(carla, can_write=False)("POST", TOKENS, {"name": "ERP"}).status_code == 403


def test_a_client_is_forgotten_by_its_password(program, carla, cache_table):
    call = program(carla)
    for password in ("", "otra"):
        answer = call("POST", PRIVACY, {"kind": "erase", "password": password})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "password")
    assert User.objects.get(pk=carla.pk).is_active
    done = call("POST", PRIVACY, {"kind": "erase", "password": PASSWORD})
    assert done.status_code == 201, done.content
    assert done.json()["kind"] == "erase"
    assert len(done.json()["kept"]) == 4
    assert Person.objects.get(pk=carla.person_id).email == ""
    assert call("GET", ME).status_code == 401


def test_who_guesses_waits(program, carla, cache_table):
    call = program(carla)
    codes = [call("POST", PRIVACY, {"kind": "erase", "password": "otra"}).status_code for _ in range(6)]
    assert codes == [422] * 5 + [429]
    assert call("POST", PRIVACY, {"kind": "erase", "password": PASSWORD}).status_code == 429


def test_who_works_here_is_kept(program, tito, cache_table):
    answer = program(tito)("POST", PRIVACY, {"kind": "erase", "password": PASSWORD})
    assert answer.status_code == 409
    assert User.objects.get(pk=tito.pk).is_active


def test_nobody_reads_anothers_requests(program, carla, beto):
    program(carla)("GET", f"{ME}/export")
    assert program(beto)("GET", PRIVACY).json()["items"] == []
    assert "Carla" not in json.dumps(program(beto)("GET", f"{ME}/export").json())
