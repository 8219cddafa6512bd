"""Requests for service: asked by clients or noted by the office, decided by the workshop."""

from decimal import Decimal
from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import CLIENTS, OFFICE, PLANNERS
from komaq.core import clock
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import FieldRefused, found
from komaq.core.api.shapes import ABSENT, Id, In, Key, Line, Moment, Number, Out, Query, Word, example
from komaq.core.lists import Page, Sort
from komaq.customers import queries as customers
from komaq.fleet import queries as fleet
from komaq.orders import actions, queries
from komaq.orders.api.order_shapes import OrderOut
from komaq.orders.api.shapes import Message, Place, Story, Title, WorkMoment, told_as
from komaq.orders.choices import ClientStatus, Priority, RequestStatus
from komaq.orders.queries import lists

doors = Doors(tags=["service-requests"])
SORTS = {
    "newest": Sort("pk", descending=True),
    "oldest": Sort("pk"),
    "respond_by": Sort("respond_by"),
}


class RequestOut(Out):
    """A request for service as it stands."""

    model_config = example(
        id="41",
        code="SOL-2026-000041",
        customer="7",
        machine="12",
        machine_described="",
        site="3",
        place_described="",
        latitude=None,
        longitude=None,
        contact="9",
        service_type="reparacion-en-campo",
        problems=["fuga-hidraulica"],
        description="Fuga por la bomba principal; la máquina está parada.",
        priority="machine_down",
        problem="fuga-hidraulica",
        wished_at="2026-11-29T00:00:00-05:00",
        status="pending",
        client_status="pending",
        reason="",
        order=None,
        respond_by="2026-11-28T15:00:00Z",
        created_at="2026-11-28T13:00:00Z",
        decided_at=None,
    )

    id: Id
    code: str
    customer: Id
    machine: Id | None
    machine_described: str
    site: Id | None
    place_described: str
    latitude: Decimal | None
    longitude: Decimal | None
    contact: Id
    service_type: str | None = Field(description="Code of the service type.")
    problems: list[str] = Field(description="Codes of the symptoms.")
    description: str
    priority: Priority
    problem: str | None = Field(description="Code of the first symptom.")
    wished_at: Moment | None
    status: RequestStatus
    client_status: ClientStatus
    reason: str
    order: Id | None
    respond_by: Moment
    created_at: Moment
    decided_at: Moment | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(
            id=thing.pk,
            customer=thing.customer_id,
            machine=thing.machine_id,
            site=thing.site_id,
            contact=thing.contact_id,
            service_type=thing.service_type.code if thing.service_type else None,
            problems=(codes := [problem.code for problem in thing.problems.all()]),
            problem=codes[0] if codes else None,
            wished_at=clock.lima(thing.wished_on) if thing.wished_on else None,
            order=thing.order_id,
            **{
                name: getattr(thing, name)
                for name in (
                    "code",
                    "machine_described",
                    "place_described",
                    "latitude",
                    "longitude",
                    "description",
                    "priority",
                    "status",
                    "client_status",
                    "reason",
                    "respond_by",
                    "created_at",
                    "decided_at",
                )
            },
        )


class RequestIn(In):
    """What a client asks for: about one of its machines or one it describes."""

    model_config = example(
        machine="12",
        problem="fuga-hidraulica",
        description="Fuga por la bomba principal.",
        priority="high",
        wished_at="2026-11-29T08:00:00-05:00",
    )

    machine: Key = Field(ABSENT, description="One of the client's machines; else `machine_described`.")
    machine_described: Place = ""
    customer: Key = Field(ABSENT, description="Needed when no machine is named.")
    contact: Key = Field(ABSENT, description="Who speaks with us about it; by default who asks.")
    site: Key = Field(ABSENT, description="By default where the machine works.")
    place_described: Place = Field("", description="How to get there; needed where no site is known.")
    latitude: Number(9, 6, "-90", "90") = ABSENT
    longitude: Number(9, 6, "-180", "180") = ABSENT
    service_type: Word = Field(ABSENT, description="Code of a service type.")
    problem: Word = Field(ABSENT, description="Code of a symptom.")
    problems: list[Word] = Field([], max_length=20, description="Codes of several symptoms.")
    description: Story = ""
    priority: Priority = Priority.NORMAL
    wished_at: Moment = Field(ABSENT, description="When the client wishes it; the day in Lima counts.")


class RequestsQuery(Query):
    """How to narrow and sort requests."""

    q: str = Field("", max_length=80, description="Words: code, machine, client, site.")
    status: RequestStatus = ABSENT
    sort: Literal["newest", "oldest", "respond_by"] = "newest"


class AcceptIn(In):
    """How the request becomes an order; what is left out is as the client asked."""

    model_config = example(
        title="Fuga de aceite por la bomba principal", priority="machine_down", message="Vamos mañana a las 7."
    )

    machine: Key = Field(ABSENT, description="Needed when the request only describes it.")
    priority: Priority = ABSENT
    title: Title = ""
    service_type: Word = Field(ABSENT, description="Code of a service type.")
    due_at: WorkMoment = Field(ABSENT, description="The promise; by default as the priority says.")
    message: Message = Field("", description="Goes to the client by e-mail.")


class ReasonIn(In):
    """Why not; the client reads it."""

    model_config = example(reason="No atendemos esa marca; le sugerimos su concesionario.")

    reason: Line


class WithdrawIn(In):
    """Why it is taken back, if one wants to say so."""

    model_config = example(reason="Ya lo arreglamos.")

    reason: Line = ""


class MergeIn(In):
    """The order that the request joins."""

    model_config = example(order="58")

    order: Key


@doors.lists("/service-requests", either(OFFICE, CLIENTS), RequestOut)
def list_requests(request: HttpRequest, wanted: InQuery[RequestsQuery]) -> Page:
    """Requests for service in one's scope."""
    rows = lists.filter_requests(queries.requests_visible_to(request.user), **wanted.filters())
    return page_of(rows.prefetch_related("problems"), wanted, sorts=SORTS)


@doors.reads("/service-requests/{request_id}", either(OFFICE, CLIENTS), RequestOut)
def read_request(request: HttpRequest, request_id: Key) -> Any:
    """One request for service."""
    return queries.get_request(request.user, int(request_id))


@doors.makes("/service-requests", either(OFFICE, CLIENTS), RequestOut)
def ask_service(request: HttpRequest, body: RequestIn) -> Any:
    """Ask for service, or note what a client asked by telephone."""
    user = request.user
    machine = found("machine", queries.machine_at_work, user, int(body.machine)) if body.machine else None
    customer = machine.customer if machine else _customer(user, body)
    with told_as(wished_on="wished_at"):
        return actions.ask_service(
            customer=customer,
            machine=machine,
            machine_described=body.machine_described,
            contact=_contact(user, customer, body),
            site=found("site", queries.site_to_name, user, customer, int(body.site)) if body.site else None,
            place_described=body.place_described,
            latitude=body.latitude,
            longitude=body.longitude,
            service_type=_service_type(body.service_type),
            problems=_problems(body),
            description=body.description,
            priority=body.priority,
            wished_on=body.wished_at.astimezone(clock.LIMA).date() if body.wished_at else None,
            by=user,
        )


def _customer(user: Any, body: RequestIn) -> Any:
    """The company asked for: the one named, else the only one of a client."""
    if body.customer:
        return found("customer", customers.get_customer, user, int(body.customer))
    return found("customer", customers.active_customer, user)


def _contact(user: Any, customer: Any, body: RequestIn) -> Any:
    if body.contact:
        return found("contact", queries.contact_to_name, user, customer, int(body.contact))
    own = customers.contact_of(user, customer)
    if own is None:
        raise FieldRefused(field="contact")
    return own


def _service_type(code: str | None) -> Any:
    return found("service_type", queries.get_service_type, code) if code else None


def _problems(body: RequestIn) -> list:
    """The symptoms named, each once, in the order they were named."""
    named = [("problem", body.problem)] if body.problem else []
    named += [("problems", code) for code in body.problems]
    return list({code: found(field, queries.get_problem, code) for field, code in named}.values())


@doors.does("/service-requests/{request_id}/accept", PLANNERS, OrderOut)
def accept_request(request: HttpRequest, request_id: Key, body: AcceptIn | None = None) -> Any:
    """Accept a pending request: it becomes exactly one order, however often this is called."""
    user, wanted = request.user, body or AcceptIn()
    return actions.accept_request(
        request=queries.get_request(user, int(request_id)),
        machine=found("machine", fleet.get_machine, user, int(wanted.machine)) if wanted.machine else None,
        priority=wanted.priority,
        service_type=_service_type(wanted.service_type),
        title=wanted.title,
        message=wanted.message,
        due_at=wanted.due_at,
        by=user,
    )


@doors.does("/service-requests/{request_id}/reject", PLANNERS, RequestOut)
def reject_request(request: HttpRequest, request_id: Key, body: ReasonIn) -> Any:
    """Refuse a pending request; the client reads the reason."""
    pending = queries.get_request(request.user, int(request_id))
    return actions.reject_request(request=pending, reason=body.reason, by=request.user)


@doors.does("/service-requests/{request_id}/merge", PLANNERS, OrderOut)
def merge_request(request: HttpRequest, request_id: Key, body: MergeIn) -> Any:
    """Let a pending request join a live order of the same client and machine; it answers with the order."""
    user = request.user
    pending = queries.get_request(user, int(request_id))
    order = found("order", queries.get_order, user, int(body.order))
    return actions.merge_request(request=pending, order=order, by=user)


@doors.does("/service-requests/{request_id}/withdraw", CLIENTS, RequestOut)
def withdraw_request(request: HttpRequest, request_id: Key, body: WithdrawIn | None = None) -> Any:
    """Take one's request back while nobody has decided it."""
    pending = queries.get_request(request.user, int(request_id))
    return actions.withdraw_request(request=pending, reason=body.reason if body else "", by=request.user)
