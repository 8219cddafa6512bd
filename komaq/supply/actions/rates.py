"""What a dollar costs: noted by day, kept for ever."""

import datetime
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action
from komaq.core.models import ExchangeRate
from komaq.core.money import round_half_up
from komaq.core.refusals import BadInput, require
from komaq.supply import rules
from komaq.supply.actions.prices import NoSuchDay

PLACES = 3
HIGHEST = Decimal(100)


class BadRate(BadInput):
    message = _("Write the rate with at most three decimals, for example 3.752.")
    field = "sell"


@action
def note_rate(*, currency: str, sell: Decimal, by: User, on: datetime.date | None = None) -> ExchangeRate:
    """Note the selling rate in soles of a day, by default today; a day noted before is corrected, and both are told.

    Documents keep the rate they were made at. Raises NotAllowed, BadRate, NoSuchDay.
    """
    require(rules.can_note_rates(by))
    require(0 < sell < HIGHEST and sell == round_half_up(sell, PLACES), else_=BadRate())
    day = on or clock.today()
    require(rules.has_come(day), else_=NoSuchDay())
    now = {"sell": sell, "noted_by_id": by.pk, "noted_at": clock.now()}
    rate, is_new = ExchangeRate.objects.select_for_update().get_or_create(currency=currency, on=day, defaults=now)
    before = None if is_new else rate.sell
    if before == sell:
        return rate
    if not is_new:
        for name, value in now.items():
            setattr(rate, name, value)
        rate.save()
    trail.record("supply.rate_noted", rate, by=by, currency=currency, on=day, before=before, sell=sell)
    return rate
