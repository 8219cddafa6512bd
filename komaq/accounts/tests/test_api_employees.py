"""The people of the company through the API."""

import datetime

import pytest

from komaq.accounts.models import AccessEntry, Certification, Employee, Person, Position, Skill, User
from komaq.core import clock

EMPLOYEES = "/api/v1/employees"


@pytest.fixture
def post(tito):
    return Position.objects.get(name="technician")


@pytest.fixture
def hydraulics(db):
    return Skill.objects.create(name="Hidráulica")


@pytest.fixture
def new(post, hydraulics):
    return {
        "given_names": "Nora",
        "surnames": "Ticona Apaza",
        "email": "Nora@komaq.test",
        "phone": "958 204 116",
        "document_type": "1",
        "document_number": "4567 8912",
        "position": str(post.pk),
        "hired_on": "2026-01-12",
        "skills": [str(hydraulics.pk)],
        "new_skill": "Motores",
    }


def test_somebody_is_hired_and_invited_once(program, alex, new, letters):
    call = program(alex)
    before = len(letters())
    made = call("POST", EMPLOYEES, new, Idempotency_Key="una")
    assert made.status_code == 201, made.content
    user = User.objects.get(email="nora@komaq.test")
    told = made.json()
    assert (told["user"], told["state"], told["position"]) == (str(user.pk), "active", new["position"])
    assert (told["phone"], told["document_number"]) == ("+51958204116", "45678912")
    assert {skill.name for skill in user.person.employee.skills.all()} == {"Hidráulica", "Motores"}
    assert user.roles == {"technician"}
    assert call("POST", EMPLOYEES, new, Idempotency_Key="una").json() == told
    assert len(letters()) == before + 1
    assert call("POST", EMPLOYEES, new).status_code == 409
    assert call("GET", f"{EMPLOYEES}/{told['id']}").json() == told


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"email": ""}, "email"),
        ({"surnames": " "}, "surnames"),
        ({"phone": "12"}, "phone"),
        ({"document_number": "123"}, "document_number"),
        ({"document_type": ""}, "document_type"),
        ({"position": "987654321"}, "position"),
        ({"skills": ["987654321"]}, "skills"),
        ({"hired_on": "1949-12-31"}, "hired_on"),
        ({"hired_on": 20261201}, "hired_on"),
        ({"roles": ["admin"]}, "roles"),
        ({"left_on": None}, "left_on"),
        ({"person": "1"}, "person"),
        ({"is_active": True}, "is_active"),
    ],
)
def test_what_the_form_refuses_the_api_refuses(program, alex, new, change, field):
    call = program(alex)
    before = Person.objects.count()
    answer = call("POST", EMPLOYEES, {**new, **change})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert Person.objects.count() == before


def test_a_closed_post_is_given_to_nobody(program, alex, new, post):
    Position.objects.filter(pk=post.pk).update(is_open=False)
    assert program(alex)("POST", EMPLOYEES, new).status_code == 422


def test_data_and_skills_are_corrected_as_they_were_read(program, alex, clerk, hydraulics):
    Person.objects.filter(pk=clerk.person_id).update(email="tito@komaq.test", phone="+51987654321")
    clerk.skills.add(hydraulics)
    call, address = program(alex), f"{EMPLOYEES}/{clerk.pk}"
    etag = call("GET", address).headers["ETag"]
    assert call("PATCH", address, {"surnames": "Ccori Mamani"}).status_code == 428
    changed = call("PATCH", address, {"surnames": "Ccori Mamani"}, If_Match=etag)
    assert changed.status_code == 200, changed.content
    assert (changed.json()["phone"], changed.json()["skills"]) == ("+51987654321", [str(hydraulics.pk)])
    stale = call("PATCH", address, {"skills": []}, If_Match=etag)
    assert (stale.status_code, stale.json()["current"]) == (412, changed.json())
    emptied = call("PATCH", address, {"skills": []}, If_Match=changed.headers["ETag"])
    assert (emptied.json()["skills"], emptied.headers["ETag"] != changed.headers["ETag"]) == ([], True)


@pytest.mark.parametrize(
    "field", ["id", "person", "roles", "position", "hired_on", "left_on", "user", "state", "version"]
)
def test_what_cannot_change_is_no_field(program, alex, clerk, field):
    call, address = program(alex), f"{EMPLOYEES}/{clerk.pk}"
    answer = call("PATCH", address, {field: "7"}, If_Match=call("GET", address).headers["ETag"])
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


def test_employment_ends_and_that_is_taken_back(program, alex, tito, clerk):
    call, address = program(alex), f"{EMPLOYEES}/{clerk.pk}/end"
    today = clock.today().isoformat()
    assert call("POST", address, {"left_on": today, "reason": "Renuncia"}).json()["state"] == "left"
    assert User.objects.get(pk=tito.pk).roles == frozenset()
    assert call("POST", address, {"left_on": None, "reason": "Error"}).json()["state"] == "active"
    early = call("POST", address, {"left_on": "2023-12-31", "reason": "x"})
    assert (early.status_code, early.json()["errors"][0]["field"]) == (422, "left_on")
    assert call("POST", address, {"left_on": today}).status_code == 422
    assert call("POST", address, {"reason": "x"}).status_code == 422


def test_the_last_administrator_stays(program, alex):
    own = Employee.objects.get(person=alex.person)
    body = {"left_on": clock.today().isoformat(), "reason": "x"}
    assert program(alex)("POST", f"{EMPLOYEES}/{own.pk}/end", body).status_code == 409
    own.refresh_from_db()
    assert own.left_on is None


def test_certifications_are_added_and_taken_away(program, alex, clerk, ana):
    call, address = program(alex), f"{EMPLOYEES}/{clerk.pk}/certifications"
    proof = {"name": "Altura", "issued_on": "2026-03-01", "expires_on": "2027-03-01"}
    made = call("POST", address, proof)
    assert made.status_code == 201, made.content
    assert call("GET", address).json()["items"] == [made.json()]
    wrong = call("POST", address, {**proof, "expires_on": "2026-02-28"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "expires_on")
    other = Employee.objects.get(person=ana.person)
    assert call("DELETE", f"{EMPLOYEES}/{other.pk}/certifications/{made.json()['id']}").status_code == 404
    assert call("DELETE", f"{address}/{made.json()['id']}").status_code == 204
    assert call("DELETE", f"{address}/{made.json()['id']}").status_code == 404
    assert Certification.objects.count() == 0


def test_reading_a_record_and_searching_are_noted(program, gina, clerk):
    call = program(gina)
    call("GET", EMPLOYEES)
    assert AccessEntry.objects.count() == 0
    call("GET", f"{EMPLOYEES}?q=ccori")
    call("GET", f"{EMPLOYEES}/{clerk.pk}")
    assert set(AccessEntry.objects.values_list("reader", "person", "deed")) == {
        (gina.pk, None, "searched"),
        (gina.pk, clerk.person_id, "opened"),
    }


def test_a_list_shows_no_documents_and_costs_the_same_however_long(program, gina, clerk, ana, hydraulics, queries_of):
    Person.objects.filter(pk=clerk.person_id).update(document_type="1", document_number="45678912")
    clerk.skills.add(hydraulics)
    call = program(gina)
    call("GET", EMPLOYEES)
    one = queries_of(lambda: call("GET", f"{EMPLOYEES}?limit=1"))
    assert queries_of(lambda: call("GET", EMPLOYEES)) == one
    answer = call("GET", EMPLOYEES)
    assert len(answer.json()["items"]) == 3
    assert "45678912" not in answer.content.decode()


def test_lists_narrow(program, gina, clerk, ana):
    names = lambda query: [each["name"] for each in program(gina)("GET", f"{EMPLOYEES}?{query}").json()["items"]]  # noqa: E731
    Employee.objects.filter(pk=clerk.pk).update(left_on=clock.today() - datetime.timedelta(days=1))
    assert names("state=left") == ["Tito Ccori"]
    assert names("state=active&q=ana+salas") == ["Ana Salas"]
    assert names("area=987654321") == []
    assert names("sort=newest&limit=1") != []


@pytest.mark.parametrize(("who", "read", "write"), [("gina", 200, 403), ("ana", 403, 403), ("carla", 404, 404)])
def test_who_keeps_and_who_reads(request, program, clerk, new, who, read, write):
    call, address = program(request.getfixturevalue(who)), f"{EMPLOYEES}/{clerk.pk}"
    assert call("GET", address).status_code == read
    assert call("GET", EMPLOYEES).status_code == read
    assert call("POST", EMPLOYEES, new).status_code == write
    assert call("PATCH", address, {"phone": ""}, If_Match='"1"').status_code == write
    assert call("POST", f"{address}/end", {"left_on": None, "reason": "x"}).status_code == write
    assert not User.objects.filter(email="nora@komaq.test").exists()


def test_nobody_is_like_none(program, alex):
    assert program(alex)("GET", f"{EMPLOYEES}/987654321").status_code == 404
