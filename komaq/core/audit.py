"""The audit of the trail: walks every chain as the database itself has it, in flat memory.

Chains are read in the order of their subjects. On PostgreSQL one statement sees one moment; on SQLite pages are read
one by one, because a long read would hold up whoever writes. What a walk cannot see is said in docs/runbook.md.
"""

import datetime
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection, transaction

from komaq.core import trail

Rows = Callable[..., Iterable[tuple]]
PAGE = 5000
FACTS = """
SELECT e.subject_kind, e.subject_id, e.number, e.id, e.kind, e.actor_kind, e.actor_id, e.scope_customer_id,
       e.visibility, CAST(e.at AS TEXT), e.previous, e.payload_digest, e.digest,
       p.event_id, p.salt, CAST(p.data AS TEXT), CAST(p.erased_at AS TEXT){anchor}
FROM core_event e LEFT JOIN core_eventpayload p ON p.event_id = e.id"""
ANCHOR = """,
       (SELECT b.digest FROM core_event b WHERE b.subject_kind = e.subject_kind AND b.subject_id = e.subject_id
        AND b.number = e.number - 1)"""
HEADS = "SELECT e.subject_kind, e.subject_id, e.number, e.digest FROM core_event e"
ORDER = 'e.subject_kind COLLATE "{0}", e.subject_id COLLATE "{0}", e.number'


class Link(NamedTuple):
    """An event and its payload as they are stored; moments and values still as text."""

    subject_kind: str
    subject_id: str
    number: int
    id: int
    kind: str
    actor_kind: str
    actor_id: int | None
    scope_customer_id: int | None
    visibility: str
    at: str
    previous: str
    payload_digest: str
    digest: str
    payload_of: int | None
    salt: str
    data: str
    erased_at: str | None
    anchor: str | None = None

    @property
    def subject(self) -> tuple[str, str]:
        return self.subject_kind, self.subject_id


@dataclass
class Heads:
    """Counts what passed, and binds the last link of every chain into one digest."""

    events: int = 0
    chains: int = 0
    _last: tuple | None = None
    _digest: Any = field(default_factory=hashlib.sha256)

    def pass_by(self, subject_kind: str, subject_id: str, number: int, digest: str) -> None:
        if self._last and self._last[:2] != (subject_kind, subject_id):
            self._close()
        self.events += 1
        self._last = (subject_kind, subject_id, number, digest)

    def _close(self) -> None:
        self.chains += 1
        self._digest.update(json.dumps(self._last, ensure_ascii=False, default=str).encode() + b"\n")
        self._last = None

    def summary(self) -> dict[str, Any]:
        """Numbers of events and chains, and the combined head; equal for equal histories on either engine."""
        if self._last:
            self._close()
        return {"events": self.events, "chains": self.chains, "head": self._digest.hexdigest()}


@dataclass(frozen=True)
class Finding:
    """What a walk found: the summary of what it passed and, if any, the first link that does not hold."""

    summary: dict[str, Any]
    broken: Link | None = None
    reason: str = ""


def verify(*, since: datetime.datetime | None = None) -> Finding:
    """Walk the chains of the open database: all, or from the first event of `since` on, trusting the link before."""
    if since is None:
        return walk(_links(FACTS.format(anchor=""), "TRUE", ()))
    with connection.cursor() as cursor:
        moment = connection.ops.adapt_datetimefield_value(since)
        cursor.execute("SELECT min(id) FROM core_event WHERE at >= %s", [moment])
        first = cursor.fetchone()[0]
    return walk(_links(FACTS.format(anchor=ANCHOR), "e.id >= %s", (first,))) if first else Finding(Heads().summary())


def walk(links: Iterable[Link]) -> Finding:
    """Go along links that come subject by subject; stop at the first that does not hold."""
    heads, before = Heads(), None
    for link in links:
        previous = before if before and before.subject == link.subject else None
        if reason := _fault(link, previous):
            return Finding(heads.summary(), link, reason)
        heads.pass_by(link.subject_kind, link.subject_id, link.number, link.digest)
        before = link
    return Finding(heads.summary())


def heads_of(rows: Rows, vendor: str) -> dict[str, Any]:
    """The summary of a history without proving it, for the manifest of a backup."""
    heads = Heads()
    for row in rows(f"{HEADS} ORDER BY {_order(vendor)}"):
        heads.pass_by(*row)
    return heads.summary()


def _order(vendor: str) -> str:
    return ORDER.format("C" if vendor == "postgresql" else "BINARY")


def _links(select: str, where: str, values: tuple) -> Iterator[Link]:
    order = _order(connection.vendor)
    if connection.vendor == "postgresql":
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            connection.cursor().execute("SET LOCAL statement_timeout = 0")
            cursor.execute(f"{select} WHERE {where} ORDER BY {order}", values)
            while rows := cursor.fetchmany(PAGE):
                yield from map(Link._make, map(_whole, rows))
        return
    after: tuple = ("", "", 0)
    later = "(e.subject_kind, e.subject_id, e.number) > (%s, %s, %s)"
    page = f"{select} WHERE {where} AND {later} ORDER BY {order} LIMIT {PAGE}"
    while True:
        rows = _page(page, (*values, *after))
        yield from map(Link._make, map(_whole, rows))
        if len(rows) < PAGE:
            return
        after = rows[-1][:3]


def _page(sql: str, values: tuple) -> list[tuple]:
    """Rows of SQLite; a text that is none comes with marks in the place of its faults, and so does not fit."""
    try:
        with connection.cursor() as cursor:
            return cursor.execute(sql, values).fetchall()
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
    connection.connection.text_factory = lambda raw: raw.decode(errors="replace")
    try:
        with connection.cursor() as cursor:
            return cursor.execute(sql, values).fetchall()
    finally:
        connection.connection.text_factory = str


def _whole(row: tuple) -> tuple:
    return row if len(row) == len(Link._fields) else (*row, None)


def _fault(link: Link, previous: Link | None) -> str:
    if previous:
        expected = (previous.digest, previous.number + 1)
    else:
        expected = (link.anchor, link.number) if link.anchor else (trail.GENESIS, 1)
    if (link.previous, link.number) != expected:
        return "an event before it is missing or changed"
    if link.digest != _digest(link):
        return "the event was changed"
    return _payload_fault(link)


def _payload_fault(link: Link) -> str:
    if link.payload_of is None:
        return "its payload is missing"
    if link.erased_at is not None:
        blank = not link.salt and link.data == "{}"
        return "" if blank and _moment(link.erased_at) else "its payload is marked as erased and is not blank"
    try:
        data = json.loads(link.data)
    except ValueError:
        return "its payload was changed"
    fits = trail.payload_digest(link.salt, data) == link.payload_digest
    return "" if fits else "its payload was changed"


def _digest(link: Link) -> str:
    """The digest that the stored facts give; none when the moment is none."""
    facts = [
        link.previous,
        link.kind,
        link.subject_kind,
        link.subject_id,
        link.number,
        link.actor_kind,
        link.actor_id,
        link.scope_customer_id,
        link.visibility,
        _moment(link.at),
        link.payload_digest,
    ]
    return "" if any(isinstance(fact, bytes) for fact in facts) else trail.digest_of_facts(facts)


def _moment(text: str) -> str:
    """A stored moment, UTC, as the chain reads it; nothing when it is no moment."""
    try:
        return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC).isoformat()
    except ValueError:
        return ""
