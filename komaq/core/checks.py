"""What the database must be before the product starts on it: read from the open database, not from the settings.

The gate of `komaq serve` and `komaq worker`, of /readyz and of `komaq check --database default`.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.management.base import CommandError
from django.db import Error as DatabaseError
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from komaq.core.sqlite import BUSY_MS, journal_mode

SAFE_JOURNALS = {"delete", "truncate", "persist"}
SYNCHRONOUS = ("off", "normal", "full", "extra")
OLDEST_POSTGRESQL = (15,)


@dataclass(frozen=True)
class Database:
    """An open database: what it is called, its version and what it says of itself."""

    vendor: str
    version: tuple[int, ...]
    says: dict[str, object]

    def __str__(self) -> str:
        number = ".".join(map(str, self.version))
        if self.vendor == "sqlite":
            synchronous = SYNCHRONOUS[self.says["synchronous"]]
            return f"SQLite {number}, journal mode {self.says['journal_mode']}, synchronous {synchronous}"
        return f"PostgreSQL {number}, {self.says['encoding']}, {self.says['isolation']}"


def look(database: BaseDatabaseWrapper | None = None) -> Database:
    """A database (the product's own) as it is open now. Raises DatabaseError when it does not answer."""
    database = database or connections["default"]
    database.ensure_connection()
    return _look_sqlite(database) if database.vendor == "sqlite" else _look_postgresql(database)


def _look_sqlite(database: BaseDatabaseWrapper) -> Database:
    says = {"transaction_mode": database.transaction_mode}
    with database.cursor() as cursor:
        for name in ("journal_mode", "synchronous", "foreign_keys", "mmap_size", "busy_timeout"):
            # a database without memory mapping answers with no row
            says[name] = (cursor.execute(f"PRAGMA {name}").fetchone() or [0])[0]
    return Database("sqlite", database.get_database_version(), says)


def _look_postgresql(database: BaseDatabaseWrapper) -> Database:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), current_setting('default_transaction_isolation'), "
            "current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'), "
            "pg_is_in_recovery(), EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'btree_gist') OR "
            "has_database_privilege(datname, 'CREATE') AND "
            "EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'btree_gist') "
            "FROM pg_database WHERE datname = current_database()"
        )
        names = ("encoding", "isolation", "fsync", "full_page_writes", "synchronous_commit", "replica", "btree_gist")
        return Database("postgresql", database.get_database_version(), dict(zip(names, cursor.fetchone(), strict=True)))


def faults_of(database: Database, *, durable: bool) -> list[str]:
    """Why no work can be trusted to this database; nothing when it can.

    `durable` asks also that what was acknowledged outlives a power cut.
    """
    rules = _sqlite_rules if database.vendor == "sqlite" else _postgresql_rules
    return [told for holds, told in rules(database, durable) if not holds]


def _sqlite_rules(database: Database, durable: bool) -> list[tuple[bool, str]]:
    says, number = database.says, ".".join(map(str, database.version))
    journal = says["journal_mode"]
    logs_ahead, waits = journal == "wal", SYNCHRONOUS[says["synchronous"]] in {"full", "extra"}
    return [
        (
            not logs_ahead or journal_mode(database.version) == "WAL",
            f"SQLite {number} can lose writes in a write-ahead log: set PRAGMA journal_mode=DELETE on the file",
        ),
        (
            logs_ahead or journal in SAFE_JOURNALS,
            f"SQLite keeps its journal in {journal}: use a file with one on disk",
        ),
        (waits or not durable, "SQLite does not wait for the disk: set PRAGMA synchronous=FULL"),
        (says["foreign_keys"] == 1, "SQLite does not hold foreign keys: set PRAGMA foreign_keys=ON"),
        (says["mmap_size"] == 0, "SQLite maps the file into memory: set PRAGMA mmap_size=0"),
        (says["transaction_mode"] == "IMMEDIATE", "SQLite transactions must begin IMMEDIATE: set transaction_mode"),
        (says["busy_timeout"] >= BUSY_MS, f"SQLite must wait {BUSY_MS} ms for a writer: set the option timeout"),
    ]


def _postgresql_rules(database: Database, durable: bool) -> list[tuple[bool, str]]:
    says = database.says
    lasting = says["fsync"] == says["full_page_writes"] == "on" and says["synchronous_commit"] != "off"
    return [
        (database.version >= OLDEST_POSTGRESQL, f"PostgreSQL {database.version[0]} is too old: 15 or newer is needed"),
        (says["encoding"] == "UTF8", f"the database is in {says['encoding']}: create it with ENCODING 'UTF8'"),
        (
            says["isolation"] == "read committed",
            f"transactions are {says['isolation']}: set default_transaction_isolation to 'read committed'",
        ),
        (bool(says["btree_gist"]), "the extension btree_gist is missing: let an administrator run CREATE EXTENSION"),
        (not says["replica"], "the server is a read-only replica: point DATABASE_URL at the primary"),
        (
            not durable or lasting,
            "PostgreSQL does not wait for the disk: turn fsync, full_page_writes and synchronous_commit on",
        ),
    ]


def faults() -> list[str]:
    """Why this installation's database cannot be trusted. Raises DatabaseError when it does not answer."""
    return faults_of(look(), durable=settings.DURABLE)


def gate() -> str:
    """The database in one line. Raises CommandError when it does not answer or cannot be trusted."""
    try:
        database = look()
    except DatabaseError as error:
        told = " ".join(str(error).split())
        raise CommandError(f"The database does not answer; check DATABASE_URL and the server: {told}") from error
    if found := faults_of(database, durable=settings.DURABLE):
        raise CommandError(f"The database cannot be trusted with work: {'; '.join(found)}.")
    return str(database)


@register(Tags.database)
def database_is_safe(app_configs: object, databases: list[str] | None, **kwargs: object) -> list[Error]:
    """For `komaq check --database default` and `komaq migrate`."""
    found = []
    for name in databases or []:
        found += [Error(told, id="core.E001") for told in faults_of(look(connections[name]), durable=settings.DURABLE)]
    return found
