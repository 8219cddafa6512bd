"""An action that the database itself cuts short leaves nothing behind, and the next one works."""

import pytest
from django.db import OperationalError, connection

from komaq.core.action import action, in_action, undo_on_failure
from komaq.core.faults import Fault, fault_of
from komaq.core.models import Sequence

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]
UNDONE = []


@pytest.fixture(autouse=True)
def nothing_undone():
    UNDONE.clear()


@pytest.fixture
def full():
    """SQLite's file may not grow any more, as on a full disk."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        [pages] = cursor.execute("PRAGMA page_count").fetchone()
        cursor.execute(f"PRAGMA max_page_count={pages}")
        yield
        cursor.execute("PRAGMA max_page_count=1000000")


def write(number):
    return Sequence.objects.create(prefix=f"{number:05d}"[:8], year=2026, last=0)


@action
def write_much():
    undo_on_failure(lambda: UNDONE.append("undone"))
    for number in range(20_000):
        write(number)


@action
def write_much_inside_another():
    write(99_999)
    write_much()


def cut_the_connection():
    """Let the database end the transaction by itself: SQLite as after a write error, PostgreSQL with the session."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.execute("ROLLBACK")
            raise OperationalError("database or disk is full")
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@action
def write_and_be_cut():
    undo_on_failure(lambda: UNDONE.append("undone"))
    write(1)
    cut_the_connection()


@action
def write_and_be_cut_inside_another():
    write(2)
    write_and_be_cut()


def nothing_stayed():
    return not in_action() and UNDONE == ["undone"] and not Sequence.objects.exists()


@pytest.mark.parametrize("deed", [write_and_be_cut, write_and_be_cut_inside_another])
def test_a_transaction_that_the_database_ended(deed):
    with pytest.raises(OperationalError) as told:
        deed()
    assert fault_of(told.value) is not None
    assert "cannot rollback" not in str(told.value)
    assert nothing_stayed()
    action(write)(3)
    connection.close()
    assert Sequence.objects.get().prefix == "00003"


if connection.vendor == "sqlite":  # no such limit can be set on PostgreSQL

    @pytest.mark.parametrize("deed", [write_much, write_much_inside_another])
    def test_a_full_disk(deed, full):
        with pytest.raises(OperationalError, match="full") as told:
            deed()
        assert fault_of(told.value) is Fault.STORAGE_FULL
        assert nothing_stayed()
        action(write)(3)
        assert Sequence.objects.get().prefix == "00003"
