"""From post to post: recorded ahead, never overwritten."""

import datetime
from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts import actions, queries
from komaq.accounts.api.fields import READERS, Reason, WorkDay
from komaq.accounts.choices import ADMINS, AccessDeed
from komaq.core import clock
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Id, In, Key, Moment, Out, Query, example
from komaq.core.lists import Page, Sort

doors = Doors(tags=["position-changes"])
SORTS = {"newest": Sort("effective_on", descending=True), "oldest": Sort("effective_on")}


class PositionChangeOut(Out):
    """Somebody's post from a day on."""

    model_config = example(
        id="31",
        employee="5",
        person="15",
        position="2",
        position_name="Mecánico",
        area="1",
        effective_on="2026-12-01",
        reason="Refuerza el taller.",
        state="planned",
        decided_by="3",
        decided_at="2026-11-28T13:00:00Z",
        withdrawn_at=None,
    )

    id: Id
    employee: Id
    person: Id
    position: Id
    position_name: str
    area: Id
    effective_on: datetime.date
    reason: str
    state: Literal["planned", "effective", "withdrawn"]
    decided_by: Id | None = Field(description="The user who decided; null is the operator.")
    decided_at: Moment
    withdrawn_at: Moment | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        state = "planned" if thing.effective_on > clock.today() else "effective"
        return cls(
            id=thing.pk,
            employee=thing.employee_id,
            person=thing.employee.person_id,
            position=thing.position_id,
            position_name=thing.position.name,
            area=thing.position.area_id,
            state="withdrawn" if thing.withdrawn_at else state,
            decided_by=thing.decided_by_id,
            **{name: getattr(thing, name) for name in ("effective_on", "reason", "decided_at", "withdrawn_at")},
        )


class PositionChangeIn(In):
    """Another post from a day on, and why."""

    model_config = example(employee="5", position="2", effective_on="2026-12-01", reason="Refuerza el taller.")

    employee: Key
    position: Key = Field(description="A post that is in use.")
    effective_on: WorkDay = Field(description="From 00:00 in Lima; rights change on that day.")
    reason: Reason


class PositionChangesQuery(Query):
    """Whose changes."""

    employee: Key = ABSENT
    sort: Literal["newest", "oldest"] = "newest"


@doors.lists("/position-changes", READERS, PositionChangeOut)
def list_position_changes(request: HttpRequest, wanted: InQuery[PositionChangesQuery]) -> Page:
    """Who held which post since when, and what is planned."""
    actions.note_reading(deed=AccessDeed.SEARCHED, by=request.user)
    rows = queries.position_changes_for(request.user, **wanted.filters())
    return page_of(rows, wanted, sorts=SORTS)


@doors.reads("/position-changes/{change_id}", READERS, PositionChangeOut)
def read_position_change(request: HttpRequest, change_id: Key) -> Any:
    """One change of post."""
    change = queries.get_position_change(request.user, int(change_id))
    actions.note_reading(deed=AccessDeed.OPENED, person=change.employee.person, by=request.user)
    return change


@doors.makes("/position-changes", ADMINS, PositionChangeOut)
def plan_position_change(request: HttpRequest, body: PositionChangeIn) -> Any:
    """Give somebody another post from a day on.

    One change at a time, and never before what was in force already.
    """
    user = request.user
    return actions.change_position(
        employee=found("employee", queries.get_employee, user, int(body.employee)),
        position=found("position", queries.get_open_position, int(body.position)),
        effective_on=body.effective_on,
        reason=body.reason,
        by=user,
    )


@doors.does("/position-changes/{change_id}/withdraw", ADMINS, PositionChangeOut)
def withdraw_position_change(request: HttpRequest, change_id: Key) -> Any:
    """Take a planned change back before its day; it stays on record."""
    change = queries.get_position_change(request.user, int(change_id))
    return actions.withdraw_change(employee=change.employee, change=change, by=request.user)
