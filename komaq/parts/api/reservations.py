"""What is kept for whom."""

import datetime
from decimal import Decimal
from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import OFFICE
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Day, Id, In, Key, Moment, Number, Out, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.core.refusals import require
from komaq.parts import actions, queries, rules
from komaq.parts.choices import AT_WORK, ReservationState

doors = Doors(tags=["stock"])
SORTS = {"newest": Sort("pk", descending=True), "oldest": Sort("pk")}


class ReservationOut(Out):
    """Stock kept for whoever needs it by a day."""

    model_config = example(
        id="41",
        part="12",
        warehouse="1",
        quantity="2",
        need_by="2026-12-01",
        state="held",
        source_kind="parts.part",
        source_id="12",
        made_at="2026-11-24T12:42:00Z",
        ended_at=None,
    )

    id: Id
    part: Id
    warehouse: Id
    quantity: Decimal
    need_by: datetime.date | None
    state: ReservationState
    source_kind: str = Field(description="For what it is kept; the part itself where somebody set it aside by hand.")
    source_id: str
    made_at: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(
            id=thing.pk,
            part=thing.part_id,
            warehouse=thing.warehouse_id,
            quantity=rules.plain(thing.quantity),
            made_at=thing.made_at.astimezone(datetime.UTC),
            ended_at=thing.ended_at and thing.ended_at.astimezone(datetime.UTC),
            **{name: getattr(thing, name) for name in ("need_by", "state", "source_kind", "source_id")},
        )


class ReservationIn(In):
    """Stock that is set aside by hand: all of the quantity or nothing."""

    model_config = example(part="12", warehouse="1", quantity="2", need_by="2026-12-01", reason="Feria de Arequipa")

    part: Key
    warehouse: Key
    quantity: Number(11, 4, "0", "1000000")
    need_by: Day | None = None
    reason: Words(200, 1)


class ReservationsQuery(Query):
    """How to narrow and sort reservations."""

    q: str = Field("", max_length=80, description="Words of the part: number, brand, name.")
    part: Key = ABSENT
    warehouse: Key = ABSENT
    state: ReservationState = ABSENT
    until: Day = Field(ABSENT, description="Needed by this day or before.")
    sort: Literal["newest", "oldest"] = "newest"


@doors.lists("/reservations", AT_WORK, ReservationOut)
def list_reservations(request: HttpRequest, wanted: InQuery[ReservationsQuery]) -> Page:
    """What is or was kept for whom."""
    rows = queries.filter_reservations(queries.reservations_visible_to(request.user), **wanted.filters())
    return page_of(rows, wanted, sorts=SORTS)


@doors.reads("/reservations/{reservation_id}", AT_WORK, ReservationOut)
def read_reservation(request: HttpRequest, reservation_id: Key) -> Any:
    """One reservation."""
    return queries.get_reservation(request.user, int(reservation_id))


@doors.makes("/reservations", OFFICE, ReservationOut)
def set_aside(request: HttpRequest, body: ReservationIn) -> Any:
    """Set free stock aside by hand. What orders need is reserved by themselves."""
    user = request.user
    require(rules.can_manage_parts(user))
    part = found("part", queries.get_part, user, int(body.part))
    warehouse = found("warehouse", queries.get_warehouse, user, int(body.warehouse))
    facts = {"quantity": body.quantity, "need_by": body.need_by, "reason": body.reason}
    return actions.set_aside(part=part, warehouse=warehouse, by=user, **facts)


@doors.removes("/reservations/{reservation_id}", OFFICE)
def free_reservation(request: HttpRequest, reservation_id: Key) -> Any:
    """Let a reservation go; whoever it was kept for lacks it from then on."""
    reservation = queries.get_reservation(request.user, int(reservation_id))
    return actions.free_reservation(reservation=reservation, by=request.user)
