"""Reads of threads and deliveries. Whether the person may see the subject is its room's business."""

from django.db import models
from django.db.models import QuerySet

from komaq.accounts.models import User
from komaq.comms import rules
from komaq.comms.models import Delivery, Message
from komaq.core.models import MailState, OutgoingEmail
from komaq.core.refusals import NotFound
from komaq.core.trail import kind_of


def thread(subject: models.Model, user: User) -> QuerySet[Message]:
    """What the person may read of the thread about `subject`, oldest first."""
    return Message.objects.filter(
        conversation__subject_kind=kind_of(subject),
        conversation__subject_id=str(subject.pk),
        visibility__in=rules.visibilities_for(user),
    )


def deliveries_about(subject: models.Model) -> QuerySet[Delivery]:
    """Who was told what about `subject`."""
    return (
        Delivery.objects.filter(subject_kind=kind_of(subject), subject_id=str(subject.pk))
        .select_related("email")
        .order_by("-id")
    )


def emails(state: str | None = None) -> QuerySet[OutgoingEmail]:
    """All e-mails for those who look after them, newest first."""
    rows = OutgoingEmail.objects.order_by("-id")
    return rows.filter(state=state) if state in set(MailState) else rows


def get_email(email_id: int) -> OutgoingEmail:
    """One e-mail. Raises NotFound."""
    found = OutgoingEmail.objects.filter(pk=email_id).first()
    if found is None:
        raise NotFound
    return found


def failed_emails() -> int:
    return OutgoingEmail.objects.filter(state=MailState.FAILED).count()
