"""Writing a backup while the product works."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.storage import default_storage
from django.db import connection
from tqdm import tqdm

from komaq.core import audit, clock
from komaq.core.backup import archive, snapshot, tables
from komaq.core.backup.tables import Table

FORMAT = 1
NAMED = 100
Snapshot = snapshot.Postgresql | snapshot.Sqlite


@dataclass
class Files:
    """What became of the private files that rows name: how many are in, which are not as their row says."""

    number: int = 0
    size: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)

    def blame(self, name: str, why: str) -> None:
        self.wrong += 1
        if len(self.examples) < NAMED:
            self.examples.append(f"{name}: {why}")


def write(path: Path) -> dict[str, Any]:
    """Write the backup of database and files to `path`, whole or not at all; its manifest.

    Raises BadArchive when there is something that no backup can hold, OSError when the file cannot be written.
    """
    part, copy = (path.with_name(path.name + ending) for ending in (".part", ".snapshot"))
    try:
        with open(part, "wb", opener=_private) as file:
            with snapshot.of_database(copy) as moment:
                manifest = _fill(file, moment)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _fill(file: BinaryIO, moment: Snapshot) -> dict[str, Any]:
    migrations = tables.applied(connection)
    found = tables.at(migrations)
    with archive.Writer(file) as writer:
        manifest = {
            "format": FORMAT,
            "product": version("komaq"),
            "engine": moment.vendor,
            "created_at": clock.now().isoformat(),
            "migrations": migrations,
            "tables": {table.name: _add_table(writer, moment, table) for table in _shown(found)},
            "audit": audit.heads_of(moment.rows, moment.vendor),
            "files": vars(_add_files(writer, moment, found)),
        }
        writer.finish(manifest)
    return manifest


def _shown(found: list[Table]) -> Iterator[Table]:
    return tqdm(found, desc="Tables", disable=None)


def _add_table(writer: archive.Writer, moment: Snapshot, table: Table) -> dict[str, Any]:
    rows = number = 0
    for number, (piece, lines) in enumerate(tables.pieces(moment.lines(table)), 1):
        writer.add(f"data/{table.name}/{number:06d}.gz", len(piece), [piece])
        rows += lines
    last = moment.last_number(table) if table.numbered else None
    return {"columns": table.columns, "rows": rows, "pieces": number, "last_number": last}


def _add_files(writer: archive.Writer, moment: Snapshot, found: list[Table]) -> Files:
    """Every file that a row of the snapshot names; one that is missing or changed is reported, not hidden."""
    files = Files()
    for name, expected in tqdm(_names(moment, found), desc="Files", disable=None):
        try:
            with default_storage.open(name) as source:
                size = source.size
                digest = writer.add(archive.media_name(name), size, archive.parts_of(source, size))
        except FileNotFoundError:
            files.blame(name, "is missing")
            continue
        files.number += 1
        files.size += size
        if expected and digest != expected:
            files.blame(name, "is not the file that was uploaded")
    return files


def _names(moment: Snapshot, found: list[Table]) -> Iterator[tuple[str, str | None]]:
    """The files that rows name, each once in the order of the archive, with its SHA-256 where a row knows it."""
    parts = [
        f"SELECT {tables.quoted(column)} AS name, {_sum_column(table, column)} AS sum "
        f"FROM {tables.quoted(table.name)} WHERE {tables.quoted(column)} <> ''"
        for table in found
        for column in table.files
    ]
    if not parts:
        return iter(())
    order = "C" if moment.vendor == "postgresql" else "BINARY"
    named = f"SELECT name, max(sum) FROM ({' UNION ALL '.join(parts)}) files GROUP BY name"
    return iter(moment.rows(f'SELECT * FROM ({named}) named ORDER BY name COLLATE "{order}"'))


def _sum_column(table: Table, column: str) -> str:
    return "sha256" if column == "file" and "sha256" in table.columns else "CAST(NULL AS varchar)"
