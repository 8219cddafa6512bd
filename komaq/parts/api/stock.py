"""Stock and its moves."""

import datetime
from decimal import Decimal
from typing import Any, Literal, Self

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import OFFICE
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Day, Id, In, Key, Moment, Number, Out, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.core.refusals import BadInput, require
from komaq.parts import actions, queries, rules
from komaq.parts.choices import AT_WORK, Category, MoveKind

doors = Doors(tags=["stock"])
SORTS = {"name": Sort("part__sort_key"), "number": Sort("part__number_key"), "most": Sort("on_hand", descending=True)}
MOVE_SORTS = {"newest": Sort("pk", descending=True), "oldest": Sort("pk")}
DEEDS = {
    "receipt": actions.receive_stock,
    "issue": actions.issue_stock,
    "transfer": actions.transfer_stock,
    "count": actions.count_stock,
    "adjustment": actions.adjust_stock,
}
NEEDED = {"receipt": {"unit_cost"}, "issue": {"reason"}, "transfer": {"to"}, "count": set(), "adjustment": {"reason"}}
MAY = {"receipt": {"reason"}, "issue": set(), "transfer": {"reason"}, "count": {"reason"}, "adjustment": set()}


class StockOut(Out):
    """How much of a part lies in a warehouse."""

    model_config = example(
        id="31",
        part="12",
        brand="CAT",
        number="1R-0750",
        name="Filtro de petróleo",
        unit="NIU",
        warehouse="1",
        warehouse_code="ALM",
        on_hand="12",
        reserved="3",
        available="9",
        unit_cost="48.5",
        counted_at="2026-11-24T12:42:00Z",
    )

    id: Id
    part: Id
    brand: str
    number: str
    name: str
    unit: str = Field(description="The unit of measure by its SUNAT code.")
    warehouse: Id
    warehouse_code: str
    on_hand: Decimal
    reserved: Decimal
    available: Decimal = Field(description="On hand and not reserved.")
    unit_cost: Decimal | None = Field(description="The moving average in PEN, for who may see costs.")
    counted_at: Moment | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        part, held = thing.part, thing.part.holding
        return cls(
            id=thing.pk,
            part=part.pk,
            warehouse=thing.warehouse_id,
            warehouse_code=thing.warehouse.code,
            unit_cost=rules.plain(rules.average_cost(held.quantity, held.value)) if rules.can_see_cost(user) else None,
            counted_at=thing.counted_at and thing.counted_at.astimezone(datetime.UTC),
            **{name: getattr(part, name) for name in ("brand", "number", "name", "unit")},
            **{name: rules.plain(getattr(thing, name)) for name in ("on_hand", "reserved", "available")},
        )


class StockQuery(Query):
    """How to narrow and sort stock."""

    q: str = Field("", max_length=80, description="Words of the part: number, brand, name.")
    part: Key = ABSENT
    warehouse: Key = ABSENT
    category: Category = ABSENT
    state: Literal["here", "free", "reserved", "empty", "uncounted"] = ABSENT
    sort: Literal["name", "number", "most"] = "name"


@doors.lists("/stock", AT_WORK, StockOut)
def list_stock(request: HttpRequest, wanted: InQuery[StockQuery]) -> Page:
    """What lies where."""
    rows = queries.filter_stocks(queries.stocks_visible_to(request.user), **wanted.filters())
    return page_of(rows, wanted, sorts=SORTS)


class MoveOut(Out):
    """A row of the kardex: what moved and what it left."""

    model_config = example(
        id="310",
        kind="receipt",
        part="12",
        warehouse="1",
        quantity="12",
        on_hand="12",
        value="582",
        unit_cost="48.5",
        source_kind="",
        source_id="",
        reason="Saldo inicial",
        by="4",
        at="2026-11-24T12:42:00Z",
    )

    id: Id
    kind: MoveKind
    part: Id
    warehouse: Id
    quantity: Decimal = Field(description="Signed: what went out is negative.")
    on_hand: Decimal = Field(description="What the move left in its warehouse.")
    value: Decimal | None = Field(description="In PEN, signed, for who may see costs.")
    unit_cost: Decimal | None = Field(description="The moving average after the move, in PEN.")
    source_kind: str = Field(description="What for, when something asked for it.")
    source_id: str
    reason: str
    by: Id | None
    at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        costs = rules.can_see_cost(user)
        return cls(
            id=thing.pk,
            part=thing.part_id,
            warehouse=thing.warehouse_id,
            quantity=rules.plain(thing.quantity),
            on_hand=rules.plain(thing.on_hand_after),
            value=rules.plain(thing.value) if costs else None,
            unit_cost=rules.plain(rules.average_cost(thing.held_after, thing.value_after)) if costs else None,
            by=thing.by_id,
            at=thing.at.astimezone(datetime.UTC),
            **{name: getattr(thing, name) for name in ("kind", "source_kind", "source_id", "reason")},
        )


class MovesQuery(Query):
    """How to narrow and sort moves."""

    part: Key = ABSENT
    warehouse: Key = ABSENT
    kind: MoveKind = ABSENT
    since: Day = Field(ABSENT, description="From the beginning of this day in Lima.")
    until: Day = Field(ABSENT, description="Until the end of this day in Lima.")
    sort: Literal["newest", "oldest"] = "newest"


@doors.lists("/stock-moves", AT_WORK, MoveOut)
def list_stock_moves(request: HttpRequest, wanted: InQuery[MovesQuery]) -> Page:
    """The kardex, up to any day."""
    return page_of(queries.moves_visible_to(request.user, **wanted.filters()), wanted, sorts=MOVE_SORTS)


class MoveIn(In):
    """What is to move. A receipt needs `unit_cost`, a transfer `to`, an issue and an adjustment a `reason`.

    `quantity` is what moves; of a count what was counted, of an adjustment signed.
    """

    model_config = example(kind="receipt", part="12", warehouse="1", quantity="12", unit_cost="48.50")

    kind: Literal["receipt", "issue", "transfer", "count", "adjustment"]
    part: Key
    warehouse: Key
    to: Key = Field(ABSENT, description="Where a transfer goes.")
    quantity: Number(11, 4, "-1000000", "1000000")
    unit_cost: Number(17, 10) = Field(ABSENT, description="In PEN without tax, of a receipt.")
    reason: Words(200) = ABSENT


class MovedOut(Out):
    """The moves that came of it, both halves of a transfer, none where a count found the book right; and the stock."""

    model_config = example(
        moves=[MoveOut.model_config["json_schema_extra"]["examples"][0]],
        stock=StockOut.model_config["json_schema_extra"]["examples"][0],
    )

    moves: list[MoveOut]
    stock: StockOut | None = Field(description="As it stands then; null where the part never lay.")


@doors.makes("/stock-moves", OFFICE, MovedOut)
def move_stock(request: HttpRequest, body: MoveIn) -> Any:
    """Move stock: a receipt, an issue, a transfer, a count or an adjustment."""
    user, kind = request.user, body.kind
    given = {name for name in ("to", "unit_cost", "reason") if getattr(body, name) not in (None, "")}
    for name in NEEDED[kind] - given:
        raise BadInput(_("This kind of move needs it."), field=name)
    for name in given - NEEDED[kind] - MAY[kind]:
        raise BadInput(_("This kind of move does not take it."), field=name)
    require(rules.can_manage_parts(user))
    signed = kind == "adjustment" or body.quantity >= 0
    require(signed, else_=BadInput(_("Write a quantity of zero or more."), field="quantity"))
    part = found("part", queries.get_part, user, int(body.part))
    warehouse = found("warehouse", queries.get_warehouse, user, int(body.warehouse))
    facts = {name: getattr(body, name) for name in given - {"to"}}
    if body.to:
        facts["to"] = found("to", queries.get_warehouse, user, int(body.to))
    facts["counted" if kind == "count" else "quantity"] = body.quantity
    made = DEEDS[kind](part=part, warehouse=warehouse, by=user, **facts)
    moves = made if isinstance(made, tuple) else [made] if made else []
    stock = queries.stock_in(part, warehouse)
    shown = StockOut.of(stock, user) if stock else None
    return MovedOut(moves=[MoveOut.of(each, user) for each in moves], stock=shown)
