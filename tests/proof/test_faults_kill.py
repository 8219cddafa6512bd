"""kill -9 at any moment: what was acknowledged is there, once and whole; what was not is whole or not there at all."""

import asyncio
import random
import signal
import threading
import uuid

import httpx
import psutil
import pytest
from aiosmtpd.controller import Controller
from django.test import Client

from komaq.core import clock, jobs, mail
from komaq.core.models import Event, Job, JobState, MailState, OutgoingEmail, Sequence
from komaq.core.tests.test_jobs import LATER
from komaq.orders.models import ServiceRequest
from tests.proof.processes import free_port, komaq, web

NEW = "/portal/solicitar/"
WRITERS = 4
PER_ROUND = 6
"""Requests that are acknowledged between one kill and the next."""


class Writer(threading.Thread):
    """Sends request after request, each until it is acknowledged, like somebody who presses the button again."""

    def __init__(self, address, cookie, form, ended):
        super().__init__()
        self.form, self.ended = form, ended
        self.acknowledged, self.cut = {}, 0
        self.web = httpx.Client(base_url=address, cookies={"sessionid": cookie}, timeout=30)

    def run(self):
        with self.web:
            while not self.ended.is_set():
                self.send(str(uuid.uuid4()))

    def send(self, key):
        while not self.ended.is_set():
            try:
                if "csrftoken" not in self.web.cookies:
                    self.web.get(NEW)
                given = {**self.form, "form_key": key, "csrfmiddlewaretoken": self.web.cookies["csrftoken"]}
                answer = self.web.post(NEW, data=given)
            except (httpx.TransportError, KeyError):
                self.cut += 1
                continue
            assert answer.status_code == 302, answer.text
            self.acknowledged[key] = answer.headers["Location"]
            return


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_a_killed_web_process_leaves_all_or_nothing(carla, cat336, rounds):
    contact = cat336.customer.contacts.get()
    form = {"machine": cat336.pk, "contact": contact.pk, "priority": "high", "description": "Fuga de aceite"}
    browser = Client()
    browser.force_login(carla)
    cookie, ended, dice = browser.cookies["sessionid"].value, threading.Event(), random.Random(7)  # noqa: S311  whom to kill
    with web("--workers", "2", "--threads", "4") as (server, address):
        writers = [Writer(address, cookie, form, ended) for _ in range(WRITERS)]
        for writer in writers:
            writer.start()
        try:
            for kills in range(1, rounds + 1):
                wait_for(lambda kills=kills: sum(len(w.acknowledged) for w in writers) >= kills * PER_ROUND, writers)
                victim = dice.choice(wait_for(psutil.Process(server.pid).children, writers))
                victim.send_signal(signal.SIGKILL)
            wait_for(lambda: sum(len(w.acknowledged) for w in writers) >= (rounds + 1) * PER_ROUND, writers)
        finally:
            ended.set()
            for writer in writers:
                writer.join()
    acknowledged = {key: page for writer in writers for key, page in writer.acknowledged.items()}
    assert len(acknowledged) >= (rounds + 1) * PER_ROUND
    check_whole(acknowledged)


def wait_for(holds, writers):
    """Look until it holds; writers that died tell why."""
    while not (found := holds()):
        assert all(writer.is_alive() for writer in writers)
        writers[0].ended.wait(0.02)
    return found


def check_whole(acknowledged):
    """Every acknowledged request is there; every request has its number, its event, its e-mail and the job for it."""
    requests = list(ServiceRequest.objects.order_by("id"))
    assert acknowledged.keys() <= {str(request.form_key) for request in requests}
    for request in requests:
        if page := acknowledged.get(str(request.form_key)):
            assert page == f"/portal/solicitudes/{request.pk}/"
    numbers = sorted(int(request.code[-6:]) for request in requests)
    assert numbers == list(range(1, Sequence.objects.get(prefix="SOL").last + 1))
    events = Event.objects.filter(kind="orders.request_received").values_list("subject_id", flat=True)
    assert sorted(events) == sorted(str(request.pk) for request in requests)
    subjects = OutgoingEmail.objects.values_list("subject", flat=True)
    assert sorted(code_in(subject) for subject in subjects) == sorted(request.code for request in requests)
    assert Job.objects.filter(name="core.send_email").count() == len(requests)


def code_in(subject):
    return next(word.strip(":,.") for word in subject.split() if word.startswith("SOL-"))


class Sink:
    """A mail server; the first mail is never answered, so that its sender can be killed over it."""

    def __init__(self):
        self.taken, self.reached = [], threading.Event()

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  the library's name
        if not self.reached.is_set():
            self.reached.set()
            await asyncio.Event().wait()
        self.taken.append(envelope.rcpt_tos)
        return "250 taken"


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_while_it_sends_sends_once(settings, tmp_path):
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    server.start()
    mail.queue(to="carla@andinos.test", subject="Su solicitud", text="Llegó.")
    given = {"DJANGO_SETTINGS_MODULE": "tests.proof.mailing_settings", "KOMAQ_SMTP_PORT": str(server.port)}
    try:
        with komaq("worker", program="django", KOMAQ_VAR=str(tmp_path), **given) as worker:
            assert sink.reached.wait(60)
            worker.kill()
            worker.wait()
        sending = Job.objects.get(name="core.send_email")
        assert sending.state == JobState.RUNNING
        jobs.work_off()
        assert sink.taken == [], "its lease still holds"
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        with clock.travel(clock.now() + LATER):
            jobs.work_off()
    finally:
        server.stop()
    sending.refresh_from_db()
    assert sink.taken == [["carla@andinos.test"]]
    assert (sending.state, sending.attempts) == (JobState.DONE, 2)
    assert OutgoingEmail.objects.get().state == MailState.SENT
