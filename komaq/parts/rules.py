"""Who may do what with parts and stock, and the arithmetic of cost."""

import re
from decimal import Decimal

from komaq.accounts.choices import Permission
from komaq.accounts.models import User
from komaq.core.money import round_half_up
from komaq.core.versions import fingerprint
from komaq.parts.models import Holding, Stock, Warehouse

COST_PLACES = 10
MOST_COST = Decimal(9_999_999)
"""The most a unit may cost, in PEN."""
MOST_VALUE = Decimal(900_000_000)
"""The most that may be held of a part, in PEN: ten decimals leave no room for more."""


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


def version_of(warehouse: Warehouse) -> int:
    """What a warehouse's values were read at: another number when any of them is another."""
    return fingerprint(warehouse.code, warehouse.name, warehouse.kind, warehouse.keeper_id, warehouse.is_open)


def can_revalue(user: User) -> bool:
    """A later cost comes from whoever buys or keeps the books."""
    return user.has(Permission.MANAGE_PARTS) or user.has(Permission.MANAGE_MONEY)


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


def worth_of(stock: Stock) -> Decimal:
    """What a stock is worth at the moving average, in PEN."""
    holding = stock.part.holding
    return value_out(stock.on_hand, held=holding.quantity, value=holding.value) if holding.quantity else Decimal(0)
