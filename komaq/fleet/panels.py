"""What machines add to the customer's page and to the search."""

import datetime
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import OFFICE, Permission
from komaq.accounts.models import User
from komaq.core import clock, registry
from komaq.core.refusals import Refusal
from komaq.customers.models import Customer
from komaq.fleet import actions, queries, rules
from komaq.fleet.choices import ReadingSource
from komaq.fleet.forms import MACHINES, MachineRow, machine_rows

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


def machine_facts(user: User, since: datetime.datetime | None) -> Iterator[dict]:
    """Machines as rows of a file."""
    own = ("serial", "fleet_number", "plate", "year", "engine", "status", "meter_unit")
    for each in queries.machines_since(user, since).iterator(chunk_size=500):
        yield {
            **{name: getattr(each, name) for name in own},
            "customer": each.customer.tax_id,
            "brand": each.model.brand,
            "name": each.model.name,
            "type": each.model.type,
            "site": each.site.name if each.site else "",
            "meter": "" if each.meter is None else f"{each.meter.normalize():f}",
            "meter_at": each.meter_at.astimezone(clock.LIMA).strftime("%Y-%m-%dT%H:%M:%S") if each.meter_at else "",
        }


def add_row(form: MachineRow, user: User) -> None:
    """A machine with what its meter shows and how it is, in the import's transaction. Raises Refusal."""
    data = form.cleaned_data
    machine = actions.add_machine(by=user, **form.facts)
    try:
        if data["meter"] is not None:
            reading = {"value": data["meter"], "read_at": data["meter_at"], "source": ReadingSource.OFFICE}
            actions.record_reading(machine=machine, by=user, **reading)
    except Refusal as refusal:
        refusal.field = {"value": "meter", "read_at": "meter_at"}.get(refusal.field or "")
        raise
    actions.set_status(machine=machine, status=data["status"], by=user)


def key_of(data: dict) -> tuple:
    """Two rows about one machine: model and serial, however written."""
    return tuple("".join(data[name].casefold().split()) for name in ("brand", "name", "serial"))


registry.sheets["machines"] = registry.Sheet(
    columns=MACHINES,
    forms=machine_rows,
    add=add_row,
    key=key_of,
    rows=machine_facts,
    may_import=rules.can_manage_machines,
    may_export=lambda user: user.has(Permission.SEE_ALL_ORDERS),
)
registry.searches.append((_("Machines"), find))
registry.add_panel(registry.Panel("customers.customer", OFFICE, of_customer, "fleet/_of_customer.html", order=20))
