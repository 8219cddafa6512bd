"""What customers add to the search, the inbox and a person's own data."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from komaq.accounts.actions import note_reading
from komaq.accounts.choices import AccessDeed, Permission
from komaq.accounts.models import Person, User
from komaq.core import registry
from komaq.customers import queries, rules
from komaq.customers.actions import add_contact, add_customer, forget_person
from komaq.customers.choices import RESPONSE_PRIORITIES
from komaq.customers.forms import CONTACTS, CUSTOMERS, contact_rows, customer_rows


def find(user: User, words: str) -> Iterator[registry.SearchHit]:
    """Customers by name or number."""
    rows = queries.filter_customers(queries.customers_visible_to(user), q=words).order_by("sort_key", "pk")
    for customer in rows[:8]:
        yield registry.SearchHit("building", customer.short_name, customer.tax_id, customer.get_absolute_url())


def people_who_wait(user: User) -> Iterator[registry.InboxItem]:
    """People who want to enter a company that is known already."""
    if not rules.can_manage_customers(user):
        return
    for contact in queries.waiting_contacts(user)[:50]:
        yield registry.InboxItem(
            kind="customers.contact",
            icon="user",
            code=contact.customer.tax_id,
            title=_("%(name)s asks for access") % {"name": contact.name},
            detail=contact.customer.short_name,
            url=contact.customer.get_absolute_url(),
            status=contact.get_status_display(),
        )


def own_data(person: Person) -> dict:
    """The companies a person speaks for."""
    ties = [
        {
            "customer": tie.customer.name,
            "title": tie.title,
            "status": tie.status,
            "since": tie.created_at.isoformat(),
        }
        for tie in queries.contacts_with_person(person)
    ]
    return {"contacts": ties}


def customer_facts(user: User, since: datetime.datetime | None) -> Iterator[dict]:
    """Customers as rows of a file."""
    names = ("tax_id", "tax_id_type", "kind", "name", "trade_name", "email", "phone", "address")
    for each in queries.customers_since(user, since).iterator(chunk_size=500):
        hours = {f"hours_{code}": each.response_hours.get(code, "") for code, _label in RESPONSE_PRIORITIES}
        yield {**{name: getattr(each, name) for name in names}, **hours}


def contact_facts(user: User, since: datetime.datetime | None) -> Iterator[dict]:
    """Contacts as rows of a file."""
    for each in queries.contacts_since(user, since).iterator(chunk_size=500):
        person = each.person
        yield {
            "customer": each.customer.tax_id,
            "given_names": person.given_names,
            "surnames": person.surnames,
            "title": each.title,
            "email": person.email,
            "phone": person.phone,
        }


registry.sheets["customers"] = registry.Sheet(
    columns=CUSTOMERS,
    forms=customer_rows,
    add=lambda form, user: add_customer(by=user, **form.facts),
    key=lambda data: (data["tax_id_type"], data["tax_id"]),
    rows=customer_facts,
    may_import=rules.can_manage_customers,
    may_export=lambda user: user.has(Permission.SEE_ALL_ORDERS),
)
registry.sheets["contacts"] = registry.Sheet(
    columns=CONTACTS,
    forms=contact_rows,
    add=lambda form, user: add_contact(by=user, **form.cleaned_data),
    key=lambda data: (data["customer"].pk, data["given_names"], data["surnames"], data["email"]),
    rows=contact_facts,
    may_import=rules.can_manage_customers,
    may_export=lambda user: user.has(Permission.SEE_ALL_ORDERS),
    noted=lambda user: note_reading(deed=AccessDeed.EXPORTED, by=user),
)
registry.searches.append((_("Customers"), find))
registry.inbox.append(people_who_wait)
registry.personal_data.append(own_data)
registry.erasures.append(forget_person)
