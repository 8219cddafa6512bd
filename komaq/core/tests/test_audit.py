"""`komaq audit verify`: any tampering with the trail is found and named; what it trusts is said."""

import datetime
import random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from komaq.core import audit, clock, trail, triggers
from komaq.core.models import Event, EventPayload, Sequence

pytestmark = [pytest.mark.django_db, pytest.mark.db]
COLUMNS = [
    *(("core_event", field.column) for field in Event._meta.local_concrete_fields),
    *(("core_eventpayload", field.column) for field in EventPayload._meta.local_concrete_fields),
]


@pytest.fixture
def history(ana):
    """Three subjects, their events interleaved, ten days apart; every value that can be empty is filled."""
    subjects = [Sequence.objects.create(prefix=prefix, year=2026) for prefix in "TUV"]
    for subject in subjects:
        subject.scope_customer_id = 7
    start = clock.now() - datetime.timedelta(days=50)
    made = []
    for step in range(5):
        for subject in subjects:
            with clock.travel(start + datetime.timedelta(days=10 * step)):
                made.append(trail.record("tests.counted", subject, by=ana, step=step, name="Bomba ñandú"))
    return made


def execute(sql, values=()):
    with triggers.lifted(), connection.constraint_checks_disabled(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def verify(*options):
    call_command("audit", "verify", *options)


def changed(value, dice):
    """The same kind of value, another one: of a text, one character."""
    if value is None:
        return clock.now()
    if isinstance(value, int):
        return value + dice.randint(100, 900)
    if isinstance(value, datetime.datetime):
        return value + datetime.timedelta(microseconds=1)
    text = str(value)
    letters = [place for place, letter in enumerate(text) if letter.isalnum()]
    place = dice.choice(letters)
    return text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


def test_a_sound_history_holds(history, capsys):
    verify()
    assert "15 events in 3 chains hold." in capsys.readouterr().out
    assert audit.verify().summary == audit.heads_of(rows, connection.vendor)


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=".".join)
@pytest.mark.parametrize("seed", range(3))
def test_one_changed_character_in_any_column_is_found(history, table, column, seed):
    dice = random.Random(f"{table}.{column}.{seed}")  # noqa: S311
    key = "event_id" if table == "core_eventpayload" else "id"
    victim = dice.choice(history).pk
    ((found,),) = rows(f"SELECT {column} FROM {table} WHERE {key} = {victim}")  # noqa: S608
    try:
        execute(f"UPDATE {table} SET {column} = %s WHERE {key} = %s", [changed(found, dice), victim])  # noqa: S608
        assert audit.verify().broken, "the change was not found"
    finally:
        if column in {"id", "event_id"}:
            execute(f"UPDATE {table} SET {column} = %s WHERE {column} NOT IN ({marks(history)})", [victim])  # noqa: S608


def marks(history):
    return ", ".join(str(event.pk) for event in history)


def test_the_broken_link_is_named(history):
    execute("UPDATE core_event SET actor_id = 999 WHERE id = %s", [history[4].pk])
    with pytest.raises(CommandError) as told:
        verify()
    assert f"core.sequence {history[4].subject_id}, number 2 (event {history[4].pk}, tests.counted)" in str(told.value)
    assert "the event was changed" in str(told.value)


def remove(event):
    execute("DELETE FROM core_eventpayload WHERE event_id = %s", [event.pk])
    execute("DELETE FROM core_event WHERE id = %s", [event.pk])


@pytest.mark.parametrize("place", [0, 3, 7])
def test_a_removed_event_is_found(history, place):
    remove(history[place])
    assert audit.verify().reason == "an event before it is missing or changed"


def test_only_the_head_tells_of_the_last_event_removed(history):
    """The chain itself cannot know what came after its end; the noted head does."""
    before = audit.verify().summary
    remove(history[-1])
    finding = audit.verify()
    assert finding.broken is None
    assert finding.summary["head"] != before["head"]
    assert finding.summary["events"] == before["events"] - 1


def test_a_removed_payload_is_found(history):
    execute("DELETE FROM core_eventpayload WHERE event_id = %s", [history[4].pk])
    assert audit.verify().reason == "its payload is missing"


def test_a_changed_order_is_found(history):
    second, third = history[3].pk, history[6].pk
    for number, pk in ((99, second), (2, third), (3, second)):
        execute("UPDATE core_event SET number = %s WHERE id = %s", [number, pk])
    assert audit.verify().broken


def test_swapped_payloads_are_found(history):
    execute(
        "UPDATE core_eventpayload SET data = (SELECT data FROM core_eventpayload WHERE event_id = %s) "
        "WHERE event_id = %s",
        [history[4].pk, history[1].pk],
    )
    assert audit.verify().broken.id == history[1].pk


def test_an_erased_payload_holds_and_a_half_erased_one_does_not(history):
    EventPayload.objects.filter(pk=history[4].pk).update(data={}, salt="", erased_at=clock.now())
    assert audit.verify().broken is None
    execute("UPDATE core_eventpayload SET erased_at = %s WHERE event_id = %s", [clock.now(), history[7].pk])
    assert audit.verify().broken.id == history[7].pk


def test_a_moment_that_is_none_is_found(history):
    if connection.vendor == "sqlite":
        execute("UPDATE core_event SET at = 'yesterday' WHERE id = %s", [history[4].pk])
        assert audit.verify().broken.id == history[4].pk
        execute("UPDATE core_event SET at = x'00ff' WHERE id = %s", [history[4].pk])
        assert audit.verify().broken.id == history[4].pk


def test_since_a_day_trusts_what_was_before(history, capsys):
    day = (clock.now() - datetime.timedelta(days=25)).astimezone(clock.LIMA).date()
    execute("UPDATE core_event SET actor_id = 999 WHERE id = %s", [history[0].pk])
    verify("--since", day.isoformat())
    assert "6 events in 3 chains hold." in capsys.readouterr().out
    execute("UPDATE core_event SET digest = %s WHERE id = %s", ["0" * 64, history[8].pk])
    with pytest.raises(CommandError, match="an event before it is missing or changed"):
        verify("--since", day.isoformat())


def test_since_sees_an_event_dated_back(history):
    """What was written later is walked, whatever day it claims."""
    day = (clock.now() - datetime.timedelta(days=25)).date()
    execute("UPDATE core_event SET at = %s WHERE id = %s", [clock.now() - datetime.timedelta(days=400), history[12].pk])
    with pytest.raises(CommandError, match="the event was changed"):
        verify("--since", day.isoformat())


def test_since_a_day_to_come_there_is_nothing(history, capsys):
    verify("--since", "2999-01-01")
    assert "0 events in 0 chains hold." in capsys.readouterr().out


def test_long_chains_are_read_in_pages(history, monkeypatch):
    whole = audit.verify().summary
    monkeypatch.setattr(audit, "PAGE", 2)
    assert audit.verify().summary == whole
    execute("UPDATE core_event SET actor_id = 999 WHERE id = %s", [history[14].pk])
    assert audit.verify().broken.id == history[14].pk


def test_a_date_that_is_none_is_refused(db):
    with pytest.raises(CommandError, match="is no date like"):
        verify("--since", "gestern")
