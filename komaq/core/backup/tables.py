"""Rows as PostgreSQL's COPY text, the same from and for either engine.

What the engines write differently is turned by SQL inside SQLite: truth is t or f, moments end in +00, binary is hex.
"""

import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader

from komaq.core.backup.archive import BadArchive

LEFT_OUT = {"django_session"}
PIECE = 4 * 1024 * 1024
LARGEST_PIECE = 64 * 1024 * 1024
KINDS = {
    "BooleanField": "truth",
    "DateTimeField": "moment",
    "TimeField": "time",
    "UUIDField": "uuid",
    "DurationField": "span",
    "FloatField": "float",
    "BinaryField": "binary",
}
ESCAPES = (("\\", "\\\\"), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))
UNESCAPES = (("\\n", "\n"), ("\\r", "\r"), ("\\t", "\t"), ("\\b", "\b"), ("\\f", "\f"), ("\\v", "\v"))
FROM_SQLITE = {
    "truth": "CASE {0} WHEN 1 THEN 't' WHEN 0 THEN 'f' END",
    "moment": "{0} || '+00'",
    "span": "{0} || ' microseconds'",
    "float": "printf('%!.17g', {0})",
    "binary": "'\\\\x' || hex({0})",
}
TO_SQLITE = {
    "truth": "{0} = 't'",
    "moment": (
        "CASE WHEN length({0}) > 22 THEN substr(replace({0}, '+00', '') || '000000', 1, 26) "
        "ELSE replace({0}, '+00', '') END"
    ),
    "time": "CASE WHEN length({0}) > 8 THEN substr({0} || '000000', 1, 15) ELSE {0} END",
    "uuid": "replace({0}, '-', '')",
    "span": "CAST({0} AS INTEGER)",
    "binary": "bytes_of({0})",
}
SPAN_FROM_POSTGRESQL = "(extract(epoch FROM {0}) * 1000000)::bigint || ' microseconds'"


@dataclass(frozen=True)
class Table:
    """A table at some state of the migrations: its columns with the kinds that engines write differently."""

    name: str
    model: type[models.Model]
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    files: tuple[str, ...]

    @property
    def numbered(self) -> bool:
        """Whether the database gives its rows their numbers."""
        return isinstance(self.model._meta.pk, models.AutoField)


def applied(connection: BaseDatabaseWrapper) -> dict[str, list[str]]:
    """The migrations of a database by app. Raises BadArchive when it has none, or some that this program lacks."""
    loader = MigrationLoader(connection)
    if not loader.applied_migrations:
        raise BadArchive("The database is empty: komaq migrate has not run.")
    if strange := sorted(".".join(key) for key in loader.applied_migrations if key not in loader.disk_migrations):
        raise BadArchive(f"The database is newer than this program: it has {', '.join(strange)}.")
    found: dict[str, list[str]] = {}
    for app, name in sorted(loader.applied_migrations):
        found.setdefault(app, []).append(name)
    return found


def at(migrations: dict[str, list[str]]) -> list[Table]:
    """The tables that exist once `migrations` are applied, without those that a backup leaves out."""
    loader = MigrationLoader(None)
    nodes = [(app, name) for app, names in migrations.items() for name in names]
    state = loader.project_state([node for node in nodes if node in loader.graph.nodes])
    found = [
        _table(model)
        for model in state.apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    ]
    return sorted(found, key=lambda table: table.name)


def _table(model: type[models.Model]) -> Table:
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    return Table(
        name=model._meta.db_table,
        model=model,
        columns=tuple(field.column for field in fields),
        kinds=tuple(KINDS.get(_plain(field).get_internal_type(), "") for field in fields),
        files=tuple(field.column for field in fields if isinstance(field, models.FileField)),
    )


def _plain(field: models.Field) -> models.Field:
    while field.remote_field:
        field = field.target_field
    return field


def quoted(name: str) -> str:
    return f'"{name}"'


def select_of(table: Table, vendor: str) -> str:
    """SQL whose rows are lines of COPY text (SQLite) or what COPY makes lines of (PostgreSQL)."""
    pairs = list(zip(map(quoted, table.columns), table.kinds, strict=True))
    if vendor == "postgresql":
        parts = ", ".join(SPAN_FROM_POSTGRESQL.format(name) if kind == "span" else name for name, kind in pairs)
        return f"SELECT {parts} FROM {quoted(table.name)}"
    return f"SELECT {' || char(9) || '.join(_line_part(name, kind) for name, kind in pairs)} FROM {quoted(table.name)}"


def _line_part(name: str, kind: str) -> str:
    text = FROM_SQLITE.get(kind, "{0}").format(name)
    if not kind:
        for raw, escaped in ESCAPES:
            text = f"replace({text}, {_literal(raw)}, {_literal(escaped)})"
    return f"coalesce({text}, '\\N')"


def _literal(text: str) -> str:
    return f"char({ord(text)})" if text.isspace() else f"'{text}'"


def pieces(lines: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Whole lines gathered and gzipped, each piece with its number of rows."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= PIECE:
            yield _piece(held)
            held, size = [], 0
    if held:
        yield _piece(held)


def _piece(lines: list[bytes]) -> tuple[bytes, int]:
    text = b"".join(lines)
    if len(text) > LARGEST_PIECE:
        raise BadArchive(f"A row of more than {LARGEST_PIECE // 1024**2} MB cannot be kept in a backup.")
    packer = zlib.compressobj(1, wbits=31)
    return packer.compress(text) + packer.flush(), text.count(b"\n")


def unpack(piece: bytes) -> bytes:
    """The lines of a piece. Raises BadArchive when it is none, or swells beyond what a backup holds."""
    opener = zlib.decompressobj(wbits=31)
    try:
        text = opener.decompress(piece, LARGEST_PIECE)
    except zlib.error as error:
        raise BadArchive("A piece of a table cannot be unpacked.") from error
    if not opener.eof or opener.unused_data or not text.endswith(b"\n"):
        raise BadArchive("A piece of a table is larger than it may be, or cut short.")
    return text


def rows_in(text: bytes, width: int) -> int:
    """How many rows of `width` columns a piece has. Raises BadArchive when it has others."""
    rows = text.count(b"\n")
    if text.count(b"\t") != rows * (width - 1):
        raise BadArchive("A row has more or fewer values than its table has columns.")
    try:
        text.decode()
    except UnicodeDecodeError as error:
        raise BadArchive("A piece of a table is not text.") from error
    return rows


def loader_for(connection: BaseDatabaseWrapper, table: Table) -> Callable[[bytes], None]:
    """A function that adds lines of COPY text to an empty table."""
    names = ", ".join(map(quoted, table.columns))
    if connection.vendor == "postgresql":
        statement = f"COPY {quoted(table.name)} ({names}) FROM STDIN"
        return lambda text: _copy(connection, statement, text)
    values = ", ".join(TO_SQLITE.get(kind, "{0}").format(f"?{n}") for n, kind in enumerate(table.kinds, 1))
    statement = f"INSERT INTO {quoted(table.name)} ({names}) VALUES ({values})"
    width = len(table.columns)
    return lambda text: _insert(connection, statement, width, text)


def _copy(connection: BaseDatabaseWrapper, statement: str, text: bytes) -> None:
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(text)


def _insert(connection: BaseDatabaseWrapper, statement: str, width: int, text: bytes) -> None:
    connection.connection.executemany(statement, _values(text.decode(), width))


def _values(text: str, width: int) -> Iterator[list[str | None]]:
    for line in text[:-1].split("\n"):
        values = [None if value == "\\N" else value for value in line.split("\t")]
        if len(values) != width:
            raise BadArchive("A row has more or fewer values than its table has columns.")
        yield [_plain_text(value) if value and "\\" in value else value for value in values] if "\\" in line else values


def _plain_text(value: str) -> str:
    """Undo the escapes of COPY; a backslash itself is set aside meanwhile."""
    parts = value.split("\\\\")
    for escape, plain in UNESCAPES:
        parts = [part.replace(escape, plain) for part in parts]
    return "\\".join(parts)


def bytes_of(text: str | None) -> Any:
    """What stands behind the hex of COPY."""
    return None if text is None else bytes.fromhex(text[2:])
