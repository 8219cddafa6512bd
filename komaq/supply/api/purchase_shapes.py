"""The shapes of purchase orders."""

from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field

from komaq.core.api.shapes import (
    ABSENT,
    Day,
    Email,
    Id,
    In,
    Key,
    Line,
    Moment,
    Number,
    Out,
    Query,
    Words,
    example,
)
from komaq.supply import rules
from komaq.supply.choices import Currency, PurchaseState
from komaq.supply.queries import purchases

Quantity = Number(15, 4, "0")
Price = Number(18, 10, "0")
LINE = {
    "id": "91",
    "part": "12",
    "quantity": "4.0000",
    "price": "10.5500000000",
    "amount": "42.20",
    "received": "0.0000",
    "need_by": "2026-12-05",
    "promised_on": None,
    "late": False,
}
ORDER = {
    "id": "31",
    "code": "OC-2026-000031",
    "supplier": "4",
    "deliver_to": "1",
    "rfq": None,
    "status": "sent",
    "currency": "USD",
    "rate": "3.7500000000",
    "rate_on": "2026-11-27",
    "total": "42.20",
    "total_pen": "158.25",
    "needs_approval": False,
    "payment_terms": "Factura a 30 días",
    "note": "",
    "email": "ventas@ferreparts.pe",
    "reason": "",
    "made_by": "7",
    "approved_by": "7",
    "made_at": "2026-11-28T13:00:00Z",
    "approved_at": "2026-11-28T13:05:00Z",
    "sent_at": "2026-11-28T13:06:00Z",
    "confirmed_at": None,
    "received_at": None,
    "version": 3,
}


class PurchaseLineOut(Out):
    """A part that is bought: so many at a price per unit without tax, and how many came."""

    model_config = example(**LINE)

    id: Id
    part: Id
    quantity: Decimal
    price: Decimal
    amount: Decimal
    received: Decimal
    need_by: Day | None
    promised_on: Day | None
    late: bool

    @classmethod
    def of(cls, thing: Any, state: str) -> Self:
        names = ("quantity", "price", "received", "need_by", "promised_on")
        return cls(
            id=thing.pk,
            part=thing.part_id,
            amount=rules.amount(thing.quantity, thing.price),
            late=rules.is_late(thing, state),
            **{name: getattr(thing, name) for name in names},
        )


class PurchaseLineItem(Out):
    """A purchase order in a list; its lines stand in the order itself."""

    model_config = example(**ORDER)

    id: Id
    code: str
    supplier: Id
    deliver_to: Id = Field(description="The warehouse it is delivered to.")
    rfq: Id | None = Field(description="The request for quotation it was awarded from.")
    status: PurchaseState
    currency: Currency
    rate: Decimal = Field(description="Soles for one unit of the currency.")
    rate_on: Day | None
    total: Decimal = Field(description="Without tax.")
    total_pen: Decimal
    needs_approval: bool
    payment_terms: str
    note: str
    email: str
    reason: str
    made_by: Id
    approved_by: Id | None
    made_at: Moment
    approved_at: Moment | None
    sent_at: Moment | None
    confirmed_at: Moment | None
    received_at: Moment | None
    version: int

    @classmethod
    def facts(cls, thing: Any) -> dict[str, Any]:
        """What a list and the order itself share."""
        names = (
            "code", "currency", "rate", "rate_on", "total", "total_pen", "payment_terms", "note", "email", "reason",
            "made_at", "approved_at", "sent_at", "confirmed_at", "received_at", "version",
        )  # fmt: skip
        keys = {
            "supplier": thing.supplier_id,
            "deliver_to": thing.deliver_to_id,
            "rfq": thing.request_id,
            "made_by": thing.made_by_id,
            "approved_by": thing.approved_by_id,
        }
        more = {"id": thing.pk, "status": thing.state, "needs_approval": rules.needs_approval(thing.total_pen)}
        return {**{name: getattr(thing, name) for name in names}, **keys, **more}

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(**cls.facts(thing))


class PurchaseOut(PurchaseLineItem):
    """A purchase order with its lines."""

    model_config = example(**ORDER, lines=[LINE])

    lines: list[PurchaseLineOut]

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        lines = [PurchaseLineOut.of(line, thing.state) for line in purchases.lines_of(thing)]
        return cls(**cls.facts(thing), lines=lines)


class PurchaseLineIn(In):
    """A part to buy."""

    model_config = example(part="12", quantity="4", price="10.55", need_by="2026-12-05", needs=["55"])

    part: Key
    quantity: Quantity
    price: Price = Field(description="Per unit, without tax, in the order's currency.")
    need_by: Day | None = None
    needs: list[Key] = Field([], max_length=60, description="The parts requests this line covers.")


class PurchaseIn(In):
    """An order to write: a draft."""

    model_config = example(
        supplier="4",
        deliver_to="1",
        currency="USD",
        lines=[{"part": "12", "quantity": "4", "price": "10.55", "need_by": "2026-12-05"}],
        payment_terms="Factura a 30 días",
    )

    supplier: Key
    deliver_to: Key
    currency: Currency = Currency.USD
    lines: list[PurchaseLineIn] = Field(min_length=1, max_length=200)
    payment_terms: Words(120) = ""
    note: Words(2000) = ""


class LineDate(In):
    """The day a line is promised for."""

    model_config = example(line="91", on="2026-12-04")

    line: Key
    on: Day


class PurchaseStepIn(In):
    """A step of the order and what it asks: `reason` for draft, cancelled and received; `dates` for confirmed."""

    model_config = example(to="sent", email="ventas@ferreparts.pe", message="Urgente, por favor.")

    to: PurchaseState
    reason: Line = ""
    email: Email = Field("", description="For `sent`: by default the order's.")
    message: Words(2000) = Field("", description="For `sent`: words of the letter.")
    dates: list[LineDate] = Field([], max_length=200, description="For `confirmed`: a day for each open line.")


class PurchasesQuery(Query):
    """How to narrow and sort purchase orders."""

    q: str = Field("", max_length=80, description="Words: code, supplier, part number.")
    status: PurchaseState = ABSENT
    supplier: Key = ABSENT
    warehouse: Key = ABSENT
    part: Key = ABSENT
    since: Day = ABSENT
    until: Day = ABSENT
    late: bool = Field(ABSENT, description="Only those with a late line.")
    sort: Literal["newest", "oldest", "dearest"] = "newest"
