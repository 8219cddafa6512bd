"""What belongs to an order: segments, tasks, internal notes, history."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import PLANNERS, TECHNICIANS
from komaq.comms import queries as comms
from komaq.comms.choices import Visibility
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Flag, Id, In, Key, Moment, Out, Query, example
from komaq.core.lists import Page, Sort
from komaq.orders import actions, queries
from komaq.orders.api.order_shapes import SegmentOut, TaskOut
from komaq.orders.api.shapes import EVERYONE, OPENERS, WORKERS, Minutes, Remark, TaskTitle, Title
from komaq.orders.choices import MachineSystem, Payer

doors = Doors(tags=["orders"])
SORTS = {"newest": Sort("pk", descending=True), "oldest": Sort("pk")}


class SegmentIn(In):
    """A part of the work with its own payer."""

    model_config = example(title="Cilindro del balde", system="hydraulic", payer="client")

    title: Title
    system: MachineSystem = MachineSystem.GENERAL
    payer: Payer = Payer.CLIENT


class TaskIn(In):
    """A step to be done."""

    model_config = example(segment="61", title="Cambiar el sello del eje", minutes=90)

    segment: Key
    title: TaskTitle
    minutes: Minutes = Field(ABSENT, description="Planned minutes.")


class TickIn(In):
    """Whether a task is done."""

    model_config = example(done=True)

    done: Flag


class NoteIn(In):
    """What only the staff reads."""

    model_config = example(text="Pedir el pase de la mina dos días antes.")

    text: Remark


class NoteOut(Out):
    """An internal note."""

    model_config = example(
        id="12", author="Ana Salas", text="Pedir el pase de la mina dos días antes.", written_at="2026-11-28T14:00:00Z"
    )

    id: Id
    author: str
    text: str
    written_at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> "NoteOut":
        return cls(id=thing.pk, author=thing.author_name, text=thing.text, written_at=thing.written_at)


class EventOut(Out):
    """Something that happened to an order, in words."""

    model_config = example(
        id="901",
        kind="orders.status_changed",
        at="2026-11-28T14:10:00Z",
        actor="Ana Salas",
        text="pasó la orden a «Programada»",
        reason="",
    )

    id: Id
    kind: str
    at: Moment
    actor: str
    text: str
    reason: str

    @classmethod
    def of(cls, thing: Any, user: Any) -> "EventOut":
        told = queries.entry_of(user, thing)
        return cls(
            id=thing.pk,
            kind=thing.kind,
            at=thing.at,
            actor=told["who"],
            text=str(told["text"]),
            reason=told["reason"],
        )


class BySequence(Query):
    """Oldest or newest first."""

    sort: Literal["oldest", "newest"] = "oldest"


class ByNews(Query):
    """Newest or oldest first."""

    sort: Literal["newest", "oldest"] = "newest"


@doors.lists("/orders/{order_id}/segments", WORKERS, SegmentOut)
def list_segments(request: HttpRequest, order_id: Key) -> Page:
    """The parts of an order; the first is the one it was born with."""
    order = queries.get_order(request.user, int(order_id))
    return Page(queries.segments_of(order), None, "")


@doors.makes("/orders/{order_id}/segments", OPENERS, SegmentOut)
def add_segment(request: HttpRequest, order_id: Key, body: SegmentIn) -> Any:
    """Part an order by machine system and payer."""
    order = queries.get_order(request.user, int(order_id))
    return actions.add_segment(order=order, title=body.title, system=body.system, payer=body.payer, by=request.user)


@doors.lists("/orders/{order_id}/tasks", WORKERS, TaskOut)
def list_tasks(request: HttpRequest, order_id: Key) -> Page:
    """The planned steps of an order."""
    segments = queries.segments_of(queries.get_order(request.user, int(order_id)))
    return Page([task for segment in segments for task in segment.tasks.all()], None, "")


@doors.makes("/orders/{order_id}/tasks", OPENERS, TaskOut)
def add_task(request: HttpRequest, order_id: Key, body: TaskIn) -> Any:
    """Plan one more step in a segment."""
    order = queries.get_order(request.user, int(order_id))
    segment = found("segment", queries.get_segment, order, int(body.segment))
    return actions.add_task(segment=segment, title=body.title, minutes=body.minutes, by=request.user)


@doors.does("/orders/{order_id}/tasks/{task_id}/tick", either(PLANNERS, TECHNICIANS), TaskOut)
def tick_task(request: HttpRequest, order_id: Key, task_id: Key, body: TickIn) -> Any:
    """Tick a task off, or take the tick away; saying it twice changes nothing."""
    order = queries.get_order(request.user, int(order_id))
    task = queries.get_task(order, int(task_id))
    return actions.tick_task(task=task, done=body.done, by=request.user)


@doors.lists("/orders/{order_id}/notes", WORKERS, NoteOut)
def list_notes(request: HttpRequest, order_id: Key, wanted: InQuery[BySequence]) -> Page:
    """The internal notes of an order: staff only."""
    order = queries.get_order(request.user, int(order_id))
    return page_of(comms.thread(order, request.user).filter(visibility=Visibility.INTERNAL), wanted, sorts=SORTS)


@doors.makes("/orders/{order_id}/notes", WORKERS, NoteOut)
def add_note(request: HttpRequest, order_id: Key, body: NoteIn) -> Any:
    """Write down what only the staff reads."""
    order = queries.get_order(request.user, int(order_id))
    return actions.add_note(order=order, text=body.text, by=request.user)


@doors.lists("/orders/{order_id}/events", EVERYONE, EventOut)
def list_order_events(request: HttpRequest, order_id: Key, wanted: InQuery[ByNews]) -> Page:
    """The history of an order and of its requests as its page tells it; clients read what was meant for them."""
    order = queries.get_order(request.user, int(order_id))
    return page_of(queries.events_for(request.user, order), wanted, sorts=SORTS)
