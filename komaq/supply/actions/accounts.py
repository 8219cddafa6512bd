"""Where a supplier is paid. Who pays whom is worth money: each change stands in the supplier's history."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Refusal, require
from komaq.supply import rules
from komaq.supply.choices import AccountKind, Currency
from komaq.supply.models import Supplier, SupplierAccount


class AccountKnown(Refusal):
    """The same account of the same bank is there."""

    message = _("That account is noted already.")
    field = "number"


class BadAccount(BadInput):
    """The number or the code is none, or the account cannot be of that currency."""


@action
def add_account(
    *, supplier: Supplier, bank: str, kind: str, currency: str, number: str, by: User, cci: str = ""
) -> SupplierAccount:
    """Note where a supplier is paid. Raises NotAllowed, AccountKnown, BadAccount."""
    require(rules.can_see_accounts(by))
    supplier = lock(supplier)
    number, cci = _sound("number", number), _sound("cci", cci)
    in_soles = kind != AccountKind.DETRACTION or currency == Currency.PEN
    require(in_soles, else_=BadAccount(_("A detraction account is in soles."), field="currency"))
    known = SupplierAccount.objects.filter(supplier=supplier, bank=bank, number=number, ended_at=None)
    require(not known.exists(), else_=AccountKnown())
    account = SupplierAccount.objects.create(
        supplier=supplier, bank=bank, kind=kind, currency=currency, number=number, cci=cci
    )
    trail.record("supply.account_added", supplier, by=by, bank=bank, currency=currency, number=account.masked)
    return account


@action
def end_account(*, account: SupplierAccount, by: User) -> SupplierAccount:
    """The supplier is no longer paid there; twice is once. Raises NotAllowed."""
    require(rules.can_see_accounts(by))
    account = lock(account)
    if account.ended_at is None:
        account.ended_at = clock.now()
        account.save(update_fields=["ended_at"])
        facts = {"bank": account.bank, "currency": account.currency, "number": account.masked}
        trail.record("supply.account_ended", account.supplier, by=by, **facts)
    return account


def _sound(field: str, value: str) -> str:
    try:
        return rules.clean_cci(value) if field == "cci" else rules.clean_account(value)
    except ValidationError as error:
        raise BadAccount(error.messages[0], field=field) from error
