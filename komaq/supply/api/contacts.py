"""The people we deal with at a supplier."""

from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.shapes import ABSENT, Email, Flag, Id, In, Key, Out, Phone, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.supply import actions, queries
from komaq.supply.choices import SUPPLY

doors = Doors(tags=["suppliers"])
SORTS = {"name": Sort("person__sort_key")}
FACTS = ("given_names", "surnames", "email", "phone")


class SupplierContactOut(Out):
    """Somebody of a supplier."""

    model_config = example(
        id="12",
        supplier="4",
        given_names="Paula",
        surnames="Ríos",
        name="Paula Ríos",
        title="Ejecutiva de ventas",
        email="paula@tracto.example",
        phone="+51987654001",
        gets_requests=True,
        is_active=True,
        version=730418222,
    )

    id: Id
    supplier: Id
    given_names: str
    surnames: str
    name: str
    title: str
    email: str
    phone: str = Field(description="In E.164.")
    gets_requests: bool = Field(description="Whether requests and orders go there.")
    is_active: bool = Field(description="False: no longer works there.")
    version: int

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(
            id=thing.pk,
            supplier=thing.supplier_id,
            is_active=thing.ended_at is None,
            **{name: getattr(thing.person, name) for name in FACTS},
            **{name: getattr(thing, name) for name in ("name", "title", "gets_requests", "version")},
        )


class SupplierContactIn(In):
    """Somebody we deal with."""

    model_config = example(given_names="Paula", surnames="Ríos", email="paula@tracto.example")

    given_names: Words(80, 1)
    surnames: Words(80) = ""
    title: Words(80) = ""
    email: Email = ""
    phone: Phone = ""
    gets_requests: Flag = True


class SupplierContactPatch(In):
    """What changes about a contact."""

    model_config = example(gets_requests=False)

    given_names: Words(80, 1) = ABSENT
    surnames: Words(80) = ""
    title: Words(80) = ""
    email: Email = ""
    phone: Phone = ""
    gets_requests: Flag = ABSENT


class SupplierContactsQuery(Query):
    """How to read contacts."""

    sort: Literal["name"] = "name"


@doors.lists("/suppliers/{supplier_id}/contacts", SUPPLY, SupplierContactOut)
def list_supplier_contacts(request: HttpRequest, supplier_id: Key, wanted: InQuery[SupplierContactsQuery]) -> Page:
    """The people we deal with at a supplier now."""
    supplier = queries.get_supplier(request.user, int(supplier_id))
    return page_of(queries.contacts_of(supplier), wanted, sorts=SORTS)


@doors.makes("/suppliers/{supplier_id}/contacts", SUPPLY, SupplierContactOut)
def add_supplier_contact(request: HttpRequest, supplier_id: Key, body: SupplierContactIn) -> Any:
    """Note somebody at a supplier.

    The same person again is the one noted before.
    """
    supplier = queries.get_supplier(request.user, int(supplier_id))
    return actions.add_supplier_contact(supplier=supplier, by=request.user, **body.given())


@doors.changes("/supplier-contacts/{supplier_contact_id}", SUPPLY, SupplierContactOut)
def change_supplier_contact(request: HttpRequest, supplier_contact_id: Key, body: SupplierContactPatch) -> Any:
    """Correct a contact."""
    contact = queries.get_contact(request.user, int(supplier_contact_id))
    kept = {name: getattr(contact.person, name) for name in FACTS}
    facts = {**kept, "title": contact.title, "gets_requests": contact.gets_requests, **body.given()}
    return actions.change_supplier_contact(contact=contact, version=request.version, by=request.user, **facts)


@doors.reads("/supplier-contacts/{supplier_contact_id}", SUPPLY, SupplierContactOut)
def read_supplier_contact(request: HttpRequest, supplier_contact_id: Key) -> Any:
    """One contact of a supplier, also one that no longer works there."""
    return queries.get_contact(request.user, int(supplier_contact_id))


@doors.does("/supplier-contacts/{supplier_contact_id}/end", SUPPLY, SupplierContactOut)
def end_supplier_contact(request: HttpRequest, supplier_contact_id: Key) -> Any:
    """Somebody no longer works there; doing it twice is doing it once."""
    contact = queries.get_contact(request.user, int(supplier_contact_id))
    return actions.end_supplier_contact(contact=contact, by=request.user)
