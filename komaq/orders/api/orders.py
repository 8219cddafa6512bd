"""Orders: the list, one, a new one, its facts, its steps."""

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import CLIENTS, OFFICE
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, In, Key, Line, Out, Query, Word, example
from komaq.core.lists import Page, Sort
from komaq.fleet import queries as fleet
from komaq.orders import actions, queries, rules
from komaq.orders.api.order_shapes import OrderLine, OrderOut
from komaq.orders.api.shapes import EVERYONE, OPENERS, ReasonCode, Remark, StatusWord, Title, WorkMoment
from komaq.orders.choices import OrderStatus, Outcome, Payer, Priority, Step

doors = Doors(tags=["orders"])
SORTS = {
    "newest": Sort("pk", descending=True),
    "oldest": Sort("pk"),
    "due_at": Sort("due_at"),
    "-due_at": Sort("due_at", descending=True),
}
FACTS = ("title", "priority", "site", "contact", "service_type", "due_at", "description")


class OrdersQuery(Query):
    """How to narrow and sort orders."""

    q: str = Field("", max_length=80, description="Words: code, title, machine, client, site.")
    status: StatusWord = Field(ABSENT, description="A status, or one of the four words clients know.")
    customer: Key = ABSENT
    machine: Key = ABSENT
    priority: Priority = ABSENT
    technician: Key = Field(ABSENT, description="An employee who was sent.")
    late: bool = Field(False, description="Only those whose promise is broken.")
    live: bool = Field(False, description="Only those neither closed nor cancelled.")
    sort: Literal["newest", "oldest", "due_at", "-due_at"] = "newest"


class OrderIn(In):
    """An order that no request brought."""

    model_config = example(
        machine="12", contact="9", title="Cambio de mangueras del balde", priority="high", payer="client"
    )

    machine: Key
    contact: Key = Field(description="Whom we speak with at the client's.")
    title: Title
    priority: Priority = Priority.NORMAL
    type: Word = Field(ABSENT, description="Code of a service type.")
    description: Remark = ""
    site: Key = Field(ABSENT, description="By default where the machine works.")
    due_at: WorkMoment = Field(ABSENT, description="The promise; by default as the priority says.")
    payer: Payer = Payer.CLIENT
    rework_of: Key = Field(ABSENT, description="An earlier order of the machine whose work this one makes good.")


class OrderChange(In):
    """What is changed on an order; what is left out stays."""

    model_config = example(priority="machine_down", due_at="2026-12-01T12:00:00-05:00")

    title: Title = ABSENT
    priority: Priority = ABSENT
    site: Key | None = Field(ABSENT, description="null: in our workshop.")
    contact: Key = ABSENT
    type: Word | None = Field(ABSENT, description="Code of a service type; null: to be defined.")
    due_at: WorkMoment = ABSENT
    description: Remark = ABSENT


class TransitionIn(In):
    """A step of the order; GET says which are open and what each asks."""

    model_config = example(to="approved", choice="warranty", reason="Garantía de fábrica hasta 2027.")

    to: OrderStatus
    reason: Line = ""
    choice: ReasonCode = Field(ABSENT, description="Why it needs no quote, or why it pauses.")
    outcome: Outcome = Field(ABSENT, description="How the work ended.")


class StepOut(Out):
    """A step one may take now."""

    model_config = example(
        to="paused", verb="Pausar", reason=True, choices=["parts", "weather", "access", "client", "quote"], outcomes=[]
    )

    to: OrderStatus
    verb: str
    reason: bool = Field(description="Whether it asks why in words.")
    choices: list[str] = Field(description="It asks for one of these as `choice`.")
    outcomes: list[str] = Field(description="It asks for one of these as `outcome`; a single one is taken anyway.")

    @classmethod
    def of(cls, thing: Step, user: Any) -> "StepOut":
        return cls(
            to=thing.end,
            verb=str(thing.verb),
            reason=rules.asks_reason(thing),
            choices=list(thing.choices.values) if thing.choices else [],
            outcomes=list(rules.outcomes_for(thing)),
        )


@doors.lists("/orders", EVERYONE, OrderLine)
def list_orders(request: HttpRequest, wanted: InQuery[OrdersQuery]) -> Page:
    """Orders in one's scope; segments, visits and tasks stand in the order itself."""
    return page_of(queries.order_lines(request.user, **wanted.filters()), wanted, sorts=SORTS)


@doors.reads("/orders/{order_id}", EVERYONE, OrderOut)
def read_order(request: HttpRequest, order_id: Key) -> Any:
    """One order with its segments, visits and tasks."""
    return queries.get_order(request.user, int(order_id))


@doors.lists("/machines/{machine_id}/history", either(OFFICE, CLIENTS), OrderLine)
def list_machine_history(request: HttpRequest, machine_id: Key, wanted: InQuery[Query]) -> Page:
    """The work done on a machine, newest first."""
    machine = fleet.get_machine(request.user, int(machine_id))
    return page_of(queries.order_lines(request.user, machine=machine), wanted, sorts=SORTS)


@doors.makes("/orders", OPENERS, OrderOut)
def open_order(request: HttpRequest, body: OrderIn) -> Any:
    """Open an order that no request brought: a call noted by the staff, a return of earlier work."""
    user = request.user
    machine = found("machine", queries.machine_at_work, user, int(body.machine))
    return actions.open_order(
        machine=machine,
        contact=found("contact", queries.contact_to_name, user, machine.customer, int(body.contact)),
        title=body.title,
        priority=body.priority,
        site=_site(user, machine.customer, body.site),
        service_type=_type(body.type),
        description=body.description,
        due_at=body.due_at,
        payer=body.payer,
        rework_of=found("rework_of", queries.get_order, user, int(body.rework_of)) if body.rework_of else None,
        by=user,
    )


def _site(user: Any, customer: Any, key: str | None) -> Any:
    return found("site", queries.site_to_name, user, customer, int(key)) if key else None


def _type(code: str | None) -> Any:
    return found("type", queries.get_service_type, code) if code else None


@doors.changes("/orders/{order_id}", OPENERS, OrderOut)
def change_order(request: HttpRequest, order_id: Key, body: OrderChange) -> Any:
    """Change what is written on an order; the history keeps before and after."""
    user = request.user
    order = queries.get_order(user, int(order_id))
    wanted = {name: getattr(order, name) for name in FACTS} | body.given()
    if "site" in body.model_fields_set:
        wanted["site"] = _site(user, order.customer, body.site)
    if "contact" in body.model_fields_set:
        wanted["contact"] = found("contact", queries.contact_to_name, user, order.customer, int(body.contact))
    if "type" in body.model_fields_set:
        wanted["service_type"] = _type(wanted.pop("type"))
    return actions.change_order(order=order, version=request.version, by=user, **wanted)


@doors.lists("/orders/{order_id}/transitions", EVERYONE, StepOut)
def list_order_steps(request: HttpRequest, order_id: Key) -> Page:
    """The steps one may take with the order now, and what each asks."""
    order = queries.get_order(request.user, int(order_id))
    return Page(queries.steps_open_to(request.user, order), None, "")


@doors.does("/orders/{order_id}/transitions", EVERYONE, OrderOut, versioned=True)
def move_order(request: HttpRequest, order_id: Key, body: TransitionIn) -> Any:
    """Take one step of an order; it answers with the order as it stands afterwards.

    An approved order with a repair visit ahead goes straight on to “scheduled”.
    """
    order = queries.get_order(request.user, int(order_id))
    return actions.move_order(
        order=order,
        to=body.to,
        reason=body.reason,
        choice=body.choice or "",
        outcome=body.outcome or "",
        version=request.version,
        by=request.user,
    )


@doors.does("/orders/{order_id}/accept-work", CLIENTS, OrderOut, versioned=True)
def accept_work(request: HttpRequest, order_id: Key) -> Any:
    """Accept the verified work as its client, which closes the order."""
    order = queries.get_order(request.user, int(order_id))
    return actions.accept_work(order=order, version=request.version, by=request.user)
