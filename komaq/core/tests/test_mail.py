"""E-mail against a real server: sent at least once under one Message-ID, nothing smuggled in, failures seen (MSG-1)."""

import datetime
import email
import socket
from email import policy

import pytest
from aiosmtpd.controller import Controller

from komaq.core import clock, jobs, mail
from komaq.core.action import action
from komaq.core.models import Job, JobState, MailState, OutgoingEmail
from komaq.core.refusals import Refusal


class Postbox:
    """Takes what comes; refuses the first `refusals` mails as a busy server does."""

    def __init__(self):
        self.refusals = 0
        self.offered, self.taken, self.recipients = [], [], []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  the library's name
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        self.offered.append(message)
        if self.refusals:
            self.refusals -= 1
            return "451 try again later"
        self.taken.append(message)
        self.recipients += envelope.rcpt_tos
        return "250 OK"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def postbox(db, settings):
    box = Postbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = server.hostname, server.port
    yield box
    server.stop()


def letter(**more):
    return mail.queue(
        **{"to": "carla@andinos.test", "subject": "Su orden fue programada", "text": "Hola, Carla.", **more}
    )


def test_a_mail_arrives_whole(postbox):
    letter(html="<p>Hola, <b>Carla</b>.</p>", reply_to="lola@komaq.test")
    jobs.work_off()
    (message,) = postbox.taken
    assert message["Subject"] == "Su orden fue programada"
    assert message["To"] == "carla@andinos.test"
    assert message["Reply-To"] == "lola@komaq.test"
    assert message["Auto-Submitted"] == "auto-generated"
    assert "Hola, Carla." in message.get_body(["plain"]).get_content()
    assert "<b>Carla</b>" in message.get_body(["html"]).get_content()
    found = OutgoingEmail.objects.get()
    assert (found.state, found.attempts, found.error) == (MailState.SENT, 1, "")
    assert found.sent_at


def test_a_busy_server_is_tried_again_under_the_same_id(postbox):
    postbox.refusals = 2
    row = letter()
    moment = clock.now()
    for wait in (0, 3, 8):
        with clock.travel(moment + datetime.timedelta(seconds=wait)):
            jobs.work_off()
    assert [message["Message-ID"] for message in postbox.offered] == [row.message_id] * 3
    assert len(postbox.taken) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.SENT, 3)


def test_a_failure_is_seen_and_mended_by_hand(postbox):
    postbox.refusals = 99
    row = letter()
    Job.objects.update(max_attempts=1)
    jobs.work_off()
    row.refresh_from_db()
    assert row.state == MailState.FAILED
    assert "try again later" in row.error
    assert Job.objects.get().state == JobState.DEAD
    postbox.refusals = 0
    mail.send_again(row)
    jobs.work_off()
    row.refresh_from_db()
    assert (row.state, row.error) == (MailState.SENT, "")
    assert [message["Message-ID"] for message in postbox.taken] == [row.message_id]


def test_a_server_that_is_away_is_a_failure_too(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    row = letter()
    jobs.work_off()
    row.refresh_from_db()
    assert row.state == MailState.FAILED
    assert "refused" in row.error.lower()
    assert Job.objects.get().state == JobState.READY


def test_what_was_sent_is_not_sent_again(postbox):
    row = letter()
    jobs.work_off()
    mail.send(row.pk)
    mail.send_again(row)
    jobs.work_off()
    assert len(postbox.taken) == 1


@pytest.mark.db
def test_nothing_is_sent_for_what_was_rolled_back(postbox):
    @action
    def write_and_refuse():
        letter()
        raise Refusal

    with pytest.raises(Refusal):
        write_and_refuse()
    jobs.work_off()
    assert postbox.offered == []
    assert not OutgoingEmail.objects.exists()


@pytest.mark.parametrize(
    "subject",
    [
        "Hola\r\nBcc: espia@mala.test",
        "Hola\nBcc: espia@mala.test",
        "Hola\rBcc: espia@mala.test",
        "Hola\u2028Bcc: espia@mala.test",
        "Hola\x0bBcc: espia@mala.test",
        "Hola\r\n\r\n<script>alert(1)</script>",
    ],
)
def test_a_subject_smuggles_no_header_in(postbox, subject):
    letter(subject=subject, to_name="Carla\r\nCc: espia@mala.test")
    jobs.work_off()
    (message,) = postbox.taken
    assert message["Bcc"] is None
    assert message["Cc"] is None
    assert message["Subject"].startswith("Hola ")
    assert postbox.recipients == ["carla@andinos.test"]
    assert message.get_content().strip() == "Hola, Carla."


def test_a_long_subject_with_accents_survives(postbox):
    subject = "Señalización de la máquina ñandú " * 20
    letter(subject=subject)
    jobs.work_off()
    assert postbox.taken[0]["Subject"].strip() == " ".join(subject.split())[:250].strip()
