"""Visits: who goes when, and how it went."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import PLANNERS, TECHNICIANS
from komaq.core import clock
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, In, Key, Line, Query, example
from komaq.core.lists import Page, Sort
from komaq.orders import actions, queries
from komaq.orders.api.order_shapes import VisitOut
from komaq.orders.api.shapes import EVERYONE, DayOrMoment, DayOrMomentAfter, WorkMoment, told_as
from komaq.orders.choices import VisitKind, VisitState

doors = Doors(tags=["visits"])
SORTS = {
    "start": Sort("starts_at"),
    "-start": Sort("starts_at", descending=True),
    "newest": Sort("pk", descending=True),
    "oldest": Sort("pk"),
}
SPAN = {"starts_at": "start", "ends_at": "end"}


class VisitsQuery(Query):
    """How to narrow and sort visits."""

    order: Key = ABSENT
    technician: Key = Field(ABSENT, description="An employee who goes.")
    state: VisitState = ABSENT
    start: DayOrMoment = Field(ABSENT, alias="from", description="Those that end later: a day or a moment.")
    end: DayOrMomentAfter = Field(
        ABSENT, alias="to", description="A day, which still belongs to the span, or a moment, which does not."
    )
    sort: Literal["start", "-start", "newest", "oldest"] = "start"


class VisitIn(In):
    """Whom to send to an order, and when."""

    model_config = example(
        order="58",
        kind="repair",
        start="2026-11-29T07:00:00-05:00",
        end="2026-11-29T16:00:00-05:00",
        technicians=["4", "6"],
        lead="4",
        note="Llevar el juego de sellos.",
    )

    order: Key
    kind: VisitKind
    start: WorkMoment
    end: WorkMoment = Field(description="At most 31 days after the start.")
    technicians: list[Key] = Field(min_length=1, max_length=50, description="Employees who are technicians that day.")
    lead: Key = Field(ABSENT, description="Which of them leads; needed when several go.")
    note: Line = Field("", description="Instructions for those who go.")
    override_reason: Line = Field("", description="Why to send somebody without a certification the site demands.")


class VisitChange(In):
    """What changes of a planned visit; what is left out stays."""

    model_config = example(start="2026-11-30T07:00:00-05:00", end="2026-11-30T16:00:00-05:00")

    start: WorkMoment = ABSENT
    end: WorkMoment = ABSENT
    technicians: list[Key] = Field(ABSENT, min_length=1, max_length=50)
    lead: Key = ABSENT
    note: Line = ABSENT
    override_reason: Line = ""


class VisitStepIn(In):
    """A step of a visit. Failed and cancelled ask why."""

    model_config = example(to="on_site", reason="")

    to: VisitState
    reason: Line = ""


@doors.lists("/visits", EVERYONE, VisitOut)
def list_visits(request: HttpRequest, wanted: InQuery[VisitsQuery]) -> Page:
    """Visits in one's scope, a technician's own ones, in time."""
    rows = queries.filter_visits(queries.visits_visible_to(request.user), **wanted.filters())
    return page_of(rows, wanted, sorts=SORTS)


@doors.reads("/visits/{visit_id}", EVERYONE, VisitOut)
def read_visit(request: HttpRequest, visit_id: Key) -> Any:
    """One visit."""
    return queries.get_visit(request.user, int(visit_id))


@doors.makes("/visits", PLANNERS, VisitOut)
def plan_visit(request: HttpRequest, body: VisitIn) -> Any:
    """Send technicians to an order; a repair visit puts an approved order on schedule.

    409 names who has another visit, is away or lacks a certification then.
    """
    order = found("order", queries.get_order, request.user, int(body.order))
    going = _going(body.technicians, body.start)
    with told_as(**SPAN):
        return actions.plan_visit(
            order=order,
            kind=body.kind,
            starts_at=body.start,
            ends_at=body.end,
            technicians=going,
            lead=_lead(going, body.lead),
            note=body.note,
            override_reason=body.override_reason,
            by=request.user,
        )


def _going(keys: list[str], start: Any) -> list:
    day = start.astimezone(clock.LIMA).date()
    return found("technicians", queries.technicians_to_send, map(int, keys), day)


def _lead(going: list, key: str | None) -> Any:
    """The one who was named among those who go, or who goes alone."""
    if key is None:
        return going[0] if len(going) == 1 else None
    return next((each for each in going if each.pk == int(key)), None)


@doors.changes("/visits/{visit_id}", PLANNERS, VisitOut)
def move_visit(request: HttpRequest, visit_id: Key, body: VisitChange) -> Any:
    """Give a planned visit another time or other people; both sides are told."""
    visit = queries.get_visit(request.user, int(visit_id))
    start, went = body.start or visit.starts_at, list(visit.assignments.all())
    going = _going(body.technicians, start) if body.technicians else [each.technician for each in went]
    led = next((str(each.technician_id) for each in went if each.is_lead and each.technician in going), None)
    with told_as(**SPAN):
        return actions.move_visit(
            visit=visit,
            starts_at=start,
            ends_at=body.end or visit.ends_at,
            technicians=going,
            lead=_lead(going, body.lead or led),
            note=body.note,
            override_reason=body.override_reason,
            version=request.version,
            by=request.user,
        )


@doors.does("/visits/{visit_id}/transitions", either(PLANNERS, TECHNICIANS), VisitOut, versioned=True)
def step_visit(request: HttpRequest, visit_id: Key, body: VisitStepIn) -> Any:
    """Say how a visit goes: on the way, on site, done, failed, cancelled. Its order follows."""
    visit = queries.get_visit(request.user, int(visit_id))
    return actions.step_visit(visit=visit, to=body.to, reason=body.reason, version=request.version, by=request.user)
