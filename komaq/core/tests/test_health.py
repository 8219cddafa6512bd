"""Alive and ready, told to machines in one word."""

import datetime
import logging

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from komaq.core import clock, jobs, mail, triggers

pytestmark = [pytest.mark.db, pytest.mark.django_db]


def test_alive(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok", "text/plain")


def test_ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ok")


def not_ready(client, caplog):
    with caplog.at_level(logging.WARNING, "komaq.core.views.health"):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"fail")
    return caplog.text


def test_not_without_its_guards(client, caplog):
    with triggers.lifted():
        assert "core_event_no_update" in not_ready(client, caplog)


def test_not_on_a_database_that_forgets_at_a_power_cut(client, caplog, settings):
    """The suite's own database does not wait for the disk."""
    settings.DURABLE = True
    assert "does not wait for the disk" in not_ready(client, caplog)


def test_not_with_a_migration_open(client, caplog):
    MigrationRecorder.Migration.objects.filter(app="orders").delete()
    assert "komaq migrate" in not_ready(client, caplog)


def test_not_while_jobs_wait_for_a_worker(client, caplog):
    mail.queue(to="carla@andinos.test", subject="Hola", text="Hola")
    assert client.get("/readyz").status_code == 200
    with clock.travel(clock.now() + datetime.timedelta(minutes=16)):
        assert "is a worker running" in not_ready(client, caplog)
        jobs.work_off()
        assert client.get("/readyz").status_code == 200


def test_not_without_a_database(client, caplog):
    def away(execute, sql, params, many, context):
        raise OperationalError("connection refused")

    with connection.execute_wrapper(away):
        assert "connection refused" in not_ready(client, caplog)
