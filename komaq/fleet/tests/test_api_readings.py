"""Meters through the API."""

from decimal import Decimal

import pytest

from komaq.fleet.models import Machine, MeterReading

AT = "2026-11-24T07:42:00-05:00"


@pytest.fixture
def readings(cat336, morning):
    return f"/api/v1/machines/{cat336.pk}/readings"


def test_a_reading_is_noted_and_becomes_the_machines_meter(program, ana, cat336, readings):
    call = program(ana)
    made = call("POST", readings, {"meter_hours": "12486.5", "read_at": AT, "note": "en sala"})
    assert made.status_code == 201, made.content
    assert (made.json()["value"], made.json()["source"]) == ("12486.5", "office")
    assert call("GET", readings).json() == {"items": [made.json()], "next": None}
    machine = call("GET", f"/api/v1/machines/{cat336.pk}").json()
    assert (machine["meter"], machine["meter_hours"], machine["meter_at"]) == (
        "12486.5",
        "12486.5",
        "2026-11-24T12:42:00Z",
    )


def test_a_client_notes_its_own_as_a_client(program, carla, omar, cat336, readings):
    assert program(carla)("POST", readings, {"value": 12486, "read_at": AT}).json()["source"] == "customer"
    foreign = program(omar)("POST", readings, {"value": 12487, "read_at": AT})
    missing = program(omar)("POST", "/api/v1/machines/987654321/readings", {"value": 12487, "read_at": AT})
    assert foreign.status_code == 404
    assert foreign.content == missing.content
    assert MeterReading.objects.get().value == Decimal(12486)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"value": "-1"}, 422, "value"),
        ({"value": "1.55"}, 422, "value"),
        ({"value": 1.5}, 422, "value"),
        ({"value": "NaN"}, 422, "value"),
        ({"value": "1e9"}, 422, "value"),
        ({}, 422, "value"),
        ({"value": "1", "meter_hours": "2"}, 422, "value"),
        ({"value": "101", "read_at": "2026-11-25T07:42:00-05:00"}, 422, "read_at"),
        ({"value": "101", "read_at": "1999-11-24T07:42:00-05:00"}, 422, "read_at"),
        ({"value": "50", "replaced": True}, 422, "note"),
        ({"value": "99"}, 409, "value"),
        ({"value": "125"}, 409, "value"),
        ({"value": "101", "source": "telematics"}, 422, "source"),
        ({"value": "101", "recorded_by_id": "1"}, 422, "recorded_by_id"),
    ],
)
def test_what_a_meter_cannot_show_is_refused(program, ana, cat336, readings, read, body, status, field):
    read(cat336, "100", days_ago=1)
    answer = program(ana)("POST", readings, {"read_at": AT, **body})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)
    assert MeterReading.objects.count() == 1


def test_hours_are_not_noted_on_a_meter_of_kilometres(program, ana, cat336, readings):
    Machine.objects.filter(pk=cat336.pk).update(meter_unit="km")
    call = program(ana)
    assert call("POST", readings, {"meter_hours": "10", "read_at": AT}).status_code == 422
    assert call("POST", readings, {"value": "10", "read_at": AT}).status_code == 201
    assert call("GET", f"/api/v1/machines/{cat336.pk}").json()["meter_hours"] is None


def test_the_same_reading_again_is_one(program, ana, readings):
    call = program(ana)
    first = call("POST", readings, {"value": "100", "read_at": AT})
    assert call("POST", readings, {"value": "100", "read_at": AT}).json() == first.json()
    assert MeterReading.objects.count() == 1


def test_readings_come_newest_first_page_by_page(program, carla, cat336, readings, read):
    for days, value in ((3, "100"), (2, "110"), (1, "120")):
        read(cat336, value, days_ago=days)
    call = program(carla)
    first = call("GET", f"{readings}?limit=2").json()
    rest = call("GET", f"{readings}?limit=2&cursor={first['next']}").json()
    assert [each["value"] for each in first["items"] + rest["items"]] == ["120", "110", "100"]
    assert rest["next"] is None
    assert "recorded_by" not in str(first)
