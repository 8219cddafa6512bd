"""Somebody opens an account for a company or for itself."""

from dataclasses import dataclass, field

from django.db import IntegrityError

from komaq.accounts.actions import EmailTaken, create_user, give_consent, give_grant, register_person
from komaq.accounts.choices import ConsentKind, Role
from komaq.accounts.models import Person, User
from komaq.comms.actions import post
from komaq.core import trail
from komaq.core.action import action
from komaq.core.peru import DocumentType
from komaq.core.refusals import Refusal
from komaq.customers import notices, queries
from komaq.customers.actions.contacts import make_contact
from komaq.customers.actions.customers import make_customer
from komaq.customers.choices import ContactStatus, CustomerKind
from komaq.customers.models import Customer


class AlreadyRegistered(Refusal):
    """The address has an account. Only its owner may learn that."""


@dataclass(frozen=True)
class Registration:
    """What a person writes to open an account."""

    kind: str
    tax_id_type: str
    tax_id: str
    company_name: str
    given_names: str
    surnames: str
    email: str
    phone: str
    password: str = field(repr=False)
    language: str = "es-pe"


@action
def register(*, registration: Registration, consents: list[tuple[ConsentKind, str]], address: str | None) -> User:
    """Open an account: the first of an unknown company administers it, anyone later waits to be let in.

    `consents` are kinds with the version of the text that was shown. Raises AlreadyRegistered.
    """
    try:
        person, user = _make_user(registration)
    except (EmailTaken, IntegrityError) as taken:
        raise AlreadyRegistered from taken
    for kind, version in consents:
        give_consent(person=person, kind=kind, version=version, address=address, by=user)
    customer, first = make_customer(
        kind=registration.kind,
        tax_id_type=registration.tax_id_type,
        tax_id=registration.tax_id,
        name=registration.company_name or person.name,
        email=registration.email,
        phone=registration.phone,
    )
    if first:
        _open_company(customer, person, user)
    else:
        _ask_to_enter(customer, person, user)
    return user


def _make_user(registration: Registration) -> tuple[Person, User]:
    own = registration.kind == CustomerKind.PERSON
    person = register_person(
        given_names=registration.given_names,
        surnames=registration.surnames,
        email=registration.email,
        phone=registration.phone,
        document_type=registration.tax_id_type if own else "",
        document_number=registration.tax_id if own else "",
        language=registration.language,
    )
    return person, create_user(person=person, email=registration.email, password=registration.password)


def _open_company(customer: Customer, person: Person, user: User) -> None:
    contact = make_contact(customer, person)
    give_grant(user=user, role=Role.CUSTOMER_ADMIN, customer_id=customer.pk, by=user)
    trail.record(
        "customers.customer_registered",
        customer,
        by=user,
        visibility="client",
        document=DocumentType(customer.tax_id_type).name,
        contact=contact.pk,
    )


def _ask_to_enter(customer: Customer, person: Person, user: User) -> None:
    contact = make_contact(customer, person, status=ContactStatus.WAITING)
    trail.record("customers.access_asked", contact, by=user, visibility="client", name=person.name)


@action
def tell_who_waits(*, user: User) -> None:
    """Tell the administrators of a known company who asks to enter, once its address is confirmed and not before."""
    for contact in queries.own_waiting_contacts(user).select_related("person"):
        for administrator in queries.administrators_of(contact.customer):
            post(notices.somebody_waits(contact, administrator))
