"""The gate of the API: who comes in, what it may send, what it hears."""

import json
import uuid

import pytest

from komaq.accounts.actions import disable_user, end_key, make_key
from komaq.accounts.choices import KeyPurpose
from komaq.core.api import limits
from komaq.core.models import Event, KeptAnswer
from komaq.orders.models import ServiceRequest

REQUESTS = "/api/v1/service-requests"


@pytest.fixture(autouse=True)
def fresh_limits():
    limits.forget()


@pytest.fixture
def wish(cat336):
    return {"machine": str(cat336.pk), "description": "Fuga de aceite", "priority": "high"}


def told(answer):
    assert answer.headers["Content-Type"] == "application/problem+json"
    facts = answer.json()
    assert facts["status"] == answer.status_code
    return facts


def test_a_client_asks_and_reads_it_back(program, carla, wish):
    call = program(carla)
    made = call("POST", REQUESTS, wish)
    assert made.status_code == 201, made.content
    read = call("GET", f"{REQUESTS}/{made.json()['id']}")
    assert read.json() == made.json()
    assert read.json()["machine"] == wish["machine"]
    assert call("GET", REQUESTS).json() == {"items": [made.json()], "next": None}


def test_without_a_token_nobody_comes_in(client, db):
    answer = client.get(REQUESTS)
    assert told(answer)["status"] == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer", "Bearer x", "Basic Y2FybGE6eA==", "", "Bearer kmq_" + "x" * 5000])
def test_a_wrong_token_is_like_none(client, db, header):
    assert client.get(REQUESTS, headers={"Authorization": header}).status_code == 401


def test_a_session_reads_and_writes_with_its_csrf_token_alone(carla, wish):
    from django.test import Client  # noqa: PLC0415  the strict client of this test

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(carla)
    assert strict.get(REQUESTS).status_code == 200
    refused = strict.post(REQUESTS, wish, content_type="application/json")
    assert refused.status_code == 403
    assert ServiceRequest.objects.count() == 0
    strict.get("/cuentas/mis-datos/")
    token = strict.cookies["csrftoken"].value
    assert (
        strict.post(REQUESTS, wish, content_type="application/json", headers={"X-CSRFToken": token}).status_code == 201
    )


def test_a_token_that_may_only_read_writes_nothing(program, carla, wish):
    call = program(carla, can_write=False)
    assert told(call("POST", REQUESTS, wish))["status"] == 403
    assert call("GET", REQUESTS).status_code == 200
    assert ServiceRequest.objects.count() == 0


def test_a_stopped_user_and_an_ended_token_are_out_at_once(program, client, carla, alex):
    call = program(carla)
    assert call("GET", REQUESTS).status_code == 200
    disable_user(user=carla, reason="x", by=alex)
    assert call("GET", REQUESTS).status_code == 401
    key, secret = make_key(user=alex, purpose=KeyPurpose.API, name="Otra", by=alex)
    end_key(key=key, by=alex)
    assert client.get(REQUESTS, headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_calendar_address_opens_no_api(client, carla):
    _key, secret = make_key(user=carla, purpose=KeyPurpose.CALENDAR, name="Agenda", by=carla)
    assert client.get(REQUESTS, headers={"Authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b'{"machine": "1"', 400),
        (b'{"priority": "high", "priority": "normal"}', 400),
        (b'{"latitude": NaN}', 400),
        (b'{"latitude": Infinity}', 400),
        (b'{"description": "a\\u0000b"}', 400),
        (b'{"description": "\\ud800"}', 400),
        (b"\xff\xfe", 400),
        (b"[" * 100_000, 400),
        (b"1" * 5000, 400),
        (b"[]", 422),
        (b"null", 422),
        (b'"text"', 422),
        (b"{}", 422),
    ],
)
def test_what_is_no_proper_json_changes_nothing(program, carla, cat336, body, status):
    answer = program(carla)("POST", REQUESTS, body)
    assert told(answer)["status"] == status
    assert ServiceRequest.objects.count() == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("machine", 1),
        ("machine", "0"),
        ("machine", "1e3"),
        ("machine", "9" * 19),
        ("machine", "9" * 400),
        ("machine", "-1"),
        ("machine", None),
        ("machine", {"id": "1"}),
        ("description", 5),
        ("description", ["x"]),
        ("description", "x" * 10_001),
        ("priority", "urgent"),
        ("priority", True),
        ("latitude", "1e400"),
        ("latitude", "91"),
        ("latitude", 1.5),
        ("latitude", "NaN"),
        ("latitude", "Infinity"),
        ("latitude", "1.1234567"),
        ("wished_at", 1_700_000_000),
        ("wished_at", "mañana"),
        ("wished_at", "2026-12-01T08:00:00"),
        ("wished_at", "0001-01-01T00:00:00+14:00"),
        ("wished_at", "9999-12-31T23:59:59-12:00"),
        ("problems", "x"),
        ("problems", ["x"]),
        ("status", "accepted"),
        ("code", "SOL-2026-000001"),
        ("company", "7"),
    ],
)
def test_a_bad_or_unlisted_field_is_named(program, carla, wish, field, value):
    facts = told(program(carla)("POST", REQUESTS, {**wish, field: value}))
    assert facts["status"] == 422
    assert [fault["field"].split(".")[0] for fault in facts["errors"]] in ([field], ["problem"])
    assert ServiceRequest.objects.count() == 0


def test_another_companys_machine_is_like_none(program, carla, volvo480, wish):
    call = program(carla)
    foreign = call("POST", REQUESTS, {**wish, "machine": str(volvo480.pk)})
    nowhere = call("POST", REQUESTS, {**wish, "machine": "987654321"})
    assert foreign.status_code == nowhere.status_code == 422
    assert foreign.json() == nowhere.json()


@pytest.mark.parametrize(("language", "words"), [("en", "Not found."), ("es", "No se encuentra.")])
def test_a_refusal_speaks_the_language_asked_for(program, carla, volvo480, wish, language, words):
    answer = program(carla)("POST", REQUESTS, {**wish, "machine": str(volvo480.pk)}, Accept_Language=language)
    assert told(answer)["errors"] == [{"field": "machine", "message": words}]


@pytest.mark.parametrize(("language", "words"), [("en", "Your role"), ("es", "Su ")])
def test_so_does_a_closed_door(program, lola, language, words):
    answer = program(lola)("POST", f"{REQUESTS}/1/reject", {"reason": "x"}, Accept_Language=language)
    assert told(answer)["status"] == 403
    assert told(answer)["detail"].startswith(words)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "limit=5e22", "limit=x", "cursor=x", "cursor=e30=", "sort=nombre", "status=done", "page=2",
     "limit=1&limit=2", "q=%00", "customer__user__password__startswith=a"],
)  # fmt: skip
def test_a_bad_or_unknown_parameter_is_refused(program, carla, query):
    assert told(program(carla)("GET", f"{REQUESTS}?{query}"))["status"] == 400


def test_another_kind_of_content_is_refused(program, carla, wish):
    answer = program(carla)("POST", REQUESTS, json.dumps(wish), Content_Type="text/plain")
    assert told(answer)["status"] == 415


@pytest.mark.parametrize("key", ["x", "0", "-1", "1.0", "9" * 30, "%00", "1%0a"])
def test_an_id_that_cannot_be_is_not_found(program, carla, key):
    assert told(program(carla)("GET", f"{REQUESTS}/{key}"))["status"] == 404


def test_what_has_no_address_or_method_is_a_problem_too(program, carla):
    call = program(carla)
    assert told(call("GET", "/api/v1/nothing"))["status"] == 404
    answer = call("DELETE", REQUESTS)
    assert told(answer)["status"] == 405
    assert answer.headers["Allow"] == "GET, POST"


def test_the_same_key_gives_the_first_answer_again(program, carla, wish):
    call, key = program(carla), uuid.uuid4().hex
    first = call("POST", REQUESTS, wish, Idempotency_Key=key)
    again = call("POST", REQUESTS, wish, Idempotency_Key=key)
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert ServiceRequest.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(program, carla, wish):
    call = program(carla)
    call("POST", REQUESTS, wish, Idempotency_Key="una")
    assert told(call("POST", REQUESTS, {**wish, "description": "Otra"}, Idempotency_Key="una"))["status"] == 422
    assert ServiceRequest.objects.count() == 1


def test_a_key_belongs_to_who_used_it(program, carla, beto, wish):
    program(carla)("POST", REQUESTS, wish, Idempotency_Key="una")
    assert program(beto)("POST", REQUESTS, wish, Idempotency_Key="una").status_code == 201
    assert ServiceRequest.objects.count() == 2


def test_a_refused_request_can_be_mended_under_its_key(program, carla, wish):
    call = program(carla)
    assert call("POST", REQUESTS, {**wish, "description": ""}, Idempotency_Key="una").status_code == 422
    assert KeptAnswer.objects.count() == 0
    assert call("POST", REQUESTS, wish, Idempotency_Key="una").status_code == 201


@pytest.mark.parametrize("key", ["", "con espacio", "ñ", "x" * 201])
def test_a_key_has_a_form(program, carla, wish, key):
    assert program(carla)("POST", REQUESTS, wish, Idempotency_Key=key).status_code == 400
    assert ServiceRequest.objects.count() == 0


def test_key_and_effect_commit_together(program, carla, wish, monkeypatch):
    call = program(carla)

    def full(self, *args, **kwargs):
        raise OSError(28, "No space left on device")

    call_client = call
    with monkeypatch.context() as patch:
        patch.setattr(KeptAnswer, "save", full)
        with pytest.raises(OSError, match="space"):
            call_client("POST", REQUESTS, wish, Idempotency_Key="una")
    assert ServiceRequest.objects.count() == KeptAnswer.objects.count() == 0
    assert not Event.objects.filter(kind="orders.request_received").exists()
    assert call("POST", REQUESTS, wish, Idempotency_Key="una").status_code == 201


def test_too_many_requests_wait(program, carla, settings):
    settings.API_PER_MINUTE = {"token": 2, "address": 100}
    call = program(carla)
    assert [call("GET", REQUESTS).status_code for _ in range(3)] == [200, 200, 429]
    answer = call("GET", REQUESTS)
    assert told(answer)["status"] == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_a_forged_address_does_not_change_who_is_counted(client, db, settings):
    settings.API_PER_MINUTE = {"token": 100, "address": 2}
    codes = [client.get(REQUESTS, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(3)]
    assert codes == [401, 401, 429]


def test_behind_our_proxy_its_word_counts(client, db, settings):
    settings.API_PER_MINUTE = {"token": 100, "address": 2}
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    forged = [client.get(REQUESTS, headers={"X-Forwarded-For": f"{n}.1.1.1, 198.51.100.7"}) for n in range(3)]
    assert [answer.status_code for answer in forged] == [401, 401, 429]
    assert client.get(REQUESTS, headers={"X-Forwarded-For": "198.51.100.8"}).status_code == 401


def test_the_description_is_complete(client, db):
    told_of = client.get("/api/v1/openapi.json").json()
    assert told_of["openapi"] == "3.1.0"
    for path, methods in told_of["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert {"400", "401", "403", "404", "409", "429", "500"} <= set(operation["responses"]), where
            for status, response in operation["responses"].items():
                kinds = set(response.get("content", {}))
                given = {"application/pdf"} if path.endswith(".pdf") else {"application/json"}
                told = {"application/problem+json"} if int(status) >= 400 else given
                assert kinds == (set() if status == "204" else told), where
                contents = response.get("content", {}).items()
                assert all("example" in content for kind, content in contents if kind != "application/pdf"), (
                    f"{where} {status}"
                )
            for content in operation.get("requestBody", {}).get("content", {}).values():
                assert "example" in content, where
