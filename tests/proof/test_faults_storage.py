"""A full disk, a database that is away: a clear answer, nothing half written, reading goes on, and it mends itself."""

import resource
import sqlite3
import uuid
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as conf
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connection
from django.test import Client

from komaq.core.models import Attachment, Event, Job, OutgoingEmail, Sequence
from komaq.core.sqlite import journal_mode
from komaq.orders.models import ServiceRequest
from tests.proof.processes import database_url

NEW = "/portal/solicitar/"
ROOM = 100_000
"""Bytes that the small disk takes of each file."""
WAL = journal_mode(sqlite3.sqlite_version_info) == "WAL"
pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def only_sqlite():
    if connection.vendor != "sqlite":
        pytest.skip("a limit of SQLite")


@pytest.fixture
def browser(carla):
    """Carla's; a failure of ours is an answer here, not an exception."""
    made = Client(raise_request_exception=False)
    made.force_login(carla)
    return made


@pytest.fixture
def ask(browser, cat336):
    """`ask()` sends the form for service, with files if given."""
    contact = cat336.customer.contacts.get()

    def send(key=None, files=(), words="No levanta la pluma. "):
        given = {"machine": cat336.pk, "contact": contact.pk, "priority": "high", "description": words}
        return browser.post(NEW, given | {"form_key": str(key or uuid.uuid4()), "files": list(files)})

    return send


def files_on_disk():
    return [path for path in Path(conf.MEDIA_ROOT).rglob("*") if path.is_file()]


def check_whole(count):
    """So many requests, each with number, event, e-mail and job."""
    assert ServiceRequest.objects.count() == count
    numbers = list(Sequence.objects.filter(prefix="SOL").values_list("last", flat=True))
    assert numbers == ([count] if count else [])
    assert Event.objects.filter(kind="orders.request_received").count() == count
    assert OutgoingEmail.objects.count() == Job.objects.filter(name="core.send_email").count() == count


def pages(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {statement}")
        return cursor.fetchone()[0]


def test_a_full_disk_of_the_database(only_sqlite, ask, browser):
    assert ask().status_code == 302
    pages(f"max_page_count={pages('page_count')}")
    kept = 1
    while (answer := ask(words="Ruido en la transmisión. " * 60)).status_code == 302:
        kept += 1
        assert kept < 300
    text = answer.content.decode()
    assert answer.status_code == 507
    assert "No queda espacio para guardar" in text
    assert "Traceback" not in text
    check_whole(kept)
    for page in ("/portal/", NEW, f"/portal/solicitudes/{ServiceRequest.objects.last().pk}/"):
        assert browser.get(page).status_code == 200
    pages("max_page_count=1073741823")
    assert ask(words="Ruido en la transmisión. " * 60).status_code == 302
    check_whole(kept + 1)


class SmallDisk(FileSystemStorage):
    """A disk on which the system lets nobody write more than ROOM bytes."""

    def _save(self, name, content):
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, before[1]))
        try:
            return super()._save(name, content)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_of_the_files(settings, ask, browser):
    def two_files():
        return [
            SimpleUploadedFile(f"{size}.pdf", b"%PDF-1.7 " + b"x" * size, "application/pdf") for size in (20, 2 * ROOM)
        ]

    ordinary, key = settings.STORAGES, uuid.uuid4()
    small = {"BACKEND": f"{__name__}.SmallDisk", "OPTIONS": {"location": settings.MEDIA_ROOT}}
    settings.STORAGES = {**ordinary, "default": small}
    answer = ask(key, two_files())
    assert answer.status_code == 507
    assert "No queda espacio para guardar" in answer.content.decode()
    check_whole(0)
    assert (Attachment.objects.count(), files_on_disk()) == (0, [])
    assert browser.get("/portal/").status_code == 200
    settings.STORAGES = ordinary
    assert ask(key, two_files()).status_code == 302
    check_whole(1)
    assert (Attachment.objects.count(), len(files_on_disk())) == (2, 2)


@pytest.fixture
def impatient(only_sqlite):
    """A locked database is waited for a tenth of a second at each try."""
    pages("busy_timeout=100")
    yield
    pages("busy_timeout=20000")


@pytest.mark.parametrize(("lock", "reading"), [("IMMEDIATE", 200), ("EXCLUSIVE", 503)])
def test_a_database_that_another_holds(impatient, ask, browser, lock, reading):
    other = sqlite3.connect(database_url().removeprefix("sqlite:///"), isolation_level=None)
    other.execute(f"BEGIN {lock}")
    answer = ask()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "El sistema no responde" in answer.content.decode()
    assert browser.get("/portal/").status_code == (200 if WAL else reading)
    other.execute("ROLLBACK")
    other.close()
    assert ask().status_code == 302
    check_whole(1)


@pytest.fixture
def only_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("a connection of PostgreSQL")


def test_a_connection_that_was_cut(only_postgresql, ask, browser):
    """As in a restart of the server: what is sent meanwhile is told to come back, the next finds a new connection.

    The test's browser does not do what a web process does between two requests: drop a connection that failed.
    """
    ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ours = cursor.fetchone()[0]
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [ours])
    answer = ask()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    close_old_connections()
    assert ask().status_code == 302
    check_whole(2)
