"""Who read personal records: noted once a day, kept two years."""

import datetime

from komaq.accounts.models import AccessEntry, Person, User
from komaq.core import clock
from komaq.core.action import action

KEPT = datetime.timedelta(days=730)


def note_reading(*, deed: str, by: User, person: Person | None = None) -> None:
    """Note that somebody opened a person's file, or searched or exported people. One's own file is no entry.

    Whoever did so before on the same day costs one read and no write.
    """
    seen = {"reader": by, "person": person, "deed": deed, "on": clock.today()}
    own = person is not None and person.pk == by.person_id
    if not own and not AccessEntry.objects.filter(**seen).exists():
        _note(seen)


@action
def _note(seen: dict) -> None:
    AccessEntry.objects.bulk_create([AccessEntry(**seen, at=clock.now())], ignore_conflicts=True)


@action
def forget_old_readings() -> int:
    """Drop what is older than two years; how many."""
    return AccessEntry.objects.filter(on__lt=clock.today() - KEPT).delete()[0]
