"""A full disk and a database that is away are told apart from failures of ours, on both engines."""

import errno
import json
import sqlite3

import psycopg
import pytest
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import UnreadablePostError
from django.test import RequestFactory

from komaq.core.faults import Fault, fault_of
from komaq.core.views.errors import server_error

FULL, AWAY = Fault.STORAGE_FULL, Fault.DATABASE_AWAY


def raised(error, cause=None):
    error.__cause__ = cause
    return error


def sqlite_error(code):
    cause = sqlite3.OperationalError("sqlite")
    cause.sqlite_errorcode = code
    return raised(OperationalError("sqlite"), cause)


@pytest.mark.parametrize(
    ("state", "fault"),
    [
        ("53100", FULL),
        ("53300", AWAY),
        ("57P01", AWAY),
        ("57P03", AWAY),
        ("08006", AWAY),
        ("40P01", AWAY),
        ("55P03", AWAY),
        ("25006", AWAY),
        ("22003", None),
        ("42P01", None),
    ],
)
def test_postgresql_says_it_by_its_code(state, fault):
    assert fault_of(raised(OperationalError("pg"), psycopg.errors.lookup(state)("pg"))) is fault


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (sqlite3.SQLITE_FULL, FULL),
        (sqlite3.SQLITE_BUSY, AWAY),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, AWAY),
        (sqlite3.SQLITE_IOERR_WRITE, AWAY),
        (sqlite3.SQLITE_CANTOPEN, AWAY),
        (sqlite3.SQLITE_ERROR, None),
        (sqlite3.SQLITE_CONSTRAINT, None),
    ],
)
def test_sqlite_says_it_by_its_code(code, fault):
    assert fault_of(sqlite_error(code)) is fault


def test_a_connection_that_broke_has_no_code():
    assert fault_of(raised(OperationalError("gone"), psycopg.OperationalError("server closed the connection"))) is AWAY
    assert fault_of(raised(InterfaceError("closed"), psycopg.InterfaceError("the connection is closed"))) is AWAY
    assert fault_of(raised(IntegrityError("twice"), psycopg.IntegrityError("twice"))) is None
    assert fault_of(DataError("too long")) is None


@pytest.mark.parametrize(
    ("number", "fault"), [(errno.ENOSPC, FULL), (errno.EDQUOT, FULL), (errno.EFBIG, FULL), (errno.EACCES, None)]
)
def test_a_disk_says_it_by_its_number(number, fault):
    assert fault_of(OSError(number, "disk")) is fault


def test_the_cause_behind_counts():
    assert fault_of(raised(RuntimeError("template"), sqlite_error(sqlite3.SQLITE_FULL))) is FULL
    assert fault_of(raised(OSError(errno.EACCES, "no"), OSError(errno.ENOSPC, "full"))) is FULL
    assert fault_of(RuntimeError("ours")) is None
    assert fault_of(None) is None


def answer_to(error, path="/portal/"):
    try:
        raise error
    except type(error):
        return server_error(RequestFactory().get(path))


def test_people_get_a_page_that_says_so():
    full = answer_to(OSError(errno.ENOSPC, "full"))
    assert (full.status_code, full["Cache-Control"]) == (507, "no-store")
    assert "No queda espacio para guardar" in full.content.decode()
    away = answer_to(sqlite_error(sqlite3.SQLITE_BUSY))
    assert (away.status_code, away["Retry-After"]) == (503, "5")
    assert "El sistema no responde" in away.content.decode()
    ours = answer_to(RuntimeError("ours"))
    assert (ours.status_code, ours.has_header("Retry-After")) == (500, False)


def test_programs_get_a_problem():
    away = answer_to(sqlite_error(sqlite3.SQLITE_BUSY), "/api/v1/orders")
    assert (away.status_code, away["Content-Type"], away["Retry-After"]) == (503, "application/problem+json", "5")
    assert json.loads(away.content)["status"] == 503
    assert json.loads(answer_to(OSError(errno.ENOSPC, "full"), "/api/v1/orders").content)["status"] == 507
    assert json.loads(answer_to(RuntimeError("ours"), "/api/v1/orders").content)["status"] == 500


def test_who_hung_up_in_the_middle_is_told_so():
    assert answer_to(UnreadablePostError("cut")).status_code == 400
