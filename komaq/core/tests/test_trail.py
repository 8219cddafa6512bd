"""The trail: chained, append-only, blanked only by erasure, and any tampering found (PRV-2)."""

import pytest
from django.db import DatabaseError, transaction

from komaq.core import clock, trail, triggers
from komaq.core.models import Event, EventPayload, Sequence

pytestmark = pytest.mark.db


@pytest.fixture
def subject(db):
    return Sequence.objects.create(prefix="T", year=2026)


@pytest.fixture
def chain(subject, ana):
    return [trail.record("tests.counted", subject, by=ana, step=step, name="Bomba ñandú") for step in range(3)]


def tampered(change):
    """Change rows behind the triggers' back, as somebody with the file in hand could."""
    with triggers.lifted():
        change()
    return trail.first_broken_link(Event.objects.all())


def test_a_sound_chain_verifies(chain):
    assert [event.number for event in chain] == [1, 2, 3]
    assert chain[1].previous == chain[0].digest
    assert trail.first_broken_link(Event.objects.all()) is None


def test_each_subject_has_its_own_chain(chain, subject):
    other = Sequence.objects.create(prefix="U", year=2026)
    assert trail.record("tests.counted", other).number == 1
    assert trail.record("tests.counted", subject).number == 4
    assert trail.first_broken_link(Event.objects.all()) is None


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "tests.other"},
        {"actor_id": 999},
        {"actor_kind": "system"},
        {"subject_id": "999"},
        {"visibility": "client"},
        {"scope_customer_id": 5},
        {"at": clock.lima(clock.today())},
        {"payload_digest": "0" * 64},
        {"previous": "1" * 64},
    ],
    ids=lambda values: next(iter(values)),
)
def test_a_changed_event_is_found(chain, values):
    broken = tampered(lambda: Event.objects.filter(pk=chain[1].pk).update(**values))
    assert broken.event.pk == chain[1].pk or broken.event.pk == chain[2].pk


def test_a_changed_payload_is_found(chain):
    broken = tampered(lambda: EventPayload.objects.filter(pk=chain[1].pk).update(data={"step": 9}))
    assert (broken.event.pk, broken.reason) == (chain[1].pk, "its payload was changed")


def test_a_missing_event_is_found(chain):
    def remove():
        EventPayload.objects.filter(pk=chain[1].pk).delete()
        Event.objects.filter(pk=chain[1].pk).delete()

    broken = tampered(remove)
    assert (broken.event.pk, broken.reason) == (chain[2].pk, "an event before it is missing or changed")


def test_a_whole_chain_written_anew_needs_every_digest(chain):
    """Whoever mends the digest of the changed event breaks the link of the next one."""

    def forge():
        event = Event.objects.get(pk=chain[1].pk)
        event.actor_id = 999
        Event.objects.filter(pk=event.pk).update(actor_id=999, digest=trail.link_digest(event))

    assert tampered(forge).event.pk == chain[2].pk


@pytest.mark.parametrize("deed", ["update", "delete"])
def test_the_database_refuses_to_change_an_event(chain, deed):
    rows = Event.objects.filter(pk=chain[0].pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(kind="tests.other") if deed == "update" else rows._raw_delete("default")
    assert Event.objects.get(pk=chain[0].pk).kind == "tests.counted"


def test_the_database_refuses_to_rewrite_or_drop_a_payload(chain):
    rows = EventPayload.objects.filter(pk=chain[0].pk)
    with pytest.raises(DatabaseError, match="blanked"), transaction.atomic():
        rows.update(data={"step": 9})
    with pytest.raises(DatabaseError, match="blanked"), transaction.atomic():
        rows.update(data={}, salt="", erased_at=None)
    with pytest.raises(DatabaseError, match="never deleted"), transaction.atomic():
        rows._raw_delete("default")


def test_a_blanked_payload_leaves_the_chain_whole(chain):
    EventPayload.objects.filter(pk=chain[1].pk).update(data={}, salt="", erased_at=clock.now())
    assert trail.first_broken_link(Event.objects.all()) is None


def test_history_is_oldest_first_with_values(chain, subject, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [event.payload.data["step"] for event in trail.history(subject)] == [0, 1, 2]


def test_the_product_itself_acts_without_a_user(subject):
    event = trail.record("tests.counted", subject)
    assert (event.actor_kind, event.actor_id) == ("system", None)


def test_every_declared_trigger_stands_in_the_database(db):
    assert triggers.missing() == []
    with triggers.lifted():
        assert "core_event_no_update" in triggers.missing()
    assert triggers.missing() == []
