"""Who may sign in, through the API."""

import pytest

from komaq.accounts.models import User
from komaq.core.models import Event

USERS = "/api/v1/users"


def test_an_administrator_reads_who_may_sign_in(program, alex, carla, tito, andinos):
    call = program(alex)
    told = {each["name"]: each for each in call("GET", USERS).json()["items"]}
    assert (told["Carla Quispe"]["world"], told["Carla Quispe"]["roles"]) == ("client", ["customer_admin"])
    assert told["Carla Quispe"]["customers"] == [str(andinos.pk)]
    assert (told["Tito Ccori"]["world"], told["Tito Ccori"]["roles"]) == ("staff", ["technician"])
    assert call("GET", f"{USERS}/{carla.pk}").json() == told["Carla Quispe"]
    narrowed = call("GET", f"{USERS}?q=quispe&world=client&state=active").json()["items"]
    assert [each["id"] for each in narrowed] == [str(carla.pk)]


def test_a_list_costs_the_same_however_long(program, alex, carla, beto, tito, queries_of):
    call = program(alex)
    call("GET", USERS)
    one = queries_of(lambda: call("GET", f"{USERS}?limit=1"))
    assert queries_of(lambda: call("GET", USERS)) == one


def test_somebody_is_stopped_and_let_in_again(program, alex, carla):
    theirs, call = program(carla), program(alex)
    assert call("POST", f"{USERS}/{carla.pk}/disable", {}).status_code == 422
    stopped = call("POST", f"{USERS}/{carla.pk}/disable", {"reason": "Se fue"})
    assert (stopped.status_code, stopped.json()["is_active"]) == (200, False)
    assert theirs("GET", "/api/v1/me").status_code == 401
    assert call("POST", f"{USERS}/{carla.pk}/invite").status_code == 409
    assert call("POST", f"{USERS}/{carla.pk}/enable").json()["is_active"] is True
    assert theirs("GET", "/api/v1/me").status_code == 401
    assert Event.objects.get(kind="accounts.user_disabled").payload.data == {"reason": "Se fue"}


def test_nobody_stops_itself(program, alex):
    assert program(alex)("POST", f"{USERS}/{alex.pk}/disable", {"reason": "x"}).status_code == 409
    assert User.objects.get(pk=alex.pk).is_active


def test_an_invitation_is_sent_once_for_a_key(program, alex, carla, letters):
    call = program(alex)
    before = len(letters())
    for _ in range(2):
        assert call("POST", f"{USERS}/{carla.pk}/invite", Idempotency_Key="una").status_code == 200
    assert [letter.to for letter in letters()[before:]] == ["carla@andinos.test"]


@pytest.mark.parametrize(("who", "status"), [("gina", 403), ("tito", 403), ("carla", 404)])
def test_others_neither_read_nor_decide(request, program, beto, who, status):
    call = program(request.getfixturevalue(who))
    assert call("GET", USERS).status_code == status
    assert call("GET", f"{USERS}/{beto.pk}").status_code == status
    for deed, body in (("disable", {"reason": "x"}), ("enable", None), ("invite", None)):
        assert call("POST", f"{USERS}/{beto.pk}/{deed}", body).status_code == status
    assert User.objects.get(pk=beto.pk).is_active


@pytest.mark.parametrize("field", ["role", "is_active", "email", "session_round", "password"])
def test_a_reason_carries_nothing_else(program, alex, carla, field):
    answer = program(alex)("POST", f"{USERS}/{carla.pk}/disable", {"reason": "x", field: "y"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert User.objects.get(pk=carla.pk).is_active
