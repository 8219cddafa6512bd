"""A backup taken while orders are being opened is one moment of their history, whole and in order."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection

from komaq.core import audit
from komaq.core.backup import archive
from komaq.core.models import Event, Sequence
from komaq.customers.models import Contact
from komaq.orders import actions
from komaq.orders.models import ServiceOrder

pytestmark = [pytest.mark.db, pytest.mark.django_db(transaction=True)]


def write_until(stopped, opened, faults, values):
    try:
        while not stopped.is_set():
            actions.open_order(title="Fuga hidráulica", priority="normal", **values)
            opened.release()
    except Exception as error:  # noqa: BLE001  told to the test
        faults.append(error)
        opened.release()
    finally:
        connection.close()


def test_a_backup_at_work_is_a_prefix_of_history(ana, carla, cat336, tmp_path):
    values = {"machine": cat336, "contact": Contact.objects.get(person=carla.person), "by": ana}
    stopped, opened, faults = threading.Event(), threading.Semaphore(0), []
    writers = [threading.Thread(target=write_until, args=(stopped, opened, faults, values)) for _each in range(2)]
    for writer in writers:
        writer.start()
    try:
        for turn in range(3):
            for _order in range(4):
                opened.acquire()
            call_command("backup", str(tmp_path / f"{turn}.tar"))
        opened.acquire()
    finally:
        stopped.set()
        for writer in writers:
            writer.join()
    assert faults == []
    live = list(Event.objects.order_by("id").values_list("id", "digest"))
    call_command("restore", str(tmp_path / "2.tar"), "--replace")
    with (tmp_path / "2.tar").open("rb") as file:
        manifest = archive.verify(file)
    codes = list(ServiceOrder.objects.order_by("code").values_list("code", flat=True))
    assert len(codes) >= 12
    assert [int(code[-6:]) for code in codes] == list(range(1, len(codes) + 1))
    assert Sequence.objects.get(prefix="OS").last == len(codes) == manifest["tables"]["orders_serviceorder"]["rows"]
    finding = audit.verify()
    assert (finding.broken, finding.summary) == (None, manifest["audit"])
    restored = list(Event.objects.order_by("id").values_list("id", "digest"))
    assert set(restored) < set(live)
    if connection.vendor == "sqlite":
        assert restored == live[: len(restored)]
