"""An order's history in words, read from the trail: its own events and those of the requests that became it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Cast
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from komaq.accounts.models import User
from komaq.accounts.queries import with_actors
from komaq.core import clock
from komaq.core.models import Event
from komaq.core.trail import kind_of
from komaq.orders.choices import ApprovalGround, OrderStatus, Outcome, PauseReason, VisitKind, VisitState
from komaq.orders.models import ServiceOrder, ServiceRequest
from komaq.orders.queries.order import about

Words = Callable[[dict], str]
CLIENT_READS = frozenset({OrderStatus.CANCELLED})


@dataclass(frozen=True)
class Telling:
    """How a kind of event is told: its icon and its words."""

    icon: str
    words: Words


def _label(choices: Any, value: str) -> str:
    return str(dict(choices.choices).get(value, value))


def _moved(data: dict) -> str:
    text = _("moved the order to “%(status)s”") % {"status": _label(OrderStatus, data["to"])}
    coded = data.get("choice") or data.get("outcome")
    labels = {**dict(ApprovalGround.choices), **dict(PauseReason.choices), **dict(Outcome.choices)}
    return f"{text} ({labels[coded]})" if coded in labels else text


def _span(data: dict) -> str:
    moments = [parse_datetime(data[name]).astimezone(clock.LIMA) for name in ("starts_at", "ends_at")]
    start, end = (date_format(moment, "SHORT_DATETIME_FORMAT") for moment in moments)
    return f"{start} – {end}"


def _visit_words(text: str) -> Words:
    def words(data: dict) -> str:
        return _(text) % {
            "kind": _label(VisitKind, data["visit_kind"]).lower(),
            "span": _span(data),
            "names": ", ".join(data["technicians"]),
        }

    return words


def _stepped(data: dict) -> str:
    return _("marked the visit (%(kind)s): %(state)s") % {
        "kind": _label(VisitKind, data["visit_kind"]).lower(),
        "state": _label(VisitState, data["to"]).lower(),
    }


def _joined(data: dict) -> str:
    return ", ".join(data["names"])


def _ticked(data: dict) -> str:
    return (_("did the task “%(title)s”") if data["done"] else _("reopened the task “%(title)s”")) % data


def _message(data: dict) -> str:
    return _("left an internal note") if data["visibility"] == "internal" else _("wrote a message")


def _changed(data: dict) -> str:
    labels = {
        "title": _("title"),
        "priority": _("priority"),
        "site": _("site"),
        "contact": _("contact"),
        "service_type": _("type of service"),
        "due_at": _("promise"),
        "description": _("description"),
    }
    return _("changed: %(fields)s") % {"fields": ", ".join(labels.get(name, name) for name in data["after"])}


def _part_words(text: str) -> Words:
    def words(data: dict) -> str:
        return _(text) % {"quantity": f"{Decimal(data['quantity']).normalize():f}", "part": data["part"]}

    return words


PART_PLANNED = gettext_noop("planned parts: %(quantity)s of %(part)s")
PART_CHANGED = gettext_noop("changed planned parts: %(quantity)s of %(part)s")
PART_DROPPED = gettext_noop("took off the plan: %(quantity)s of %(part)s")
PART_USED = gettext_noop("used %(quantity)s of %(part)s")
PART_RETURNED = gettext_noop("gave back %(quantity)s of %(part)s")
PLANNED = gettext_noop("planned a visit (%(kind)s): %(span)s, %(names)s")
CHANGED = gettext_noop("changed the visit (%(kind)s): %(span)s, %(names)s")
TELLINGS: dict[str, Telling] = {
    "orders.request_received": Telling("flag", lambda data: _("asked for service")),
    "orders.request_accepted": Telling("check", lambda data: _("accepted the request as %(order)s") % data),
    "orders.request_rejected": Telling("x", lambda data: _("rejected the request")),
    "orders.request_merged": Telling("merge", lambda data: _("joined the request to %(order)s") % data),
    "orders.request_withdrawn": Telling("undo", lambda data: _("withdrew the request")),
    "orders.order_opened": Telling("order", lambda data: _("opened the order")),
    "orders.order_changed": Telling("pen", _changed),
    "orders.status_changed": Telling("st2", _moved),
    "orders.segment_added": Telling("split", lambda data: _("added the work “%(title)s”") % data),
    "orders.task_added": Telling("plus", lambda data: _("added the task “%(title)s”") % data),
    "orders.task_ticked": Telling("check", _ticked),
    "orders.documents_added": Telling("clip", lambda data: _("attached %(names)s") % {"names": _joined(data)}),
    "orders.visit_planned": Telling("calendar", _visit_words(PLANNED)),
    "orders.visit_moved": Telling("calendar", _visit_words(CHANGED)),
    "orders.visit_stepped": Telling("truck", _stepped),
    "orders.part_planned": Telling("part", _part_words(PART_PLANNED)),
    "orders.part_changed": Telling("part", _part_words(PART_CHANGED)),
    "orders.part_dropped": Telling("part", _part_words(PART_DROPPED)),
    "orders.part_used": Telling("part", _part_words(PART_USED)),
    "orders.part_returned": Telling("undo", _part_words(PART_RETURNED)),
    "comms.message_written": Telling("chat", _message),
}


def events_of(order: ServiceOrder) -> list[Event]:
    """What the trail keeps of the order and its requests, newest first, with payload and actor; one query.

    Kinds that no room taught a telling are left out. An event of a request also names its code, as `request_code`.
    """
    request = order.requests.annotate(name=Cast("pk", CharField())).filter(name=OuterRef("subject_id"))
    of_request = When(subject_kind=kind_of(ServiceRequest), then=Subquery(request.values("code")[:1]))
    return list(_events(order).annotate(request_code=Case(of_request)).order_by("-id"))


def requests_told_of(events: list[Event]) -> list[tuple[int, str]]:
    """Key and code of the requests that events of an order tell of, the first asked first."""
    return sorted({(int(event.subject_id), event.request_code) for event in events if event.request_code})


def events_for(user: User, order: ServiceOrder) -> QuerySet[Event]:
    """The same, as far as it was meant for the person."""
    rows = _events(order)
    return rows if user.is_staff_member else rows.filter(visibility="client")


def _events(order: ServiceOrder) -> QuerySet[Event]:
    events = Event.objects.filter(about(order))
    return with_actors(events.filter(kind__in=TELLINGS).select_related("payload"))


def history_of(user: User, order: ServiceOrder, events: list[Event] | None = None) -> list[dict]:
    """What happened, newest first: icon, who, text, at, reason. A client reads what was meant for it.

    `events` are those of the order, if they were read before; a blanked payload tells only that something happened.
    """
    staff = user.is_staff_member
    told = [
        event for event in (events_of(order) if events is None else events) if staff or event.visibility == "client"
    ]
    return [entry_of(user, event) for event in told]


def entry_of(user: User, event: Event) -> dict:
    """One event in words, as this person may read it."""
    telling, data = TELLINGS[event.kind], event.payload.data
    for_client = event.kind != "orders.status_changed" or data.get("to") in CLIENT_READS
    return {
        "icon": telling.icon,
        "kind": event.kind,
        "who": event.actor or "Komaq",
        "text": telling.words({"visibility": event.visibility, **data}) if data else _("something that was erased"),
        "at": event.at,
        "reason": data.get("reason", "") if user.is_staff_member or for_client else "",
        "data": data,
    }
