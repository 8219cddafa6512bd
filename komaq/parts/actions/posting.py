"""How a move is posted: part by part, one after the other, with the balances it leaves (PRT-1, PRT-3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.refusals import require
from komaq.core.trail import kind_of
from komaq.parts import rules
from komaq.parts.actions.refusals import BadQuantity, ReservedStock, ShortOfStock, WarehouseClosed
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
    """The holdings of some parts, locked in one order so that two moves never wait for each other in a ring."""
    keys = sorted({part.pk for part in parts})
    return {each.pk: each for each in Holding.objects.select_for_update().filter(pk__in=keys).order_by("pk")}


def checked(quantity: Decimal) -> Decimal:
    """A quantity that can be moved. Raises BadQuantity."""
    sound = quantity.is_finite() and ZERO < quantity <= LARGEST and quantity == quantity.quantize(Decimal("0.0001"))
    require(sound, else_=BadQuantity())
    return quantity


def stock_of(part: Part, warehouse: Warehouse) -> Stock:
    """The stock row of a part, whose holding the caller has locked; made when the part is new there."""
    require(warehouse.is_open, else_=WarehouseClosed(warehouse))
    return Stock.objects.select_for_update().get_or_create(part=part, warehouse=warehouse)[0]


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
) -> StockMove:
    """Write one move and the balances after it. Raises ShortOfStock, ReservedStock, WarehouseClosed."""
    part = holding.part
    stock = stock_of(part, warehouse)
    after = stock.on_hand + quantity
    require(after >= ZERO, else_=ShortOfStock(part, warehouse, free_in(stock)))
    require(after >= stock.reserved, else_=ReservedStock(part, stock.reserved))
    stock.on_hand = after
    stock.save(update_fields=["on_hand"])
    holding.quantity += quantity
    holding.value += value
    if quantity > ZERO and value:
        holding.last_cost = rules.average_cost(quantity, value)
    holding.save(update_fields=["quantity", "value", "last_cost"])
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
