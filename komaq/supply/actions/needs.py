"""Requirements: what orders lack, what minimums ask for, what somebody writes by hand."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from uuid import uuid4

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import require
from komaq.orders.choices import GOES_AHEAD, Priority
from komaq.orders.models import PlannedPart, ServiceOrder
from komaq.orders.queries.parts import PlannedLine, planned_parts_of
from komaq.parts.actions.posting import checked, hold
from komaq.parts.models import Part
from komaq.supply import rules
from komaq.supply.actions.needs_kept import Source, keep, lessen, pieces_of, settle, total
from komaq.supply.actions.prices import PartOutOfUse
from komaq.supply.actions.purchase_refusals import DayPassed, NeedFollows, NeedIsOrdered, ReasonNeeded
from komaq.supply.actions.tell import telling
from komaq.supply.choices import LIVE_NEEDS, NeedState
from komaq.supply.models import PartsNeed
from komaq.supply.queries.needs import BY_HAND, OF_MINIMUMS, OF_ORDERS, live_needs_of, stock_to_come
from komaq.supply.queries.promises import orders_lacking

ZERO = Decimal(0)
ABOUT, REASON = 120, 300


@action
def sync_needs(*, order: ServiceOrder, by: User | None) -> None:
    """Let what an order lacks be to buy, no more and no less; asked again it changes what is asked.

    Orders that go ahead need what is not reserved for them; what they use, get or plan no more is not needed any
    longer. The rule that nothing is bought twice and nothing forgotten stands in `needs_kept`.
    """
    lines = {str(line.planned.pk): line for line in planned_parts_of(order)}
    ever = PlannedPart.objects.filter(segment__order=order).values_list("pk", flat=True)
    pieces: dict[str, list[PartsNeed]] = {}
    for piece in live_needs_of(OF_ORDERS, [str(key) for key in ever]):
        pieces.setdefault(piece.source_id, []).append(piece)
    changed = []
    for key in lines.keys() | pieces.keys():
        line, known = lines.get(key), pieces.get(key, [])
        source = _of_planned(order, line) if line else Source.of(known[0])
        waits = line is not None and order.status in GOES_AHEAD
        wanted, ended_as = (line.missing, NeedState.COVERED) if waits else (ZERO, NeedState.DROPPED)
        if total(known) != wanted or any(Source.of(piece) != source for piece in known):
            changed.append((source, wanted, ended_as))
    hold(source.part for source, _wanted, _ended in changed)
    freed = {piece.part for known in pieces.values() for piece in known if piece.state == NeedState.ORDERED}
    with telling([order, *orders_lacking(freed)] if changed else []):
        for source, wanted, ended_as in sorted(changed, key=lambda each: int(each[0].key)):
            keep(source, wanted, ended_as=ended_as)
        follow_purchases(parts=[source.part for source, _wanted, _ended in changed], by=by)


@action
def keep_minimum(*, part: Part, by: User | None) -> None:
    """Let a part that fell to its minimum be to buy, up to its maximum; what is on its way for stock counts.

    One requirement at a time: it follows the stock while it lasts, and ends when what came is enough.
    """
    part = Part.objects.get(pk=part.pk)
    rows = live_needs_of(OF_MINIMUMS, [str(part.pk)])
    if part.minimum is None and not rows.exists():
        return
    hold([part])
    pieces = list(rows)
    ordered = total(piece for piece in pieces if piece.state == NeedState.ORDERED)
    free, coming = stock_to_come(part)
    wanted = rules.wanted_for_stock(part, free=free, coming=coming, ordered=ordered)
    if wanted != total(pieces):
        ended_as = NeedState.DROPPED if rules.minimum_of(part) is None else NeedState.COVERED
        with telling(orders_lacking([part]) if wanted < ordered else []):
            keep(Source(part, OF_MINIMUMS, str(part.pk)), wanted, ended_as=ended_as)
            settle([part])


@action
def add_need(
    *,
    part: Part,
    quantity: Decimal,
    reason: str,
    by: User,
    need_by: datetime.date | None = None,
    is_urgent: bool = False,
) -> PartsNeed:
    """Ask by hand for a part that no order and no minimum asks for; what is bought of it for nobody counts at once.

    The piece of it that is still to buy, or the one ordered when nothing is. Raises NotAllowed, PartOutOfUse,
    BadQuantity, DayPassed, ReasonNeeded.
    """
    require(rules.can_buy(by))
    require(part.is_open, else_=PartOutOfUse())
    checked(quantity)
    require(need_by is None or need_by >= clock.today(), else_=DayPassed(field="need_by"))
    require(bool(reason.strip()), else_=ReasonNeeded())
    source = Source(part, BY_HAND, uuid4().hex, need_by, is_urgent, reason.strip()[:ABOUT])
    keep(source, quantity)
    follow_purchases(parts=[part], by=by)
    made = min(pieces_of(source), key=lambda piece: piece.state == NeedState.ORDERED)
    trail.record("supply.need_added", made, by=by, part=part.label, quantity=quantity, reason=source.about)
    return made


@action
def drop_need(*, need: PartsNeed, reason: str, by: User) -> PartsNeed:
    """Buy what somebody asked for by hand after all not; again changes nothing.

    Raises NotAllowed, ReasonNeeded, NeedFollows (an order or a minimum asks for it), NeedIsOrdered.
    """
    require(rules.can_buy(by))
    require(bool(reason.strip()), else_=ReasonNeeded())
    hold([need.part])
    need = lock(need)
    require(need.source_kind == BY_HAND, else_=NeedFollows(need))
    if need.state not in LIVE_NEEDS:
        return need
    if need.state == NeedState.ORDERED:
        raise NeedIsOrdered(need)
    lessen(need, need.quantity, NeedState.DROPPED)
    trail.record("supply.need_dropped", need, by=by, quantity=need.quantity, reason=reason.strip()[:REASON])
    return need


@action
def follow_purchases(*, parts: Iterable[Part], by: User | None) -> None:
    """After something was bought, bought no more or came: who needs it next has it, and minimums ask again."""
    for part in sorted(set(parts), key=lambda each: each.pk):
        settle([part])
        keep_minimum(part=part, by=by)


def _of_planned(order: ServiceOrder, line: PlannedLine) -> Source:
    is_urgent = order.priority == Priority.MACHINE_DOWN
    return Source(line.part, OF_ORDERS, str(line.planned.pk), line.planned.need_by, is_urgent, order.code)
