"""The calendar of staff, clients and technicians: month, week, day and list, drawn by the server."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_safe

from komaq.accounts.choices import CLIENTS, OFFICE, TECHNICIANS
from komaq.core import clock
from komaq.core.access import audience
from komaq.customers.queries import active_customer, customers_visible_to
from komaq.orders import queries, rules
from komaq.orders.choices import VisitKind, VisitState

DAY = datetime.timedelta(days=1)
LANES = 4
VIEWS = {
    "month": gettext_lazy("Month"),
    "week": gettext_lazy("Week"),
    "day": gettext_lazy("Day"),
    "list": gettext_lazy("List"),
}
KINDS = {
    "visit": (gettext_lazy("Visits"), "wrench"),
    "promise": (gettext_lazy("Promises"), "flag"),
    "absence": (gettext_lazy("Absences"), "user"),
}
RUNNING = {VisitState.TRAVELLING, VisitState.ON_SITE}
FIRST, LAST = datetime.date(2000, 1, 10), datetime.date(2099, 12, 1)


def _long(day: datetime.date) -> str:
    return date_format(day, pgettext("written date", "j F Y"))


@dataclass(frozen=True)
class Window:
    """What the calendar shows: a view of the days from `first` to `last`, and its neighbours."""

    view: str
    day: datetime.date
    first: datetime.date
    last: datetime.date
    before: datetime.date
    after: datetime.date

    @property
    def title(self) -> str:
        if self.view == "day":
            return f"{date_format(self.day, 'l')} {_long(self.day)}"
        if self.view == "week":
            start = date_format(self.first, "j" if self.first.month == self.last.month else "MONTH_DAY_FORMAT")
            return f"{start} – {_long(self.last)}"
        return date_format(self.day, "YEAR_MONTH_FORMAT")

    @property
    def days(self) -> list[datetime.date]:
        return [self.first + DAY * number for number in range((self.last - self.first).days + 1)]


@dataclass(frozen=True)
class Shown:
    """An entry as it is drawn: its days, its words, its glyph and tone."""

    entry: Any
    first: datetime.date
    last: datetime.date
    title: str
    text: str
    icon: str
    tone: str
    chip: dict
    stopped: bool = False

    @property
    def time(self) -> str:
        start, end = _local(self.entry.starts_at), _local(self.entry.ends_at)
        if self.entry.kind == "promise":
            return f"{start:%H:%M}"
        if self.entry.kind == "absence" and (start.hour, end.hour) == (0, 0):
            return f"{self.first:%d/%m} – {self.last:%d/%m}"
        if self.first == self.last:
            return f"{start:%H:%M} – {end:%H:%M}"
        return f"{start:%d/%m %H:%M} – {end:%d/%m %H:%M}"


@dataclass
class Piece:
    """An entry within one week: from column `c`, over `n` days; `more` counts what found no place."""

    c: int
    n: int
    shown: Shown | None = None
    more: int = 0
    day: datetime.date | None = None


@dataclass
class Week:
    """Seven days and what lies on them."""

    days: list[datetime.date]
    pieces: list[Piece] = field(default_factory=list)


def _local(moment: datetime.datetime) -> datetime.datetime:
    return moment.astimezone(clock.LIMA)


# Pages


@audience(OFFICE)
@require_safe
def staff(http: HttpRequest) -> HttpResponse:
    """All visits, promises and absences, by client and technician."""
    customers = list(customers_visible_to(http.user).order_by("sort_key", "pk"))
    technicians = queries.technicians()
    chosen = {
        "customer": _chosen(http, "customer", customers),
        "technician": _chosen(http, "technician", technicians),
    }
    more = {"customers": customers, "technicians": technicians, "kinds": _kinds(http, KINDS), **chosen}
    more["plans"] = rules.can_plan_work(http.user)
    return _page(http, "orders/calendar/staff.html", more, **chosen)


@audience(CLIENTS)
@require_safe
def portal(http: HttpRequest) -> HttpResponse:
    """The visits and promises of the company's own orders."""
    customer = active_customer(http.user, http.session.get("customer_id"))
    kinds = {kind: KINDS[kind] for kind in ("visit", "promise")}
    more = {"kinds": _kinds(http, kinds), "customer": customer}
    return _page(http, "orders/calendar/portal.html", more, customer=customer)


@audience(TECHNICIANS)
@require_safe
def field_calendar(http: HttpRequest) -> HttpResponse:
    """My visits and absences; a phone reads them as a list."""
    return _page(http, "orders/calendar/field.html", {"kinds": []})


def _page(http: HttpRequest, template: str, more: dict, **scope: Any) -> HttpResponse:
    window = window_of(http.GET.get("view", ""), http.GET.get("day", ""))
    start, end = clock.lima(window.first), clock.lima(window.last + DAY)
    hidden = {kind["value"] for kind in more["kinds"] if not kind["shown"]}
    entries = [each for each in queries.calendar_entries(http.user, start, end, **scope) if each.kind not in hidden]
    shown = [shown_of(entry) for entry in entries]
    today = clock.today()
    frame = {
        "window": window,
        "today": today,
        "views": VIEWS.items(),
        "weeks": weeks_of(window, shown),
        "agenda": agenda_of(window, shown, today),
        "visit_count": sum(entry.kind == "visit" for entry in entries),
        "total": len(entries),
    }
    return render(http, template, frame | more)


def _chosen(http: HttpRequest, name: str, rows: Iterable[Any]) -> Any | None:
    """The row that the address names; what is not among them filters nothing."""
    wished = http.GET.get(name, "")
    return next((row for row in rows if str(row.pk) == wished), None)


def _kinds(http: HttpRequest, kinds: dict) -> list[dict]:
    wished = set(http.GET.getlist("show")) & set(kinds) or set(kinds)
    return [
        {"value": value, "label": label, "icon": icon, "shown": value in wished}
        for value, (label, icon) in kinds.items()
    ]


# Which days


def window_of(view: str, day: str) -> Window:
    """The days of a view around a day; nonsense means this month."""
    view = view if view in VIEWS else "month"
    try:
        around = min(max(datetime.date.fromisoformat(day), FIRST), LAST)
    except ValueError:
        around = clock.today()
    if view == "day":
        return Window(view, around, around, around, around - DAY, around + DAY)
    monday = around - DAY * around.weekday()
    if view == "week":
        return Window(view, around, monday, monday + DAY * 6, around - DAY * 7, around + DAY * 7)
    first = around.replace(day=1)
    following = (first + DAY * 31).replace(day=1)
    last = following - DAY
    before = (first - DAY).replace(day=1)
    if view == "month":
        first, last = first - DAY * first.weekday(), last + DAY * (6 - last.weekday())
    return Window(view, around, first, last, before, following)


# How an entry looks


def shown_of(entry: Any) -> Shown:
    """An entry with its glyph, tone and words."""
    first = _local(entry.starts_at).date()
    last = max(first, _local(entry.ends_at - datetime.timedelta(microseconds=1)).date())
    icon, tone, word = _look(entry)
    stopped = entry.stopped and not _is_over(entry)
    people = ", ".join(_short(name) for name in entry.technicians)
    title = entry.title if entry.order else f"{', '.join(entry.technicians)}: {entry.title}"
    text = f"{_short_code(entry.order.code)} {entry.title}" if entry.order else title
    return Shown(
        entry,
        first,
        last,
        title=title,
        text=f"{text} · {people}" if entry.order and people else text,
        icon="stop" if stopped and entry.kind == "visit" else icon,
        tone="warn" if stopped else tone,
        chip=_chip(entry, icon, tone, word, stopped=stopped),
        stopped=stopped,
    )


def _chip(entry: Any, icon: str, tone: str, word: Any, *, stopped: bool) -> dict:
    if stopped and entry.kind == "visit":
        return {"label": _("Machine down"), "icon": "stop", "tone": "stop"}
    return {"label": word, "icon": icon, "tone": tone}


def _is_over(entry: Any) -> bool:
    return entry.state in {VisitState.DONE, VisitState.FAILED, VisitState.CANCELLED}


def _look(entry: Any) -> tuple[str, str, str]:
    if entry.kind == "absence":
        return "user", "", _("Absent")
    if entry.kind == "promise":
        return ("late", "bad", _("Overdue")) if entry.state == "late" else ("flag", "", _("Promise"))
    word = VisitState(entry.state).label
    if entry.state in RUNNING:
        return "play", "run", word
    if entry.state == VisitState.DONE:
        return "ok", "", word
    if entry.state == VisitState.FAILED:
        return "bad", "bad", word
    return "eye" if entry.visit.kind == VisitKind.DIAGNOSIS else "calendar", "", word


def _short(name: str) -> str:
    """``Tito Ccori`` → ``T. Ccori``."""
    given, _space, rest = name.partition(" ")
    return f"{given[:1]}. {rest}" if rest else name


def _short_code(code: str) -> str:
    """``OS-2026-000418`` → ``OS-418``."""
    kind, _dash, rest = code.partition("-")
    number = rest.rpartition("-")[2].lstrip("0")
    return f"{kind}-{number}"


# Where an entry lies


def weeks_of(window: Window, shown: list[Shown]) -> list[Week]:
    """The weeks of a month or of a week view, entries on lanes; a month tells how many more there are."""
    if window.view not in {"month", "week"}:
        return []
    days = window.days
    lanes = LANES if window.view == "month" else None
    return [_week(days[place : place + 7], shown, lanes) for place in range(0, len(days), 7)]


def _week(days: list[datetime.date], shown: list[Shown], lanes: int | None) -> Week:
    week = Week(days)
    taken: list[set[int]] = []
    hidden = dict.fromkeys(range(7), 0)
    touching = [each for each in shown if each.first <= days[-1] and each.last >= days[0]]
    touching.sort(key=lambda each: (max(each.first, days[0]), -(each.last - each.first).days, each.entry.starts_at))
    for each in touching:
        start = (max(each.first, days[0]) - days[0]).days
        end = (min(each.last, days[-1]) - days[0]).days
        columns = set(range(start, end + 1))
        lane = next((number for number, filled in enumerate(taken) if not filled & columns), len(taken))
        if lanes is not None and lane >= lanes:
            for column in columns:
                hidden[column] += 1
            continue
        if lane == len(taken):
            taken.append(set())
        taken[lane] |= columns
        week.pieces.append(Piece(start + 1, end - start + 1, each))
    week.pieces += [Piece(column + 1, 1, more=count, day=days[column]) for column, count in hidden.items() if count]
    return week


def agenda_of(window: Window, shown: list[Shown], today: datetime.date) -> list[dict]:
    """Day by day what is on it; days without anything are left out, today never."""
    days = []
    for day in window.days:
        found = [each for each in shown if each.first <= day <= each.last]
        if found or day == today or window.view == "day":
            days.append({"day": day, "entries": found})
    return days
