"""One moment of the database, readable at leisure while others go on writing.

PostgreSQL gives it by a repeatable-read transaction. SQLite is copied whole under one short read lock, since a long
read of its rollback journal would hold up every writer; the copy is checked and thrown away afterwards.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from komaq.core.backup import tables
from komaq.core.backup.archive import BadArchive
from komaq.core.backup.tables import Table

FORMS = (
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    "SET LOCAL TimeZone = 'UTC'",
    "SET LOCAL DateStyle = 'ISO'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",
)


@contextmanager
def of_database(beside: Path) -> Iterator["Postgresql | Sqlite"]:
    """The snapshot of the open database; `beside` names a path for a passing copy. Raises BadArchive, OSError."""
    if connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                for statement in FORMS:
                    cursor.execute(statement)
            yield Postgresql()
        return
    try:
        with closing(_copied(Path(connection.settings_dict["NAME"]), beside)) as copy:
            yield Sqlite(copy)
    finally:
        beside.unlink(missing_ok=True)


def _copied(source: Path, target: Path) -> sqlite3.Connection:
    copy = sqlite3.connect(target, isolation_level=None)
    try:
        target.chmod(0o600)
        copy.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")
        with closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=20)) as live:
            live.backup(copy)
        answer = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        copy.close()
        raise _as_fault(error) from error
    if answer != "ok":
        copy.close()
        raise BadArchive(f"The database itself is damaged: {answer}")
    return copy


def _as_fault(error: sqlite3.Error) -> Exception:
    full = getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR"))
    return OSError(str(error)) if full else BadArchive(f"The database cannot be read: {error}")


class Sqlite:
    """A private copy of the database file."""

    vendor = "sqlite"

    def __init__(self, copy: sqlite3.Connection) -> None:
        self.copy = copy

    def lines(self, table: Table) -> Iterator[bytes]:
        """The rows of a table as lines of COPY text."""
        for (line,) in self.copy.execute(tables.select_of(table, self.vendor)):
            yield line.encode() + b"\n"

    def rows(self, sql: str) -> Iterable[tuple]:
        return self.copy.execute(sql)

    def last_number(self, table: Table) -> int | None:
        """The highest number the database ever gave a row of `table`."""
        with suppress(sqlite3.OperationalError):  # the table of numbers comes with the first numbered row
            found = self.copy.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table.name]).fetchone()
            return found and found[0]
        return None


class Postgresql:
    """The transaction that the caller is in."""

    vendor = "postgresql"

    def lines(self, table: Table) -> Iterator[bytes]:
        """The rows of a table as lines of COPY text."""
        statement = f"COPY ({tables.select_of(table, self.vendor)}) TO STDOUT"
        with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
            yield from map(bytes, copy)

    def rows(self, sql: str) -> Iterator[tuple]:
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(5000):
                yield from rows

    def last_number(self, table: Table) -> int | None:
        """The highest number the database ever gave a row of `table`."""
        return self._value("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)", table)

    def _value(self, sql: str, table: Table) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, [tables.quoted(table.name), table.model._meta.pk.column])
            return cursor.fetchone()[0]
