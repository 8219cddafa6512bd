"""The start refuses a database that could lose or mangle what it is given."""

import contextlib
import dataclasses
import os
import sqlite3
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import ConnectionHandler, connection

from komaq.core import checks
from komaq.core.checks import Database, faults_of
from komaq.core.sqlite import SAFE_OPTIONS

SQLITE = Database(
    "sqlite",
    (3, 40, 1),
    {
        "journal_mode": "delete",
        "synchronous": 2,
        "foreign_keys": 1,
        "mmap_size": 0,
        "transaction_mode": "IMMEDIATE",
        "busy_timeout": 20_000,
    },
)
POSTGRESQL = Database(
    "postgresql",
    (15, 18),
    {
        "encoding": "UTF8",
        "isolation": "read committed",
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "replica": False,
        "btree_gist": True,
    },
)


WORDS = ("journal_mode=DELETE", "synchronous=FULL", "IMMEDIATE", "20000 ms")


def like(database, *, version=None, **says):
    return dataclasses.replace(database, version=version or database.version, says=database.says | says)


@pytest.mark.parametrize(
    ("version", "journal", "safe"),
    [
        ((3, 40, 1), "delete", True),
        ((3, 40, 1), "wal", False),
        ((3, 44, 5), "wal", False),
        ((3, 44, 6), "wal", True),
        ((3, 45, 0), "wal", False),
        ((3, 50, 7), "wal", True),
        ((3, 51, 2), "wal", False),
        ((3, 51, 3), "wal", True),
        ((3, 51, 3), "truncate", True),
        ((3, 51, 3), "memory", False),
        ((3, 51, 3), "off", False),
    ],
)
def test_the_journal_must_suit_the_version(version, journal, safe):
    found = faults_of(like(SQLITE, version=version, journal_mode=journal), durable=True)
    assert (found == []) is safe


@pytest.mark.parametrize(
    ("database", "says", "told"),
    [
        (SQLITE, {"synchronous": 0}, "synchronous=FULL"),
        (SQLITE, {"synchronous": 1}, "synchronous=FULL"),
        (SQLITE, {"foreign_keys": 0}, "foreign_keys=ON"),
        (SQLITE, {"mmap_size": 1 << 27}, "mmap_size=0"),
        (SQLITE, {"transaction_mode": None}, "IMMEDIATE"),
        (SQLITE, {"busy_timeout": 5000}, "20000 ms"),
        (POSTGRESQL, {"version": (14, 9)}, "15 or newer"),
        (POSTGRESQL, {"encoding": "SQL_ASCII"}, "UTF8"),
        (POSTGRESQL, {"isolation": "serializable"}, "read committed"),
        (POSTGRESQL, {"btree_gist": False}, "CREATE EXTENSION"),
        (POSTGRESQL, {"replica": True}, "primary"),
        (POSTGRESQL, {"fsync": "off"}, "fsync"),
        (POSTGRESQL, {"full_page_writes": "off"}, "fsync"),
        (POSTGRESQL, {"synchronous_commit": "off"}, "fsync"),
    ],
)
def test_every_unsafe_setting_is_told_alone(database, says, told):
    assert faults_of(database, durable=True) == []
    [found] = faults_of(like(database, **says), durable=True)
    assert told in found


def test_a_suite_may_do_without_the_disk():
    assert faults_of(like(SQLITE, synchronous=0), durable=False) == []
    assert faults_of(like(POSTGRESQL, fsync="off"), durable=False) == []


@pytest.mark.db
def test_the_open_database_is_looked_at(db):
    found = checks.look()
    assert found.vendor == connection.vendor
    assert faults_of(found, durable=False) == []
    assert str(found).startswith("SQLite 3." if connection.vendor == "sqlite" else "PostgreSQL ")
    assert faults_of(found, durable=True) != [], "the suite itself does not wait for the disk"


@pytest.mark.db
def test_a_change_in_the_open_database_is_seen(db, settings):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA busy_timeout=10")
        else:
            cursor.execute("SET synchronous_commit=off")
            settings.DURABLE = True
    try:
        with pytest.raises(CommandError, match=r"cannot be trusted.*(20000 ms|synchronous_commit)"):
            checks.gate()
        with pytest.raises(SystemCheckError, match=r"core\.E001"):
            call_command("check", databases=["default"])
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=20000" if connection.vendor == "sqlite" else "RESET synchronous_commit")
    settings.DURABLE = False
    assert checks.gate() == str(checks.look())


@pytest.fixture
def opened(tmp_path, django_db_blocker):
    """`opened(journal, **options)` is a real SQLite file, opened with just these options."""
    made = []

    def make(journal, **options):
        file = tmp_path / f"{len(made)}.sqlite3"
        with contextlib.closing(sqlite3.connect(file)) as plain:
            plain.execute(f"PRAGMA journal_mode={journal}")
            plain.execute("CREATE TABLE a (b)")
        described = {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": options}
        made.append(ConnectionHandler({"default": described})["default"])
        return made[-1]

    with django_db_blocker.unblock():
        yield make
    for each in made:
        each.close()


def test_a_real_file_opened_as_the_product_does(opened):
    found = checks.look(opened("WAL", **SAFE_OPTIONS))
    assert faults_of(found, durable=True) == []
    assert str(found).endswith("synchronous full")


def test_a_real_file_opened_carelessly(opened):
    found = checks.look(opened("WAL", timeout=5, init_command="PRAGMA synchronous=NORMAL"))
    found = like(found, version=(3, 40, 1))
    told = faults_of(found, durable=True)
    assert [next(word for word in WORDS if word in each) for each in told] == list(WORDS)


@pytest.fixture
def komaq(tmp_path):
    """`komaq("serve", …)` runs the program on a fresh SQLite file, as an installation would."""

    def run(*words, **more):
        environment = {**os.environ, "KOMAQ_PROFILE": "production", "KOMAQ_VAR": str(tmp_path), **more}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        command = [sys.executable, "-m", "komaq.config.cli", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  ours

    return run


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_neither_pages_nor_worker_start_on_a_database_that_is_away(komaq, command):
    done = komaq(command, DATABASE_URL="postgresql://komaq@127.0.0.1:1/komaq")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1, done.stderr
    assert "check DATABASE_URL" in done.stderr
