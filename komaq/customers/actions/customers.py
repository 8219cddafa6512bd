"""A customer becomes known and its facts are kept right."""

from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Refusal, Stale, require
from komaq.core.search import search_text, sort_key
from komaq.customers import events, rules
from komaq.customers.models import Customer


class TaxIdTaken(Refusal):
    """Another customer has that RUC or document."""

    message = _("There is already a customer with that number.")
    field = "tax_id"


@action
def add_customer(
    *,
    kind: str,
    tax_id_type: str,
    tax_id: str,
    name: str,
    trade_name: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    response_hours: dict[str, int] | None = None,
    by: User,
) -> Customer:
    """Make a company or a person a customer. Raises NotAllowed, TaxIdTaken."""
    require(rules.can_manage_customers(by))
    customer, made = make_customer(
        kind=kind,
        tax_id_type=tax_id_type,
        tax_id=tax_id,
        name=name,
        trade_name=trade_name,
        email=email,
        phone=phone,
        address=address,
        response_hours=response_hours or {},
    )
    require(made, else_=TaxIdTaken())
    trail.record("customers.customer_added", customer, by=by, name=customer.name, tax_id=customer.tax_id)
    return customer


def fill_search(customer: Customer) -> None:
    """Write what a customer is found and sorted by."""
    customer.search = search_text(customer.tax_id, customer.name, customer.trade_name)
    customer.sort_key = sort_key(customer.short_name)


def make_customer(*, tax_id_type: str, tax_id: str, **facts: object) -> tuple[Customer, bool]:
    """The customer with that number, made if unknown: two at once make one. Inside an action."""
    new = Customer(tax_id=tax_id, **facts)
    fill_search(new)
    found_by = {"search": new.search, "sort_key": new.sort_key}
    return Customer.objects.get_or_create(
        tax_id_type=tax_id_type, tax_id=tax_id, defaults={**facts, **found_by, "created_at": clock.now()}
    )


@action
def change_customer(
    *,
    customer: Customer,
    version: int,
    by: User,
    name: str,
    trade_name: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    response_hours: dict[str, int] | None = None,
) -> Customer:
    """Change what the office keeps about a customer; its number stays. Raises NotAllowed, Stale."""
    require(rules.can_manage_customers(by))
    facts = {
        "name": name,
        "trade_name": trade_name,
        "email": email,
        "phone": phone,
        "address": address,
        "response_hours": response_hours or {},
    }
    return _change(customer, version, by, facts, kind="customers.customer_changed")


@action
def correct_company(
    *,
    customer: Customer,
    version: int,
    by: User,
    trade_name: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
) -> Customer:
    """What a company may correct about itself: never its name or number. Raises NotAllowed, Stale."""
    require(rules.can_change_company(by, customer))
    facts = {"trade_name": trade_name, "email": email, "phone": phone, "address": address}
    return _change(customer, version, by, facts, kind="customers.company_corrected")


def _change(customer: Customer, version: int, by: User, facts: dict, *, kind: str) -> Customer:
    customer = lock(customer)
    require(customer.version == version, else_=Stale(customer))
    before = {name: getattr(customer, name) for name in facts if getattr(customer, name) != facts[name]}
    if not before:
        return customer
    for name, value in facts.items():
        setattr(customer, name, value)
    fill_search(customer)
    customer.version += 1
    customer.save()
    after = {name: facts[name] for name in before}
    if before.keys() & {"name", "trade_name"}:
        events.customer_renamed.send(Customer, customer=customer)
    trail.record(kind, customer, by=by, visibility="client", before=before, after=after)
    return customer
