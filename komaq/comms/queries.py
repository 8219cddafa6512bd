"""Reads of threads and deliveries. Whether the person may see the subject is its room's business."""

from typing import Any

from django.db import models
from django.db.models import CharField, Count, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from komaq.accounts.models import Person, User
from komaq.comms import rules
from komaq.comms.choices import Visibility
from komaq.comms.models import Delivery, Message
from komaq.core.models import MailState, OutgoingEmail
from komaq.core.refusals import NotFound
from komaq.core.trail import kind_of

SUPPLIER_WROTE = 0
"""Stands for the author of a message that came by a supplier's link."""


def thread(subject: models.Model, user: User) -> QuerySet[Message]:
    """What the person may read of the thread about `subject`, oldest first."""
    return Message.objects.filter(
        conversation__subject_kind=kind_of(subject),
        conversation__subject_id=str(subject.pk),
        visibility__in=rules.visibilities_for(user),
    )


def thread_with_supplier(subject: models.Model) -> QuerySet[Message]:
    """What we and a supplier wrote to each other about `subject`, oldest first; nothing internal is in it."""
    return Message.objects.filter(
        conversation__subject_kind=kind_of(subject),
        conversation__subject_id=str(subject.pk),
        visibility=Visibility.SUPPLIER,
    )


def last_author_with_supplier(kind: type[models.Model]) -> Subquery:
    """For a query of a kind: who wrote last in the thread with the supplier, SUPPLIER_WROTE for the supplier itself."""
    said = Message.objects.filter(
        conversation__subject_kind=kind_of(kind),
        conversation__subject_id=Cast(OuterRef("pk"), CharField()),
        visibility=Visibility.SUPPLIER,
    )
    author = Coalesce("author_id", Value(SUPPLIER_WROTE))
    return Subquery(said.order_by("-written_at", "-pk").annotate(author=author).values("author")[:1])


def deliveries_about(subject: models.Model) -> QuerySet[Delivery]:
    """Who was told what about `subject`."""
    return (
        Delivery.objects.filter(subject_kind=kind_of(subject), subject_id=str(subject.pk))
        .select_related("email")
        .order_by("-id")
    )


def emails(user: User, *, state: str = "", words: str = "") -> QuerySet[OutgoingEmail]:
    """All e-mails for those who look after them, by state and address."""
    if not rules.can_send_email_again(user):
        return OutgoingEmail.objects.none()
    rows = OutgoingEmail.objects.all()
    if state in set(MailState):
        rows = rows.filter(state=state)
    return rows.filter(to__icontains=words) if words else rows


def email_counts(user: User) -> list[dict[str, Any]]:
    """How many e-mails stand in each state, one query."""
    counted = dict(emails(user).order_by().values_list("state").annotate(Count("id")))
    return [{"state": state.value, "label": state.label, "count": counted.get(state, 0)} for state in MailState]


def get_email(user: User, email_id: int) -> OutgoingEmail:
    """One e-mail. Raises NotFound."""
    found = emails(user).filter(pk=email_id).first()
    if found is None:
        raise NotFound
    return found


def failed_emails() -> QuerySet[OutgoingEmail]:
    return OutgoingEmail.objects.filter(state=MailState.FAILED)


def written_and_received_by(person: Person) -> dict[str, Any]:
    """What this room keeps of a person: its messages and the notices it was sent."""
    messages = Message.objects.filter(author_id__in=User.objects.filter(person=person).values("pk"))
    deliveries = Delivery.objects.filter(person_id=person.pk).select_related("email").order_by("id")
    return {
        "messages": [{"written_at": each.written_at, "text": each.text} for each in messages],
        "notices": [
            {
                "kind": each.kind,
                "created_at": each.created_at,
                "to": each.email.to if each.email else "",
                "subject": each.email.subject if each.email else "",
                "sent_at": each.email.sent_at if each.email else None,
            }
            for each in deliveries
        ],
    }
