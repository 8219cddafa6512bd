"""Areas, posts and moves between them through the API."""

import datetime

import pytest

from komaq.accounts.models import AccessEntry, Area, Employee, Position, PositionChange, Skill, User
from komaq.core import clock

CHANGES = "/api/v1/position-changes"


@pytest.fixture
def move(clerk, sales_post, tomorrow):
    return {
        "employee": str(clerk.pk),
        "position": str(sales_post.pk),
        "effective_on": tomorrow.isoformat(),
        "reason": "Refuerza ventas",
    }


def test_a_move_is_planned_and_withdrawn(program, alex, tito, move, tomorrow):
    call = program(alex)
    made = call("POST", CHANGES, move)
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["state"], told["decided_by"], told["person"]) == ("planned", str(alex.pk), str(tito.person_id))
    with clock.travel(clock.lima(tomorrow)):
        assert User.objects.get(pk=tito.pk).roles == {"sales"}
    assert call("POST", CHANGES, move).status_code == 409
    gone = call("POST", f"{CHANGES}/{told['id']}/withdraw")
    assert (gone.status_code, gone.json()["state"]) == (200, "withdrawn")
    assert call("POST", f"{CHANGES}/{told['id']}/withdraw").status_code == 409
    assert call("GET", f"{CHANGES}/{told['id']}").json() == gone.json()


def test_only_the_move_that_was_named_is_withdrawn(program, alex, clerk, move):
    call = program(alex)
    first = call("POST", CHANGES, move).json()["id"]
    call("POST", f"{CHANGES}/{first}/withdraw")
    second = call("POST", CHANGES, move).json()["id"]
    old = clerk.position_changes.order_by("effective_on").first()
    for other in (first, old.pk):
        assert call("POST", f"{CHANGES}/{other}/withdraw").status_code == 409
    assert PositionChange.objects.get(pk=second).withdrawn_at is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"employee": "987654321"}, "employee"),
        ({"position": "987654321"}, "position"),
        ({"effective_on": "2100-01-01"}, "effective_on"),
        ({"reason": ""}, "reason"),
        ({"decided_by": "1"}, "decided_by"),
        ({"withdrawn_at": None}, "withdrawn_at"),
    ],
)
def test_a_move_that_cannot_be_is_named(program, alex, move, change, field):
    answer = program(alex)("POST", CHANGES, {**move, **change})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert not PositionChange.objects.filter(effective_on__gt=clock.today()).exists()


def test_history_is_not_rewritten(program, alex, move):
    answer = program(alex)("POST", CHANGES, {**move, "effective_on": "2024-01-01"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (409, "effective_on")


def test_moves_are_listed_for_management_and_that_is_noted(program, gina, ana, alex, clerk, queries_of):
    call = program(gina)
    assert len(call("GET", CHANGES).json()["items"]) == 4
    mine = call("GET", f"{CHANGES}?employee={clerk.pk}").json()["items"]
    assert [each["employee"] for each in mine] == [str(clerk.pk)]
    one = queries_of(lambda: call("GET", f"{CHANGES}?limit=1"))
    assert queries_of(lambda: call("GET", CHANGES)) == one
    call("GET", f"{CHANGES}/{mine[0]['id']}")
    assert set(AccessEntry.objects.values_list("person", "deed")) == {(None, "searched"), (clerk.person_id, "opened")}
    assert program(ana)("GET", CHANGES).status_code == 403


def test_management_reads_and_does_not_move(program, gina, move):
    assert program(gina)("POST", CHANGES, move).status_code == 403
    assert not PositionChange.objects.filter(effective_on__gt=clock.today()).exists()


def test_areas_and_posts_are_added_and_changed(program, alex):
    call = program(alex)
    area = call("POST", "/api/v1/areas", {"name": "Minería"})
    assert (area.status_code, area.json()["is_open"]) == (201, True)
    body = {"area": area.json()["id"], "name": "Jefe", "roles": ["supervisor", "technician"]}
    post = call("POST", "/api/v1/positions", body)
    assert post.status_code == 201, post.content
    assert (post.json()["area_name"], post.json()["roles"]) == ("Minería", ["supervisor", "technician"])
    address = f"/api/v1/positions/{post.json()['id']}"
    assert call("PATCH", address, {"is_open": False}).status_code == 428
    changed = call("PATCH", address, {"is_open": False}, If_Match=post.headers["ETag"])
    assert (changed.status_code, changed.json()["roles"]) == (200, ["supervisor", "technician"])
    stale = call("PATCH", address, {"name": "Otro"}, If_Match=post.headers["ETag"])
    assert (stale.status_code, stale.json()["current"]) == (412, changed.json())
    own = f"/api/v1/areas/{area.json()['id']}"
    renamed = call("PATCH", own, {"name": "Minas"}, If_Match=area.headers["ETag"])
    assert renamed.json()["name"] == "Minas"
    assert call("PATCH", own, {"name": "X"}, If_Match=area.headers["ETag"]).status_code == 412
    assert call("GET", own).json() == renamed.json()
    assert call("POST", "/api/v1/areas", {"name": "minas"}).status_code == 409


@pytest.mark.parametrize("roles", [[], ["customer_admin"], ["root"], "admin", ["admin", "customer_member"]])
def test_a_post_grants_roles_of_the_company_alone(program, alex, roles):
    area = Area.objects.get(name="Técnica")
    before = Position.objects.count()
    answer = program(alex)("POST", "/api/v1/positions", {"area": str(area.pk), "name": "X", "roles": roles})
    assert (answer.status_code, answer.json()["errors"][0]["field"].split(".")[0]) == (422, "roles")
    assert Position.objects.count() == before


def test_the_last_administrators_post_keeps_its_role(program, alex):
    own = Employee.objects.get(person=alex.person).position_changes.get().position
    call, address = program(alex), f"/api/v1/positions/{own.pk}"
    etag = call("GET", address).headers["ETag"]
    assert call("PATCH", address, {"roles": ["sales"]}, If_Match=etag).status_code == 409
    own.refresh_from_db()
    assert own.roles == ["admin"]


def test_lists_of_the_company_are_for_administrators_skills_for_staff(program, alex, gina, tito, carla, queries_of):
    Skill.objects.create(name="Hidráulica")
    call = program(alex)
    for resource in ("areas", "positions"):
        address = f"/api/v1/{resource}"
        call("GET", address)
        one = queries_of(lambda address=address: call("GET", f"{address}?limit=1"))
        assert queries_of(lambda address=address: call("GET", address)) == one
        assert len(call("GET", address).json()["items"]) >= 1
        assert [program(user)("GET", address).status_code for user in (gina, tito, carla)] == [403, 403, 404]
    assert program(tito)("GET", "/api/v1/skills").json()["items"][0]["name"] == "Hidráulica"
    assert program(carla)("GET", "/api/v1/skills").status_code == 404


def test_a_day_is_a_day(program, alex, move):
    moment = datetime.datetime.now(clock.LIMA).isoformat()
    assert program(alex)("POST", CHANGES, {**move, "effective_on": moment}).status_code == 422
