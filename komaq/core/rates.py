"""Dated exchange rates to the sol."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from komaq.core.models import ExchangeRate
from komaq.core.refusals import Refusal

BASE = "PEN"


class NoRate(Refusal):
    """Nobody has noted a rate for the currency yet."""

    message = _("Note the exchange rate of that currency first.")
    field = "currency"


def rate_on(currency: str, day: datetime.date) -> tuple[Decimal, datetime.date]:
    """Soles for one unit of a currency on a day, and the day that rate is of. Raises NoRate."""
    if currency == BASE:
        return Decimal(1), day
    found = ExchangeRate.objects.filter(currency=currency, on__lte=day).order_by("-on").first()
    if found is None:
        raise NoRate
    return found.sell, found.on
