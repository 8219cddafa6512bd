"""Who may do what with suppliers and purchases, the numbers companies are known by, the arithmetic of a purchase."""

import datetime
import re
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import Permission, Role
from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.money import round_half_up
from komaq.core.peru import clean_ruc
from komaq.parts.models import Part
from komaq.parts.rules import can_see_cost
from komaq.supply.choices import (
    APPROVAL_LIMIT_PEN,
    IGV_PERCENT,
    PURCHASE_STEPS,
    RECEIVABLE,
    Country,
    SupplierDocument,
)
from komaq.supply.models import PurchaseLine, PurchaseOrder

FOREIGN = re.compile(r"[0-9A-Z]{4,15}")
CCI = re.compile(r"[0-9]{20}")
NUMBER = re.compile(r"[0-9A-Z]{4,30}")
CAPTIONED = re.compile(r"(.*) \[(-|[0-9]{4}-[0-9]{2}-[0-9]{2})\]", re.DOTALL)
CAPTION = 160
FIRST_DAY = datetime.date(2000, 1, 1)


def can_see_supply(user: User) -> bool:
    """Suppliers, what they ask and what was bought: for whoever buys, sells, keeps the books or decides."""
    return can_see_cost(user)


def can_buy(user: User) -> bool:
    """Keep suppliers, ask for quotations, order and receive."""
    return user.has(Permission.MANAGE_PARTS)


def can_approve_purchase(user: User) -> bool:
    return user.holds(Role.MANAGER)


def can_see_accounts(user: User) -> bool:
    """Read the whole number of a supplier's bank account; others see its end."""
    return can_see_supply(user) and (user.has(Permission.MANAGE_PARTS) or user.has(Permission.MANAGE_MONEY))


def can_note_rates(user: User) -> bool:
    """Say what a dollar costs today."""
    return can_buy(user) or user.has(Permission.MANAGE_MONEY) or can_approve_purchase(user)


# Numbers


def has_come(day: datetime.date) -> bool:
    """Whether a price or a rate may be of that day: today or before, and no slip of the keyboard."""
    return FIRST_DAY <= day <= clock.today()


def clean_tax_id(kind: str, value: str) -> str:
    """A supplier's number in its canonical form. Raises ValidationError that says what is wrong."""
    if kind == SupplierDocument.RUC:
        return clean_ruc(value)
    number = re.sub(r"[\s./-]", "", value).upper()
    if not FOREIGN.fullmatch(number):
        raise ValidationError(_("A foreign tax number has 4 to 15 letters or digits."))
    return number


def check_country(kind: str, country: str) -> None:
    """A RUC is Peruvian and nothing else is. Raises ValidationError."""
    if (kind == SupplierDocument.RUC) != (country == Country.PE):
        raise ValidationError(_("With a RUC the country is Peru; with a foreign number it is another."))


def clean_account(value: str) -> str:
    """The number of an account, blanks and dashes aside. Raises ValidationError."""
    number = re.sub(r"[\s.-]", "", value).upper()
    if not NUMBER.fullmatch(number):
        raise ValidationError(_("An account has 4 to 30 letters or digits."))
    return number


def clean_cci(value: str) -> str:
    """An interbank code, or nothing. Raises ValidationError."""
    digits = re.sub(r"[\s.-]", "", value)
    if digits and not CCI.fullmatch(digits):
        raise ValidationError(_("An interbank code (CCI) has 20 digits."))
    return digits


def caption_of(title: str, ends_on: datetime.date | None) -> str:
    """What a supplier's paper is and when it ends, as its file keeps both: "ISO 9001 [2027-03-31]"."""
    end = f" [{ends_on.isoformat() if ends_on else '-'}]"
    return f"{title.strip()[: CAPTION - len(end)]}{end}"


def paper_of(caption: str) -> tuple[str, datetime.date | None]:
    """The two halves of a caption."""
    found = CAPTIONED.fullmatch(caption)
    if found is None:
        return caption, None
    return found[1], None if found[2] == "-" else datetime.date.fromisoformat(found[2])


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


def bears_tax(purchase: PurchaseOrder) -> bool:
    """Whether IGV comes on top: of suppliers in Peru; what is imported pays it at customs."""
    return purchase.supplier.country == Country.PE


def tax_of(total: Decimal) -> Decimal:
    """The IGV of an amount without tax."""
    return round_half_up(total * IGV_PERCENT / 100, 2)


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


# Requirements


def minimum_of(part: Part) -> Decimal | None:
    """How few of a part may be left before more is bought; none for what is not kept in stock."""
    return part.minimum if part.is_open else None


def wanted_for_stock(part: Part, *, free: Decimal, coming: Decimal, ordered: Decimal) -> Decimal:
    """How many of a part its minimum asks for, what is `ordered` for it included.

    At the minimum or below, counting what is `coming` for stock: all that lacks up to the maximum (without one, up to
    the minimum). Above it: no more than is ordered, and of that what still has room.
    """
    minimum = minimum_of(part)
    if minimum is None:
        return Decimal(0)
    lacking = max((part.maximum or minimum) - free, Decimal(0))
    return lacking if free + coming <= minimum else min(ordered, lacking)
