"""Whom of the staff news of purchases concern."""

from komaq.accounts.models import User
from komaq.accounts.queries import active_staff
from komaq.supply import rules


def buyers() -> list[User]:
    """Who buys and receives."""
    return [user for user in active_staff() if rules.can_buy(user)]


def approvers() -> list[User]:
    """Who grants what is above the limit."""
    return [user for user in active_staff() if rules.can_approve_purchase(user)]
