"""The calendar, absences and lists of codes by programs."""

import datetime

import pytest

from komaq.core import clock
from komaq.orders.models import Absence, Problem, ServiceType

CALENDAR, ABSENCES = "/api/v1/calendar", "/api/v1/absences"


def at(days, hour):
    return clock.lima(clock.today() + datetime.timedelta(days=days), hour)


def day(days):
    return clock.today() + datetime.timedelta(days=days)


@pytest.fixture
def span():
    return f"{CALENDAR}?from={day(0)}&to={day(30)}"


def test_visits_promises_and_absences_of_a_span(program, ana, tito, tito_at_work, open_order, plan, span):
    visit = plan(open_order, [tito], starts_at=at(1, 8))
    Absence.objects.create(technician=tito_at_work, starts_at=at(9, 0), ends_at=at(10, 0), reason="Cirugía")
    answer = program(ana)("GET", span)
    entries = {entry["kind"]: entry for entry in answer.json()["items"]}
    assert set(entries) == {"visit", "promise", "absence"}
    told = entries["visit"]
    assert (told["id"], told["visit"], told["order"]) == (f"visit-{visit.pk}", str(visit.pk), str(open_order.pk))
    assert (told["status"], told["technicians"]) == ("planned", [tito.name])
    assert datetime.datetime.fromisoformat(told["start"]) == visit.starts_at
    assert entries["promise"]["status"] == "ahead"
    assert entries["absence"]["technicians"] == [tito.name]
    assert "Cirugía" not in answer.content.decode()


def test_one_reads_why_oneself_is_away(program, tito, tito_at_work, span):
    Absence.objects.create(technician=tito_at_work, starts_at=at(9, 0), ends_at=at(10, 0), reason="Cirugía")
    assert [entry["title"] for entry in program(tito)("GET", span).json()["items"]] == ["Cirugía"]


def test_a_client_sees_its_own_and_no_absences(program, carla, omar, tito, tito_at_work, open_order, plan, span):
    plan(open_order, [tito], starts_at=at(1, 8))
    Absence.objects.create(technician=tito_at_work, starts_at=at(9, 0), ends_at=at(10, 0), reason="Cirugía")
    kinds = {entry["kind"] for entry in program(carla)("GET", span).json()["items"]}
    assert kinds == {"visit", "promise"}
    assert program(omar)("GET", span).json() == {"items": [], "next": None}


@pytest.mark.parametrize(
    "given",
    [
        "",
        "?from=2026-11-01",
        "?from=2026-11-02&to=2026-11-01",
        "?from=2026-11-01&to=2026-10-31",
        "?from=2026-11-01T10:00:00Z&to=2026-11-01T10:00:00Z",
        "?from=2026-11-01&to=2027-02-02",
        "?from=2026-11-01&to=2026-11-31",
        "?from=1&to=2",
        "?from=1795000000&to=2026-12-01",
        "?from=0001-01-01&to=0001-02-01",
        "?from=9999-12-01&to=9999-12-31",
        "?from=2026-11-01&to=9999-12-31",
        "?from=2026-11-01T00:00:00&to=2026-12-01",
        "?from=2026-11-01&to=2026-12-01&technician=1",
    ],
)
def test_a_span_that_cannot_be_is_told(program, ana, given):
    assert program(ana)("GET", f"{CALENDAR}{given}").status_code == 400


def test_a_span_may_have_93_days_and_moments(program, ana):
    call = program(ana)
    assert call("GET", f"{CALENDAR}?from=2026-11-01&to=2027-02-01").status_code == 200
    assert call("GET", f"{CALENDAR}?from=2026-11-01&to=2026-11-01").status_code == 200
    assert call("GET", f"{CALENDAR}?from=2026-11-01T00:00:00-05:00&to=2026-11-02T00:00:00Z").status_code == 200


@pytest.mark.db
def test_a_calendar_costs_the_same_for_any_number(program, ana, tito, rosa, open_order, plan, span, queries_of):
    plan(open_order, [tito])
    call = program(ana)
    call("GET", span)
    one = queries_of(lambda: call("GET", span))
    plan(open_order, [tito, rosa])
    plan(open_order, [rosa])
    assert queries_of(lambda: call("GET", span)) == one


# Codes


@pytest.mark.parametrize("who", ["ana", "tito", "carla"])
def test_programs_find_the_codes(catalogue, program, request, who):
    ServiceType.objects.filter(code="emergencia").update(is_open=False)
    call = program(request.getfixturevalue(who))
    types = call("GET", "/api/v1/service-types?limit=200").json()["items"]
    assert [each["code"] for each in types] == list(
        ServiceType.objects.filter(is_open=True).order_by("pk").values_list("code", flat=True)
    )
    problems = call("GET", "/api/v1/problems?limit=200").json()["items"]
    assert len(problems) == Problem.objects.count()
    assert {"code": "frenos-debiles", "system": "brakes"}.items() <= next(
        each for each in problems if each["code"] == "frenos-debiles"
    ).items()


def test_who_does_no_business_reads_no_codes(program, alex):
    assert program(alex)("GET", "/api/v1/problems").status_code == 403


# Absences


@pytest.fixture
def away(tito_at_work):
    """Tito is away for two days from tomorrow."""
    return {
        "technician": str(tito_at_work.pk),
        "start": at(1, 0).isoformat(),
        "end": at(3, 0).isoformat(),
        "reason": "Vacaciones",
    }


def test_an_absence_is_noted_listed_and_ended(program, ana, tito, away):
    call = program(ana)
    made = call("POST", ABSENCES, away)
    assert made.status_code == 201, made.content
    assert (made.json()["name"], made.json()["reason"]) == (tito.name, "Vacaciones")
    assert call("GET", ABSENCES).json()["items"] == [made.json()]
    assert call("POST", ABSENCES, away).status_code == 409
    here = f"{ABSENCES}/{made.json()['id']}"
    ended = call("DELETE", here)
    assert (ended.status_code, ended.content) == (204, b"")
    assert call("GET", ABSENCES).json()["items"] == []
    assert call("DELETE", here).status_code == 404


def test_an_absence_under_way_ends_now(program, ana, tito_at_work):
    absence = Absence.objects.create(technician=tito_at_work, starts_at=at(-2, 0), ends_at=at(3, 0), reason="Curso")
    call = program(ana)
    assert call("DELETE", f"{ABSENCES}/{absence.pk}").status_code == 204
    absence.refresh_from_db()
    assert absence.ends_at <= clock.now()
    assert call("DELETE", f"{ABSENCES}/{absence.pk}").status_code == 409


def test_visits_in_its_way_are_told(program, ana, tito, open_order, plan, away):
    plan(open_order, [tito], starts_at=at(1, 8))
    refused = program(ana)("POST", ABSENCES, away)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (409, "technician")
    assert open_order.code in refused.json()["detail"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("technician", "987654"),
        ("end", "2020-01-01T00:00:00Z"),
        ("start", "2199-01-01T00:00:00Z"),
        ("reason", " "),
        ("reason", "x" * 121),
        ("id", "3"),
    ],
)
def test_a_value_that_cannot_be_is_named(program, ana, away, field, value):
    answer = program(ana)("POST", ABSENCES, {**away, field: value})
    assert answer.status_code == 422, answer.content
    assert [fault["field"] for fault in answer.json()["errors"]] == [field]
    assert Absence.objects.count() == 0


@pytest.mark.parametrize(("who", "status"), [("lola", 403), ("tito", 403), ("alex", 403), ("carla", 404)])
def test_only_planners_know_who_is_away(program, request, tito_at_work, away, who, status):
    absence = Absence.objects.create(technician=tito_at_work, starts_at=at(5, 0), ends_at=at(6, 0), reason="Curso")
    call = program(request.getfixturevalue(who))
    assert call("GET", ABSENCES).status_code == status
    assert call("POST", ABSENCES, away).status_code == status
    assert call("DELETE", f"{ABSENCES}/{absence.pk}").status_code == status
    assert Absence.objects.count() == 1
