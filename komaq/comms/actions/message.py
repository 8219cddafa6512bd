from django.db import models
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.comms import rules
from komaq.comms.choices import Visibility
from komaq.comms.models import Conversation, Message
from komaq.core import clock, trail
from komaq.core.action import action
from komaq.core.refusals import BadInput, require
from komaq.core.trail import kind_of


class EmptyMessage(BadInput):
    """There is nothing to write down."""

    message = _("Write something first.")
    field = "text"


@action
def add_message(
    *, subject: models.Model, text: str, visibility: str, by: User | None, author_name: str = ""
) -> Message:
    """Write in the thread about `subject`; the caller has checked that `by` may see the subject.

    Somebody without account (`by` None: a supplier by its link) writes under `author_name` for its own eyes alone.
    Raises EmptyMessage, NotAllowed (a client writes no internal note).
    """
    require(visibility in (rules.visibilities_for(by) if by else {Visibility.SUPPLIER}))
    require(bool(text.strip()), else_=EmptyMessage())
    conversation, _made = Conversation.objects.get_or_create(
        subject_kind=kind_of(subject),
        subject_id=str(subject.pk),
        defaults={
            "scope_customer_id": getattr(subject, "scope_customer_id", None),
            "opened_at": clock.now(),
        },
    )
    message = Message.objects.create(
        conversation=conversation,
        visibility=visibility,
        author_id=by.pk if by else None,
        author_name=by.name if by else author_name[:160],
        text=text.strip(),
        written_at=clock.now(),
    )
    trail.record("comms.message_written", subject, by=by, visibility=visibility, message=message.pk)
    return message
