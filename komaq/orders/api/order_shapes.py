"""An order as programs read it: a line of a list, and the whole with segments, visits and tasks."""

from typing import Any, Self

from pydantic import Field

from komaq.core import clock
from komaq.core.api.shapes import Id, Moment, Out, example
from komaq.orders import queries, rules
from komaq.orders.api.shapes import key_of
from komaq.orders.choices import (
    CLIENT_WORDS,
    BillingStatus,
    ClientStatus,
    MachineSystem,
    OrderStatus,
    Outcome,
    Payer,
    Priority,
    VisitKind,
    VisitState,
)

LINE = {
    "id": "58",
    "code": "OS-2026-000058",
    "request": "41",
    "machine": "12",
    "customer": "7",
    "site": "3",
    "contact": "9",
    "type": "reparacion-en-campo",
    "title": "Fuga de aceite por la bomba principal",
    "description": "Fuga por la bomba principal; la máquina está parada.",
    "priority": "machine_down",
    "status": "scheduled",
    "status_since": "2026-11-28T14:10:00Z",
    "client_status": "running",
    "billing_status": "unbilled",
    "outcome": None,
    "approval_ground": "warranty",
    "pause_reason": None,
    "rework_of": None,
    "wished_at": "2026-11-29T05:00:00Z",
    "respond_by": "2026-11-28T15:00:00Z",
    "due_at": "2026-11-30T14:00:00Z",
    "late": False,
    "created_at": "2026-11-28T13:20:00Z",
    "completed_at": None,
    "verified_at": None,
    "closed_at": None,
    "version": 4,
}
SEGMENT = {
    "id": "61",
    "title": "Trabajo principal",
    "system": "hydraulic",
    "payer": "warranty",
    "is_default": True,
}
TASK = {
    "id": "130",
    "segment": "61",
    "title": "Cambiar el sello del eje",
    "minutes": 90,
    "done": False,
    "done_at": None,
}
VISIT = {
    "id": "77",
    "order": "58",
    "kind": "repair",
    "start": "2026-11-29T12:00:00Z",
    "end": "2026-11-29T21:00:00Z",
    "state": "planned",
    "assignments": [{"technician": "4", "name": "Tito Ccori", "lead": True}],
    "note": "Llevar el juego de sellos.",
    "reason": "",
    "created_at": "2026-11-28T14:10:00Z",
    "started_at": None,
    "ended_at": None,
    "version": 1,
}


class SegmentOut(Out):
    """A part of an order by machine system and payer."""

    model_config = example(**SEGMENT)

    id: Id
    title: str
    system: MachineSystem
    payer: Payer
    is_default: bool


class TaskOut(Out):
    """A step planned in an order."""

    model_config = example(**TASK)

    id: Id
    segment: Id
    title: str
    minutes: int | None = Field(description="Planned minutes.")
    done: bool
    done_at: Moment | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(
            id=thing.pk,
            segment=thing.segment_id,
            title=thing.title,
            minutes=thing.minutes,
            done=thing.done_at is not None,
            done_at=thing.done_at,
        )


class AssignmentOut(Out):
    """Who goes on a visit."""

    model_config = example(technician="4", name="Tito Ccori", lead=True)

    technician: Id
    name: str
    lead: bool


class VisitOut(Out):
    """A span of time in which somebody works on an order."""

    model_config = example(**VISIT)

    id: Id
    order: Id
    kind: VisitKind
    start: Moment
    end: Moment
    state: VisitState
    assignments: list[AssignmentOut]
    note: str | None = Field(description="Instructions for those who go; null for clients.")
    reason: str = Field(description="Why it failed or was cancelled.")
    created_at: Moment
    started_at: Moment | None
    ended_at: Moment | None
    version: int

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(
            id=thing.pk,
            order=thing.order_id,
            kind=thing.kind,
            start=thing.starts_at,
            end=thing.ends_at,
            state=thing.state,
            assignments=[
                AssignmentOut(technician=each.technician_id, name=each.technician.name, lead=each.is_lead)
                for each in thing.assignments.all()
            ],
            note=thing.note if user.is_staff_member else None,
            reason=thing.reason,
            created_at=thing.created_at,
            started_at=thing.started_at,
            ended_at=thing.ended_at,
            version=thing.version,
        )


def facts_of(order: Any, request_id: int | None) -> dict[str, Any]:
    """The fields of a line; explicit, because lists make many of them."""
    return {
        "id": order.pk,
        "code": order.code,
        "request": key_of(request_id),
        "machine": order.machine_id,
        "customer": order.customer_id,
        "site": key_of(order.site_id),
        "contact": order.contact_id,
        "type": order.service_type.code if order.service_type_id else None,
        "title": order.title,
        "description": order.description,
        "priority": order.priority,
        "status": order.status,
        "status_since": order.status_since,
        "client_status": CLIENT_WORDS[order.status],
        "billing_status": order.billing_status,
        "outcome": order.outcome or None,
        "approval_ground": order.approval_ground or None,
        "pause_reason": order.pause_reason or None,
        "rework_of": key_of(order.rework_of_id),
        "wished_at": clock.lima(order.wished_on) if order.wished_on else None,
        "respond_by": order.respond_by,
        "due_at": order.due_at,
        "late": rules.is_late(order),
        "created_at": order.created_at,
        "completed_at": order.completed_at,
        "verified_at": order.verified_at,
        "closed_at": order.closed_at,
        "version": order.version,
    }


class OrderLine(Out):
    """An order in a list."""

    model_config = example(**LINE)

    id: Id
    code: str
    request: str | None = Field(description="The request it came from.")
    machine: Id
    customer: Id
    site: str | None = Field(description="Where the work is done; null: in our workshop.")
    contact: Id
    type: str | None = Field(description="Code of the service type.")
    title: str
    description: str
    priority: Priority
    status: OrderStatus
    status_since: Moment
    client_status: ClientStatus = Field(description="The status in the four words clients know.")
    billing_status: BillingStatus
    outcome: Outcome | None
    approval_ground: str | None = Field(description="Why no quote was needed.")
    pause_reason: str | None = Field(description="Why it pauses.")
    rework_of: str | None = Field(description="The earlier order whose work this one makes good.")
    wished_at: Moment | None
    respond_by: Moment
    due_at: Moment = Field(description="The promise to the client.")
    late: bool = Field(description="Whether the promise is broken.")
    created_at: Moment
    completed_at: Moment | None
    verified_at: Moment | None
    closed_at: Moment | None
    version: int

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(**facts_of(thing, thing.first_request))


class OrderOut(OrderLine):
    """An order with its parts."""

    model_config = example(
        **LINE, problems=["fuga-hidraulica"], requests=["41"], segments=[SEGMENT], visits=[VISIT], tasks=[TASK]
    )

    problems: list[str] = Field(description="Codes of the symptoms.")
    requests: list[str] = Field(description="Every request that became it or joined it.")
    segments: list[SegmentOut] = Field(description="Parts by system and payer; empty for clients.")
    visits: list[VisitOut]
    tasks: list[TaskOut] = Field(description="Planned steps; empty for clients.")

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        segments = queries.segments_of(thing) if user.is_staff_member else []
        requests = [str(key) for key in thing.requests.order_by("pk").values_list("pk", flat=True)]
        return cls(
            **facts_of(thing, requests[0] if requests else None),
            problems=[problem.code for problem in thing.problems.all()],
            requests=requests,
            segments=[SegmentOut.of(segment, user) for segment in segments],
            visits=[VisitOut.of(visit, user) for visit in queries.visits_of(thing)],
            tasks=[TaskOut.of(task, user) for segment in segments for task in segment.tasks.all()],
        )
