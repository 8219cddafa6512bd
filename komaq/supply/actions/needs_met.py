"""What a delivery does to the needs it was bought for."""

from collections.abc import Iterable
from decimal import Decimal

from komaq.accounts.models import User
from komaq.parts.models import Part
from komaq.parts.queries import availability_of
from komaq.supply.actions.needs import follow_purchases
from komaq.supply.actions.needs_kept import cut, lessen
from komaq.supply.choices import NeedState
from komaq.supply.models import PartsNeed, PurchaseLine
from komaq.supply.queries.needs import BY_HAND, FIRST_NEEDED


def free_of(parts: Iterable[Part]) -> dict[int, Decimal]:
    """How many of some parts are free, before and after a delivery."""
    return {key: each.free for key, each in availability_of(parts).items()}


def meet_needs(lines: Iterable[PurchaseLine], before: dict[int, Decimal], by: User) -> None:
    """After stock came in: needs it satisfies are covered; none goes on waiting for what is here.

    Orders have reserved theirs, and minimums follow the stock. What is still free of the delivery meets what was
    written by hand. A need whose goods another order took, being due earlier, hangs on another purchase of the part
    that is still to come, or is to be bought again: so nothing is bought twice and nothing is forgotten.
    """
    lines = list(lines)
    after = free_of(line.part for line in lines)
    for line in lines:
        _meet_by_hand(line, after[line.part_id] - before[line.part_id])
        cut(line)
    follow_purchases(parts=[line.part for line in lines], by=by)


def _meet_by_hand(line: PurchaseLine, came: Decimal) -> None:
    rows = PartsNeed.objects.filter(purchase_line=line, state=NeedState.ORDERED, source_kind=BY_HAND)
    for need in rows.order_by(*FIRST_NEEDED):
        came -= lessen(need, came, NeedState.COVERED)
