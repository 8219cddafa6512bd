"""The offers to a request side by side: in soles at a dated rate, by the day each would land."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import OuterRef, Subquery

from komaq.core import clock
from komaq.core.rates import NoRate, rate_on
from komaq.supply import rules
from komaq.supply.choices import InviteState, PriceSource
from komaq.supply.models import Invite, Offer, OfferLine, PriceRecord, QuotationLine, QuotationRequest
from komaq.supply.queries.quotations import invites_of, latest_rows_of, lines_asked

ZERO = Decimal(0)


@dataclass
class Cell:
    """What one supplier says to one line. Prices in soles are None where no rate is known."""

    invite: Invite
    row: OfferLine | None = None
    price_pen: Decimal | None = None
    lands_on: datetime.date | None = None
    is_late: bool = False
    is_best: bool = False
    is_soonest: bool = False
    is_picked: bool = False

    @property
    def is_priced(self) -> bool:
        return self.row is not None and self.row.has_it

    @property
    def is_short(self) -> bool:
        """Whether the supplier has less than is asked."""
        return self.is_priced and self.row.quantity < self.row.line.quantity

    @property
    def is_unknown(self) -> bool:
        """Whether it offers another part that is not one of ours yet."""
        return self.is_priced and bool(self.row.alternative) and self.row.alternative_part_id is None

    @property
    def pickable(self) -> bool:
        return self.is_priced and not self.is_unknown


@dataclass
class Column:
    """One supplier: its last offer, and what it would cost to buy all of it there."""

    invite: Invite
    offer: Offer | None = None
    priced: int = 0
    total: Decimal = ZERO
    total_pen: Decimal | None = ZERO
    complete_on: datetime.date | None = None
    is_late: bool = False
    is_whole: bool = False

    @property
    def is_over(self) -> bool:
        """Whether its offer no longer holds."""
        return bool(self.offer and self.offer.valid_until and self.offer.valid_until < clock.today())


@dataclass
class Line:
    """One part that is asked for, with what each supplier says."""

    line: QuotationLine
    last: PriceRecord | None
    cells: list[Cell] = field(default_factory=list)


@dataclass(frozen=True)
class Comparison:
    """The table: a column for each supplier, a row for each part. `rate` is soles for a dollar, of `rate_on`."""

    columns: list[Column]
    lines: list[Line]
    rate: Decimal | None
    rate_on: datetime.date | None
    answered: int

    def rows(self) -> dict[int, Cell]:
        """The priced cells by the key of their offer line."""
        cells = (cell for line in self.lines for cell in line.cells if cell.is_priced)
        return {cell.row.pk: cell for cell in cells}


def compared(request: QuotationRequest) -> Comparison:
    """The last offers to a request, side by side. For whoever may see what things cost; the caller asks."""
    lines, invites, rows = lines_asked(request), invites_of(request), latest_rows_of(request)
    day = (request.ended_at or clock.now()).astimezone(clock.LIMA).date()
    rate, known_on = _rate({row.offer.currency for row in rows}, day)
    standing = {invite.pk for invite in invites if invite.state == InviteState.ANSWERED}
    by_place = {(row.line_id, row.offer.invite_id): row for row in rows if row.offer.invite_id in standing}
    bought = _last_bought(line.part_id for line in lines)
    told = []
    for line in lines:
        cells = [_cell(line, invite, by_place.get((line.pk, invite.pk)), rate, day) for invite in invites]
        _mark(cells)
        told.append(Line(line, bought.get(line.part_id), cells))
    columns = [_column(invite, place, told) for place, invite in enumerate(invites)]
    return Comparison(columns, told, rate, known_on, len(standing))


def pick(comparison: Comparison, how: str) -> None:
    """Tick one cell of each line: the best price, the soonest, all of one supplier's, or what was awarded."""
    for line in comparison.lines:
        cells = [cell for cell in line.cells if cell.pickable]
        if how == "price":
            cells = sorted((c for c in cells if c.price_pen is not None), key=lambda c: (c.price_pen, c.lands_on))
        elif how == "soonest":
            cells = sorted(cells, key=lambda c: (c.lands_on, c.price_pen or ZERO))
        else:
            cells = [cell for cell in cells if str(cell.invite.pk) == how]
        if cells:
            cells[0].is_picked = True


def cost_of(picks: Mapping[OfferLine, Decimal], rate: Decimal | None) -> Decimal | None:
    """What some offered lines cost together, in soles without tax."""
    amounts = [in_soles(rules.amount(each, row.price), row.offer.currency, rate) for row, each in picks.items()]
    return None if None in amounts else sum(amounts, ZERO)


def above_best(comparison: Comparison, picks: Mapping[OfferLine, Decimal]) -> Decimal | None:
    """How much more some offered lines cost in soles than the same at the best prices; None where rates lack."""
    best = {each.line.pk: [cell.price_pen for cell in each.cells if cell.is_priced] for each in comparison.lines}
    cells, total = comparison.rows(), ZERO
    for row, quantity in picks.items():
        prices = best[row.line_id]
        if None in prices:
            return None
        total += (cells[row.pk].price_pen - min(prices)) * quantity
    return total


def in_soles(value: Decimal, currency: str, rate: Decimal | None) -> Decimal | None:
    """An amount of an offer in soles; None where the rate is not known."""
    if currency == "PEN":
        return value
    return None if rate is None else rules.in_soles(value, rate)


def _cell(line: QuotationLine, invite: Invite, row: OfferLine | None, rate: Decimal | None, day: datetime.date) -> Cell:
    if row is None or not row.has_it:
        return Cell(invite, row)
    row.line = line
    lands_on = day + datetime.timedelta(days=row.lead_days)
    price = row.price if row.offer.currency == "PEN" else None if rate is None else row.price * rate
    is_late = line.need_by is not None and lands_on > line.need_by
    return Cell(invite, row, price, lands_on, is_late, is_picked=row.awarded is not None)


def _mark(cells: Iterable[Cell]) -> None:
    """Mark the best price and the soonest where there is more than one to choose from."""
    priced = [cell for cell in cells if cell.is_priced]
    if len(priced) < 2:
        return
    prices = [cell.price_pen for cell in priced if cell.price_pen is not None]
    soonest = min(cell.lands_on for cell in priced)
    for cell in priced:
        cell.is_best = bool(prices) and cell.price_pen == min(prices)
        cell.is_soonest = cell.lands_on == soonest


def _column(invite: Invite, place: int, lines: list[Line]) -> Column:
    cells = [line.cells[place] for line in lines]
    priced = [cell for cell in cells if cell.is_priced]
    offer = next((cell.row.offer for cell in cells if cell.row), None)
    column = Column(invite, offer, len(priced), is_whole=bool(priced) and len(priced) == len(cells))
    for cell in priced:
        amount = rules.amount(min(cell.row.quantity, cell.row.line.quantity), cell.row.price)
        column.total += amount
        share = None if cell.price_pen is None else cell.price_pen * min(cell.row.quantity, cell.row.line.quantity)
        column.total_pen = None if None in (share, column.total_pen) else column.total_pen + share
        column.is_whole = column.is_whole and not cell.is_short
    if priced:
        column.complete_on = max(cell.lands_on for cell in priced)
        column.is_late = any(cell.is_late for cell in priced)
    return column


def _rate(currencies: set[str], day: datetime.date) -> tuple[Decimal | None, datetime.date | None]:
    for currency in sorted(currencies - {"PEN"}):
        try:
            return rate_on(currency, day)
        except NoRate:
            return None, None
    return None, None


def _last_bought(parts: Iterable[int]) -> dict[int, PriceRecord]:
    """What each part was last bought for; one query."""
    mine = PriceRecord.objects.filter(part=OuterRef("part"), source=PriceSource.PURCHASE).order_by("-on", "-pk")
    rows = PriceRecord.objects.filter(part__in=list(parts), source=PriceSource.PURCHASE)
    return {each.part_id: each for each in rows.filter(pk=Subquery(mine.values("pk")[:1])).select_related("supplier")}
