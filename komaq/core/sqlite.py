"""How the embedded database is opened so that no acknowledged write is lost.

SQLite before 3.51.3 (but for the back-ports 3.50.7 and 3.44.6) can corrupt a write-ahead log that several
processes share, so those versions get the rollback journal. `synchronous=FULL` survives a power cut in both.
"""

import sqlite3


def journal_mode(version: tuple[int, int, int]) -> str:
    """The journal that is safe with this version of SQLite."""
    mended = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)
    return "WAL" if mended else "DELETE"


BUSY_MS = 20_000
"""How long a writer waits for another."""

SAFE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": BUSY_MS // 1000,
    "init_command": (
        f"PRAGMA journal_mode={journal_mode(sqlite3.sqlite_version_info)};"
        "PRAGMA synchronous=FULL;PRAGMA foreign_keys=ON;PRAGMA mmap_size=0;"
        "PRAGMA temp_store=MEMORY;PRAGMA cache_size=-16000"
    ),
}
