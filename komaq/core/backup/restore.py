"""Restoring a backup: prove it, build the copy beside what is there, swap, and let the copy be mute.

Structure comes from this program's own migrations, up to where the backup stood; its rows are loaded, and the
migrations go on from there. So an older backup fits, a newer one is refused, and nothing in an archive is ever run.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from tqdm import tqdm

from komaq.core import audit, mute, triggers
from komaq.core.backup import archive, tables
from komaq.core.backup.archive import BadArchive
from komaq.core.backup.files import Incoming
from komaq.core.backup.tables import Table
from komaq.core.backup.write import FORMAT
from komaq.core.models import Event


class NotRestored(Exception):
    """Why nothing was restored and everything is as it was, in a sentence for the operator."""


@dataclass(frozen=True)
class Backup:
    """A proved archive: its open file, what it says of itself, and the tables it fills."""

    file: BinaryIO
    manifest: dict[str, Any]
    tables: list[Table]


@contextmanager
def proved(path: Path) -> Iterator[Backup]:
    """Open an archive and read it to its last byte. Raises BadArchive, OSError."""
    with path.open("rb") as file:
        manifest = archive.verify(file)
        if manifest.get("format") != FORMAT:
            raise BadArchive("The backup has a format that this program does not know.")
        try:
            backup = Backup(file, manifest, _tables(manifest))
            _prove(backup)
        except (LookupError, TypeError, AttributeError) as error:
            raise BadArchive(f"The manifest of the backup is not complete: {error!r}.") from error
        yield backup


def _tables(manifest: dict[str, Any]) -> list[Table]:
    """The tables at the backup's migrations, which must be the ones it holds."""
    known = MigrationLoader(None).disk_migrations
    named = [(app, name) for app, names in manifest["migrations"].items() for name in names]
    if strange := sorted(".".join(key) for key in named if key not in known):
        raise BadArchive(f"The backup is newer than this program: it knows {', '.join(strange[:3])}. Update first.")
    found = tables.at(manifest["migrations"])
    described = {name: tuple(entry["columns"]) for name, entry in manifest["tables"].items()}
    if described != {table.name: table.columns for table in found}:
        raise BadArchive("The backup holds other tables or columns than its migrations make.")
    return found


def _prove(backup: Backup) -> None:
    """Every piece unpacks to whole rows of a table at hand; rows and files are as many as the manifest says."""
    columns = {table.name: len(table.columns) for table in backup.tables}
    rows, pieces, files = dict.fromkeys(columns, 0), dict.fromkeys(columns, 0), 0
    with _progress(backup, "Reading") as bar:
        for member in archive.members(backup.file):
            files += bool(archive.MEDIA_MEMBER.fullmatch(member.name))
            if piece := archive.TABLE_MEMBER.fullmatch(member.name):
                table = piece[1]
                if table not in columns:
                    raise BadArchive(f"The backup holds a table {table} that it does not name.")
                pieces[table] += 1
                if int(piece[2]) != pieces[table]:
                    raise BadArchive(f"A piece of {table} is missing.")
                rows[table] += tables.rows_in(tables.unpack(member.read(tables.LARGEST_PIECE)), columns[table])
            bar.update(member.size)
    named = {name: entry["rows"] for name, entry in backup.manifest["tables"].items()}
    if rows != named or files != backup.manifest["files"]["number"]:
        raise BadArchive("The backup does not hold the rows and files that it names.")


def is_empty() -> bool:
    """Whether the open database has neither people nor history, and the folder of files nothing."""
    present = set(connection.introspection.table_names())
    models = [model for model in (get_user_model(), Event) if model._meta.db_table in present]
    used = any(model.objects.exists() for model in models)
    media = Path(settings.MEDIA_ROOT)
    return not used and not (media.exists() and any(media.iterdir()))


def restore(backup: Backup, *, broken_audit: bool = False) -> audit.Finding:
    """Put the backup in the place of database and files; how its audit stands.

    Raises BadArchive or NotRestored, and then everything is as it was. With `broken_audit`, a history that did not
    hold when it was backed up is restored all the same.
    """
    _check_room(backup)
    incoming = Incoming(Path(settings.MEDIA_ROOT))
    build = _in_postgresql if connection.vendor == "postgresql" else _beside_sqlite
    try:
        with incoming.prepared():
            return build(lambda: _build(backup, incoming, broken_audit), incoming)
    except (DatabaseError, sqlite3.Error) as error:
        raise NotRestored(f"The database did not take the backup: {str(error).strip().splitlines()[0]}") from error
    except OSError as error:
        raise NotRestored(f"The backup could not be unpacked: {error.strerror or error}") from error


def _check_room(backup: Backup) -> None:
    target = Path(settings.MEDIA_ROOT)
    target.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(target).free < backup.manifest["files"]["size"]:
        raise NotRestored(f"The files of the backup need more room than {target} has.")


def _build(backup: Backup, incoming: Incoming, broken_audit: bool) -> audit.Finding:
    """Fill the database that is open, whatever it holds, and lay the files ready."""
    migrations = backup.manifest["migrations"]
    _migrate_to(migrations)
    _load(backup, incoming)
    _number_on(backup)
    call_command("migrate", verbosity=0, interactive=False)
    finding = audit.verify()
    if finding.broken and not broken_audit:
        link = finding.broken
        raise NotRestored(
            f"The history in the backup is broken at {link.subject_kind} {link.subject_id} number {link.number}: "
            f"{finding.reason}. Use --accept-broken-audit to restore it all the same."
        )
    if not finding.broken and finding.summary != backup.manifest["audit"]:
        raise NotRestored("The history in the backup is not the one that its manifest names.")
    if missing := triggers.missing():
        raise NotRestored(f"Guards are missing after the restoration: {', '.join(missing)}.")
    mute.mute(restored_from=f"{backup.manifest['product']}, {backup.manifest['created_at']}")
    return finding


def _migrate_to(migrations: dict[str, list[str]]) -> None:
    """Make the structure that the backup was taken from."""
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, names in migrations.items() for name in names}
    children = executor.loader.graph.node_map
    last = [key for key in wanted if not any(c.key[0] == key[0] and c.key in wanted for c in children[key].children)]
    executor.migrate(last, executor.migration_plan(last))
    if set(executor.loader.applied_migrations) - wanted:
        raise BadArchive("The migrations that the backup names do not belong together.")
    ContentType.objects.clear_cache()


def _empty(found: list[Table]) -> None:
    """Take away what migrations filled in: the backup brings its own."""
    names = ", ".join(tables.quoted(table.name) for table in found)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # migrations leave some immediate in their transaction
            cursor.execute(f"TRUNCATE {names}")
            return
        for table in found:
            cursor.execute(f"DELETE FROM {tables.quoted(table.name)}")


def _load(backup: Backup, incoming: Incoming) -> None:
    """Rows into tables, files into the folder beside."""
    loaders = {table.name: tables.loader_for(connection, table) for table in backup.tables}
    with transaction.atomic(), _progress(backup, "Restoring") as bar:
        _empty(backup.tables)
        for member in archive.members(backup.file):
            if media := archive.MEDIA_MEMBER.fullmatch(member.name):
                incoming.take(media[1], member.content)
            elif piece := archive.TABLE_MEMBER.fullmatch(member.name):
                loaders[piece[1]](tables.unpack(member.read(tables.LARGEST_PIECE)))
            bar.update(member.size)
        connection.check_constraints()
    for name, entry in backup.manifest["tables"].items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {tables.quoted(name)}")
            if entry["rows"] != cursor.fetchone()[0]:
                raise NotRestored(f"The database did not take all rows of {name}.")


def _progress(backup: Backup, doing: str) -> tqdm:
    return tqdm(total=os.fstat(backup.file.fileno()).st_size, desc=doing, **archive.BAR)


def _number_on(backup: Backup) -> None:
    """Let new rows be numbered after the highest number ever given."""
    with connection.cursor() as cursor:
        for table in backup.tables:
            last = backup.manifest["tables"][table.name]["last_number"]
            if table.numbered:
                for statement, values in _numbering(table, last):
                    cursor.execute(statement, values)


def _numbering(table: Table, last: int | None) -> list[tuple[str, list]]:
    if connection.vendor == "postgresql":
        place = [tables.quoted(table.name), table.model._meta.pk.column]
        return [("SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)", [*place, last or 1, bool(last)])]
    return [
        ("DELETE FROM sqlite_sequence WHERE name = %s", [table.name]),
        ("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last or 0]),
    ]


def _in_postgresql(build: Callable[[], audit.Finding], incoming: Incoming) -> audit.Finding:
    """All of it in one transaction: until it commits, everybody sees the old state."""
    with incoming.swapped(), transaction.atomic():
        with connection.cursor() as cursor:
            for name in _old_tables():
                cursor.execute(f"DROP TABLE IF EXISTS {tables.quoted(name)} CASCADE")
            for setting in ("TimeZone = 'UTC'", "statement_timeout = 0", "idle_in_transaction_session_timeout = 0"):
                cursor.execute(f"SET LOCAL {setting}")
        finding = build()
        incoming.swap()
    return finding


def _old_tables() -> list[str]:
    """What this product made in the open database, at whatever migration it stands."""
    present = set(connection.introspection.table_names())
    ours = {"django_migrations", "core_cache", *tables.LEFT_OUT}
    if "django_migrations" in present:
        ours |= {table.name for table in tables.at(tables.applied(connection))}
    return sorted(ours & present)


def _beside_sqlite(build: Callable[[], audit.Finding], incoming: Incoming) -> audit.Finding:
    """Build a file beside the database and put it in its place at the end."""
    place = Path(connection.settings_dict["NAME"])
    draft = place.with_name(place.name + ".restoring")
    draft.unlink(missing_ok=True)
    connection.close()
    connection.settings_dict["NAME"] = str(draft)
    try:
        connection.ensure_connection()
        connection.connection.executescript("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=OFF")
        connection.connection.create_function("bytes_of", 1, tables.bytes_of, deterministic=True)
        finding = build()
        connection.close()
        _check_file(draft)
        with incoming.swapped():
            incoming.swap()
            _put_in_place(draft, place)
        return finding
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(place)
        draft.unlink(missing_ok=True)


def _check_file(draft: Path) -> None:
    draft.chmod(0o600)
    with closing(sqlite3.connect(draft)) as copy:
        answer = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    if answer != "ok":
        raise NotRestored(f"The restored database is not sound: {answer}")
    with draft.open("rb") as file:
        os.fsync(file.fileno())


def _put_in_place(draft: Path, place: Path) -> None:
    """Replace the database file while nobody else holds it; its journals go with it."""
    if not place.exists():
        draft.replace(place)
        return
    try:
        with closing(sqlite3.connect(place, timeout=1, isolation_level=None)) as old:
            with suppress(sqlite3.DatabaseError):
                old.execute("PRAGMA journal_mode=DELETE")
            old.execute("BEGIN EXCLUSIVE")
            draft.replace(place)
    except sqlite3.OperationalError as error:
        raise NotRestored("The database is in use: stop komaq serve and komaq worker, then restore again.") from error
    except sqlite3.DatabaseError:
        draft.replace(place)
    for ending in ("-journal", "-wal", "-shm"):
        place.with_name(place.name + ending).unlink(missing_ok=True)
