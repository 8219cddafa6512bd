"""One action, one transaction: savepoints inside, retries on a lock, nothing left after a refusal."""

import contextlib
import sqlite3
import threading

import pytest
from django.db import OperationalError, connection, transaction

from komaq.core.action import RETRIES, action, in_action, is_lock_conflict, lock, undo_on_failure
from komaq.core.models import Sequence
from komaq.core.refusals import NotAllowed, Refusal, require


class TooMany(Refusal):
    """A business fact of these tests."""


@action
def add(prefix):
    return Sequence.objects.create(prefix=prefix, year=2026)


@pytest.mark.db
def test_an_action_that_raises_leaves_nothing(db):
    @action
    def add_and_refuse():
        add("A")
        raise TooMany

    with pytest.raises(TooMany):
        add_and_refuse()
    assert not Sequence.objects.exists()


@pytest.mark.db
def test_a_nested_action_is_a_savepoint(db):
    @action
    def inner():
        add("B")
        raise TooMany

    @action
    def outer():
        add("A")
        with pytest.raises(TooMany):
            inner()

    outer()
    assert list(Sequence.objects.values_list("prefix", flat=True)) == ["A"]


def test_writes_are_lawful_inside_and_only_inside(db):
    assert not in_action()
    assert action(in_action)()
    assert not in_action()


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_is_tried_again():
    tries = []

    @action
    def stubborn():
        tries.append(1)
        if len(tries) < RETRIES:
            raise OperationalError("database is locked")
        return add("A")

    stubborn()
    assert len(tries) == RETRIES
    assert Sequence.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_gives_up_after_the_last_retry():
    tries = []

    @action
    def hopeless():
        tries.append(1)
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError):
        hopeless()
    assert len(tries) == RETRIES + 1


@pytest.mark.django_db(transaction=True)
def test_another_database_error_is_not_tried_again():
    tries = []

    @action
    def broken():
        tries.append(1)
        raise OperationalError("no such table: x")

    with pytest.raises(OperationalError):
        broken()
    assert len(tries) == 1


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_a_writer_in_the_way_is_waited_for():
    """A second connection holds the write lock while the action begins; it gets through once that ends."""
    if connection.vendor != "sqlite":
        return  # PostgreSQL locks rows, not the database: nothing stands in the way of an insert
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout=0")
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.05, other.execute, ["ROLLBACK"])
    timer.start()
    add("A")
    timer.join()
    other.close()
    assert Sequence.objects.count() == 1
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_inside_a_transaction_of_the_caller_nothing_is_tried_again():
    tries = []

    @action
    def locked():
        tries.append(1)
        raise OperationalError("database is locked")

    with pytest.raises(OperationalError), transaction.atomic():
        locked()
    assert len(tries) == 1


@pytest.mark.parametrize(
    ("text", "conflict"),
    [
        ("database is locked", True),
        ("database table is locked", True),
        ("deadlock detected", True),
        ("could not serialize access due to concurrent update", True),
        ("disk I/O error", False),
    ],
)
def test_what_counts_as_a_lock_conflict(text, conflict):
    assert is_lock_conflict(OperationalError(text)) is conflict


@pytest.mark.db
def test_lock_reads_the_row_as_it_stands_now(db):
    row = add("A")
    Sequence.objects.filter(pk=row.pk).update(last=7)

    @action
    def read():
        return lock(row).last

    assert read() == 7


def test_require_raises_what_it_is_given():
    require(True)
    with pytest.raises(NotAllowed):
        require(False)
    with pytest.raises(TooMany):
        require(False, else_=TooMany())


def test_a_refusal_says_why_and_where():
    refusal = TooMany("Three at most.", field="count")
    assert (str(refusal), refusal.field) == ("Three at most.", "count")


def test_what_no_rollback_takes_back_is_taken_back(db):
    taken_back = []

    @action
    def inner(name, *, fails):
        undo_on_failure(lambda: taken_back.append(name))
        if fails:
            raise Refusal

    @action
    def outer(*, fails):
        undo_on_failure(lambda: taken_back.append("outer"))
        with contextlib.suppress(Refusal):
            inner("given up", fails=True)
        inner("kept", fails=False)
        if fails:
            raise Refusal

    outer(fails=False)
    assert taken_back == ["given up"]
    taken_back.clear()
    with pytest.raises(Refusal):
        outer(fails=True)
    assert taken_back == ["given up", "kept", "outer"]
