"""What customers add to the search, the inbox and a person's own data."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import Person, User
from komaq.core import registry
from komaq.customers import queries, rules
from komaq.customers.actions import forget_person


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


registry.searches.append((_("Customers"), find))
registry.inbox.append(people_who_wait)
registry.personal_data.append(own_data)
registry.erasures.append(forget_person)
