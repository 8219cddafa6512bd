"""Rows in bulk: COPY on PostgreSQL, executemany on SQLite, guards and indexes laid aside meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

from komaq.core import search, triggers

INDEXES_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = %s"
CONSTRAINTS = (
    "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE conrelid = %s::regclass AND contype IN ('f', 'u') ORDER BY contype DESC, conname"
)
INDEXES = (
    "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
    "WHERE indrelid = %s::regclass AND NOT indisprimary "
    "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
)


class Table:
    """The rows of one model on their way into the database. Columns without a name get the model's default."""

    def __init__(self, model: type[models.Model], columns: str) -> None:
        self.model = model
        given = columns.split()
        fields = {field.attname: field for field in model._meta.concrete_fields}
        key = model._meta.pk
        self.counts = isinstance(key, models.AutoField) and key.attname not in given
        others = [field for name, field in fields.items() if name not in given and field is not key]
        self.rest = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
        own = [key] if self.counts else []
        self.columns = [field.column for field in [*own, *(fields[name] for name in given), *others]]
        self.rows: list[tuple] = []
        self.last = (model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0) if self.counts else 0
        self.written = 0

    def add(self, *values: Any) -> int:
        """Take a row; gives its key where the database would count."""
        if self.counts:
            self.last += 1
            self.rows.append((self.last, *values, *self.rest))
        else:
            self.rows.append((*values, *self.rest))
        return self.last

    def flush(self, cursor: Any) -> None:
        if not self.rows:
            return
        table = connection.ops.quote_name(self.model._meta.db_table)
        names = ", ".join(map(connection.ops.quote_name, self.columns))
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in self.rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(self.columns))
            cursor.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", self.rows)  # noqa: S608  names of models
        self.written += len(self.rows)
        self.rows.clear()


class Store:
    """All tables of a load, written in the order in which they were named."""

    def __init__(self) -> None:
        self.tables: dict[type[models.Model], Table] = {}

    def table(self, model: type[models.Model], columns: str) -> Table:
        self.tables[model] = Table(model, columns)
        return self.tables[model]

    @property
    def written(self) -> int:
        return sum(table.written for table in self.tables.values())

    def flush(self) -> None:
        with connection.cursor() as cursor:
            for table in self.tables.values():
                table.flush(cursor)

    def count_on(self) -> None:
        """Let the database give the next keys after ours."""
        for statement in connection.ops.sequence_reset_sql(no_style(), list(self.tables)):
            with connection.cursor() as cursor:
                cursor.execute(statement)

    @contextmanager
    def bare(self) -> Iterator[None]:
        """Tables without triggers, indexes and (PostgreSQL) foreign keys; all stand again afterwards, checked.

        Belongs inside a transaction: what fails takes everything back.
        """
        names = [table.model._meta.db_table for table in self.tables.values()]
        triggers.lift()
        search.lift()
        undo = _strip_postgresql(names) if connection.vendor == "postgresql" else _strip_sqlite(names)
        yield
        self.flush()
        with connection.cursor() as cursor:
            for statement in undo:
                cursor.execute(statement)
        triggers.install()
        search.install()


def _strip_sqlite(tables: list[str]) -> list[str]:
    """Drop what can be dropped; the statements that bring it back."""
    undo = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(INDEXES_SQLITE, [table])
            for name, statement in cursor.fetchall():
                cursor.execute(f'DROP INDEX "{name}"')
                undo.append(statement)
    return undo


def _strip_postgresql(tables: list[str]) -> list[str]:
    foreign, unique, plain = [], [], []
    with connection.cursor() as cursor:
        for kind in ("FOREIGN", "UNIQUE"):
            for table in tables:
                cursor.execute(CONSTRAINTS, [table])
                for name, definition in cursor.fetchall():
                    if not definition.startswith(kind):
                        continue
                    if kind == "UNIQUE" and _is_pointed_at(cursor, name):
                        continue
                    cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
                    kept = foreign if kind == "FOREIGN" else unique
                    kept.append(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')
        for table in tables:
            cursor.execute(INDEXES, [table])
            for name, statement in cursor.fetchall():
                cursor.execute(f"DROP INDEX {name}")
                plain.append(statement)
    return [*unique, *plain, *foreign]


def _is_pointed_at(cursor: Any, name: str) -> bool:
    """Whether a foreign key leans on this unique constraint."""
    cursor.execute(
        "SELECT 1 FROM pg_constraint mine JOIN pg_constraint other ON other.conindid = mine.conindid "
        "WHERE mine.conname = %s AND other.contype = 'f'",
        [name],
    )
    return cursor.fetchone() is not None
