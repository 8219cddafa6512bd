"""How orders, requests and visits say their status: one glyph and one word each. Load with ``{% load orders %}``."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from komaq.core.templatetags.komaq import away, day, drawn_chip, initials, quantity
from komaq.orders.choices import (
    FINAL,
    ClientStatus,
    OrderStatus,
    Priority,
    RequestStatus,
    VisitState,
)
from komaq.parts.choices import Availability

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
PART_LOOK = {
    Availability.RESERVED: ("ok", "ok"),
    Availability.IN_STOCK: ("box", ""),
    Availability.USED: ("check", ""),
}
VISIT_LOOK = {
    VisitState.PLANNED: ("calendar", ""),
    VisitState.TRAVELLING: ("truck", "run"),
    VisitState.ON_SITE: ("play", "run"),
    VisitState.DONE: ("ok", "ok"),
    VisitState.FAILED: ("bad", "bad"),
    VisitState.CANCELLED: ("x", ""),
}


def _look(label: Any, look: tuple[str, str]) -> SafeString:
    return drawn_chip(str(label), *look)


@register.simple_tag
def order_status(order: Any) -> SafeString:
    """The order's own status, for the workshop."""
    return _look(order.get_status_display(), ORDER_LOOK[order.status])


@register.simple_tag
def request_status(request: Any) -> SafeString:
    """What became of a request."""
    return _look(request.get_status_display(), REQUEST_LOOK[request.status])


@register.simple_tag
def client_status(thing: Any) -> SafeString:
    """The word a client expects, of an order or a request."""
    return _look(ClientStatus(thing.client_status).label, CLIENT_LOOK[thing.client_status])


@register.simple_tag
def visit_state(visit: Any) -> SafeString:
    """How far a visit is."""
    return _look(visit.get_state_display(), VISIT_LOOK[visit.state])


@register.simple_tag
def priority_chip(thing: Any) -> SafeString:
    """How urgent an order or a request is; a standing machine has its own look."""
    return priority_chip_of(thing.priority)


def priority_chip_of(priority: str) -> SafeString:
    look = {Priority.MACHINE_DOWN: ("stop", "stop"), Priority.HIGH: ("flag", "")}.get(priority, ("clock", ""))
    return _look(Priority(priority).label, look)


@register.simple_tag
def part_state(line: Any) -> SafeString:
    """How a planned part stands, for the workshop: where it is kept, or when it comes."""
    if line.state in {Availability.MISSING, Availability.PARTLY}:
        if line.promised_on:
            return drawn_chip(_("arrives %(day)s") % {"day": day(line.promised_on)}, "truck", "run")
        return drawn_chip(_("missing: %(quantity)s") % {"quantity": quantity(line.missing)}, "box", "warn")
    if line.state == Availability.RESERVED and line.place:
        return drawn_chip(_("reserved: %(place)s") % {"place": line.place}, "ok", "ok")
    return drawn_chip(str(line.state.label), *PART_LOOK[line.state]) if line.state else SafeString("–")


@register.simple_tag
def part_buying(buying: Mapping, line: Any) -> SafeString:
    """How far the buying of what is missing of a planned part has come, one line for each place it stands in."""
    hits = buying.get(line.planned.pk, ())
    return format_html_join("", '<span class="sub">{}</span>', ((_told(hit),) for hit in hits))


def _told(hit: Any) -> SafeString:
    words = " · ".join(filter(None, (hit.label, hit.note)))
    return format_html('<a href="{}">{}</a>', hit.url, words) if hit.url else escape(words)


@register.simple_tag
def part_state_for_client(line: Any) -> SafeString:
    """The same for the client: neither how many we hold nor who sells them."""
    if line.state == Availability.USED:
        return drawn_chip(_("Installed"), "check", "ok")
    if line.state in {Availability.RESERVED, Availability.IN_STOCK}:
        return drawn_chip(str(Availability.IN_STOCK.label), "ok", "ok")
    if line.state and line.promised_on:
        return drawn_chip(_("On its way: %(day)s") % {"day": day(line.promised_on)}, "truck", "run")
    return drawn_chip(_("We are getting it"), "clock", "warn") if line.state else SafeString("–")


LINE = (
    '<tr><th scope="row"><a class="code" href="{url}">{code}</a><span class="sub">{brand} {model} · '
    '<span class="code">{serial}</span></span></th><td>{title}</td><td>{customer}<span class="sub">{site}</span></td>'
    '<td><span class="line">{chips}</span></td><td data-l="{lead_word}"><span class="line">{lead}</span></td>'
    '<td data-l="{promise_word}" class="num">{day}{away}</td></tr>\n'
)
LED = '<span class="avatar" aria-hidden="true">{initials}</span>{name}'
NOBODY = '<span class="avatar" data-none aria-hidden="true"></span>{name}'
LATE = '<span class="sub late">{}</span>'
AWAY = '<span class="sub">{}</span>'


@register.simple_tag
def order_lines(rows: Iterable[tuple[Any, str, bool]]) -> SafeString:
    """The rows of the office's list: (line, who leads, whether late). By hand, for a list is mostly rows."""
    words = {
        "workshop": _("Our workshop"),
        "lead_word": escape(_("Lead")),
        "promise_word": escape(_("Promise")),
        "nobody": format_html(NOBODY, name=_("Nobody yet")),
        "late": _("late, %(span)s"),
        "place": reverse("orders:detail", args=[0]),
    }
    return mark_safe("".join(_line(line, lead, late, words) for line, lead, late in rows))  # noqa: S308  of escaped parts


def _line(line: Any, lead: str, late: bool, words: dict[str, Any]) -> str:
    status = OrderStatus(line.status)
    chips = drawn_chip(str(status.label), *ORDER_LOOK[status])
    if line.priority == Priority.MACHINE_DOWN and status not in FINAL:
        chips = priority_chip_of(line.priority) + chips
    span = "" if status in FINAL else away(line.due_at)
    return LINE.format(
        url=words["place"].replace("/0/", f"/{line.pk}/"),
        code=escape(line.code),
        brand=escape(line.machine__model__brand),
        model=escape(line.machine__model__name),
        serial=escape(line.machine__serial),
        title=escape(line.title),
        customer=escape(line.customer__trade_name or line.customer__name),
        site=escape(line.site__name or words["workshop"]),
        chips=chips,
        lead_word=words["lead_word"],
        lead=format_html(LED, initials=initials(lead), name=lead) if lead else words["nobody"],
        promise_word=words["promise_word"],
        day=day(line.due_at),
        away=format_html(LATE, words["late"] % {"span": span}) if late else format_html(AWAY, span) if span else "",
    )
