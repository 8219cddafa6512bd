"""A supplier becomes known and its facts are kept right."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Refusal, Stale, require
from komaq.core.search import search_text, sort_key
from komaq.supply import rules
from komaq.supply.models import Supplier

SHOWN = (
    "name",
    "trade_name",
    "email",
    "phone",
    "address",
    "country",
    "currency",
    "payment_terms",
    "lead_days",
    "language",
    "is_open",
)
"""What may change; the number stays."""


class TaxIdTaken(Refusal):
    """Another supplier has that number."""

    message = _("There is already a supplier with that number.")
    field = "tax_id"


class BadTaxId(BadInput):
    """The number is none of its kind, or its country is another."""

    field = "tax_id"


class SupplierNameNeeded(BadInput):
    message = _("Write the legal name.")
    field = "name"


@action
def create_supplier(
    *,
    tax_id_type: str,
    tax_id: str,
    name: str,
    by: User,
    trade_name: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    country: str = "PE",
    currency: str = "USD",
    payment_terms: str = "",
    lead_days: int | None = None,
    language: str = "es-pe",
) -> Supplier:
    """A company that we may buy of from now on. Raises NotAllowed, TaxIdTaken, BadTaxId, SupplierNameNeeded."""
    require(rules.can_buy(by))
    supplier = Supplier(tax_id_type=tax_id_type, created_at=clock.now())
    facts = {"trade_name": trade_name, "email": email, "phone": phone, "address": address, "country": country}
    terms = {"currency": currency, "payment_terms": payment_terms, "lead_days": lead_days, "language": language}
    supplier.tax_id = _sound_number(tax_id_type, tax_id, country)
    _write(supplier, {"name": name, **facts, **terms})
    same = Supplier.objects.filter(tax_id_type=tax_id_type, tax_id=supplier.tax_id)
    require(not same.exists(), else_=TaxIdTaken())
    try:
        with transaction.atomic():
            supplier.save()
    except IntegrityError as error:
        if same.exists():
            raise TaxIdTaken from error
        raise
    trail.record("supply.supplier_added", supplier, by=by, name=supplier.name, tax_id=supplier.tax_id)
    return supplier


@action
def change_supplier(*, supplier: Supplier, version: int, by: User, **changes: object) -> Supplier:
    """Change what is kept of a supplier; what is not given stays, its number always.

    Raises NotAllowed, Stale, BadTaxId (its country), SupplierNameNeeded.
    """
    require(rules.can_buy(by))
    supplier = lock(supplier)
    require(supplier.version == version, else_=Stale(supplier))
    before = {name: getattr(supplier, name) for name in SHOWN}
    _write(supplier, {name: changes[name] for name in SHOWN if name in changes})
    changed = [name for name in SHOWN if before[name] != getattr(supplier, name)]
    if not changed:
        return supplier
    _sound_number(supplier.tax_id_type, supplier.tax_id, supplier.country)
    supplier.version += 1
    supplier.save()
    trail.record(
        "supply.supplier_changed",
        supplier,
        by=by,
        before={name: before[name] for name in changed},
        after={name: getattr(supplier, name) for name in changed},
    )
    return supplier


def _write(supplier: Supplier, facts: dict) -> None:
    for name, value in facts.items():
        setattr(supplier, name, value.strip() if isinstance(value, str) else value)
    require(bool(supplier.name), else_=SupplierNameNeeded())
    supplier.search = search_text(supplier.tax_id, supplier.name, supplier.trade_name, supplier.email)
    supplier.sort_key = sort_key(supplier.short_name)


def _sound_number(kind: str, number: str, country: str) -> str:
    try:
        rules.check_country(kind, country)
    except ValidationError as error:
        raise BadTaxId(error.messages[0], field="country") from error
    try:
        return rules.clean_tax_id(kind, number)
    except ValidationError as error:
        raise BadTaxId(error.messages[0]) from error
