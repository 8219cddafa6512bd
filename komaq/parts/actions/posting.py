"""How a move is posted: part by part, one after the other, with the balances it leaves (PRT-1, PRT-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.utils.translation import gettext as _

from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.refusals import require
from komaq.core.trail import kind_of
from komaq.parts import rules
from komaq.parts.actions.refusals import (
    BadCost,
    BadQuantity,
    MovedMeanwhile,
    ReservedStock,
    ShortOfStock,
    WarehouseClosed,
)
from komaq.parts.choices import MoveKind
from komaq.parts.models import Holding, Part, Stock, StockMove, Warehouse

ZERO = Decimal(0)
LARGEST = Decimal(1_000_000)


@dataclass(frozen=True)
class Cause:
    """Why stock moves: what for, the words, and who."""

    source: models.Model | None = None
    reason: str = ""
    by: User | None = None


def hold(parts: Iterable[Part]) -> dict[int, Holding]:
    """The holdings of some parts, locked in one order so that two moves never wait for each other in a ring.

    An action that moves several parts holds them all here first.
    """
    keys = sorted({part.pk for part in parts})
    rows = Holding.objects.select_for_update(of=("self",)).select_related("part").filter(pk__in=keys).order_by("pk")
    found = {each.pk: each for each in rows}
    if len(found) < len(keys):
        lacking = [Holding(part_id=key) for key in keys if key not in found]
        Holding.objects.bulk_create(lacking, ignore_conflicts=True)
        found = {each.pk: each for each in rows.all()}
    return found


def checked(quantity: Decimal, field: str = "quantity") -> Decimal:
    """A quantity that can be moved. Raises BadQuantity."""
    sound = quantity.is_finite() and ZERO < quantity <= LARGEST and quantity == quantity.quantize(Decimal("0.0001"))
    require(sound, else_=BadQuantity(field=field))
    return quantity


def stock_of(part: Part, warehouse: Warehouse, field: str = "warehouse") -> Stock:
    """The stock row of a part, whose holding the caller has locked; made when the part is new there.

    The warehouse stays open until the action ends: closing waits. Raises WarehouseClosed.
    """
    require(_is_open(warehouse), else_=WarehouseClosed(warehouse, field=field))
    return Stock.objects.select_for_update().get_or_create(part=part, warehouse=warehouse)[0]


def _is_open(warehouse: Warehouse) -> bool:
    """Whether it is open now, its row shared with other moves until the action ends (SQLite has one writer anyway)."""
    table, shared = Warehouse._meta.db_table, " FOR SHARE" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT is_open FROM {table} WHERE id = %s{shared}", [warehouse.pk])  # noqa: S608  our own names
        row = cursor.fetchone()
    return bool(row and row[0])


def swap(row: Stock | Holding, **after: Decimal | None) -> None:
    """Write what a locked row becomes, if it still is what was read: the second guard behind the lock.

    Raises MovedMeanwhile.
    """
    before = {name: getattr(row, name) for name in after}
    changed = type(row).objects.filter(pk=row.pk, **before).update(**after)
    require(changed == 1, else_=MovedMeanwhile())
    for name, value in after.items():
        setattr(row, name, value)


def free_in(stock: Stock) -> Decimal:
    return stock.on_hand - stock.reserved


def post(
    holding: Holding,
    warehouse: Warehouse,
    kind: str,
    *,
    quantity: Decimal,
    value: Decimal,
    cause: Cause,
    pair: UUID | None = None,
    field: str = "warehouse",
) -> StockMove:
    """Write one move and the balances after it.

    Raises ShortOfStock, ReservedStock, WarehouseClosed, BadCost (the books hold no such value).
    """
    part = holding.part
    stock = stock_of(part, warehouse, field)
    after = stock.on_hand + quantity
    require(after >= ZERO, else_=ShortOfStock(part, warehouse, free_in(stock)))
    require(after >= stock.reserved, else_=ReservedStock(part, stock.reserved))
    require(holding.value + value <= rules.MOST_VALUE, else_=BadCost(_("That is more than the books can hold.")))
    bought = kind == MoveKind.RECEIPT and value
    last_cost = rules.average_cost(quantity, value) if bought else holding.last_cost
    swap(stock, on_hand=after)
    swap(holding, quantity=holding.quantity + quantity, value=holding.value + value, last_cost=last_cost)
    return StockMove.objects.create(
        part=part,
        warehouse=warehouse,
        kind=kind,
        quantity=quantity,
        value=value,
        on_hand_after=after,
        held_after=holding.quantity,
        value_after=holding.value,
        pair=pair,
        source_kind=kind_of(cause.source) if cause.source else "",
        source_id=str(cause.source.pk) if cause.source else "",
        reason=cause.reason.strip()[:200],
        by=cause.by,
        at=clock.now(),
    )


def facts(move: StockMove) -> dict[str, Any]:
    """What the trail keeps of a move."""
    return {
        "move": move.pk,
        "warehouse": move.warehouse.code,
        "quantity": move.quantity,
        "value": move.value,
        "source": f"{move.source_kind} {move.source_id}".strip(),
        "reason": move.reason,
    }
