"""E-mail as rows: written in the transaction of their cause, sent by the worker with retries."""

from collections.abc import Iterable
from email.utils import make_msgid

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.mail import EmailMultiAlternatives
from django.db.models import F

from komaq.core import clock, files, jobs, mute
from komaq.core.models import Job, JobState, MailState, OutgoingEmail

SEND = "core.send_email"


def one_line(text: str) -> str:
    """A header's value: no line break of any kind may end it early."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def queue(
    *,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    to_name: str = "",
    reply_to: str = "",
    papers: Iterable[UploadedFile] = (),
) -> OutgoingEmail:
    """Write an e-mail and the job that sends it; both vanish if the transaction does (MSG-1).

    `papers` go along with it and are kept with its row. Raises FileRefused.
    """
    text, html = (part.replace("\0", " ") for part in (text, html))
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"
    mail = OutgoingEmail.objects.create(
        message_id=make_msgid(domain=domain),
        to=to,
        to_name=one_line(to_name)[:160],
        subject=one_line(subject)[:250],
        text=text,
        html=html,
        reply_to=reply_to,
        created_at=clock.now(),
    )
    files.attach(papers, mail, by=None, visibility="internal")
    jobs.enqueue(SEND, mail.pk)
    return mail


@jobs.job(SEND)
def send(mail_id: int) -> None:
    """Hand one e-mail to the mail server; raises what the server says.

    Does nothing when it was sent before, and in a mute copy, where it goes on waiting.
    """
    mail = OutgoingEmail.objects.get(pk=mail_id)
    if mail.state == MailState.SENT or mute.is_mute():
        return
    OutgoingEmail.objects.filter(pk=mail.pk).update(attempts=F("attempts") + 1)
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    for paper in files.attachments_of(mail):
        with paper.file.open("rb") as content:
            message.attach(paper.shown_name, content.read(), paper.content_type)
    try:
        message.send()
    except Exception as error:
        OutgoingEmail.objects.filter(pk=mail.pk).update(state=MailState.FAILED, error=str(error)[:500])
        raise
    OutgoingEmail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=clock.now(), error="")


def send_again(mail: OutgoingEmail) -> None:
    """Try a failed e-mail once more from the start."""
    OutgoingEmail.objects.filter(pk=mail.pk, state=MailState.FAILED).update(state=MailState.QUEUED)
    jobs.enqueue(SEND, mail.pk)


def send_waiting() -> int:
    """Ask for every e-mail that waits without a job, as after a copy was mute; how many wait in all."""
    coming = Job.objects.filter(name=SEND, state__in=[JobState.READY, JobState.RUNNING])
    asked = {args[0] for args in coming.values_list("args", flat=True)}
    waiting = list(OutgoingEmail.objects.filter(state=MailState.QUEUED).order_by("pk").values_list("pk", flat=True))
    for pk in waiting:
        if pk not in asked:
            jobs.enqueue(SEND, pk)
    return len(waiting)
