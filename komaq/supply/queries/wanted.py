"""What an order for needs begins with: the needs merged by part, and whom they are bought of."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from komaq.accounts.models import User
from komaq.parts.models import Part
from komaq.supply import rules
from komaq.supply.choices import TO_BUY
from komaq.supply.models import PartsNeed, Supplier, SupplierPart
from komaq.supply.queries.needs import needs_of


@dataclass(frozen=True)
class Wanted:
    """How many of a part all these needs ask for, by when, and what the supplier last asked for it."""

    part: Part
    quantity: Decimal
    need_by: datetime.date | None
    needs: tuple[PartsNeed, ...]
    price: Decimal | None


def needs_named(user: User, keys: Iterable[str]) -> list[PartsNeed]:
    """The needs that are still to be bought, by keys as an address gives them; what is none is left out."""
    if not rules.can_buy(user):
        return []
    known = [int(key) for key in keys if key.isascii() and key.isdecimal() and len(key) < 18]
    rows = PartsNeed.objects.filter(pk__in=known, state__in=TO_BUY)
    return list(rows.select_related("part").order_by("part__sort_key", "pk"))


def needs_to_buy(user: User, parts: Iterable[int], states: Iterable[str]) -> list[PartsNeed]:
    """What is still to buy of some parts and stands in one of these states."""
    if not rules.can_buy(user):
        return []
    found = needs_of(parts, states=TO_BUY.intersection(states))
    return [need for needs in found.values() for need in needs]


def wanted_of(needs: Iterable[PartsNeed], supplier: Supplier | None) -> list[Wanted]:
    """Needs merged by part, in the order of their names."""
    by_part: dict[int, list[PartsNeed]] = {}
    for need in needs:
        by_part.setdefault(need.part_id, []).append(need)
    sold = SupplierPart.objects.filter(supplier=supplier, part__in=by_part) if supplier else []
    prices = {each.part_id: each.price for each in sold}
    return [_merged(each, prices.get(key)) for key, each in by_part.items()]


def _merged(needs: list[PartsNeed], price: Decimal | None) -> Wanted:
    days = [need.need_by for need in needs if need.need_by]
    total = sum((need.quantity for need in needs), Decimal(0))
    return Wanted(needs[0].part, total, min(days) if days else None, tuple(needs), price)


def suggested_supplier(user: User, needs: Iterable[PartsNeed]) -> Supplier | None:
    """The open supplier that sells most of these parts."""
    if not rules.can_see_supply(user):
        return None
    rows = SupplierPart.objects.filter(part__in={need.part_id for need in needs}, supplier__is_open=True)
    sells = Counter(rows.values_list("supplier_id", flat=True))
    best = sorted(sells.items(), key=lambda each: (-each[1], each[0]))
    return Supplier.objects.get(pk=best[0][0]) if best else None
