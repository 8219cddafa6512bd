"""Stock comes in, goes out, comes back, changes place, is counted. Every change is a move; none edits a number."""

from decimal import Decimal
from uuid import uuid4

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action
from komaq.core.money import round_half_up
from komaq.core.refusals import require
from komaq.core.trail import kind_of
from komaq.parts import rules
from komaq.parts.actions import reserving
from komaq.parts.actions.posting import ZERO, Cause, checked, facts, free_in, hold, post, stock_of
from komaq.parts.actions.refusals import (
    BadCost,
    MovedMeanwhile,
    NothingIssued,
    ReasonNeeded,
    SameWarehouse,
    ShortOfStock,
    StockBegun,
)
from komaq.parts.choices import MoveKind
from komaq.parts.events import stock_arrived, stock_fell
from komaq.parts.models import Holding, Part, StockMove, Warehouse


@action
def receive_stock(
    *,
    part: Part,
    warehouse: Warehouse,
    quantity: Decimal,
    unit_cost: Decimal,
    by: User,
    source: models.Model | None = None,
    reason: str = "",
) -> StockMove:
    """Take stock in at its cost per unit in PEN. Raises NotAllowed, BadQuantity, BadCost, WarehouseClosed."""
    require(rules.can_manage_parts(by))
    require(unit_cost.is_finite() and ZERO <= unit_cost <= rules.MOST_COST, else_=BadCost())
    holding = hold([part])[part.pk]
    value = rules.value_in(checked(quantity), unit_cost)
    move = post(holding, warehouse, MoveKind.RECEIPT, quantity=quantity, value=value, cause=Cause(source, reason, by))
    trail.record("parts.stock_received", part, by=by, **facts(move))
    stock_arrived.send(Part, part=part, warehouse=warehouse, by=by)
    return move


@action
def open_stock(*, part: Part, warehouse: Warehouse, quantity: Decimal, unit_cost: Decimal, by: User) -> StockMove:
    """Take in what a warehouse held when the books began: once for each part and warehouse, before anything moved.

    Raises as receive_stock, StockBegun.
    """
    hold([part])
    begun = StockMove.objects.filter(part=part, warehouse=warehouse).exists()
    require(not begun, else_=StockBegun(part, warehouse))
    facts = {"part": part, "warehouse": warehouse, "quantity": quantity, "unit_cost": unit_cost}
    return receive_stock(**facts, by=by, reason=gettext("Opening balance"))


@action
def issue_stock(
    *,
    part: Part,
    warehouse: Warehouse,
    quantity: Decimal,
    by: User | None,
    source: models.Model | None = None,
    reason: str = "",
) -> StockMove:
    """Give stock out at the average cost; what is reserved for the same source is used first (PRT-2).

    The caller's rule says which of the staff may for a source; without one, whoever keeps the stores. Raises
    NotAllowed, BadQuantity, ShortOfStock, WarehouseClosed, ReasonNeeded (for what no source explains).
    """
    if source is None:
        require(by is not None and rules.can_manage_parts(by))
    require(by is None or rules.can_see_parts(by))
    require(source is not None or bool(reason.strip()), else_=ReasonNeeded())
    holding = hold([part])[part.pk]
    checked(quantity)
    if source:
        reserving.use(part, warehouse, source, quantity)
    stock = stock_of(part, warehouse)
    require(quantity <= free_in(stock), else_=ShortOfStock(part, warehouse, free_in(stock)))
    move = _out(holding, warehouse, MoveKind.ISSUE, quantity, Cause(source, reason, by))
    trail.record("parts.stock_issued", part, by=by, **facts(move))
    stock_fell.send(Part, part=part, by=by)
    return move


@action
def return_stock(
    *, part: Part, warehouse: Warehouse, quantity: Decimal, by: User, source: models.Model, reason: str = ""
) -> StockMove:
    """Take back what was issued for a source and not used, at the cost it went out with.

    Raises NotAllowed, BadQuantity, NothingIssued, WarehouseClosed.
    """
    require(rules.can_manage_parts(by))
    holding = hold([part])[part.pk]
    checked(quantity)
    out, value = issued_for(part, source)
    require(quantity <= out, else_=NothingIssued())
    back = rules.value_out(quantity, held=out, value=value)
    move = post(holding, warehouse, MoveKind.RETURN, quantity=quantity, value=back, cause=Cause(source, reason, by))
    trail.record("parts.stock_returned", part, by=by, **facts(move))
    stock_arrived.send(Part, part=part, warehouse=warehouse, by=by)
    return move


@action
def return_to_supplier(
    *, part: Part, warehouse: Warehouse, quantity: Decimal, by: User, source: models.Model, reason: str
) -> StockMove:
    """Send bought stock back, at the average cost. Raises NotAllowed, BadQuantity, ReasonNeeded, ShortOfStock."""
    require(rules.can_manage_parts(by))
    require(bool(reason.strip()), else_=ReasonNeeded())
    holding = hold([part])[part.pk]
    stock = stock_of(part, warehouse)
    require(checked(quantity) <= free_in(stock), else_=ShortOfStock(part, warehouse, free_in(stock)))
    move = _out(holding, warehouse, MoveKind.SUPPLIER_RETURN, quantity, Cause(source, reason, by))
    trail.record("parts.stock_sent_back", part, by=by, **facts(move))
    stock_fell.send(Part, part=part, by=by)
    return move


@action
def transfer_stock(
    *, part: Part, warehouse: Warehouse, to: Warehouse, quantity: Decimal, by: User, reason: str = ""
) -> tuple[StockMove, StockMove]:
    """Move free stock to another warehouse; its value goes along.

    Raises NotAllowed, BadQuantity, SameWarehouse, ShortOfStock, WarehouseClosed.
    """
    require(rules.can_manage_parts(by))
    require(warehouse.pk != to.pk, else_=SameWarehouse())
    holding = hold([part])[part.pk]
    stock = stock_of(part, warehouse)
    require(checked(quantity) <= free_in(stock), else_=ShortOfStock(part, warehouse, free_in(stock)))
    pair, cause = uuid4(), Cause(None, reason, by)
    value = rules.value_out(quantity, held=holding.quantity, value=holding.value)
    gone = post(holding, warehouse, MoveKind.TRANSFER_OUT, quantity=-quantity, value=-value, cause=cause, pair=pair)
    come = post(holding, to, MoveKind.TRANSFER_IN, quantity=quantity, value=value, cause=cause, pair=pair, field="to")
    trail.record("parts.stock_transferred", part, by=by, to=to.code, **facts(gone))
    stock_arrived.send(Part, part=part, warehouse=to, by=by)
    return gone, come


@action
def count_stock(
    *,
    part: Part,
    warehouse: Warehouse,
    counted: Decimal,
    by: User,
    reason: str = "",
    seen: Decimal | None = None,
) -> StockMove | None:
    """Write down what was counted; the difference becomes a move. None when the book was right.

    `seen` is what the book said when the difference was looked at. Raises NotAllowed, BadQuantity, MovedMeanwhile
    (the book says something else by now), ReservedStock (fewer than are reserved), WarehouseClosed.
    """
    require(rules.can_manage_parts(by))
    require(counted == ZERO or checked(counted, "counted") == counted)
    holding = hold([part])[part.pk]
    stock = stock_of(part, warehouse)
    require(seen is None or seen == stock.on_hand, else_=MovedMeanwhile())
    stock.counted_at = clock.now()
    stock.save(update_fields=["counted_at"])
    difference = counted - stock.on_hand
    if difference == ZERO:
        trail.record("parts.stock_counted", part, by=by, warehouse=warehouse.code, quantity=ZERO, counted=counted)
        return None
    return _settle(holding, warehouse, MoveKind.COUNT, difference, Cause(None, reason, by))


@action
def adjust_stock(*, part: Part, warehouse: Warehouse, quantity: Decimal, by: User, reason: str) -> StockMove:
    """Correct stock by a signed quantity, with a reason. Raises NotAllowed, BadQuantity, ReasonNeeded, ShortOfStock."""
    require(rules.can_manage_parts(by))
    require(bool(reason.strip()), else_=ReasonNeeded())
    checked(abs(quantity))
    holding = hold([part])[part.pk]
    return _settle(holding, warehouse, MoveKind.ADJUSTMENT, quantity, Cause(None, reason, by))


@action
def revalue_stock(
    *, part: Part, warehouse: Warehouse, value: Decimal, by: User | None, source: models.Model | None, reason: str
) -> StockMove:
    """Add a later cost (or take one off) to what is held of a part, in PEN, without moving a piece (PRT-3).

    Raises NotAllowed, BadCost for what would leave less than nothing, or when nothing is held.
    """
    require(by is None or rules.can_revalue(by))
    sound = value.is_finite() and ZERO < abs(value) <= rules.MOST_VALUE
    require(sound and value == round_half_up(value, rules.COST_PLACES), else_=BadCost(field="value"))
    holding = hold([part])[part.pk]
    require(holding.quantity > ZERO and holding.value + value >= ZERO, else_=BadCost(field="value"))
    move = post(holding, warehouse, MoveKind.REVALUATION, quantity=ZERO, value=value, cause=Cause(source, reason, by))
    trail.record("parts.stock_revalued", part, by=by, **facts(move))
    return move


def issued_for(part: Part, source: models.Model) -> tuple[Decimal, Decimal]:
    """What is out for a source, and its value: issues less returns."""
    moves = StockMove.objects.filter(
        part=part,
        source_kind=kind_of(source),
        source_id=str(source.pk),
        kind__in=[MoveKind.ISSUE, MoveKind.RETURN],
    )
    sums = moves.aggregate(quantity=Sum("quantity"), value=Sum("value"))
    return -(sums["quantity"] or ZERO), -(sums["value"] or ZERO)


def _settle(holding: Holding, warehouse: Warehouse, kind: str, difference: Decimal, cause: Cause) -> StockMove:
    """A difference found: more comes in at the average or last cost, less goes out at the average."""
    part = holding.part
    if difference < ZERO:
        move = _out(holding, warehouse, kind, -difference, cause)
        stock_fell.send(Part, part=part, by=cause.by)
    else:
        average = rules.average_cost(holding.quantity, holding.value)
        value = rules.value_in(difference, average if average is not None else holding.last_cost or ZERO)
        move = post(holding, warehouse, kind, quantity=difference, value=value, cause=cause)
        stock_arrived.send(Part, part=part, warehouse=warehouse, by=cause.by)
    trail.record(f"parts.stock_{'counted' if kind == MoveKind.COUNT else 'adjusted'}", part, by=cause.by, **facts(move))
    return move


def _out(holding: Holding, warehouse: Warehouse, kind: str, quantity: Decimal, cause: Cause) -> StockMove:
    held = max(holding.quantity, quantity)
    value = rules.value_out(quantity, held=held, value=holding.value)
    return post(holding, warehouse, kind, quantity=-quantity, value=-value, cause=cause)
