"""What stands on an order's page, and the lists that lead to it."""

import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from komaq.accounts.models import Employee, User
from komaq.core import clock, search
from komaq.core.files import attachments_of
from komaq.core.joined import read_with
from komaq.core.models import Attachment
from komaq.core.refusals import NotFound
from komaq.core.trail import kind_of
from komaq.customers.models import Customer
from komaq.fleet.models import Machine
from komaq.orders import rules
from komaq.orders.choices import CLIENT_WORDS, LIVE, ClientStatus, OrderStatus
from komaq.orders.models import Assignment, Problem, Segment, ServiceOrder, ServiceRequest, ServiceType, Visit
from komaq.orders.queries.scope import orders_visible_to


def filter_orders(
    rows: QuerySet[ServiceOrder],
    *,
    q: str = "",
    status: str = "",
    priority: str = "",
    customer: Customer | int | None = None,
    machine: Machine | int | None = None,
    technician: Employee | int | None = None,
    late: bool = False,
    live: bool = False,
) -> QuerySet[ServiceOrder]:
    """Narrow a list of orders; `status` is one of ours or one of the client's four words, things may be keys."""
    if q:
        rows = search.matching(rows, q)
    if status:
        rows = rows.filter(status__in=_statuses(status))
    if priority:
        rows = rows.filter(priority=priority)
    if customer:
        rows = rows.filter(customer=customer)
    if machine:
        rows = rows.filter(machine=machine)
    if technician:
        rows = rows.filter(pk__in=Assignment.objects.filter(technician=technician).values("visit__order_id"))
    if late:
        rows = rows.filter(status__in=rules.PROMISED, due_at__lt=clock.now())
    return rows.filter(status__in=LIVE) if live else rows


def order_lines(user: User, **wanted: Any) -> QuerySet[ServiceOrder]:
    """The orders the person sees, narrowed by `filter_orders`, with nothing beside but the type and, as
    `first_request`, the key of the request each came from.
    """
    asked = ServiceRequest.objects.filter(order=OuterRef("pk")).order_by("pk").values("pk")[:1]
    rows = filter_orders(orders_visible_to(user), **wanted)
    return rows.select_related(None).select_related("service_type").annotate(first_request=Subquery(asked))


def filter_visits(
    rows: QuerySet[Visit],
    *,
    order: int | None = None,
    technician: int | None = None,
    state: str = "",
    start: datetime.datetime | None = None,
    end: datetime.datetime | None = None,
) -> QuerySet[Visit]:
    """Narrow a list of visits; of a span [start, end) those that touch it."""
    if order:
        rows = rows.filter(order=order)
    if technician:
        rows = rows.filter(Exists(Assignment.objects.filter(visit=OuterRef("pk"), technician=technician)))
    if state:
        rows = rows.filter(state=state)
    if start:
        rows = rows.filter(ends_at__gt=start)
    return rows.filter(starts_at__lt=end) if end else rows


def _statuses(status: str) -> list[str]:
    if status in set(ClientStatus):
        return [each for each in OrderStatus if CLIENT_WORDS[each] == status]
    return [status]


def machine_history(user: User, machine: Machine) -> QuerySet[ServiceOrder]:
    """The work done on a machine that the person may see, newest first."""
    return orders_visible_to(user).filter(machine=machine).order_by("-id")


def similar_orders(user: User, request: ServiceRequest) -> QuerySet[ServiceOrder]:
    """Live orders the request may belong to: of its machine, or of its client when the machine is only described."""
    same = Q(machine=request.machine_id) if request.machine_id else Q(customer=request.customer_id)
    return orders_visible_to(user).filter(same, status__in=LIVE).order_by("-id")


def orders_near(user: User, request: ServiceRequest, most: int) -> tuple[list[ServiceOrder], list[ServiceOrder]]:
    """The similar orders of a request and the history of its machine, the newest of each, in one read."""
    similar = similar_orders(user, request).values("pk")[:most]
    history = machine_history(user, request.machine).values("pk")[:most] if request.machine else ()
    rows = list(orders_visible_to(user).filter(Q(pk__in=similar) | Q(pk__in=history)).order_by("-id"))
    live = [order for order in rows if order.status in LIVE]
    return live[:most], [order for order in rows if order.machine_id == request.machine_id][:most]


def segments_of(order: ServiceOrder) -> list[Segment]:
    """The segments with their tasks and who did them; one query."""
    rows = order.segments.order_by("-is_default", "id", "tasks__id")
    return read_with(rows, "tasks", "done_by", "done_by__person")


def visits_of(order: ServiceOrder) -> list[Visit]:
    """The visits with their technicians, in time, the lead first; one query."""
    rows = order.visits.order_by("starts_at", "id", "-assignments__is_lead", "assignments__id")
    return read_with(rows, "assignments", "technician", "technician__person")


def requests_of(order: ServiceOrder) -> QuerySet:
    """The requests that became the order, as texts: how trail and files name them."""
    return order.requests.annotate(name=Cast("pk", CharField())).values("name")


def documents_of(user: User, order: ServiceOrder) -> QuerySet[Attachment]:
    """The files of the order and of the requests it came from, as far as the person may see them."""
    rows = Attachment.objects.filter(
        Q(subject_kind=kind_of(order), subject_id=str(order.pk))
        | Q(subject_kind=kind_of(ServiceRequest), subject_id__in=requests_of(order))
    )
    return _readable(user, rows)


def documents_of_request(user: User, request: ServiceRequest) -> QuerySet[Attachment]:
    """The files of a request, as far as the person may see them."""
    return _readable(user, attachments_of(request))


def _readable(user: User, rows: QuerySet[Attachment]) -> QuerySet[Attachment]:
    return (rows if user.is_staff_member else rows.filter(visibility="client")).order_by("id")


def service_types() -> QuerySet[ServiceType]:
    return ServiceType.objects.filter(is_open=True)


def get_service_type(code: str) -> ServiceType:
    """A service the company offers. Raises NotFound."""
    return _by_code(service_types(), code)


def get_problem(code: str) -> Problem:
    """A symptom that can be named. Raises NotFound."""
    return _by_code(problems_for(), code)


def _by_code(rows: QuerySet, code: str) -> ServiceType | Problem:
    found = rows.filter(code=code).first()
    if found is None:
        raise NotFound
    return found


def problems_for(machine_type: str | None = None) -> QuerySet[Problem]:
    """The symptoms a client may pick, for one kind of machine or for all."""
    offered = Problem.objects.filter(is_open=True)
    if machine_type is None:
        return offered
    kept = [p.pk for p in offered if not p.machine_types or machine_type in p.machine_types]
    return offered.filter(pk__in=kept)
