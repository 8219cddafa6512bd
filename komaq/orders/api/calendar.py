"""The calendar, when technicians are away, and the lists of codes."""

import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query as InQuery
from ninja.errors import HttpError
from pydantic import BaseModel, Field

from komaq.accounts.choices import PLANNERS
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import Id, In, Key, Moment, Out, Query, example
from komaq.core.lists import Page, Sort
from komaq.orders import actions, queries
from komaq.orders.api.shapes import EVERYONE, DayOrMoment, DayOrMomentAfter, ShortReason, WorkMoment, key_of, told_as
from komaq.orders.api.visits import SPAN
from komaq.orders.choices import MachineSystem
from komaq.orders.queries import Entry

doors = Doors(tags=["calendar"])
LONGEST = datetime.timedelta(days=93)


class CalendarQuery(BaseModel):
    """Which span to show: days or moments, at most 93 days."""

    start: DayOrMoment = Field(
        alias="from", description="A day (its first moment in Lima) or a moment.", examples=["2026-11-28"]
    )
    end: DayOrMomentAfter = Field(
        alias="to",
        description="A day, which still belongs to the span, or a moment, which does not.",
        examples=["2026-12-04"],
    )


class EntryOut(Out):
    """A visit, a promise or an absence."""

    model_config = example(
        id="visit-77",
        kind="visit",
        title="CAT 336: Fuga de aceite por la bomba principal",
        start="2026-11-29T12:00:00Z",
        end="2026-11-29T21:00:00Z",
        status="planned",
        technicians=["Tito Ccori"],
        order="58",
        visit="77",
    )

    id: str
    kind: str = Field(description="visit, promise or absence.")
    title: str
    start: Moment
    end: Moment
    status: str = Field(description="A visit's state; late or ahead for a promise; absent for an absence.")
    technicians: list[str] = Field(description="Names.")
    order: str | None
    visit: str | None

    @classmethod
    def of(cls, thing: Entry, user: Any) -> "EntryOut":
        subject = thing.visit or thing.absence or thing.order
        return cls(
            id=f"{thing.kind}-{subject.pk}",
            kind=thing.kind,
            title=_absence(thing, user) if thing.absence else thing.title,
            start=thing.starts_at,
            end=thing.ends_at,
            status=thing.state or "absent",
            technicians=list(thing.technicians),
            order=key_of(thing.order and thing.order.pk),
            visit=key_of(thing.visit and thing.visit.pk),
        )


def _absence(entry: Entry, user: Any) -> str:
    """Why somebody is away may be about health: a program reads it of its own person alone."""
    own = entry.absence.technician.person_id == user.person_id
    return entry.title if own else _("Absent")


class ServiceTypeOut(Out):
    """A service the company offers."""

    model_config = example(
        code="reparacion-en-campo",
        name="Reparación en campo",
        description="Vamos a su obra o mina con técnico, furgón y herramientas.",
    )

    code: str
    name: str
    description: str


class ProblemOut(Out):
    """A symptom one can name."""

    model_config = example(
        code="fuga-hidraulica", name="Fuga de aceite hidráulico", machine_types=[], system="hydraulic"
    )

    code: str
    name: str
    machine_types: list[str] = Field(description="The kinds of machine that have it; empty: any.")
    system: MachineSystem


class AbsenceIn(In):
    """Who cannot be sent, and when."""

    model_config = example(
        technician="4", start="2026-12-01T00:00:00-05:00", end="2026-12-03T00:00:00-05:00", reason="Vacaciones"
    )

    technician: Key
    start: WorkMoment
    end: WorkMoment
    reason: ShortReason


class AbsenceOut(Out):
    """A span in which a technician cannot be sent."""

    model_config = example(
        id="3",
        technician="4",
        name="Tito Ccori",
        start="2026-12-01T05:00:00Z",
        end="2026-12-03T05:00:00Z",
        reason="Vacaciones",
    )

    id: Id
    technician: Id
    name: str
    start: Moment
    end: Moment
    reason: str

    @classmethod
    def of(cls, thing: Any, user: Any) -> "AbsenceOut":
        return cls(
            id=thing.pk,
            technician=thing.technician_id,
            name=thing.technician.name,
            start=thing.starts_at,
            end=thing.ends_at,
            reason=thing.reason,
        )


@doors.lists("/calendar", EVERYONE, EntryOut)
def read_calendar(request: HttpRequest, wanted: InQuery[CalendarQuery]) -> Page:
    """The visits, promises and absences in one's scope that touch a span, in time."""
    if not wanted.start < wanted.end <= wanted.start + LONGEST:
        raise HttpError(400, _("Give a span from its start to its end, at most 93 days."))
    return Page(queries.calendar_entries(request.user, wanted.start, wanted.end), None, "")


@doors.lists("/service-types", EVERYONE, ServiceTypeOut, tags=["service-requests"])
def list_service_types(request: HttpRequest, wanted: InQuery[Query]) -> Page:
    """The services the company offers, with their codes."""
    return page_of(queries.service_types(), wanted, sorts={"oldest": Sort("pk")})


@doors.lists("/problems", EVERYONE, ProblemOut, tags=["service-requests"])
def list_problems(request: HttpRequest, wanted: InQuery[Query]) -> Page:
    """The symptoms that can be named, with their codes."""
    return page_of(queries.problems_for(), wanted, sorts={"oldest": Sort("pk")})


@doors.lists("/absences", PLANNERS, AbsenceOut)
def list_absences(request: HttpRequest, wanted: InQuery[Query]) -> Page:
    """The absences of now and later, in time."""
    return page_of(queries.absences_ahead(request.user), wanted, sorts={"start": Sort("starts_at")})


@doors.makes("/absences", PLANNERS, AbsenceOut)
def record_absence(request: HttpRequest, body: AbsenceIn) -> Any:
    """Note that a technician cannot be sent for a span of time; 409 names the visits in its way."""
    technician = found("technician", queries.technician_to_send, int(body.technician))
    with told_as(**SPAN):
        return actions.record_absence(
            technician=technician, starts_at=body.start, ends_at=body.end, reason=body.reason, by=request.user
        )


@doors.removes("/absences/{absence_id}", PLANNERS)
def end_absence(request: HttpRequest, absence_id: Key) -> None:
    """Let a technician be sent again: an absence that has begun ends now, one still ahead never happens."""
    actions.end_absence(absence=queries.get_absence(request.user, int(absence_id)), by=request.user)
