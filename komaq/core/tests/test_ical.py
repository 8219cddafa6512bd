"""Calendars as text: whatever people type comes out as they typed it, in lines other programs can read."""

import datetime
import re

import icalendar
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from komaq.core import clock
from komaq.core.ical import CalendarEntry, calendar_text, plain

NOON = datetime.datetime(2026, 11, 24, 12, 0, tzinfo=clock.LIMA)
HOSTILE = [
    "Fuga, en; cilindro\\n de: balde",
    "uno\r\ndos\rtres\ncuatro\u2028cinco\x85seis",
    "END:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:mala",
    "\u202eatropellado\u202c \u0645\u0631\u062d\u0628\u0627",
    "🚜" * 200,
    "ñ" * 5000,
    "\\", "\\\\n", "\\,", " ", "\t x", '"comillas"', "\x00\x07\x1b[31m\x7f\x9b",
]  # fmt: skip
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
TEXTS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=300))


def entry(**more):
    return CalendarEntry(
        **{
            "uid": "visit-1@komaq.test",
            "sequence": 1,
            "starts_at": NOON,
            "ends_at": NOON + datetime.timedelta(hours=4),
            "title": "OS-2026-000001",
            **more,
        }
    )


def read(text):
    """The calendar as another program reads it, no fault forgiven."""
    calendar = icalendar.Calendar.from_ical(text)
    faults = [component.errors for component in calendar.walk() if component.errors]
    assert faults == []
    assert calendar.get_missing_tzids() == set()
    return calendar


@UNHURRIED
@given(title=TEXTS, text=TEXTS, place=TEXTS, kind=TEXTS, name=TEXTS)
@example(title="a\r\n\r\nb", text="\x85", place="\u2029", kind=";,", name="\r")
def test_any_text_comes_back_as_it_was(title, text, place, kind, name):
    written = calendar_text(name, [entry(title=title, text=text, place=place, kind=kind)])
    calendar = read(written)
    (event,) = calendar.events
    assert str(event["summary"]) == plain(title)
    assert str(event.get("description", "")) == plain(text)
    assert str(event.get("location", "")) == plain(place)
    assert str(calendar["x-wr-calname"]) == icalendar.vText(plain(name)).to_ical().decode()
    if kind:
        assert [str(each) for each in event["categories"].cats] == [plain(kind)]


@UNHURRIED
@given(st.lists(TEXTS, max_size=3))
def test_lines_are_whole_short_and_ended_as_the_standard_says(texts):
    written = calendar_text("x", [entry(title=text, text=text) for text in texts])
    assert written.endswith(b"END:VCALENDAR\r\n")
    for line in written.removesuffix(b"\r\n").split(b"\r\n"):
        assert 0 < len(line) <= 75
        line.decode("utf-8")
        assert not re.search(rb"[\x00-\x08\x0a-\x1f\x7f]", line)


@UNHURRIED
@given(TEXTS)
def test_plain_text_controls_nothing_and_stays_plain(text):
    assert plain(plain(text)) == plain(text)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]", plain(text))
    assert plain("Fuga, 🚜 ñ\tx\n\u202ey") == "Fuga, 🚜 ñ\tx\n\u202ey"


def test_the_calendar_says_who_made_it_how_often_to_ask_and_which_zone():
    calendar = read(calendar_text("Visitas", [entry()]))
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    assert "Komaq" in calendar["prodid"]
    assert calendar["refresh-interval"].params == {"VALUE": "DURATION"}
    assert calendar["refresh-interval"].dt == datetime.timedelta(minutes=15)
    assert [str(zone["tzid"]) for zone in calendar.timezones] == ["America/Lima"]
    assert calendar.timezones[0].to_tz().utcoffset(NOON.replace(tzinfo=None)) == datetime.timedelta(hours=-5)


def test_times_stand_in_the_time_of_lima():
    written = calendar_text("x", [entry(starts_at=NOON.astimezone(datetime.UTC))])
    assert b"DTSTART;TZID=America/Lima:20261124T120000\r\n" in written
    (event,) = read(written).events
    assert (event.start, event.end) == (NOON, NOON + datetime.timedelta(hours=4))


@pytest.mark.parametrize(
    ("more", "status", "transparency"),
    [
        ({"busy": True}, "CONFIRMED", "OPAQUE"),
        ({}, "CONFIRMED", "TRANSPARENT"),
        ({"off": True, "busy": True}, "CANCELLED", "TRANSPARENT"),
    ],
)
def test_what_is_off_is_struck_out_and_blocks_nobody(more, status, transparency):
    (event,) = read(calendar_text("x", [entry(**more)])).events
    assert (event["status"], event["transp"]) == (status, transparency)


def test_where_it_is():
    (event,) = read(calendar_text("x", [entry(point=(-14.793611, -71.412222))])).events
    assert (event["geo"].latitude, event["geo"].longitude) == (-14.793611, -71.412222)
    (event,) = read(calendar_text("x", [entry(point=(0.0, 0.0))])).events
    assert event["geo"].to_ical() == "0.0;0.0"
    (event,) = read(calendar_text("x", [entry()])).events
    assert "geo" not in event


def test_nothing_planned_is_a_calendar_too():
    assert read(calendar_text("x", [])).events == []
