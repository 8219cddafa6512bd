"""How orders, requests and visits say their status: one glyph and one word each. Load with ``{% load orders %}``."""

from typing import Any

from django import template

from komaq.orders.choices import (
    ClientStatus,
    OrderStatus,
    Priority,
    RequestStatus,
    VisitState,
)

register = template.Library()

ORDER_LOOK = {
    OrderStatus.OPEN: ("st0", ""),
    OrderStatus.DIAGNOSING: ("st1", ""),
    OrderStatus.QUOTED: ("st2", ""),
    OrderStatus.APPROVED: ("st3", ""),
    OrderStatus.WAITING_PARTS: ("box", "warn"),
    OrderStatus.SCHEDULED: ("calendar", ""),
    OrderStatus.IN_PROGRESS: ("play", "run"),
    OrderStatus.PAUSED: ("pause", "warn"),
    OrderStatus.COMPLETED: ("ok", "ok"),
    OrderStatus.VERIFIED: ("ok", "ok"),
    OrderStatus.CLOSED: ("ok", ""),
    OrderStatus.CANCELLED: ("x", ""),
}
REQUEST_LOOK = {
    RequestStatus.PENDING: ("st0", ""),
    RequestStatus.ACCEPTED: ("ok", "ok"),
    RequestStatus.REJECTED: ("bad", ""),
    RequestStatus.MERGED: ("merge", ""),
    RequestStatus.WITHDRAWN: ("undo", ""),
}
CLIENT_LOOK = {
    ClientStatus.PENDING: ("st0", ""),
    ClientStatus.RUNNING: ("play", "run"),
    ClientStatus.DONE: ("ok", "ok"),
    ClientStatus.REFUSED: ("x", ""),
}
VISIT_LOOK = {
    VisitState.PLANNED: ("calendar", ""),
    VisitState.TRAVELLING: ("truck", "run"),
    VisitState.ON_SITE: ("play", "run"),
    VisitState.DONE: ("ok", "ok"),
    VisitState.FAILED: ("bad", "bad"),
    VisitState.CANCELLED: ("x", ""),
}


def _look(label: Any, look: tuple[str, str]) -> dict[str, Any]:
    return {"label": label, "icon": look[0], "tone": look[1]}


@register.inclusion_tag("core/_status.html")
def order_status(order: Any) -> dict[str, Any]:
    """The order's own status, for the workshop."""
    return _look(order.get_status_display(), ORDER_LOOK[order.status])


@register.inclusion_tag("core/_status.html")
def request_status(request: Any) -> dict[str, Any]:
    """What became of a request."""
    return _look(request.get_status_display(), REQUEST_LOOK[request.status])


@register.inclusion_tag("core/_status.html")
def client_status(thing: Any) -> dict[str, Any]:
    """The word a client expects, of an order or a request."""
    return _look(ClientStatus(thing.client_status).label, CLIENT_LOOK[thing.client_status])


@register.inclusion_tag("core/_status.html")
def visit_state(visit: Any) -> dict[str, Any]:
    """How far a visit is."""
    return _look(visit.get_state_display(), VISIT_LOOK[visit.state])


@register.inclusion_tag("core/_status.html")
def priority_chip(thing: Any) -> dict[str, Any]:
    """How urgent an order or a request is; a standing machine has its own look."""
    icon, tone = {Priority.MACHINE_DOWN: ("stop", "stop"), Priority.HIGH: ("flag", "")}.get(
        thing.priority, ("clock", "")
    )
    return _look(thing.get_priority_display(), (icon, tone))
