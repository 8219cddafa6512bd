"""The shapes of receipts and claims."""

from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field

from komaq.core.api.shapes import ABSENT, Flag, Id, In, Key, Line, Moment, Out, Query, Words, example
from komaq.supply.api.purchase_shapes import Quantity
from komaq.supply.choices import ClaimKind, ClaimState


class ReceiptLineOut(Out):
    """How many of a line came well, and how many were refused."""

    model_config = example(id="14", line="91", part="12", accepted="3.0000", refused="1.0000")

    id: Id
    line: Id
    part: Id
    accepted: Decimal
    refused: Decimal


class ReceiptOut(Out):
    """What came of an order in one delivery."""

    model_config = example(
        id="8",
        code="RC-2026-000008",
        purchase_order="31",
        warehouse="1",
        guide="T001-00012345",
        note="",
        received_by="7",
        received_at="2026-12-04T15:00:00Z",
        lines=[{"id": "14", "line": "91", "part": "12", "accepted": "3.0000", "refused": "1.0000"}],
    )

    id: Id
    code: str
    purchase_order: Id
    warehouse: Id
    guide: str
    note: str
    received_by: Id
    received_at: Moment
    lines: list[ReceiptLineOut]

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        lines = [
            ReceiptLineOut(
                id=row.pk, line=row.line_id, part=row.line.part_id, accepted=row.accepted, refused=row.refused
            )
            for row in thing.lines.all()
        ]
        return cls(
            id=thing.pk,
            purchase_order=thing.purchase_id,
            warehouse=thing.warehouse_id,
            received_by=thing.received_by_id,
            lines=lines,
            **{name: getattr(thing, name) for name in ("code", "guide", "note", "received_at")},
        )


class ReceiptLineIn(In):
    """How many of a line came; a refusal says what is wrong and why."""

    model_config = example(line="91", accepted="3", refused="1", kind="damaged", note="Caja rota")

    line: Key
    accepted: Quantity = Decimal(0)
    refused: Quantity = Decimal(0)
    kind: ClaimKind = ClaimKind.DAMAGED
    note: Line = ""


class ReceiptIn(In):
    """A delivery."""

    model_config = example(
        purchase_order="31",
        warehouse="1",
        guide="T001-00012345",
        lines=[{"line": "91", "accepted": "3", "refused": "1", "kind": "damaged", "note": "Caja rota"}],
    )

    purchase_order: Key
    warehouse: Key
    guide: Words(30) = ""
    note: Line = ""
    lines: list[ReceiptLineIn] = Field(min_length=1, max_length=200)


class ReceiptsQuery(Query):
    """How to narrow and sort receipts."""

    purchase_order: Key = ABSENT
    warehouse: Key = ABSENT
    sort: Literal["newest", "oldest"] = "newest"


# Claims


class ClaimOut(Out):
    """What was wrong, damaged or short, and how far it has come."""

    model_config = example(
        id="5",
        purchase_order="31",
        receipt="8",
        receipt_line="14",
        part="12",
        kind="damaged",
        quantity="1.0000",
        note="Caja rota",
        status="open",
        outcome="",
        made_by="7",
        made_at="2026-12-04T15:00:00Z",
        ended_at=None,
    )

    id: Id
    purchase_order: Id
    receipt: Id
    receipt_line: Id
    part: Id
    kind: ClaimKind
    quantity: Decimal
    note: str
    status: ClaimState
    outcome: str
    made_by: Id
    made_at: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        row = thing.receipt_line
        return cls(
            id=thing.pk,
            purchase_order=row.receipt.purchase_id,
            receipt=row.receipt_id,
            receipt_line=row.pk,
            part=row.line.part_id,
            status=thing.state,
            made_by=thing.made_by_id,
            **{name: getattr(thing, name) for name in ("kind", "quantity", "note", "outcome", "made_at", "ended_at")},
        )


class ClaimIn(In):
    """A claim about goods that were received."""

    model_config = example(receipt_line="14", kind="wrong", quantity="1", note="Otro modelo")

    receipt_line: Key
    kind: ClaimKind
    quantity: Quantity
    note: Line


class ClaimStepIn(In):
    """How a claim goes on: sent back, or settled with what came of it."""

    model_config = example(to="settled", outcome="Nota de crédito F001-220", replaced=False)

    to: Literal["sent_back", "settled"]
    outcome: Line = Field("", description="For `settled`.")
    note: Line = Field("", description="For `sent_back`.")
    replaced: Flag = Field(False, description="For `settled`: new goods came for those that had left stock.")


class ClaimsQuery(Query):
    """How to narrow and sort claims."""

    q: str = Field("", max_length=80, description="Words: order, supplier, part number.")
    status: ClaimState = ABSENT
    kind: ClaimKind = ABSENT
    purchase_order: Key = ABSENT
    sort: Literal["oldest", "newest"] = "oldest"
