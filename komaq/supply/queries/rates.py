"""Reads of exchange rates."""

from django.db.models import QuerySet

from komaq.accounts.models import User
from komaq.core.models import ExchangeRate
from komaq.supply import rules


def rates_visible_to(user: User) -> QuerySet[ExchangeRate]:
    """Every rate that was noted, for whoever may see what things cost."""
    return ExchangeRate.objects.all() if rules.can_see_supply(user) else ExchangeRate.objects.none()


def names_of(rates: list[ExchangeRate]) -> dict[int, str]:
    """Who noted some rates, by key."""
    users = User.objects.filter(pk__in={rate.noted_by_id for rate in rates}).select_related("person")
    return {user.pk: user.name for user in users}
