"""What a supplier asks for a part: the last price, and each one that was ever said."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Refusal, require
from komaq.parts.models import Part
from komaq.supply import rules
from komaq.supply.choices import PriceSource
from komaq.supply.models import PriceRecord, Supplier, SupplierPart


class BadPrice(BadInput):
    message = _("Write a price of zero or more.")
    field = "price"


class BadQuantity(BadInput):
    message = _("Write a quantity above zero.")
    field = "least"


class NoSuchDay(BadInput):
    """A day to come, or one before there was anything to note."""

    message = _("Choose today or a day before.")
    field = "on"


class PartOutOfUse(Refusal):
    """No price list is noted for what is bought no more."""

    message = _("This part is out of use. Choose one that stands in for it.")
    field = "part"


@action
def note_price(
    *,
    supplier: Supplier,
    part: Part,
    price: Decimal,
    currency: str,
    source: str,
    by: User | None,
    source_id: object = "",
    on: datetime.date | None = None,
    their_number: str | None = None,
    lead_days: int | None = None,
    least: Decimal | None = None,
) -> SupplierPart:
    """Note a price per unit without tax, of today or of `on`; what is None stays as it was known.

    The same price of the same source and day is noted once; an older one goes into the history and leaves the newer
    alone. A price list is noted by whoever buys; offers and purchases by what makes them (`by` None: the supplier).
    Raises NotAllowed, BadPrice, BadQuantity, NoSuchDay, PartOutOfUse.
    """
    require(_may_note(source, by))
    require(price >= 0, else_=BadPrice())
    require(least is None or least > 0, else_=BadQuantity())
    require(part.is_open or source != PriceSource.LIST, else_=PartOutOfUse())
    day = on or clock.today()
    require(rules.has_come(day), else_=NoSuchDay())
    supplier = lock(supplier)
    sold, _made = SupplierPart.objects.get_or_create(supplier=supplier, part=part, defaults={"currency": currency})
    facts = {"their_number": their_number, "lead_days": lead_days, "least": least}
    facts = {name: value for name, value in facts.items() if value is not None}
    if sold.priced_on is None or day >= sold.priced_on:
        facts |= {"price": price, "currency": currency, "priced_on": day}
    for name, value in facts.items():
        setattr(sold, name, value)
    sold.save()
    told = {"price": price, "currency": currency, "source": source, "source_id": str(source_id), "on": day}
    _record, is_new = PriceRecord.objects.get_or_create(supplier=supplier, part=part, **told)
    if is_new and source == PriceSource.LIST:
        trail.record("supply.price_noted", supplier, by=by, part=str(part), price=price, currency=currency, on=day)
    return sold


def _may_note(source: str, by: User | None) -> bool:
    if source == PriceSource.LIST:
        return by is not None and rules.can_buy(by)
    return by is None or rules.can_see_supply(by)


@action
def stop_selling(*, sold: SupplierPart, by: User) -> None:
    """A supplier no longer sells a part; the prices it had stay in the history. Raises NotAllowed."""
    require(rules.can_buy(by))
    if SupplierPart.objects.filter(pk=sold.pk).delete()[0]:
        trail.record("supply.part_dropped", sold.supplier, by=by, part=str(sold.part))
