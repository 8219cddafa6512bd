"""Calendars as text that other programs read: RFC 5545, time zone and all."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from icalendar import Calendar, Event, Timezone, TimezoneStandard
from icalendar.prop import vDuration, vText

from komaq.core import clock

PRODUCT = "-//Komaq//Komaq Service//ES"
RENEW = datetime.timedelta(minutes=15)
CONTENT_TYPE = "text/calendar; charset=utf-8"
BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class CalendarEntry:
    """One thing in a calendar. `sequence` rises when it changes; `off`: it does not take place; `busy`: for the reader.

    `point` is latitude and longitude in degrees.
    """

    uid: str
    sequence: int
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    title: str
    text: str = ""
    place: str = ""
    point: tuple[float, float] | None = None
    kind: str = ""
    url: str = ""
    off: bool = False
    busy: bool = False


def plain(text: str) -> str:
    """Text as a calendar can carry it: every line break is one kind, and nothing else controls anything."""
    return CONTROLS.sub("", BREAKS.sub("\n", text))


def calendar_text(name: str, entries: Iterable[CalendarEntry]) -> bytes:
    """A whole calendar, made now: UTF-8, lines of at most 75 octets, CRLF. Programs ask again after 15 minutes."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for label in ("name", "x-wr-calname"):
        calendar.add(label, vText(plain(name)))
    calendar.add("x-wr-timezone", clock.LIMA.key)
    calendar.add("refresh-interval", vDuration(RENEW), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(RENEW))
    calendar.add_component(_lima())
    moment = clock.now()
    for entry in entries:
        calendar.add_component(_event(entry, moment))
    return calendar.to_ical()


def _lima() -> Timezone:
    """Lima keeps one time all year since 1994."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime.datetime(1994, 4, 1))  # noqa: DTZ001  by rule without an offset
    standard.add("tzoffsetfrom", datetime.timedelta(hours=-5))
    standard.add("tzoffsetto", datetime.timedelta(hours=-5))
    standard.add("tzname", "-05")
    zone = Timezone()
    zone.add("tzid", clock.LIMA.key)
    zone.add_component(standard)
    return zone


def _event(entry: CalendarEntry, moment: datetime.datetime) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", moment)
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(clock.LIMA))
    event.add("dtend", entry.ends_at.astimezone(clock.LIMA))
    event.add("summary", plain(entry.title))
    event.add("status", "CANCELLED" if entry.off else "CONFIRMED")
    event.add("transp", "OPAQUE" if entry.busy and not entry.off else "TRANSPARENT")
    for label, text in (("description", entry.text), ("location", entry.place)):
        if text:
            event.add(label, plain(text))
    if entry.kind:
        event.add("categories", [plain(entry.kind)])
    if entry.point:
        event.add("geo", entry.point)
    if entry.url:
        event.add("url", entry.url)
    return event
