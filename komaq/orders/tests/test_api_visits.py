"""Visits by programs: plan, move, step."""

import datetime

import pytest

from komaq.accounts.models import Certification
from komaq.core import clock
from komaq.orders.models import Absence, Visit

VISITS = "/api/v1/visits"
NOWHERE = "987654"


def at(days, hour):
    return clock.lima(clock.today() + datetime.timedelta(days=days), hour)


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()["items"]]


@pytest.fixture
def wanted(open_order, tito_at_work):
    """A diagnosis by Tito tomorrow from eight to twelve."""
    return {
        "order": str(open_order.pk),
        "kind": "diagnosis",
        "start": at(1, 8).isoformat(),
        "end": at(1, 12).isoformat(),
        "technicians": [str(tito_at_work.pk)],
    }


def test_planning_is_what_the_page_does(program, ana, wanted, open_order, tito_at_work, rosa_at_work):
    both = [str(rosa_at_work.pk), str(tito_at_work.pk), str(rosa_at_work.pk)]
    answer = program(ana)("POST", VISITS, {**wanted, "technicians": both, "lead": str(tito_at_work.pk), "note": "Pase"})
    assert answer.status_code == 201, answer.content
    told = answer.json()
    visit = Visit.objects.get(pk=told["id"])
    assert (visit.order, visit.kind, visit.starts_at, visit.ends_at) == (open_order, "diagnosis", at(1, 8), at(1, 12))
    assert (visit.note, visit.created_by, answer.headers["ETag"]) == ("Pase", ana, '"1"')
    assert {(each["technician"], each["lead"]) for each in told["assignments"]} == {
        (str(tito_at_work.pk), True),
        (str(rosa_at_work.pk), False),
    }
    assert visit.assignments.count() == 2


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("order", NOWHERE, "order"),
        ("kind", "party", "kind"),
        ("technicians", [], "technicians"),
        ("technicians", [NOWHERE], "technicians"),
        ("technicians", ["x"], "technicians.0"),
        ("lead", NOWHERE, "lead"),
        ("start", "2020-01-01T00:00:00Z", None),
        ("end", "2026-01-01T00:00:00Z", "end"),
        ("end", "2199-01-01T00:00:00Z", "end"),
        ("note", "x" * 301, "note"),
        ("state", "done", "state"),
        ("version", 3, "version"),
        ("starts_at", "2027-01-01T00:00:00Z", "starts_at"),
    ],
)
def test_a_value_that_cannot_be_is_named(program, ana, wanted, field, value, told):
    answer = program(ana)("POST", VISITS, {**wanted, field: value})
    assert answer.status_code == 422, answer.content
    assert [fault["field"] for fault in answer.json()["errors"]] == [told or "technicians"]
    assert Visit.objects.count() == 0


def test_a_time_that_has_passed_is_named_by_its_field(program, ana, wanted):
    early = {"start": at(-1, 8).isoformat(), "end": at(-1, 9).isoformat()}
    answer = program(ana)("POST", VISITS, {**wanted, **early})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "start")


def test_who_is_no_technician_is_not_found(program, ana, wanted, lola):
    answer = program(ana)("POST", VISITS, {**wanted, "technicians": [str(lola.person.employee.pk)]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "technicians")


def test_what_stands_in_the_way_is_a_conflict(program, ana, wanted, plan, open_order, tito, tito_at_work, tajo_sur):
    call = program(ana)
    plan(open_order, [tito], starts_at=at(1, 10))
    busy = call("POST", VISITS, wanted)
    assert (busy.status_code, busy.json()["errors"][0]["field"]) == (409, "technicians")
    assert open_order.code in busy.json()["detail"]
    later = {**wanted, "start": at(2, 8).isoformat(), "end": at(2, 12).isoformat()}
    absence = Absence.objects.create(technician=tito_at_work, starts_at=at(2, 0), ends_at=at(3, 0), reason="Vacaciones")
    assert call("POST", VISITS, later).status_code == 409
    absence.delete()
    tajo_sur.demands = ["Trabajo en altura"]
    tajo_sur.save()
    lacking = call("POST", VISITS, later)
    assert (lacking.status_code, lacking.json()["errors"][0]["field"]) == (409, "override_reason")
    assert Certification.objects.count() == 0
    assert call("POST", VISITS, {**later, "override_reason": "Entra acompañado"}).status_code == 201


def test_several_need_a_lead(program, ana, wanted, tito_at_work, rosa_at_work):
    answer = program(ana)("POST", VISITS, {**wanted, "technicians": [str(tito_at_work.pk), str(rosa_at_work.pk)]})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "lead")


@pytest.mark.parametrize(("who", "status"), [("lola", 403), ("tito", 403), ("nico", 403), ("carla", 404)])
def test_only_planners_plan_and_move(program, request, wanted, plan, open_order, tito, who, status):
    visit = plan(open_order, [tito])
    call = program(request.getfixturevalue(who))
    assert call("POST", VISITS, wanted).status_code == status
    assert call("PATCH", f"{VISITS}/{visit.pk}", {"note": "x"}, If_Match='"1"').status_code == status
    assert Visit.objects.count() == 1


def test_a_move_touches_only_what_was_sent(program, ana, plan, open_order, tito, rosa, rosa_at_work):
    visit = plan(open_order, [tito, rosa], starts_at=at(1, 8), note="Pase")
    call, here = program(ana), f"{VISITS}/{visit.pk}"
    before = call("GET", here).json()
    moved = call("PATCH", here, {"end": at(1, 17).isoformat()}, If_Match='"1"')
    assert moved.status_code == 200, moved.content
    assert {name for name in before if before[name] != moved.json()[name]} == {"end", "version"}
    assert moved.headers["ETag"] == '"2"'
    alone = call("PATCH", here, {"technicians": [str(rosa_at_work.pk)], "note": ""}, If_Match='"2"').json()
    assert [(each["technician"], each["lead"]) for each in alone["assignments"]] == [(str(rosa_at_work.pk), True)]
    assert alone["note"] == ""


def test_a_move_needs_the_version_it_read(program, ana, plan, open_order, tito):
    visit = plan(open_order, [tito], starts_at=at(1, 8))
    call, here = program(ana), f"{VISITS}/{visit.pk}"
    assert call("PATCH", here, {"note": "A"}).status_code == 428
    assert call("PATCH", here, {"note": "A"}, If_Match='"1"').status_code == 200
    stale = call("PATCH", here, {"note": "B"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["current"]) == (412, call("GET", here).json())
    assert call("PATCH", here, {"start": at(2, 8).isoformat()}, If_Match='"2"').json()["errors"][0]["field"] == "end"
    assert call("PATCH", here, {"state": "done"}, If_Match='"2"').status_code == 422
    assert call("PATCH", here, {"technicians": None}, If_Match='"2"').status_code == 422


def test_a_visit_steps_by_the_version_that_was_read(program, tito, plan, open_order):
    visit = plan(open_order, [tito])
    call, here = program(tito), f"{VISITS}/{visit.pk}/transitions"
    assert call("POST", here, {"to": "travelling"}).status_code == 428
    assert call("POST", here, {"to": "travelling"}, If_Match='"1"').json()["state"] == "travelling"
    stale = call("POST", here, {"to": "on_site"}, If_Match='"1"')
    assert (stale.status_code, stale.json()["current"]["state"]) == (412, "travelling")
    failed = call("POST", here, {"to": "failed"}, If_Match='"2"')
    assert (failed.status_code, failed.json()["errors"][0]["field"]) == (422, "reason")
    told = call("POST", here, {"to": "failed", "reason": "Camino cerrado"}, If_Match='"2"').json()
    assert (told["state"], told["reason"]) == ("failed", "Camino cerrado")
    assert call("POST", here, {"to": "on_site"}, If_Match='"3"').status_code == 409


def test_only_planners_cancel_and_only_leads_step(program, ana, tito, rosa, lola, plan, open_order):
    visit = plan(open_order, [tito, rosa])
    here, cancel = f"{VISITS}/{visit.pk}/transitions", {"to": "cancelled", "reason": "x"}
    for user in (tito, rosa, lola):
        assert program(user)("POST", here, cancel, If_Match='"1"').status_code == 403
    assert program(rosa)("POST", here, {"to": "travelling"}, If_Match='"1"').status_code == 403
    assert program(ana)("POST", here, cancel, If_Match='"1"').json()["state"] == "cancelled"


def test_everybody_reads_its_own_scope(program, ana, tito, rosa, carla, omar, plan, open_order, other_order):
    mine, other = (str(plan(*each).pk) for each in ((open_order, [tito]), (other_order, [rosa])))
    scopes = {ana: [mine, other], tito: [mine], rosa: [other], carla: [mine], omar: [other]}
    for user, seen in scopes.items():
        call = program(user)
        assert ids(call("GET", VISITS)) == seen
        answers = {key: call("GET", f"{VISITS}/{key}").status_code for key in (mine, other)}
        assert answers == {key: 200 if key in seen else 404 for key in (mine, other)}
    assert call("GET", f"{VISITS}/{mine}").content == call("GET", f"{VISITS}/{NOWHERE}").content


def test_filters_narrow(program, ana, plan, open_order, other_order, tito, rosa, tito_at_work):
    first = str(plan(open_order, [tito], starts_at=at(1, 8)).pk)
    second = str(plan(other_order, [rosa], starts_at=at(2, 8)).pk)
    Visit.objects.filter(pk=second).update(state="done")
    call, day = program(ana), clock.today()
    found = {
        f"order={open_order.pk}": [first],
        f"technician={tito_at_work.pk}": [first],
        "state=done": [second],
        f"from={day + datetime.timedelta(days=2)}": [second],
        f"to={day + datetime.timedelta(days=1)}": [first],
        "sort=-start": [second, first],
        "sort=newest": [second, first],
    }
    assert {given: ids(call("GET", f"{VISITS}?{given}")) for given in found} == found
    for bad in ("from=yesterday", "state=lost", "to=2026-13-01", "start=2026-11-28"):
        assert call("GET", f"{VISITS}?{bad}").status_code == 400, bad


@pytest.mark.db
def test_a_list_costs_the_same_for_any_number(program, carla, plan, open_order, tito, rosa, queries_of):
    plan(open_order, [tito])
    call = program(carla)
    call("GET", VISITS)
    one = queries_of(lambda: call("GET", VISITS))
    plan(open_order, [tito, rosa])
    plan(open_order, [rosa])
    assert len(ids(call("GET", VISITS))) == 3
    assert queries_of(lambda: call("GET", VISITS)) == one
