"""What the database itself refuses, declared once per engine and installed again after every migration.

SQLite drops a table's triggers whenever Django remakes the table, so they are not part of migrations.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, connections
from django.db.models.signals import post_migrate


@dataclass(frozen=True)
class Trigger:
    """A guard of one table: SQL that installs it and SQL that lifts it, for either engine."""

    name: str
    table: str
    sqlite: tuple[str, ...]
    postgresql: tuple[str, ...]
    lift_postgresql: str


declared: dict[str, Trigger] = {}


def declare(trigger: Trigger) -> None:
    declared[trigger.name] = trigger


def refuse(name: str, table: str, when: str, *, event: str, message: str) -> None:
    """Refuse `event` (UPDATE, DELETE…) on rows of `table` for which `when` holds (SQL over OLD and NEW)."""
    returned = "OLD" if event == "DELETE" else "NEW"
    declare(
        Trigger(
            name,
            table,
            sqlite=(
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
            ),
            postgresql=(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ BEGIN IF {when} THEN "
                f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"RETURN {returned}; END $$ LANGUAGE plpgsql",
                f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ),
            lift_postgresql=f"DROP TRIGGER IF EXISTS {name} ON {table}",
        )
    )


def append_only(table: str) -> None:
    """Rows of `table` can be added and never changed or taken away."""
    for event in ("UPDATE", "DELETE"):
        refuse(f"{table}_no_{event.lower()}", table, "TRUE", event=event, message=f"{table} is append-only")


def no_overlap(name: str, table: str, *, who: str, start: str, end: str, when: str) -> None:
    """No two rows of the same `who` may share a moment of [start, end) while `when` (a boolean column) holds.

    PostgreSQL by an exclusion constraint, SQLite by a trigger of equal meaning.
    """
    clash = (
        f"NEW.{when} AND EXISTS (SELECT 1 FROM {table} other WHERE other.{when} AND other.id <> NEW.id "
        f"AND other.{who} = NEW.{who} AND other.{start} < NEW.{end} AND NEW.{start} < other.{end})"
    )
    declare(
        Trigger(
            name,
            table,
            sqlite=tuple(
                f"CREATE TRIGGER {name}_{event.lower()} {moment} {event} ON {table} WHEN {clash} "
                f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
                for moment, event in (("AFTER", "INSERT"), ("BEFORE", "UPDATE"))
            ),
            postgresql=(
                "CREATE EXTENSION IF NOT EXISTS btree_gist",
                f"ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist "
                f"({who} WITH =, tstzrange({start}, {end}) WITH &&) WHERE ({when})",
            ),
            lift_postgresql=f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}",
        )
    )


def install(using: str = "default") -> None:
    """Put every declared trigger in place, whatever was there before."""
    database = connections[using]
    tables = set(database.introspection.table_names())
    with database.cursor() as cursor:
        for trigger in declared.values():
            if trigger.table in tables:
                _lift(cursor, trigger, database.vendor)
                for statement in trigger.sqlite if database.vendor == "sqlite" else trigger.postgresql:
                    cursor.execute(statement)


def lift(using: str = "default") -> None:
    """Take every trigger away: only for the flush of transactional tests and for restoring."""
    database = connections[using]
    with database.cursor() as cursor:
        for trigger in declared.values():
            _lift(cursor, trigger, database.vendor)


@contextmanager
def lifted(using: str = "default") -> Iterator[None]:
    lift(using)
    try:
        yield
    finally:
        install(using)


def _lift(cursor: object, trigger: Trigger, vendor: str) -> None:
    if vendor == "sqlite":
        for statement in trigger.sqlite:
            cursor.execute(f"DROP TRIGGER IF EXISTS {statement.split()[2]}")
    else:
        cursor.execute(trigger.lift_postgresql)


def missing() -> list[str]:
    """The declared triggers that the database does not have."""
    if connection.vendor == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        wanted = [s.split()[2] for trigger in declared.values() for s in trigger.sqlite]
    else:
        query = "SELECT tgname FROM pg_trigger UNION SELECT conname FROM pg_constraint"
        wanted = list(declared)
    with connection.cursor() as cursor:
        cursor.execute(query)
        present = {row[0] for row in cursor.fetchall()}
    return [name for name in wanted if name not in present]


def install_after_migrate(sender: object, using: str, **kwargs: object) -> None:
    install(using)


def connect(app: object) -> None:
    """Install after every migration; the signal of one app is enough, all come after the last migration."""
    post_migrate.connect(install_after_migrate, sender=app, dispatch_uid="core.triggers")
