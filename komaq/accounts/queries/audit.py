"""The trail as those read it who look after it."""

import datetime
from typing import Any, Literal

from django.db.models import QuerySet

from komaq.accounts import rules
from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.models import Event


def events_for(
    user: User,
    *,
    kind: str = "",
    actor: str = "",
    subject: str = "",
    since: datetime.date | Literal[""] = "",
    until: datetime.date | Literal[""] = "",
) -> QuerySet[Event]:
    """What happened, for whom may read the trail: by kind, by whose hand, to what, between two days."""
    if not rules.can_read_audit(user):
        return Event.objects.none()
    rows = Event.objects.select_related("payload")
    if kind:
        rows = rows.filter(kind=kind)
    if actor:
        rows = rows.filter(actor_id__in=User.objects.filter(email__icontains=actor.strip()).values("pk")[:200])
    if subject:
        rows = _about(rows, subject.strip())
    if since:
        rows = rows.filter(at__gte=clock.lima(since))
    if until:
        rows = rows.filter(at__lt=clock.lima(until + datetime.timedelta(days=1)))
    return rows


def _about(rows: QuerySet[Event], subject: str) -> QuerySet[Event]:
    """`orders.serviceorder 12`, or either half."""
    kind, _space, key = subject.partition(" ")
    if not key and "." not in kind:
        return rows.filter(subject_id=kind[:40])
    rows = rows.filter(subject_kind=kind[:60].lower())
    return rows.filter(subject_id=key.strip()[:40]) if key else rows


def event_kinds(user: User) -> list[str]:
    """The kinds of event there are, for the filter."""
    return list(events_for(user).order_by("kind").values_list("kind", flat=True).distinct())


def rows_of(user: User, events: list[Event]) -> list[dict[str, Any]]:
    """Events with the names of who did them and what of their values this person may read; one query."""
    actors = User.objects.in_bulk({each.actor_id for each in events if each.actor_id})
    return [
        {
            "event": each,
            "who": actors[each.actor_id].name if each.actor_id in actors else "",
            "data": each.payload.data if rules.can_read_payload(user, each.kind) else None,
            "erased": each.payload.erased_at is not None,
        }
        for each in events
    ]
