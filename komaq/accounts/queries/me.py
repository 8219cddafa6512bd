"""A person's own data: what it agreed to, everything kept about it, and what must be kept after an erasure."""

import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import ConsentKind, Role
from komaq.accounts.models import AccessKey, Consent, Person, User
from komaq.core import clock, registry
from komaq.core.models import Event

KEPT = (
    ("tax", _("Invoices and accounting documents: until tax prescription, at least 5 years (Tax Code, art. 87)")),
    ("contract", _("Service orders and their contracts, without your name: 10 years (Civil Code, art. 2001)")),
    ("consent", _("The proof of what you agreed to and of this request: 5 years")),
    ("trail", _("The record that something was done, without its content")),
)


def consents_of(person: Person) -> list[dict[str, Any]]:
    """Each purpose with what was last agreed to about it, one query."""
    given: dict[str, Consent] = {}
    for consent in person.consents.order_by("id"):
        given[consent.kind] = consent
    return [{"kind": kind, "label": kind.label, "consent": given.get(kind)} for kind in ConsentKind]


def live_consents(person: Person, kind: str) -> list[Consent]:
    """What stands agreed to about a purpose, any version."""
    return list(person.consents.filter(kind=kind, withdrawn_at=None))


def readers_lately(person: Person) -> int:
    """How many of the staff opened the person's file in the last 30 days."""
    since = clock.today() - datetime.timedelta(days=30)
    return person.readings.filter(on__gte=since).values("reader").distinct().count()


def day_of(version: str) -> datetime.date:
    """The day from which a version of the texts holds."""
    return datetime.date.fromisoformat(version)


def why_kept() -> list[str]:
    """What the law keeps after an erasure, in words."""
    return [str(words) for _code, words in KEPT]


def personal_data(person: Person) -> dict[str, Any]:
    """Everything kept about a person, by section: this room's and what the rooms above add."""
    data = _own(person)
    for source in registry.personal_data:
        data.update(source(person))
    return data


def _own(person: Person) -> dict[str, Any]:
    return {
        "person": _person(person),
        "access": _access(person),
        "keys": _keys(person),
        "employment": _employment(person),
        "consents": list(
            person.consents.order_by("id").values("kind", "version", "channel", "address", "given_at", "withdrawn_at")
        ),
        "activity": _activity(person),
        "readers": [
            {"on": each.on, "reader": each.reader.name, "deed": str(each.get_deed_display())}
            for each in person.readings.select_related("reader__person").order_by("id")
        ],
    }


def _person(person: Person) -> list[dict[str, Any]]:
    names = ("given_names", "surnames", "email", "phone", "document_type", "document_number", "language", "created_at")
    return [{name: getattr(person, name) for name in names}]


def _access(person: Person) -> list[dict[str, Any]]:
    user = User.objects.filter(person=person).first()
    if user is None:
        return []
    labels = dict(Role.choices)
    account = {"email": user.email, "created_at": user.created_at, "last_login": user.last_login, "role": ""}
    grants = [
        {
            "email": user.email,
            "created_at": grant.given_at,
            "ended_at": grant.ended_at,
            "role": str(labels[grant.role]),
            "company": grant.customer_id,
            "scope": f"{grant.scope_kind} {grant.scope_id}",
        }
        for grant in user.grants.order_by("id")
    ]
    return [account, *grants]


def _keys(person: Person) -> list[dict[str, Any]]:
    """By what programs come in as the person, ended or not; never what would let one in."""
    names = ("purpose", "name", "hint", "can_write", "created_at", "expires_at", "ended_at", "used_on")
    return list(AccessKey.objects.filter(user__person=person).order_by("id").values(*names))


def _employment(person: Person) -> list[dict[str, Any]]:
    employee = getattr(person, "employee", None)
    if employee is None:
        return []
    posts = [
        {
            "what": "position",
            "name": change.position.name,
            "from": change.effective_on,
            "until": None,
            "reason": change.reason,
        }
        for change in employee.position_changes.select_related("position").order_by("effective_on", "id")
    ]
    proofs = [
        {"what": "certification", "name": each.name, "from": each.issued_on, "until": each.expires_on, "reason": ""}
        for each in employee.certifications.order_by("id")
    ]
    contract = {"what": "contract", "name": "", "from": employee.hired_on, "until": employee.left_on, "reason": ""}
    skills = [
        {"what": "skill", "name": each.name, "from": None, "until": None, "reason": ""}
        for each in employee.skills.all()
    ]
    return [contract, *posts, *proofs, *skills]


def _activity(person: Person) -> list[dict[str, Any]]:
    """What the trail holds of the person's own doing: kind, subject and moment."""
    user = User.objects.filter(person=person).first()
    if user is None:
        return []
    events = Event.objects.filter(actor_kind="user", actor_id=user.pk).order_by("id")
    return list(events.values("at", "kind", "subject_kind", "subject_id")[:20_000])
