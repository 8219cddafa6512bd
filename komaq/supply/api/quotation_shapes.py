"""The shapes of requests for quotation and of offers."""

from decimal import Decimal
from typing import Any, Literal, Self

from pydantic import Field

from komaq.core.api.shapes import (
    ABSENT,
    Day,
    Email,
    Flag,
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
from komaq.supply.choices import Currency, InviteState, QuotationState
from komaq.supply.queries import quotations

Quantity = Number(15, 4, "0")
Price = Number(18, 10, "0")
LINE = {
    "id": "71",
    "part": "12",
    "quantity": "10.0000",
    "need_by": "2026-12-05",
    "takes_alternative": True,
    "note": "",
}
OFFERED = {
    "id": "410",
    "line": "71",
    "has_it": True,
    "price": "10.5500000000",
    "quantity": "10.0000",
    "lead_days": 4,
    "alternative": "",
    "alternative_part": None,
    "note": "",
    "awarded": None,
}
OFFER = {
    "id": "88",
    "number": 1,
    "currency": "USD",
    "valid_until": "2026-12-20",
    "comment": "Stock Lima",
    "entered_by": None,
    "made_at": "2026-11-28T15:00:00Z",
    "lines": [OFFERED],
}
INVITE = {
    "id": "52",
    "supplier": "4",
    "status": "answered",
    "email": "ventas@ferreparts.pe",
    "sent_at": "2026-11-28T13:06:00Z",
    "opened_at": "2026-11-28T13:20:00Z",
    "answered_at": "2026-11-28T15:00:00Z",
    "reason": "",
    "offer": OFFER,
}
REQUEST = {
    "id": "31",
    "code": "SC-2026-000031",
    "status": "sent",
    "deadline": "2026-11-30T22:00:00Z",
    "deliver_to": "1",
    "is_urgent": False,
    "note": "",
    "made_by": "7",
    "made_at": "2026-11-28T13:00:00Z",
    "sent_at": "2026-11-28T13:06:00Z",
    "reminded_at": None,
    "ended_at": None,
    "version": 2,
}


class RfqLineOut(Out):
    """A part that is asked for."""

    model_config = example(**LINE)

    id: Id
    part: Id
    quantity: Decimal
    need_by: Day | None
    takes_alternative: bool
    note: str

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = ("quantity", "need_by", "takes_alternative", "note")
        return cls(id=thing.pk, part=thing.part_id, **{name: getattr(thing, name) for name in names})


class OfferLineOut(Out):
    """What a supplier says to one line: price per unit without tax in its currency, how many, in how many days."""

    model_config = example(**OFFERED)

    id: Id
    line: Id
    has_it: bool
    price: Decimal | None
    quantity: Decimal | None
    lead_days: int | None
    alternative: str = Field(description="Another part instead, in the supplier's words.")
    alternative_part: Id | None = Field(description="Which part of the catalogue that is.")
    note: str
    awarded: Decimal | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = ("has_it", "price", "quantity", "lead_days", "alternative", "note", "awarded")
        keys = {"id": thing.pk, "line": thing.line_id, "alternative_part": thing.alternative_part_id}
        return cls(**keys, **{name: getattr(thing, name) for name in names})


class OfferOut(Out):
    """An offer of a supplier; a later one has a higher number and replaces it."""

    model_config = example(**OFFER)

    id: Id
    number: int
    currency: Currency
    valid_until: Day | None
    comment: str
    entered_by: Id | None = Field(description="Who noted it for the supplier; null when it answered by its link.")
    made_at: Moment
    lines: list[OfferLineOut]

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = ("number", "currency", "valid_until", "comment", "made_at")
        lines = [OfferLineOut.of(row, user) for row in thing.lines.all()]
        facts = {name: getattr(thing, name) for name in names}
        return cls(id=thing.pk, entered_by=thing.entered_by_id, lines=lines, **facts)


class InviteOut(Out):
    """A supplier that was asked, and its last offer."""

    model_config = example(**INVITE)

    id: Id
    supplier: Id
    status: InviteState
    email: str
    sent_at: Moment | None
    opened_at: Moment | None
    answered_at: Moment | None
    reason: str = Field(description="Why it does not quote.")
    offer: OfferOut | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = ("email", "sent_at", "opened_at", "answered_at", "reason")
        facts = {name: getattr(thing, name) for name in names}
        offers = list(thing.offers.all())
        offer = OfferOut.of(offers[-1], user) if offers else None
        return cls(id=thing.pk, supplier=thing.supplier_id, status=thing.state, offer=offer, **facts)


class RfqItem(Out):
    """A request for quotation in a list; its lines and offers stand in the request itself."""

    model_config = example(**REQUEST)

    id: Id
    code: str
    status: QuotationState
    deadline: Moment
    deliver_to: Id = Field(description="The warehouse it is delivered to.")
    is_urgent: bool
    note: str
    made_by: Id
    made_at: Moment
    sent_at: Moment | None
    reminded_at: Moment | None
    ended_at: Moment | None = Field(description="When it was awarded or cancelled.")
    version: int

    @classmethod
    def facts(cls, thing: Any) -> dict[str, Any]:
        """What a list and the request itself share."""
        names = ("code", "deadline", "is_urgent", "note", "made_at", "sent_at", "reminded_at", "ended_at", "version")
        keys = {"id": thing.pk, "deliver_to": thing.deliver_to_id, "made_by": thing.made_by_id}
        return {**{name: getattr(thing, name) for name in names}, **keys, "status": thing.state}

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(**cls.facts(thing))


class RfqOut(RfqItem):
    """A request for quotation with its lines, who was asked, and the orders it became."""

    model_config = example(**REQUEST, lines=[LINE], invites=[INVITE], purchase_orders=[])

    lines: list[RfqLineOut]
    invites: list[InviteOut]
    purchase_orders: list[Id]

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(
            **cls.facts(thing),
            lines=[RfqLineOut.of(line, user) for line in quotations.lines_asked(thing)],
            invites=[InviteOut.of(invite, user) for invite in quotations.invites_with_offers(thing)],
            purchase_orders=list(thing.purchases.order_by("pk").values_list("pk", flat=True)),
        )


class RfqLineIn(In):
    """A part to ask for."""

    model_config = example(part="12", quantity="10", need_by="2026-12-05", needs=["55"])

    part: Key
    quantity: Quantity
    need_by: Day | None = None
    takes_alternative: Flag = True
    note: Words(200) = Field("", description="Suppliers read it.")
    needs: list[Key] = Field([], max_length=60, description="The parts requests this line is asked for.")


class RfqIn(In):
    """What to ask of whom until when: a draft, nobody is asked yet."""

    model_config = example(
        lines=[{"part": "12", "quantity": "10"}],
        suppliers=["4", "9"],
        deadline="2026-11-30T17:00:00-05:00",
        deliver_to="1",
    )

    lines: list[RfqLineIn] = Field(min_length=1, max_length=60)
    suppliers: list[Key] = Field(min_length=1, max_length=20)
    deadline: Moment
    deliver_to: Key
    is_urgent: Flag = False
    note: Words(2000) = Field("", description="Every supplier reads it.")


class RfqStepIn(In):
    """A step: `sent` writes to the suppliers, `cancelled` ends it and asks for a reason."""

    model_config = example(to="sent")

    to: Literal["sent", "cancelled"]
    reason: Line = Field("", description="For `cancelled`; suppliers do not read it.")


class DeadlineIn(In):
    """A later deadline."""

    model_config = example(deadline="2026-12-01T17:00:00-05:00")

    deadline: Moment


class InviteIn(In):
    """One more supplier to ask."""

    model_config = example(supplier="9")

    supplier: Key
    email: Email = Field("", description="By default the contacts who get requests.")


class OfferLineIn(In):
    """The answer to a line; without a price the supplier does not have it."""

    model_config = example(line="71", price="10.55", lead_days=4)

    line: Key
    price: Price | None = None
    lead_days: int | None = Field(None, ge=0, le=730)
    quantity: Quantity | None = Field(None, description="All that is asked when left out.")
    alternative: Words(160) = ""
    note: Words(200) = ""


class OfferIn(In):
    """What a supplier told us by phone or by e-mail."""

    model_config = example(currency="USD", lines=[{"line": "71", "price": "10.55", "lead_days": 4}])

    currency: Currency
    lines: list[OfferLineIn] = Field(min_length=1, max_length=60)
    valid_until: Day | None = None
    comment: Words(2000) = ""


class DeclineIn(In):
    """Why a supplier does not quote."""

    model_config = example(reason="Sin stock")

    reason: Words(200, 1)


class AlternativeIn(In):
    """Which part of the catalogue an alternative is; null when nobody knows."""

    model_config = example(part="19")

    part: Key | None


class ChoiceIn(In):
    """So many of an offered line are bought; no quantity: as many as were asked, or offered when that is less."""

    model_config = example(offer_line="410", quantity="6")

    offer_line: Key
    quantity: Quantity | None = None


class AwardIn(In):
    """The offers that are taken, of one supplier or of several."""

    model_config = example(choices=[{"offer_line": "410"}])

    choices: list[ChoiceIn] = Field(min_length=1, max_length=200)


class RfqsQuery(Query):
    """How to narrow and sort requests for quotation."""

    q: str = Field("", max_length=80, description="Words: code, supplier, part number.")
    status: QuotationState = ABSENT
    supplier: Key = ABSENT
    warehouse: Key = ABSENT
    part: Key = ABSENT
    since: Day = ABSENT
    until: Day = ABSENT
    to_decide: bool = Field(ABSENT, description="Only those whose offers wait for a decision.")
    sort: Literal["newest", "oldest", "deadline"] = "newest"
