"""What the orders room tells people: one function per notice."""

import datetime
from collections.abc import Iterable

from django.db import models
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import Person
from komaq.comms.notices import Fact, Notice
from komaq.core import clock
from komaq.orders import rules
from komaq.orders.choices import OrderStatus, PauseReason, Priority
from komaq.orders.models import ServiceOrder, ServiceRequest, Visit

_S = OrderStatus
NEWS = {
    _S.DIAGNOSING: (_("{code}: the diagnosis has begun"), _("Our technicians are finding out what {machine} has.")),
    _S.QUOTED: (_("{code}: the quote is ready"), _("We quoted the work on {machine}. We go on when you approve it.")),
    _S.APPROVED: (
        _("{code}: the work is approved"),
        _("The work on {machine} is approved. We will tell you the date."),
    ),
    _S.WAITING_PARTS: (
        _("{code}: waiting for parts"),
        _("The work on {machine} waits for parts. We will tell you as soon as they arrive."),
    ),
    _S.IN_PROGRESS: (_("{code}: the work is under way"), _("Our technicians are working on {machine}.")),
    _S.PAUSED: (
        _("{code}: the work is paused"),
        _("The work on {machine} is paused. We will tell you when it goes on."),
    ),
    _S.COMPLETED: (
        _("{code}: the work is completed"),
        _("The technicians finished with {machine}. Our supervisor reviews the quality before we hand it over."),
    ),
    _S.VERIFIED: (
        _("{code}: please accept the work"),
        _(
            "The work on {machine} passed our quality review. Please accept it, or tell us what is wrong, within 5"
            " business days: until {last_day}. After that day the order is closed."
        ),
    ),
    _S.CLOSED: (_("{code}: order closed"), _("The order for {machine} is closed. Thank you for your trust.")),
    _S.CANCELLED: (_("{code}: order cancelled"), _("The order for {machine} was cancelled.")),
}
_PARTS = (_("{code}: the parts are here"), _("The parts for {machine} are here and the work goes on."))
_MISSING = _("The work on {machine} waits for parts; the visit stays planned.")
_HERE = _("All parts for {machine} are reserved: the visit goes ahead.")
NEWS_OF_STEP = {
    (_S.QUOTED, _S.DIAGNOSING): (
        _("{code}: back to the diagnosis"),
        _("We look at {machine} again and will send you a new quote."),
    ),
    (_S.WAITING_PARTS, _S.APPROVED): _PARTS,
    (_S.WAITING_PARTS, _S.SCHEDULED): _PARTS,
    (_S.PAUSED, _S.IN_PROGRESS): (_("{code}: the work goes on"), _("The work on {machine} goes on.")),
    (_S.COMPLETED, _S.IN_PROGRESS): (
        _("{code}: the work goes on"),
        _("Our quality review found something to improve, so the technicians go on with {machine}."),
    ),
    (_S.VERIFIED, _S.IN_PROGRESS): (
        _("{code}: we look at it again"),
        _("We received your objection and go on working on {machine}."),
    ),
}
# The visit's own notice says it better
UNTOLD = {(_S.SCHEDULED, _S.APPROVED), (_S.APPROVED, _S.SCHEDULED), (_S.PAUSED, _S.SCHEDULED)}


def is_news(start: str, end: str) -> bool:
    """Whether the client hears of a step by a notice of its own."""
    return (start, end) not in UNTOLD


def _moment(moment: datetime.datetime) -> str:
    return date_format(moment.astimezone(clock.LIMA), "SHORT_DATETIME_FORMAT")


_day_lazy = lazy(lambda day: date_format(day, "SHORT_DATE_FORMAT"), str)
_moment_lazy = lazy(_moment, str)


def _notice(
    kind: str,
    subject: models.Model,
    person: Person,
    *,
    key: object,
    title: str,
    lines: Iterable[str],
    facts: Iterable[Fact],
    button: str,
    path: str,
) -> Notice:
    return Notice(
        key=f"{kind}:{key}:{person.pk}",
        kind=kind,
        person=person,
        subject=subject,
        title=title,
        lines=tuple(lines),
        facts=tuple(facts),
        button=button,
        path=path,
    )


def _order_path(order: ServiceOrder) -> str:
    return reverse("orders:portal-order", args=[order.pk])


def _request_path(request: ServiceRequest) -> str:
    return reverse("orders:portal-request", args=[request.pk])


def _order_facts(order: ServiceOrder) -> list[Fact]:
    facts = [Fact(_("Order"), order.code), Fact(_("Machine"), str(order.machine))]
    if order.site:
        facts.append(Fact(_("Site"), order.site.name))
    return facts


def _request_facts(request: ServiceRequest) -> list[Fact]:
    return [
        Fact(_("Request"), request.code),
        Fact(_("Machine"), str(request.machine) if request.machine else request.machine_described),
    ]


def request_received(request: ServiceRequest, person: Person) -> Notice:
    """We have the request and answer until a moment."""
    return _notice(
        "orders.request_received",
        request,
        person,
        key=request.pk,
        title=format_lazy(_("{code}: we received your request"), code=request.code),
        lines=[
            format_lazy(
                _("We received your request for {machine}. We answer before {moment}."),
                machine=request.shown_machine,
                moment=_moment_lazy(request.respond_by),
            )
        ],
        facts=[*_request_facts(request), Fact(_("Priority"), Priority(request.priority).label)],
        button=_("See the request"),
        path=_request_path(request),
    )


def request_accepted(request: ServiceRequest, person: Person, *, message: str = "") -> Notice:
    """The request became an order."""
    order = request.order
    lines = [
        format_lazy(
            _("We accepted your request {request}. From now on it is order {order}."),
            request=request.code,
            order=order.code,
        )
    ]
    return _notice(
        "orders.request_accepted",
        order,
        person,
        key=request.pk,
        title=format_lazy(_("{code}: accepted as order {order}"), code=request.code, order=order.code),
        lines=[*lines, message] if message else lines,
        facts=[*_order_facts(order), Fact(_("Promised for"), _moment_lazy(order.due_at))],
        button=_("See the order"),
        path=_order_path(order),
    )


def request_rejected(request: ServiceRequest, person: Person) -> Notice:
    """We cannot take the request, and why."""
    return _notice(
        "orders.request_rejected",
        request,
        person,
        key=request.pk,
        title=format_lazy(_("{code}: we cannot take your request"), code=request.code),
        lines=[
            format_lazy(_("We are sorry: we cannot take your request for {machine}."), machine=request.shown_machine)
        ],
        facts=[*_request_facts(request), Fact(_("Reason"), request.reason)],
        button=_("See the request"),
        path=_request_path(request),
    )


def request_merged(request: ServiceRequest, person: Person) -> Notice:
    """The request joined an order that was there."""
    order = request.order
    return _notice(
        "orders.request_merged",
        order,
        person,
        key=request.pk,
        title=format_lazy(_("{code}: joined to order {order}"), code=request.code, order=order.code),
        lines=[
            format_lazy(
                _("We already work on that machine, so we joined your request {request} to order {order}."),
                request=request.code,
                order=order.code,
            )
        ],
        facts=_order_facts(order),
        button=_("See the order"),
        path=_order_path(order),
    )


def order_opened(order: ServiceOrder, person: Person) -> Notice:
    """We opened an order for the client, without a request."""
    return _notice(
        "orders.order_opened",
        order,
        person,
        key=order.pk,
        title=format_lazy(_("{code}: we opened a service order"), code=order.code),
        lines=[format_lazy(_("We opened order {order}: {title}."), order=order.code, title=order.title)],
        facts=[*_order_facts(order), Fact(_("Promised for"), _moment_lazy(order.due_at))],
        button=_("See the order"),
        path=_order_path(order),
    )


def order_moved(order: ServiceOrder, person: Person, *, start: str, reason: str = "") -> Notice:
    """The order came a step further, or back."""
    title, line = NEWS_OF_STEP.get((start, order.status)) or NEWS[order.status]
    words = {"code": order.code, "machine": str(order.machine)}
    if order.status == _S.VERIFIED:
        words["last_day"] = _day_lazy(rules.last_day_to_reject(order.verified_at))
    facts = _order_facts(order)
    if order.status == _S.PAUSED and order.pause_reason:
        facts.append(Fact(_("Reason"), PauseReason(order.pause_reason).label))
    if order.status == _S.CANCELLED and reason:
        facts.append(Fact(_("Reason"), reason))
    return _notice(
        f"orders.order_{order.status}",
        order,
        person,
        key=f"{order.pk}:{order.version}",
        title=format_lazy(title, **words),
        lines=[format_lazy(line, **words)],
        facts=facts,
        button=_("Accept the work") if order.status == _S.VERIFIED else _("See the order"),
        path=_order_path(order),
    )


def _visit_facts(visit: Visit, names: Iterable[str]) -> list[Fact]:
    return [
        *_order_facts(visit.order),
        Fact(_("From"), _moment_lazy(visit.starts_at)),
        Fact(_("Until"), _moment_lazy(visit.ends_at)),
        Fact(_("Technicians"), ", ".join(names)),
    ]


def _of_visit(
    kind: str,
    visit: Visit,
    person: Person,
    *,
    title: str,
    line: str,
    facts: list[Fact],
    path: str,
    moment: datetime.datetime | None = None,
) -> Notice:
    words = {
        "code": visit.order.code,
        "machine": str(visit.order.machine),
        "moment": _moment_lazy(moment or visit.starts_at),
    }
    return _notice(
        kind,
        visit.order,
        person,
        key=f"{visit.pk}:{visit.version}",
        title=format_lazy(title, **words),
        lines=[format_lazy(line, **words)],
        facts=facts,
        button=_("See the order"),
        path=path,
    )


def visit_planned(visit: Visit, person: Person, *, names: Iterable[str]) -> Notice:
    """The client learns when we come and who."""
    return _of_visit(
        "orders.visit_planned",
        visit,
        person,
        title=_("{code}: visit on {moment}"),
        line=_("We planned a visit for {machine}. Please have the machine and the access ready."),
        facts=_visit_facts(visit, names),
        path=_order_path(visit.order),
    )


def visit_moved(visit: Visit, person: Person, *, names: Iterable[str]) -> Notice:
    """The client learns that the visit has another time or other people."""
    return _of_visit(
        "orders.visit_moved",
        visit,
        person,
        title=_("{code}: the visit changed, now {moment}"),
        line=_("We changed the visit for {machine}. These are the new details."),
        facts=_visit_facts(visit, names),
        path=_order_path(visit.order),
    )


def visit_dropped(visit: Visit, person: Person) -> Notice:
    """The client learns that the visit does not take place."""
    return _of_visit(
        "orders.visit_dropped",
        visit,
        person,
        title=_("{code}: the visit of {moment} does not take place"),
        line=_("The visit for {machine} does not take place. We will tell you the new date."),
        facts=[*_order_facts(visit.order), Fact(_("Reason"), visit.reason)],
        path=_order_path(visit.order),
    )


def field_path(order: ServiceOrder) -> str:
    return reverse("orders:field-order", args=[order.pk])


def technician_sent(visit: Visit, person: Person, *, names: Iterable[str]) -> Notice:
    """A technician learns of a visit."""
    facts = _visit_facts(visit, names)
    if visit.order.site and visit.order.site.access_rules:
        facts.append(Fact(_("Access"), visit.order.site.access_rules))
    if visit.note:
        facts.append(Fact(_("Note"), visit.note))
    return _of_visit(
        "orders.technician_sent",
        visit,
        person,
        title=_("{code}: you go on {moment}"),
        line=_("You are assigned to a visit for {machine}."),
        facts=facts,
        path=field_path(visit.order),
    )


def technician_moved(visit: Visit, person: Person, *, names: Iterable[str]) -> Notice:
    """A technician learns that its visit changed."""
    return _of_visit(
        "orders.technician_moved",
        visit,
        person,
        title=_("{code}: your visit changed, now {moment}"),
        line=_("Your visit for {machine} changed. These are the new details."),
        facts=_visit_facts(visit, names),
        path=field_path(visit.order),
    )


def technician_freed(visit: Visit, person: Person, *, starts_at: datetime.datetime) -> Notice:
    """A technician learns that it does not go, at the time it knew of."""
    return _of_visit(
        "orders.technician_freed",
        visit,
        person,
        title=_("{code}: you no longer go on {moment}"),
        moment=starts_at,
        line=_("You are no longer assigned to the visit for {machine}."),
        facts=_order_facts(visit.order),
        path=reverse("orders:field-today"),
    )


def parts_for_work(order: ServiceOrder, person: Person, *, path: str, reason: str = "") -> Notice:
    """Who goes to the work, or planned it, learns that parts are missing, or that they are here."""
    short = order.status == _S.WAITING_PARTS
    title, line = (_("{code}: parts are missing"), _MISSING) if short else (_PARTS[0], _HERE)
    reasons = [Fact(_("Reason"), reason)] if short and reason else []
    return _notice(
        "orders.parts_missing" if short else "orders.parts_here",
        order,
        person,
        key=f"{order.pk}:{order.version}",
        title=format_lazy(title, code=order.code),
        lines=[format_lazy(line, machine=str(order.machine))],
        facts=[*_order_facts(order), *reasons],
        button=_("See the order"),
        path=path,
    )
