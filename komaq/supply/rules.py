"""Who may buy and approve, and the arithmetic of a purchase."""

from decimal import Decimal

from komaq.accounts.choices import OFFICE_ROLES, Permission, Role
from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.money import round_half_up
from komaq.supply.choices import APPROVAL_LIMIT_PEN, PURCHASE_STEPS, RECEIVABLE
from komaq.supply.models import PurchaseLine, PurchaseOrder


def can_buy(user: User) -> bool:
    return user.has(Permission.MANAGE_PARTS)


def can_approve_purchase(user: User) -> bool:
    return user.holds(Role.MANAGER)


def can_see_supply(user: User) -> bool:
    return user.holds(*OFFICE_ROLES)


# Purchase orders


def amount(quantity: Decimal, price: Decimal) -> Decimal:
    """What a line costs without tax, in céntimos of its currency."""
    return round_half_up(quantity * price, 2)


def in_soles(value: Decimal, rate: Decimal) -> Decimal:
    """An amount in soles at so many soles per unit of its currency."""
    return round_half_up(value * rate, 2)


def unit_cost(price: Decimal, rate: Decimal) -> Decimal:
    """What a piece costs in soles, with ten places: what stock is valued at."""
    return round_half_up(price * rate, 10)


def needs_approval(total_pen: Decimal) -> bool:
    """Whether an order of so many soles waits for a manager (PUR-1)."""
    return total_pen > APPROVAL_LIMIT_PEN


def may_approve(user: User, purchase: PurchaseOrder) -> bool:
    """A manager approves what another person wrote: whoever asks for the money does not grant it too."""
    return can_approve_purchase(user) and user.pk != purchase.made_by_id


def has_step(purchase: PurchaseOrder, to: str) -> bool:
    """Whether the table of steps leads there from the order's state."""
    return to in PURCHASE_STEPS.get(purchase.state, ())


def is_late(line: PurchaseLine, state: str) -> bool:
    """Whether a line was promised for a day that is over and has not come in full."""
    waits = state in RECEIVABLE and line.received < line.quantity
    return waits and line.promised_on is not None and line.promised_on < clock.today()
