"""The people of a customer: whom one speaks with, and who may enter as what."""

from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import CLIENT_ADMINS, CLIENTS, OFFICE, Role
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Email, Id, In, Key, Moment, NeededEmail, Out, Phone, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.core.refusals import NotFound
from komaq.customers import actions, queries, rules
from komaq.customers.choices import ContactStatus

doors = Doors(tags=["contacts"])
SORTS = {"name": Sort("person__sort_key"), "newest": Sort("created_at", descending=True)}
FACTS = ("given_names", "surnames", "email", "phone")
READERS, KEEPERS = either(OFFICE, CLIENTS), either(OFFICE, CLIENT_ADMINS)


class ContactOut(Out):
    """Somebody of a customer, and what it may do for it when it signs in."""

    model_config = example(
        id="9",
        customer="7",
        given_names="Rosa María",
        surnames="Quispe Flores",
        name="Rosa María Quispe Flores",
        title="Jefa de mantenimiento",
        email="rosa@andinos.example",
        phone="+51987654321",
        status="active",
        signs_in=True,
        role="customer_member",
        sites=["3"],
        version=730418222,
        created_at="2026-01-12T15:00:00Z",
    )

    id: Id
    customer: Id
    given_names: str
    surnames: str
    name: str
    title: str = Field(description="What it is in its company.")
    email: str
    phone: str = Field(description="In E.164.")
    status: ContactStatus
    signs_in: bool
    role: Role | None = Field(description="Null for who does not sign in or waits.")
    sites: list[Id] = Field(description="The sites it is held to; none is the whole company.")
    version: int
    created_at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        access = thing if isinstance(thing, queries.Access) else queries.access_of(thing)
        contact = access.contact
        return cls(
            id=contact.pk,
            customer=contact.customer_id,
            signs_in=access.has_user,
            role=access.role or None,
            sites=[site.pk for site in access.sites],
            **{name: getattr(contact.person, name) for name in FACTS},
            **{name: getattr(contact, name) for name in ("name", "title", "status", "version", "created_at")},
        )


class ContactIn(In):
    """Somebody to speak with."""

    model_config = example(given_names="Rosa María", surnames="Quispe Flores", phone="987 654 321")

    given_names: Words(80, 1)
    surnames: Words(80, 1)
    title: Words(80) = ""
    email: Email = ""
    phone: Phone = ""


class ContactPatch(In):
    """What changes about a contact; who signs in keeps its own names and addresses."""

    model_config = example(title="Jefa de planta")

    given_names: Words(80, 1) = ABSENT
    surnames: Words(80, 1) = ABSENT
    title: Words(80) = ""
    email: Email = ""
    phone: Phone = ""


class AccessIn(In):
    """What a person may do for its company, and where."""

    model_config = example(role="customer_member", site="3")

    role: Literal["customer_member", "customer_admin"] = "customer_member"
    site: Key | None = Field(None, description="The one site it sees; null is the whole company.")


class InviteIn(AccessIn):
    """Somebody of the company who shall enter."""

    model_config = example(
        given_names="Rosa María", surnames="Quispe Flores", email="rosa@andinos.example", role="customer_member"
    )

    given_names: Words(80, 1)
    surnames: Words(80, 1)
    email: NeededEmail
    phone: Phone = ""
    title: Words(80) = ""


class ContactsQuery(Query):
    """Whom to list."""

    status: Literal["active", "waiting"] = Field(
        "active", description="`waiting`: who asks to enter, for those who may decide."
    )
    sort: Literal["name", "newest"] = "name"


@doors.lists("/customers/{customer_id}/contacts", READERS, ContactOut)
def list_contacts(request: HttpRequest, customer_id: Key, wanted: InQuery[ContactsQuery]) -> Page:
    """The people of a customer."""
    user = request.user
    customer = queries.get_customer(user, int(customer_id))
    waiting = wanted.status == ContactStatus.WAITING
    rows = queries.waiting_contacts(user, customer) if waiting else queries.contacts_of(user, customer)
    page = page_of(rows.select_related("person__user", "customer"), wanted, sorts=SORTS)
    page.items = queries.accesses(page.items, customer)
    return page


@doors.reads("/contacts/{contact_id}", READERS, ContactOut)
def read_contact(request: HttpRequest, contact_id: Key) -> Any:
    """One contact. Who waits or has ended is shown to those who look after the company's people."""
    contact = queries.get_contact(request.user, int(contact_id))
    if contact.status != ContactStatus.ACTIVE and not rules.can_change_company(request.user, contact.customer):
        raise NotFound
    return contact


@doors.makes("/customers/{customer_id}/contacts", OFFICE, ContactOut)
def add_contact(request: HttpRequest, customer_id: Key, body: ContactIn) -> Any:
    """Note somebody to speak with.

    It cannot sign in. The same person again is the one noted before.
    """
    customer = queries.get_customer(request.user, int(customer_id))
    return actions.add_contact(customer=customer, by=request.user, **body.given())


@doors.changes("/contacts/{contact_id}", OFFICE, ContactOut)
def change_contact(request: HttpRequest, contact_id: Key, body: ContactPatch) -> Any:
    """Correct a contact."""
    contact = queries.get_contact(request.user, int(contact_id))
    kept = {name: getattr(contact.person, name) for name in FACTS}
    facts = {**kept, "title": contact.title, **body.given()}
    return actions.change_contact(contact=contact, version=request.version, by=request.user, **facts)


@doors.makes("/customers/{customer_id}/contacts/invite", KEEPERS, ContactOut)
def invite_contact(request: HttpRequest, customer_id: Key, body: InviteIn) -> Any:
    """Give somebody access by e-mail.

    A letter leads to choosing a password; who signs in elsewhere already gets one more company.
    """
    user = request.user
    customer = queries.get_customer(user, int(customer_id))
    facts = {**body.given(), "role": body.role, "site": _site(user, customer, body)}
    return actions.invite_person(customer=customer, by=user, **facts)


@doors.does("/contacts/{contact_id}/approve", KEEPERS, ContactOut)
def approve_contact(request: HttpRequest, contact_id: Key, body: AccessIn) -> Any:
    """Let a waiting person in; doing it twice is doing it once."""
    user = request.user
    contact = queries.get_contact(user, int(contact_id))
    site = _site(user, contact.customer, body)
    return actions.approve_contact(contact=contact, role=body.role, site=site, by=user)


@doors.does("/contacts/{contact_id}/refuse", KEEPERS, ContactOut)
def refuse_contact(request: HttpRequest, contact_id: Key) -> Any:
    """Turn a waiting person away."""
    return actions.refuse_contact(contact=queries.get_contact(request.user, int(contact_id)), by=request.user)


@doors.does("/contacts/{contact_id}/access", KEEPERS, ContactOut)
def change_access(request: HttpRequest, contact_id: Key, body: AccessIn) -> Any:
    """Change what somebody may do for its company."""
    user = request.user
    contact = queries.get_contact(user, int(contact_id))
    site = _site(user, contact.customer, body)
    return actions.change_access(contact=contact, role=body.role, site=site, by=user)


@doors.does("/contacts/{contact_id}/end", KEEPERS, ContactOut)
def end_contact(request: HttpRequest, contact_id: Key) -> Any:
    """Somebody no longer speaks for the company: its access there ends at once."""
    return actions.end_contact(contact=queries.get_contact(request.user, int(contact_id)), by=request.user)


def _site(user: Any, customer: Any, body: AccessIn) -> Any:
    return found("site", queries.get_open_site, user, customer, int(body.site)) if body.site else None
