"""The parts an order needs: planned, changed, dropped, used, given back."""

import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from pydantic import Field

from komaq.accounts.choices import TECHNICIANS, Role, only
from komaq.core.access import either
from komaq.core.api.doors import Doors
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Day, Id, In, Key, Number, Out, Words, example
from komaq.core.lists import Page
from komaq.orders import actions, queries
from komaq.orders.api.shapes import EVERYONE
from komaq.orders.choices import DIAGNOSED
from komaq.parts import queries as parts
from komaq.parts.choices import Availability, PartGrade, Unit

doors = Doors(tags=["orders"])
PLANNERS_OF_PARTS = only(Role.SUPERVISOR, Role.MANAGER, Role.SALES, Role.LOGISTICS)
PlannedQuantity = Number(11, 4, low="0.0001", high="1000000")
Note = Words(200)


class PlannedPartIn(In):
    """A part that the work will need."""

    model_config = example(part="31", quantity="2", need_by="2026-12-02", note="Filtro y su sello.")

    part: Key
    segment: Key = Field(ABSENT, description="The order's first segment when left out.")
    quantity: PlannedQuantity
    need_by: Day = Field(ABSENT, description="The next visit to work, else the promise, when left out.")
    note: Note = ""


class PlannedPartChange(In):
    """What changes of a planned part; the rest stays."""

    model_config = example(quantity="3", need_by="2026-12-01", note="Uno de reserva.")

    quantity: PlannedQuantity = ABSENT
    need_by: Day = ABSENT
    note: Note = ABSENT


class UseIn(In):
    """What was used of a planned part, and from where."""

    model_config = example(warehouse="2", quantity="1")

    warehouse: Key
    quantity: PlannedQuantity


class ReturnIn(In):
    """What came back of a planned part, and where it lies now."""

    model_config = example(warehouse="2", quantity="1")

    warehouse: Key
    quantity: PlannedQuantity


class PlannedPartOut(Out):
    """A planned part as it stands. Clients read null where the number is the company's own."""

    model_config = example(
        id="15",
        segment="61",
        part="31",
        number="1R-0750",
        brand="CAT",
        name="Filtro de petróleo",
        grade="original",
        unit="NIU",
        quantity="2.0000",
        reserved="1.0000",
        used="0.0000",
        missing="1.0000",
        state="partly",
        need_by="2026-12-02",
        promised_on="2026-12-01",
        note="Filtro y su sello.",
        version=1,
    )

    id: Id
    segment: Id
    part: Id
    number: str
    brand: str
    name: str
    grade: PartGrade
    unit: Unit
    quantity: Decimal
    reserved: Decimal | None
    used: Decimal
    missing: Decimal | None = Field(description="What must still come: neither reserved nor, before approval, free.")
    state: Availability | None = Field(description="Null for what a finished order did not use.")
    need_by: datetime.date | None
    promised_on: datetime.date | None
    note: str | None
    version: int

    @classmethod
    def of(cls, thing: Any, user: Any) -> "PlannedPartOut":
        line = thing if isinstance(thing, queries.PlannedLine) else queries.planned_part_line(thing)
        ours, planned, part = user.is_staff_member, line.planned, line.part
        return cls(
            id=planned.pk,
            segment=planned.segment_id,
            part=part.pk,
            number=part.number,
            brand=part.brand,
            name=part.name,
            grade=part.grade,
            unit=part.unit,
            quantity=line.quantity,
            reserved=line.reserved if ours else None,
            used=line.used,
            missing=line.missing if ours else None,
            state=line.state or None,
            need_by=planned.need_by,
            promised_on=line.promised_on,
            note=planned.note if ours else None,
            version=planned.version,
        )


@doors.lists("/orders/{order_id}/planned-parts", EVERYONE, PlannedPartOut)
def list_planned_parts(request: HttpRequest, order_id: Key) -> Page:
    """What the order needs of parts; clients read it once the work is approved."""
    order = queries.get_order(request.user, int(order_id))
    hidden = request.user.is_client and order.status in DIAGNOSED
    return Page([] if hidden else queries.planned_parts_of(order), None, "")


@doors.makes("/orders/{order_id}/planned-parts", either(PLANNERS_OF_PARTS, TECHNICIANS), PlannedPartOut)
def plan_part(request: HttpRequest, order_id: Key, body: PlannedPartIn) -> Any:
    """Plan a part. The same part again in a segment adds to what is planned there."""
    order = queries.get_order(request.user, int(order_id))
    if body.segment is ABSENT:
        segment = queries.segments_of(order)[0]
    else:
        segment = found("segment", queries.get_segment, order, int(body.segment))
    part = found("part", parts.get_part, request.user, int(body.part))
    wish = {"quantity": body.quantity, "need_by": body.need_by, "note": body.note}
    return actions.plan_part(segment=segment, part=part, by=request.user, **wish)


@doors.changes("/orders/{order_id}/planned-parts/{planned_id}", PLANNERS_OF_PARTS, PlannedPartOut)
def change_planned_part(request: HttpRequest, order_id: Key, planned_id: Key, body: PlannedPartChange) -> Any:
    """Change how much is needed, by when, what for."""
    planned = _planned(request, order_id, planned_id)
    given = {name: getattr(planned, name) for name in ("quantity", "need_by", "note")}
    given |= body.model_dump(exclude_unset=True)
    return actions.change_planned_part(planned=planned, by=request.user, version=request.version, **given)


@doors.removes("/orders/{order_id}/planned-parts/{planned_id}", PLANNERS_OF_PARTS)
def drop_planned_part(request: HttpRequest, order_id: Key, planned_id: Key) -> None:
    """Take a part off the plan; what was reserved for it is free."""
    actions.drop_planned_part(planned=_planned(request, order_id, planned_id), by=request.user)


@doors.does(
    "/orders/{order_id}/planned-parts/{planned_id}/use", either(only(Role.LOGISTICS), TECHNICIANS), PlannedPartOut
)
def use_planned_part(request: HttpRequest, order_id: Key, planned_id: Key, body: UseIn) -> Any:
    """Take a planned part out of stock: logistics from any warehouse, a technician from its own van."""
    planned = _planned(request, order_id, planned_id)
    warehouse = found("warehouse", queries.get_warehouse_to_use, request.user, int(body.warehouse))
    return actions.use_part(planned=planned, warehouse=warehouse, quantity=body.quantity, by=request.user)


@doors.does("/orders/{order_id}/planned-parts/{planned_id}/return", only(Role.LOGISTICS), PlannedPartOut)
def return_planned_part(request: HttpRequest, order_id: Key, planned_id: Key, body: ReturnIn) -> Any:
    """Take back into stock what was used of a planned part and not needed: logistics, into any warehouse."""
    planned = _planned(request, order_id, planned_id)
    warehouse = found("warehouse", queries.get_warehouse_to_use, request.user, int(body.warehouse))
    return actions.return_part(planned=planned, warehouse=warehouse, quantity=body.quantity, by=request.user)


def _planned(request: HttpRequest, order_id: str, planned_id: str) -> Any:
    return queries.get_planned_part(queries.get_order(request.user, int(order_id)), int(planned_id))
