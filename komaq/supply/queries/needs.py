"""What is to be bought: the requirements of orders, of minimums and those written by hand."""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from komaq.core.money import QuantityField
from komaq.core.trail import kind_of
from komaq.orders.models import PlannedPart
from komaq.parts.models import Part
from komaq.parts.queries import availability_of
from komaq.supply.choices import LIVE_NEEDS, UNDER_WAY, NeedState, QuotationState
from komaq.supply.models import PartsNeed, PurchaseLine, QuotationLine

ZERO = Decimal(0)
OF_ORDERS, OF_MINIMUMS, BY_HAND = kind_of(PlannedPart), kind_of(Part), kind_of(PartsNeed)
"""What a requirement comes from: its `source_kind`."""
FIRST_NEEDED = (F("need_by").asc(nulls_last=True), "-is_urgent", "pk")


def needs_of(parts: Iterable[Part | int], *, states: Iterable[str] = (NeedState.OPEN,)) -> dict[int, list[PartsNeed]]:
    """The requirements of some parts that are still to buy, by part, what is needed first at the front; one query.

    A part that needs nothing is there with an empty list. `states` asks for those that stand elsewhere.
    """
    keys = {part if isinstance(part, int) else part.pk for part in parts}
    found: dict[int, list[PartsNeed]] = {key: [] for key in keys}
    for need in PartsNeed.objects.filter(part__in=keys, state__in=list(states)).order_by(*FIRST_NEEDED):
        found[need.part_id].append(need)
    return found


def needs_to_ask_of(parts: Iterable[Part | int]) -> dict[int, list[PartsNeed]]:
    """The open requirements of some parts that no draft of a request holds, as `needs_of`; one query more."""
    found = needs_of(parts)
    drafts = QuotationLine.objects.filter(part__in=found, request__state=QuotationState.DRAFT)
    held = set(drafts.values_list("pk", flat=True))
    return {key: [need for need in needs if need.quotation_line_id not in held] for key, needs in found.items()}


def live_needs_of(kind: str, keys: Iterable[str]) -> QuerySet[PartsNeed]:
    """The live pieces of what some sources lack, whose purchase is at hand."""
    rows = PartsNeed.objects.filter(source_kind=kind, source_id__in=list(keys), state__in=LIVE_NEEDS)
    return rows.select_related("part", "purchase_line__purchase").order_by("pk")


def lines_with_room(part: Part | int) -> list[tuple[PurchaseLine, Decimal]]:
    """What is bought of a part and promised to nobody: the lines and how many of each, first what is surely to come."""
    rows = PurchaseLine.objects.filter(part=part, purchase__state__in=UNDER_WAY, received__lt=F("quantity"))
    bound = Sum("needs__quantity", filter=Q(needs__state=NeedState.ORDERED))
    rows = rows.annotate(bound=Coalesce(bound, Value(ZERO, output_field=QuantityField())))
    first_to_come = (F("promised_on").asc(nulls_last=True), F("purchase__sent_at").asc(nulls_last=True), "pk")
    return [(line, line.left - line.bound) for line in rows.order_by(*first_to_come) if line.left > line.bound]


def stock_to_come(part: Part) -> tuple[Decimal, Decimal]:
    """How many of a part are free now, and how many are bought for stock: beyond what orders and people asked for."""
    lines = PurchaseLine.objects.filter(part=part, purchase__state__in=UNDER_WAY, received__lt=F("quantity"))
    left = sum((line.left for line in lines), ZERO)
    spoken_for = PartsNeed.objects.filter(purchase_line__in=lines, state=NeedState.ORDERED)
    spoken_for = spoken_for.exclude(source_kind=OF_MINIMUMS).aggregate(total=Sum("quantity"))["total"] or ZERO
    return availability_of([part])[part.pk].free, max(left - spoken_for, ZERO)
