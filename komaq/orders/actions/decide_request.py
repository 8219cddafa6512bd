import datetime

from komaq.accounts.choices import Permission
from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import require
from komaq.fleet.models import Machine
from komaq.orders import notices, rules
from komaq.orders.actions.make_order import make_order
from komaq.orders.actions.refusals import (
    CannotMerge,
    MachineNamed,
    MachineNeeded,
    NotOfCustomer,
    ReasonNeeded,
    RequestNotPending,
)
from komaq.orders.actions.tell import tell_client
from komaq.orders.choices import RequestStatus
from komaq.orders.models import ServiceOrder, ServiceRequest, ServiceType


@action
def accept_request(
    *,
    request: ServiceRequest,
    by: User,
    machine: Machine | None = None,
    priority: str | None = None,
    service_type: ServiceType | None = None,
    title: str = "",
    message: str = "",
    due_at: datetime.datetime | None = None,
) -> ServiceOrder:
    """Turn a pending request into exactly one order, with its files, contact and wished date.

    Idempotent: a second call returns the order of the first. `machine` is for a request that only describes it.
    Raises NotAllowed, RequestNotPending, MachineNeeded, MachineNamed, NotOfCustomer, DuePassed.
    """
    require(by.has(Permission.TRIAGE_REQUESTS))
    request = lock(request)
    if request.status == RequestStatus.ACCEPTED:
        return request.order
    require(rules.can_decide_request(by, request), else_=RequestNotPending(request))
    require(machine is None or request.machine_id in {None, machine.pk}, else_=MachineNamed())
    machine = machine or request.machine
    require(machine is not None, else_=MachineNeeded())
    require(machine.customer_id == request.customer_id, else_=NotOfCustomer(field="machine"))
    priority = priority or request.priority
    order = make_order(
        machine=machine,
        contact=request.contact,
        site=request.site,
        title=title.strip() or request.in_a_line,
        priority=priority,
        service_type=service_type or request.service_type,
        problems=request.problems.all(),
        description=request.description,
        respond_by=request.respond_by,
        wished_on=request.wished_on,
        due_at=due_at,
        by=by,
    )
    request.machine = machine
    _decide(request, RequestStatus.ACCEPTED, order=order)
    trail.record("orders.request_accepted", request, by=by, visibility="client", order=order.code, order_id=order.pk)
    tell_client(request, notices.request_accepted, request, message=message.strip())
    return order


@action
def reject_request(*, request: ServiceRequest, reason: str, by: User) -> ServiceRequest:
    """Refuse a pending request; the client reads the reason. Raises NotAllowed, RequestNotPending, ReasonNeeded."""
    request = _pending(request, by)
    require(bool(reason.strip()), else_=ReasonNeeded())
    _decide(request, RequestStatus.REJECTED, reason=reason)
    trail.record("orders.request_rejected", request, by=by, visibility="client", reason=request.reason)
    tell_client(request, notices.request_rejected, request)
    return request


@action
def merge_request(*, request: ServiceRequest, order: ServiceOrder, by: User) -> ServiceOrder:
    """Join a pending request to a live order of the same client and machine. Idempotent for the same order.

    Raises NotAllowed, RequestNotPending, CannotMerge.
    """
    require(by.has(Permission.TRIAGE_REQUESTS))
    request = lock(request)
    if request.status == RequestStatus.MERGED and request.order_id == order.pk:
        return request.order
    request, order = _pending(request, by), lock(order)
    same_machine = request.machine_id in {None, order.machine_id}
    fits = request.customer_id == order.customer_id and same_machine and not order.is_final
    require(fits, else_=CannotMerge())
    _decide(request, RequestStatus.MERGED, order=order)
    trail.record("orders.request_merged", request, by=by, visibility="client", order=order.code, order_id=order.pk)
    tell_client(request, notices.request_merged, request)
    return order


@action
def withdraw_request(*, request: ServiceRequest, by: User, reason: str = "") -> ServiceRequest:
    """The client takes its request back while it is pending. Raises NotAllowed, RequestNotPending."""
    request = lock(request)
    require(rules.is_of_client(by, request.customer_id, request.site_id))
    require(rules.can_withdraw_request(by, request), else_=RequestNotPending(request))
    _decide(request, RequestStatus.WITHDRAWN, reason=reason)
    trail.record("orders.request_withdrawn", request, by=by, visibility="client", reason=request.reason)
    return request


def _pending(request: ServiceRequest, by: User) -> ServiceRequest:
    request = lock(request)
    require(by.has(Permission.TRIAGE_REQUESTS))
    require(rules.can_decide_request(by, request), else_=RequestNotPending(request))
    return request


def _decide(request: ServiceRequest, status: str, *, order: ServiceOrder | None = None, reason: str = "") -> None:
    request.status, request.order, request.reason = status, order, reason.strip()[:300]
    request.decided_at = clock.now()
    request.save()
