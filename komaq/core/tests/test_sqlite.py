"""The write-ahead log only where SQLite has its mend; full synchronisation everywhere."""

import pytest
from django.conf import settings
from django.db import connection

from komaq.core.sqlite import SAFE_OPTIONS, journal_mode


@pytest.mark.parametrize(
    ("version", "mode"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 0), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 52, 0), "WAL"),
        ((4, 0, 0), "WAL"),
    ],
)
def test_the_journal_by_version(version, mode):
    assert journal_mode(version) == mode


def test_a_write_takes_the_lock_at_once_and_waits_for_it():
    assert SAFE_OPTIONS["transaction_mode"] == "IMMEDIATE"
    assert SAFE_OPTIONS["timeout"] >= 20
    assert "synchronous=FULL" in SAFE_OPTIONS["init_command"]


@pytest.mark.db
def test_the_open_database_holds_foreign_keys_and_the_journal(db):
    if connection.vendor != "sqlite":
        assert settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
        return
    with connection.cursor() as cursor:
        asked = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("foreign_keys", "journal_mode")}
        version = tuple(map(int, cursor.execute("SELECT sqlite_version()").fetchone()[0].split(".")))
    assert asked == {"foreign_keys": 1, "journal_mode": journal_mode(version).lower()}
