"""What a person does with its own data: correct, take along, be forgotten."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import models
from django.utils.translation import gettext_lazy as _

from komaq.accounts import queries, rules
from komaq.accounts.actions.grants import end_grant
from komaq.accounts.actions.library import RESET
from komaq.accounts.actions.register import fill_search
from komaq.accounts.actions.users import end_keys, end_sessions
from komaq.accounts.models import AccessKey, Consent, Erasure, Person, User
from komaq.core import clock, registry, trail
from komaq.core.action import action, lock
from komaq.core.mail import SEND
from komaq.core.models import Event, EventPayload, Job, JobState, MailState, OutgoingEmail
from komaq.core.refusals import Refusal, Stale, require
from komaq.core.trail import kind_of

NOBODY = "erased@erased.invalid"


class StillEmployed(Refusal):
    """Labour law keeps the file of who works here."""

    message = _("While you work here, labour law keeps your file. Ask again when your employment has ended.")


class ErasedBefore(Refusal):
    """There is nothing left to erase."""

    message = _("This data has been erased already.")


@action
def change_my_data(
    *,
    by: User,
    given_names: str,
    surnames: str,
    email: str,
    phone: str,
    document_type: str,
    document_number: str,
    language: str,
    version: int | None = None,
) -> Person:
    """Correct one's own data, with a `version` only as it was read. The address one signs in with is another matter.

    Raises Stale.
    """
    person = lock(by.person)
    require(version in (None, person.version), else_=Stale(person))
    person.given_names, person.surnames = given_names, surnames
    person.email, person.phone, person.language = email.lower(), phone, language
    person.document_type, person.document_number = document_type if document_number else "", document_number
    fill_search(person)
    person.save()
    trail.record("accounts.own_data_changed", person, by=by, email=person.email, phone=phone, language=language)
    return person


@action
def record_export(*, person: Person, by: User | None) -> None:
    """Write down that a person's data was taken along."""
    trail.record("accounts.data_exported", person, by=by)


@action
def erase_person(*, person: Person, by: User | None) -> Erasure:
    """Forget a person at once: its data, access, powers and what the trail says of it in words.

    What the law keeps stays, without a name where that is possible. `by` is the person, or None for the operator's
    command. Raises StillEmployed, ErasedBefore.
    """
    person = lock(person)
    require(person.erased_at is None, else_=ErasedBefore())
    require(not rules.is_employed(getattr(person, "employee", None)), else_=StillEmployed())
    erasure = Erasure.objects.create(person=person, asked_at=clock.now(), kept=queries.why_kept())
    for forget in registry.erasures:
        forget(person)
    user = User.objects.filter(person=person).first()
    _erase_mails({person.email, user.email if user else ""} - {""})
    _blank_payloads(person, user)
    if user:
        _close_access(user)
    Consent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=clock.now())
    _anonymise(person)
    Erasure.objects.filter(pk=erasure.pk).update(done_at=clock.now())
    trail.record("accounts.person_erased", person, by=by)
    return erasure


@action
def blank_payloads(subject: models.Model) -> None:
    """Blank what the trail says of a subject whose events name an erased person; for the erasures of all rooms."""
    events = Event.objects.filter(subject_kind=kind_of(subject), subject_id=str(subject.pk)).values("pk")
    payloads = EventPayload.objects.filter(event__in=events, erased_at=None)
    payloads.update(salt="", data={}, erased_at=clock.now())


def _close_access(user: User) -> None:
    for grant in user.grants.filter(ended_at=None):
        end_grant(grant=grant, by=None)
    end_keys(user)
    AccessKey.objects.filter(user=user).update(name="", hint="")
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    end_sessions(user, is_active=False, email=f"erased-{user.pk}@erased.invalid", password=user.password)


def _anonymise(person: Person) -> None:
    person.given_names, person.surnames = str(_("Erased person")), ""
    person.email = person.phone = person.document_type = person.document_number = ""
    person.erased_at = clock.now()
    fill_search(person)
    person.save()


def _erase_mails(addresses: set[str]) -> None:
    """Letters already sent lose address and text; those that wait are never sent."""
    mails = OutgoingEmail.objects.filter(to__in=addresses)
    for key in mails.filter(state=MailState.QUEUED).values_list("pk", flat=True):
        Job.objects.filter(name=SEND, args=[key], state=JobState.READY).delete()
    mails.filter(state=MailState.QUEUED).update(state=MailState.FAILED, error="erased")
    Job.objects.filter(name=RESET, args__in=[[address] for address in addresses]).delete()
    mails.update(to=NOBODY, to_name="", subject="", text="", html="", reply_to="")


def _blank_payloads(person: Person, user: User | None) -> None:
    """The trail keeps that something was done; what it said of the person is gone, and the chain holds."""
    for subject in (person, user, getattr(person, "employee", None)):
        if subject is not None:
            blank_payloads(subject)
