from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from komaq.accounts.models import Person, User
from komaq.comms import rules
from komaq.comms.choices import Channel
from komaq.comms.models import Delivery
from komaq.comms.notices import Notice
from komaq.core import clock, mail, trail
from komaq.core.action import action
from komaq.core.models import OutgoingEmail
from komaq.core.refusals import require
from komaq.core.trail import kind_of


@action
def post(notice: Notice) -> Delivery | None:
    """Store a notice and its e-mail in the caller's transaction; the worker sends it. None without an address."""
    address = address_of(notice.person)
    if not address or notice.person.erased_at:
        return None
    told = Delivery.objects.filter(key=notice.key).first()
    if told:
        return told
    with translation.override(notice.person.language):
        letter = {
            "notice": notice,
            "link": f"{settings.SITE_URL}{notice.path}" if notice.path else "",
            "site": settings.SITE_URL,
        }
        email = mail.queue(
            to=address,
            to_name=notice.person.name,
            subject=str(notice.title),
            text=render_to_string("comms/notice.txt", letter),
            html=render_to_string("comms/notice.html", letter),
        )
    return Delivery.objects.create(
        key=notice.key,
        kind=notice.kind,
        channel=Channel.EMAIL,
        person_id=notice.person.pk,
        subject_kind=kind_of(notice.subject),
        subject_id=str(notice.subject.pk),
        scope_customer_id=getattr(notice.subject, "scope_customer_id", None),
        email=email,
        created_at=clock.now(),
    )


def address_of(person: Person) -> str:
    """Where a person reads: the contact address, else the one it signs in with."""
    if person.email:
        return person.email
    user = User.objects.filter(person=person, is_active=True).first()
    return user.email if user else ""


@action
def send_again(*, email: OutgoingEmail, by: User) -> None:
    """Try a failed e-mail again; does nothing when it went out meanwhile. Raises NotAllowed."""
    require(rules.can_send_email_again(by))
    mail.send_again(email)
    trail.record("comms.email_retried", email, by=by)
