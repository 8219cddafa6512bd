"""What machines add to the customer's page and to the search."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import OFFICE
from komaq.accounts.models import User
from komaq.core import registry
from komaq.customers.models import Customer
from komaq.fleet import queries, rules

SHOWN = 12


def find(user: User, words: str) -> Iterator[registry.SearchHit]:
    """Machines by serial, code, model, fleet number or owner."""
    rows = queries.filter_machines(queries.machines_visible_to(user), q=words).order_by("sort_key", "pk")
    for machine in rows[:8]:
        note = f"{machine.customer.short_name} · {machine.get_status_display()}"
        yield registry.SearchHit("machine", f"{machine.model} · {machine.serial}", note, machine.get_absolute_url())


def of_customer(user: User, customer: Customer) -> dict:
    """The machines of a customer, for its page."""
    rows = queries.machines_visible_to(user).filter(customer=customer).order_by("sort_key", "pk")
    machines = list(rows[: SHOWN + 1])
    return {
        "machines": machines[:SHOWN],
        "more": len(machines) > SHOWN,
        "customer": customer,
        "may_change": rules.can_manage_machines(user),
    }


registry.searches.append((_("Machines"), find))
registry.add_panel(registry.Panel("customers.customer", OFFICE, of_customer, "fleet/_of_customer.html", order=20))
