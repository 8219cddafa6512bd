"""The trail: one append-only event per action, chained by SHA-256 per subject.

The chain runs over payload digests. A payload with personal values stands in a row of its own which only the
erasure action may blank; the salt beside it keeps a blanked value from being guessed back.
"""

import datetime
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import QuerySet
from django.db.models.functions import Cast

from komaq.core import clock
from komaq.core.models import Event, EventPayload

GENESIS = "0" * 64
PAYLOAD = DjangoJSONEncoder(sort_keys=True, ensure_ascii=False)
FACTS = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True)
class Broken:
    """A link of the chain that does not hold, and why."""

    event: Event
    reason: str


def kind_of(subject: models.Model | type[models.Model]) -> str:
    """How a subject is named in generic references: "orders.serviceorder"."""
    return subject._meta.label_lower


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def payload_text(data: dict) -> str:
    """A payload as the chain reads it, whatever order its keys were stored in."""
    return PAYLOAD.encode(data)


def payload_digest(salt: str, data: dict) -> str:
    return digest(salt + payload_text(data))


def link_digest(event: Event) -> str:
    """The digest of an event over its own facts and the link before it."""
    return digest_of_facts(
        [
            event.previous,
            event.kind,
            event.subject_kind,
            event.subject_id,
            event.number,
            event.actor_kind,
            event.actor_id,
            event.scope_customer_id,
            event.visibility,
            event.at.astimezone(datetime.UTC).isoformat(),
            event.payload_digest,
        ]
    )


def digest_of_facts(facts: list) -> str:
    """The digest of a link, given its facts in the order of the chain."""
    return digest(FACTS.encode(facts))


def record(kind: str, subject: models.Model, *, by: Any = None, visibility: str = "internal", **data: object) -> Event:
    """Write the one event of an action. `by` is the user, or None when the product itself acts."""
    data = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    subject_kind, subject_id = kind_of(subject), str(subject.pk)
    _hold(subject_kind, subject_id)
    last = Event.objects.filter(subject_kind=subject_kind, subject_id=subject_id).order_by("-number").first()
    salt = secrets.token_hex(16)
    event = Event(
        kind=kind,
        subject_kind=subject_kind,
        subject_id=subject_id,
        number=last.number + 1 if last else 1,
        actor_kind="user" if by else "system",
        actor_id=by.pk if by else None,
        scope_customer_id=getattr(subject, "scope_customer_id", None),
        visibility=visibility,
        at=clock.now(),
        previous=last.digest if last else GENESIS,
        payload_digest=payload_digest(salt, data),
    )
    event.digest = link_digest(event)
    event.save(force_insert=True)
    EventPayload.objects.create(event=event, salt=salt, data=data)
    return event


def _hold(subject_kind: str, subject_id: str) -> None:
    """One writer per chain: PostgreSQL by an advisory lock, SQLite by its one writer."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{subject_kind}:{subject_id}"])


def history(subject: models.Model) -> QuerySet[Event]:
    """The events of a subject with their payloads, oldest first."""
    return (
        Event.objects.filter(subject_kind=kind_of(subject), subject_id=str(subject.pk))
        .select_related("payload")
        .order_by("number")
    )


def touched_since(kind: type[models.Model], moment: datetime.datetime) -> QuerySet:
    """The keys of the things of a kind with whole-number keys that an action touched at or after a moment."""
    events = Event.objects.filter(subject_kind=kind_of(kind), at__gte=moment)
    return events.order_by().annotate(thing=Cast("subject_id", models.BigIntegerField())).values("thing")


def first_broken_link(events: QuerySet[Event]) -> Broken | None:
    """Walk the chains in `events`; the first link that does not hold, or None."""
    before: dict[tuple[str, str], Event] = {}
    for event in events.select_related("payload").order_by("id").iterator(chunk_size=2000):
        subject = (event.subject_kind, event.subject_id)
        if reason := _fault(event, before.get(subject)):
            return Broken(event, reason)
        before[subject] = event
    return None


def _fault(event: Event, previous: Event | None) -> str:
    payload = event.payload
    expected = (previous.digest, previous.number + 1) if previous else (GENESIS, 1)
    if (event.previous, event.number) != expected:
        return "an event before it is missing or changed"
    if event.digest != link_digest(event):
        return "the event was changed"
    if payload.erased_at is None and payload_digest(payload.salt, payload.data) != event.payload_digest:
        return "its payload was changed"
    return ""
