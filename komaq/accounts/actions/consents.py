"""What a person agreed to, and takes back as easily as it was given (Ley 29733)."""

from komaq.accounts.models import Consent, Person, User
from komaq.core import clock, trail
from komaq.core.action import action


@action
def give_consent(
    *,
    person: Person,
    kind: str,
    version: str,
    channel: str = "web",
    address: str | None = None,
    by: User | None = None,
) -> Consent:
    """Write down which text a person agreed to, when and from where. The same text again changes nothing."""
    given = Consent.objects.filter(person=person, kind=kind, version=version, withdrawn_at=None).first()
    if given:
        return given
    consent = Consent.objects.create(
        person=person, kind=kind, version=version, channel=channel, address=address, given_at=clock.now()
    )
    trail.record("accounts.consent_given", person, by=by, purpose=kind, version=version, channel=channel)
    return consent


@action
def withdraw_consent(*, consent: Consent, by: User | None) -> None:
    """Take a consent back from now on. Does nothing when it was taken back before."""
    if Consent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=clock.now()):
        trail.record("accounts.consent_withdrawn", consent.person, by=by, purpose=consent.kind, version=consent.version)
