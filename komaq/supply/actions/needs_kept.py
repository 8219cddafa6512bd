"""The book of requirements: what each source lacks, in pieces that say where each stands.

The rule. The live pieces of a source add up to what it lacks: one that is still to buy (open or asked), and one on each
purchase line something of it was ordered on. When it lacks more, what is bought of the part and promised to nobody is
given to it first, and only the rest is to buy. When it lacks less, the piece to buy shrinks first, then what comes
last; what was bought for it is then free for whoever needs the part next. So nothing is bought twice and nothing is
forgotten, whatever happens in between.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from komaq.core import clock
from komaq.core.refusals import require
from komaq.parts.actions.posting import hold
from komaq.parts.models import Part
from komaq.supply.actions.purchase_refusals import NeedTaken
from komaq.supply.choices import TO_BUY, NeedState
from komaq.supply.models import PartsNeed, PurchaseLine
from komaq.supply.queries.needs import FIRST_NEEDED, lines_with_room, live_needs_of

ZERO = Decimal(0)
LAST_TO_COME = datetime.date.max


@dataclass(frozen=True)
class Source:
    """What lacks a part: a planned part of an order, a minimum, or a requirement written by hand."""

    part: Part
    kind: str
    key: str
    need_by: datetime.date | None = None
    is_urgent: bool = False
    about: str = ""

    @classmethod
    def of(cls, need: PartsNeed) -> "Source":
        """The source a piece is of."""
        return cls(need.part, need.source_kind, need.source_id, need.need_by, need.is_urgent, need.about)


def pieces_of(source: Source) -> list[PartsNeed]:
    """The live pieces of what a source lacks."""
    return list(live_needs_of(source.kind, [source.key]).filter(part=source.part))


def keep(source: Source, wanted: Decimal, *, ended_as: str = NeedState.DROPPED) -> None:
    """Let a source lack `wanted` of its part from now on; pieces nobody needs any more end as `ended_as`."""
    hold([source.part])
    pieces = pieces_of(source)
    _refresh(pieces, source)
    ordered = [piece for piece in pieces if piece.state == NeedState.ORDERED]
    to_buy = next((piece for piece in pieces if piece.state != NeedState.ORDERED), None)
    lacking = wanted - total(ordered)
    if lacking > ZERO:
        _lack(source, ordered, to_buy, lacking)
        return
    if to_buy:
        _end(to_buy, ended_as)
    for piece in sorted(ordered, key=_when, reverse=True):
        lacking += lessen(piece, -lacking, ended_as)


def settle(parts: Iterable[Part]) -> None:
    """Give what is bought of some parts and promised to nobody to those who need it first."""
    for part in parts:
        hold([part])
        for need in (
            PartsNeed.objects.filter(part=part, state__in=TO_BUY).select_related("part").order_by(*FIRST_NEEDED)
        ):
            if not lines_with_room(part):
                break
            source = Source.of(need)
            keep(source, total(pieces_of(source)))


def take(line: PurchaseLine, needs: Iterable[PartsNeed]) -> None:
    """Order needs on a line as far as it reaches, what is needed first; what is beyond it stays to buy.

    Raises NeedTaken when one of them is of another part or not to be bought any more.
    """
    keys, left = {need.pk for need in needs}, line.quantity
    hold([line.part])
    found = PartsNeed.objects.filter(pk__in=keys, part=line.part, state__in=TO_BUY)
    rows = list(found.select_related("part").order_by(*FIRST_NEEDED))
    require(len(rows) == len(keys), else_=NeedTaken())
    for need in rows:
        taken = min(need.quantity, left)
        if taken > ZERO:
            _order(need, line, taken)
        left -= taken


def release(needs: Iterable[PartsNeed]) -> None:
    """What was ordered is to buy again, together with what else its source still has to buy."""
    for need in needs:
        other = next((each for each in pieces_of(Source.of(need)) if each.state in TO_BUY), None)
        need.state, need.purchase_line = NeedState.OPEN, None
        if other:
            need.quantity, need.state = need.quantity + other.quantity, other.state
            need.quotation_line_id = other.quotation_line_id or need.quotation_line_id
            other.delete()
        need.save()


def cut(line: PurchaseLine) -> None:
    """Let a line bring no more than is still to come of it: who needs it last looks elsewhere."""
    ordered = PartsNeed.objects.filter(purchase_line=line, state=NeedState.ORDERED)
    pieces = list(ordered.select_related("part").order_by(*FIRST_NEEDED))
    beyond = total(pieces) - line.left
    for piece in reversed(pieces):
        if beyond <= ZERO:
            return
        source, lost = Source.of(piece), min(piece.quantity, beyond)
        wanted, beyond = total(pieces_of(source)), beyond - lost
        if lost == piece.quantity:
            release([piece])
        else:
            piece.quantity -= lost
            piece.save(update_fields=["quantity"])
        keep(source, wanted)


def lessen(piece: PartsNeed, beyond: Decimal, ended_as: str) -> Decimal:
    """Take up to `beyond` off a piece; how much it was. A piece of which nothing is left ends as `ended_as`."""
    taken = min(piece.quantity, max(beyond, ZERO))
    if taken == piece.quantity:
        _end(piece, ended_as)
    elif taken:
        piece.quantity -= taken
        piece.save(update_fields=["quantity"])
    return taken


def total(needs: Iterable[PartsNeed]) -> Decimal:
    """How many pieces of needs ask for together."""
    return sum((need.quantity for need in needs), ZERO)


def _refresh(pieces: list[PartsNeed], source: Source) -> None:
    facts = {"need_by": source.need_by, "is_urgent": source.is_urgent, "about": source.about}
    for piece in pieces:
        if any(getattr(piece, name) != value for name, value in facts.items()):
            for name, value in facts.items():
                setattr(piece, name, value)
            piece.save(update_fields=list(facts))


def _lack(source: Source, ordered: list[PartsNeed], to_buy: PartsNeed | None, lacking: Decimal) -> None:
    """Give a source what is bought and promised to nobody; the rest of what it lacks is to buy."""
    here = {piece.purchase_line_id: piece for piece in ordered}
    for line, room in lines_with_room(source.part):
        taken = min(room, lacking)
        _give(source, line, taken, here.get(line.pk), to_buy if taken == lacking else None)
        lacking -= taken
        if lacking == ZERO:
            return
    to_buy = to_buy or _new(source, lacking)
    to_buy.quantity = lacking
    to_buy.save()


def _give(
    source: Source, line: PurchaseLine, taken: Decimal, piece: PartsNeed | None, to_buy: PartsNeed | None
) -> None:
    """Let a line bring so much for a source; `to_buy` is the piece that is not to buy any more through it."""
    if piece is None:
        piece = to_buy or _new(source, taken)
        piece.quantity = taken
        _put(piece, line)
        return
    piece.quantity += taken
    piece.save(update_fields=["quantity"])
    if to_buy:
        to_buy.delete()


def _new(source: Source, quantity: Decimal) -> PartsNeed:
    return PartsNeed(
        part=source.part,
        quantity=quantity,
        need_by=source.need_by,
        source_kind=source.kind,
        source_id=source.key,
        about=source.about,
        is_urgent=source.is_urgent,
        made_at=clock.now(),
    )


def _order(need: PartsNeed, line: PurchaseLine, taken: Decimal) -> None:
    """Put a piece on a line; what the line does not bring stays to buy as a piece of its own."""
    rest, state, asked = need.quantity - taken, need.state, need.quotation_line_id
    need.quantity = taken
    _put(need, line)
    if rest > ZERO:
        left = _new(Source.of(need), rest)
        left.state, left.quotation_line_id = state, asked
        left.save()


def _put(need: PartsNeed, line: PurchaseLine) -> None:
    need.state, need.purchase_line = NeedState.ORDERED, line
    need.save()


def _end(piece: PartsNeed, state: str) -> None:
    piece.state, piece.ended_at = state, clock.now()
    piece.save(update_fields=["state", "ended_at"])


def _when(piece: PartsNeed) -> tuple:
    """When what a piece was ordered on comes; what nobody promised comes last."""
    return piece.purchase_line.promised_on or LAST_TO_COME, piece.pk
