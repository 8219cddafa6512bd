"""Who can be sent when: what a planner needs before a visit."""

from typing import Any, Self

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query as InQuery
from ninja.errors import HttpError
from pydantic import BaseModel, Field

from komaq.accounts.choices import PLANNERS
from komaq.core.api.doors import Doors
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Id, Key, Moment, Out, example
from komaq.core.lists import Page
from komaq.orders import queries
from komaq.orders.api.shapes import DayOrMoment, DayOrMomentAfter
from komaq.orders.rules import LONGEST_VISIT

doors = Doors(tags=["technicians"])


class TakenOut(BaseModel):
    """A span that is not free, and why."""

    start: Moment
    end: Moment
    order: str | None = Field(description="Code of the order; null for an absence.")


class TechnicianOut(Out):
    """A technician and what fills the days of the span asked for."""

    model_config = example(
        id="4",
        name="Tito Ccori",
        skills=["Hidráulica"],
        free=False,
        taken=[{"start": "2026-11-29T12:00:00Z", "end": "2026-11-29T21:00:00Z", "order": "OS-2026-000418"}],
    )

    id: Id = Field(description="The employee.")
    name: str
    skills: list[str]
    free: bool = Field(description="Whether the whole span is free.")
    taken: list[TakenOut]

    @classmethod
    def of(cls, thing: dict, user: Any) -> Self:
        busy = [(each, each["code"]) for each in thing["busy"]] + [(each, None) for each in thing["absences"]]
        return cls(
            id=thing["employee"].pk,
            name=thing["name"],
            skills=thing["skills"],
            free=thing["free"],
            taken=[TakenOut(start=each["starts_at"], end=each["ends_at"], order=code) for each, code in busy],
        )


class TechniciansQuery(BaseModel):
    """The span a visit would fill."""

    start: DayOrMoment = Field(alias="from", description="A day or a moment.", examples=["2026-11-29"])
    end: DayOrMomentAfter = Field(
        alias="to",
        description="A day, which still belongs to the span, or a moment, which does not.",
        examples=["2026-11-30"],
    )
    visit: Key = Field(ABSENT, description="A visit that is being moved, which so blocks nobody.")


@doors.lists("/technicians", PLANNERS, TechnicianOut)
def list_technicians(request: HttpRequest, wanted: InQuery[TechniciansQuery]) -> Page:
    """Every technician with skills and what fills the span, the free ones first."""
    if not wanted.start < wanted.end <= wanted.start + LONGEST_VISIT:
        raise HttpError(400, _("Choose a span of at most 31 days that ends after it starts."))
    besides = found("visit", queries.get_visit, request.user, int(wanted.visit)) if wanted.visit else None
    return Page(queries.technicians_for(wanted.start, wanted.end, besides=besides), None, "")
