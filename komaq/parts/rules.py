"""Who may do what with parts and stock, and the arithmetic of cost."""

import re
from decimal import Decimal

from komaq.accounts.choices import Permission
from komaq.accounts.models import User
from komaq.core.money import round_half_up
from komaq.parts.models import Holding

COST_PLACES = 10


def can_see_parts(user: User) -> bool:
    """The office and technicians; clients see parts only where an order shows them."""
    return user.has(Permission.SEE_ALL_ORDERS) or user.has(Permission.DO_WORK)


def can_see_price(user: User) -> bool:
    """What a client pays for a part is for the office alone."""
    return user.has(Permission.SEE_ALL_ORDERS)


def can_see_cost(user: User) -> bool:
    """What parts cost is for whoever buys, sells, keeps the books or decides; never for clients or technicians."""
    return any(
        user.has(each)
        for each in (Permission.MANAGE_PARTS, Permission.SELL, Permission.MANAGE_MONEY, Permission.SEE_AUDIT)
    ) and user.has(Permission.SEE_ALL_ORDERS)


def can_manage_parts(user: User) -> bool:
    return user.has(Permission.MANAGE_PARTS)


def number_key(number: str) -> str:
    """A maker's number without case and punctuation: 12R-0317 and 12r 0317 are one."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())[:40]


def average_cost(quantity: Decimal, value: Decimal) -> Decimal | None:
    """The moving weighted average per unit in PEN; None for what is not held (PRT-3)."""
    return round_half_up(value / quantity, COST_PLACES) if quantity else None


def cost_of(holding: Holding) -> Decimal | None:
    """What a unit costs in PEN: the moving average of what is held, else what it cost last; None when never bought."""
    average = average_cost(holding.quantity, holding.value)
    return holding.last_cost if average is None else average


def plain(value: Decimal | None) -> Decimal | None:
    """A number without zeros behind its point that say nothing."""
    return None if value is None else Decimal(f"{value.normalize():f}")


def value_out(quantity: Decimal, *, held: Decimal, value: Decimal) -> Decimal:
    """The value that leaves with `quantity` of what is held: its share, and all of it with the last piece."""
    return value if quantity == held else round_half_up(value * quantity / held, COST_PLACES)


def value_in(quantity: Decimal, unit_cost: Decimal) -> Decimal:
    """The value that comes in with `quantity` at a unit cost in PEN."""
    return round_half_up(quantity * unit_cost, COST_PLACES)
