"""What is needed and has to be bought: parts requests."""

from decimal import Decimal
from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts.choices import Role, only
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import found
from komaq.core.api.shapes import ABSENT, Day, Id, In, Key, Moment, Number, Out, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.parts import queries as parts
from komaq.supply import actions
from komaq.supply.choices import SUPPLY, NeedState
from komaq.supply.queries import needs_list as needed

doors = Doors(tags=["parts-requests"])
BUYERS = only(Role.LOGISTICS)
SORTS = {"newest": Sort("pk", descending=True), "oldest": Sort("pk")}
WHENCE = {kind: name for name, kind in needed.SOURCES.items()}


class NeedOut(Out):
    """So much of a part that is missing, for something, by a day, and how far its buying has come.

    What one source lacks may stand in several: one that is still to buy, and one on each order that brings some of it.
    """

    model_config = example(
        id="55",
        part="12",
        quantity="4.0000",
        need_by="2026-12-05",
        urgent=False,
        status="ordered",
        source="orders",
        source_id="81",
        about="OS-2026-000041",
        rfq=None,
        purchase_order="31",
        promised_on="2026-12-03",
        made_at="2026-11-28T13:00:00Z",
        ended_at=None,
    )

    id: Id
    part: Id
    quantity: Decimal
    need_by: Day | None
    urgent: bool = Field(description="A machine stands still without it.")
    status: NeedState
    source: Literal["orders", "minimums", "by_hand"] = Field(description="What asks for it.")
    source_id: str = Field(description="The planned part, the part whose minimum it is, or what was written by hand.")
    about: str = Field(description="The order's code, or what somebody wrote.")
    rfq: Id | None = Field(description="The request for quotation that asks for it.")
    purchase_order: Id | None = Field(description="The order that brings it.")
    promised_on: Day | None
    made_at: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        line, asked = thing.purchase_line, thing.quotation_line
        names = ("quantity", "need_by", "source_id", "about", "made_at", "ended_at")
        return cls(
            id=thing.pk,
            part=thing.part_id,
            urgent=thing.is_urgent,
            status=thing.state,
            source=WHENCE[thing.source_kind],
            rfq=asked.request_id if asked else None,
            purchase_order=line.purchase_id if line else None,
            promised_on=line.promised_on if line else None,
            **{name: getattr(thing, name) for name in names},
        )


class NeedIn(In):
    """A part that no order and no minimum asks for."""

    model_config = example(part="12", quantity="4", need_by="2026-12-05", urgent=False, reason="Venta en tienda")

    part: Key
    quantity: Number(15, 4, "0")
    need_by: Day | None = None
    urgent: bool = False
    reason: Words(120, 1)


class NeedStepIn(In):
    """The one step by hand."""

    model_config = example(to="dropped", reason="El cliente desistió")

    to: Literal["dropped"]
    reason: Words(300, 1)


class NeedsQuery(Query):
    """How to narrow and sort parts requests."""

    q: str = Field("", max_length=80, description="Words of the part, its number, or the order's code.")
    status: NeedState = ABSENT
    part: Key = ABSENT
    urgent: bool = Field(ABSENT, description="Only what a machine stands still without.")
    source: Literal["orders", "minimums", "by_hand"] = ABSENT
    sort: Literal["newest", "oldest"] = "newest"


@doors.lists("/parts-requests", SUPPLY, NeedOut)
def list_parts_requests(request: HttpRequest, wanted: InQuery[NeedsQuery]) -> Page:
    """What is or was needed."""
    rows = needed.filter_needs(
        needed.needs_visible_to(request.user),
        states=[wanted.status] if wanted.status else (),
        part=int(wanted.part) if wanted.part else None,
        q=wanted.q,
        urgent=bool(wanted.urgent),
        source=wanted.source or "",
    )
    return page_of(rows, wanted, sorts=SORTS)


@doors.reads("/parts-requests/{need_id}", SUPPLY, NeedOut)
def read_parts_request(request: HttpRequest, need_id: Key) -> Any:
    """One parts request."""
    return needed.get_need(request.user, int(need_id))


@doors.makes("/parts-requests", BUYERS, NeedOut)
def make_parts_request(request: HttpRequest, body: NeedIn) -> Any:
    """Ask by hand for a part. What orders lack and what falls to its minimum is asked for by itself.

    What is bought of the part and promised to nobody counts first; the answer is what is still to buy, if anything is.
    """
    part = found("part", parts.get_part, request.user, int(body.part))
    facts = {"quantity": body.quantity, "need_by": body.need_by, "is_urgent": body.urgent, "reason": body.reason}
    return actions.add_need(part=part, by=request.user, **facts)


@doors.does("/parts-requests/{need_id}/transitions", BUYERS, NeedOut)
def move_parts_request(request: HttpRequest, need_id: Key, body: NeedStepIn) -> Any:
    """Drop what was asked for by hand and is not ordered yet; what orders and minimums ask for ends with them."""
    need = needed.get_need(request.user, int(need_id))
    return actions.drop_need(need=need, reason=body.reason, by=request.user)
