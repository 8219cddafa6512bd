"""Trouble that is nobody's mistake and passes: the storage is full, the database is away or too busy.

Whoever answers a request asks `fault_of` what an exception means, so that pages and programs hear the truth and come
back, instead of a bare failure.
"""

import errno
import sqlite3
from collections.abc import Iterator
from enum import Enum

from django.db import Error

FULL_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FULL_SQLSTATES = ("53100",)
AWAY_SQLSTATES = ("08", "53", "57P", "40", "55P03", "57014", "25006")
"""Beginnings of PostgreSQL's codes: no connection, no resources, shut down, lost race, lock, time-out, read-only."""
AWAY_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
}


class Fault(Enum):
    """What is wrong; the value is the HTTP status that says so."""

    STORAGE_FULL = 507
    DATABASE_AWAY = 503


def fault_of(error: BaseException | None) -> Fault | None:
    """What an exception, or what caused it, tells about disk and database; None when it is a failure of ours."""
    for each in _with_causes(error):
        if isinstance(each, OSError) and each.errno in FULL_DISK:
            return Fault.STORAGE_FULL
        if isinstance(each, Error) and (found := _database_fault(each)):
            return found
    return None


def _with_causes(error: BaseException | None) -> Iterator[BaseException]:
    seen = 0
    while error is not None and seen < 10:
        yield error
        error = error.__cause__ or error.__context__
        seen += 1


def _database_fault(error: Error) -> Fault | None:
    driver = error.__cause__
    if isinstance(driver, sqlite3.Error):
        return _sqlite_fault(getattr(driver, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(driver, "sqlstate", None)
    if state is None:
        away = type(error).__name__ in {"OperationalError", "InterfaceError"}
        return Fault.DATABASE_AWAY if away else None
    if state.startswith(FULL_SQLSTATES):
        return Fault.STORAGE_FULL
    return Fault.DATABASE_AWAY if state.startswith(AWAY_SQLSTATES) else None


def _sqlite_fault(code: int) -> Fault | None:
    if code == sqlite3.SQLITE_FULL:
        return Fault.STORAGE_FULL
    return Fault.DATABASE_AWAY if code in AWAY_SQLITE else None
