"""Links of the trail in bulk: the same digests as the actions write."""

import random

from komaq.config.sample import moments
from komaq.config.sample.store import Store
from komaq.core.models import Event, EventPayload
from komaq.core.trail import GENESIS, digest, digest_of_facts, payload_text


class Trail:
    """Where chains grow. One subject after the other: the chain of a subject is told in one go."""

    def __init__(self, store: Store, dice: random.Random) -> None:
        self.dice = dice
        self.events = store.table(
            Event,
            "kind subject_kind subject_id number actor_kind actor_id scope_customer_id visibility at previous "
            "payload_digest digest",
        )
        self.payloads = store.table(EventPayload, "event_id salt data")

    def of(self, subject_kind: str, subject_id: int, customer_id: int | None = None) -> "Chain":
        return Chain(self, subject_kind, str(subject_id), customer_id)


class Chain:
    """The events of one subject, from the first on."""

    def __init__(self, trail: Trail, kind: str, subject_id: str, customer_id: int | None) -> None:
        self.trail, self.subject, self.customer_id = trail, (kind, subject_id), customer_id
        self.number, self.last = 0, GENESIS

    def link(self, kind: str, at: int, by: int | None, *, visibility: str = "client", **data: object) -> None:
        self.number += 1
        salt = f"{self.trail.dice.getrandbits(128):032x}"
        text = payload_text(data)
        payload = digest(salt + text)
        actor = "user" if by else "system"
        stored = moments.stored(at)
        moment = f"{stored[:10]}T{stored[11:]}+00:00"
        who = (actor, by, self.customer_id, visibility)
        link = digest_of_facts([self.last, kind, *self.subject, self.number, *who, moment, payload])
        key = self.trail.events.add(kind, *self.subject, self.number, *who, stored, self.last, payload, link)
        self.trail.payloads.add(key, salt, text)
        self.last = link
