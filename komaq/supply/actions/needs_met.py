"""What a delivery does to the needs it was bought for."""

from decimal import Decimal

from django.db.models import F

from komaq.core import clock
from komaq.core.trail import kind_of
from komaq.orders.models import PlannedPart
from komaq.orders.queries.parts import shortage_of
from komaq.parts.models import Part
from komaq.supply.choices import LIVE_NEEDS, ON_ORDER, NeedState
from komaq.supply.models import PartsNeed, PurchaseLine, PurchaseOrder

ZERO = Decimal(0)
ORDERS, MINIMUMS = kind_of(PlannedPart), kind_of(Part)


def meet_needs(purchase: PurchaseOrder, accepted: dict[int, Decimal]) -> None:
    """After stock came in: needs it satisfies are covered; none goes on waiting for a line that is complete.

    What orders wait for follows from what is now reserved for them; a minimum is met by quantity. A need whose goods
    another order took, being due earlier, hangs on another purchase of the part that is still to come, or is to be
    bought again: so nothing is bought twice and nothing is forgotten.
    """
    for line in purchase.lines.filter(pk__in=accepted).select_related("part").order_by("pk"):
        _meet_orders(line.part)
        _meet_minimum(line, accepted[line.pk])
        if not line.is_open:
            for need in _waiting(line):
                _hang_elsewhere(need)


def _meet_orders(part: Part) -> None:
    """The needs of service orders, as short as their planned parts still are."""
    needs = list(PartsNeed.objects.filter(part=part, source_kind=ORDERS, state__in=LIVE_NEEDS).order_by("pk"))
    planned = PlannedPart.objects.in_bulk([int(need.source_id) for need in needs])
    for need in needs:
        known = planned.get(int(need.source_id))
        short = shortage_of(known) if known and known.dropped_at is None else ZERO
        if short > ZERO:
            need.quantity = short
        else:
            need.state, need.ended_at = NeedState.COVERED, clock.now()
        need.save(update_fields=["state", "ended_at", "quantity"])


def _meet_minimum(line: PurchaseLine, came: Decimal) -> None:
    for need in _waiting(line):
        if need.source_kind != MINIMUMS or came <= ZERO:
            continue
        met = min(came, need.quantity)
        came -= met
        if met == need.quantity:
            need.state, need.ended_at = NeedState.COVERED, clock.now()
        else:
            need.quantity -= met
        need.save(update_fields=["state", "ended_at", "quantity"])


def _waiting(line: PurchaseLine) -> list[PartsNeed]:
    rows = PartsNeed.objects.filter(purchase_line=line, state=NeedState.ORDERED)
    return list(rows.order_by(F("need_by").asc(nulls_last=True), "pk"))


def _hang_elsewhere(need: PartsNeed) -> None:
    others = PurchaseLine.objects.filter(part=need.part_id, purchase__state__in=ON_ORDER, received__lt=F("quantity"))
    for other in others.order_by(F("promised_on").asc(nulls_last=True), "pk"):
        bound = sum((each.quantity for each in _waiting(other)), ZERO)
        if other.left - bound >= need.quantity:
            need.purchase_line = other
            need.save(update_fields=["purchase_line"])
            return
    need.state, need.purchase_line = NeedState.OPEN, None
    need.save(update_fields=["state", "purchase_line"])
