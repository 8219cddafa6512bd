"""The kardex: what moved and what was there, at any date, read from the moves alone (PRT-1, PRT-3)."""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, QuerySet, Subquery

from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.money import QuantityField
from komaq.parts import rules
from komaq.parts.models import Part, StockMove, Warehouse

ZERO = Decimal(0)


@dataclass(frozen=True)
class Balance:
    """What was there: in a warehouse (`quantity`), and what the company held of it and at which value in PEN."""

    quantity: Decimal = ZERO
    held: Decimal = ZERO
    value: Decimal = ZERO

    @property
    def unit_cost(self) -> Decimal | None:
        """The moving average in PEN per unit; None when nothing was held."""
        return rules.average_cost(self.held, self.value)

    @property
    def worth(self) -> Decimal:
        """What the quantity was worth at the average, in PEN."""
        return rules.value_out(self.quantity, held=self.held, value=self.value) if self.held else ZERO


def kardex(
    user: User,
    part: Part,
    warehouse: Warehouse | None = None,
    until: datetime.date | None = None,
    since: datetime.date | None = None,
) -> QuerySet[StockMove]:
    """The moves of a part, in one warehouse or all, from a day to a day, both included, as they were posted."""
    return moves_visible_to(user, part=part, warehouse=warehouse, until=until, since=since).order_by("pk")


def moves_visible_to(
    user: User,
    *,
    part: Part | int | str | None = None,
    warehouse: Warehouse | int | str | None = None,
    kind: str = "",
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> QuerySet[StockMove]:
    """Moves of stock by part, place, kind and days, for whoever may see parts."""
    rows = StockMove.objects.select_related("part", "warehouse", "by__person")
    rows = rows if rules.can_see_parts(user) else rows.none()
    rows = rows.filter(part=part) if part else rows
    rows = rows.filter(warehouse=warehouse) if warehouse else rows
    rows = rows.filter(kind=kind) if kind else rows
    rows = rows.filter(at__gte=clock.lima(since)) if since else rows
    return rows.filter(at__lt=_after(until)) if until else rows


def balance_on(part: Part, warehouse: Warehouse | None, day: datetime.date) -> Balance:
    """What was there at the end of a day in Lima; without a warehouse, in all of them."""
    return _balance_at(part, warehouse, _after(day))


def balance_before(part: Part, warehouse: Warehouse | None, day: datetime.date) -> Balance:
    """What was there when a day began in Lima; without a warehouse, in all of them."""
    return _balance_at(part, warehouse, clock.lima(day))


def _balance_at(part: Part, warehouse: Warehouse | None, moment: datetime.datetime) -> Balance:
    rows = StockMove.objects.filter(part=part, at__lt=moment).order_by("-pk")
    here = rows.filter(warehouse=warehouse).values("on_hand_after")[:1]
    last = rows.annotate(here=Subquery(here, output_field=QuantityField()) if warehouse else F("held_after")).first()
    return Balance(last.here or ZERO, last.held_after, last.value_after) if last else Balance()


def balance_of(move: StockMove, warehouse: Warehouse | None) -> Balance:
    """What a move left, in its warehouse or in all of them."""
    quantity = move.on_hand_after if warehouse else move.held_after
    return Balance(quantity, move.held_after, move.value_after)


def _after(day: datetime.date) -> datetime.datetime:
    return clock.lima(day + datetime.timedelta(days=1))
