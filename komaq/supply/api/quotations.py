"""Requests for quotation, the offers to them, and the decision."""

from typing import Any

from django.http import HttpRequest
from ninja import Query as InQuery

from komaq.accounts.choices import Role, only
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.problems import FieldRefused, found
from komaq.core.api.shapes import Key
from komaq.core.lists import Page, Sort
from komaq.parts import queries as parts
from komaq.parts.queries import stock
from komaq.supply import actions, queries
from komaq.supply.api.quotation_shapes import (
    AlternativeIn,
    AwardIn,
    DeadlineIn,
    DeclineIn,
    InviteIn,
    InviteOut,
    OfferIn,
    OfferLineOut,
    OfferOut,
    RfqIn,
    RfqItem,
    RfqLineIn,
    RfqOut,
    RfqsQuery,
    RfqStepIn,
)
from komaq.supply.choices import SUPPLY
from komaq.supply.queries import quotations, wanted

doors = Doors(tags=["rfqs"])
BUYERS = only(Role.LOGISTICS)
SORTS = {
    "newest": Sort("pk", descending=True),
    "oldest": Sort("pk"),
    "deadline": Sort("deadline"),
}


@doors.lists("/rfqs", SUPPLY, RfqItem)
def list_rfqs(request: HttpRequest, wanted: InQuery[RfqsQuery]) -> Page:
    """Requests for quotation, whoever wrote them."""
    given = wanted.filters()
    given["state"] = given.pop("status", "")
    rows = quotations.filter_requests(quotations.requests_visible_to(request.user), **given)
    return page_of(rows, wanted, sorts=SORTS)


@doors.reads("/rfqs/{quotation_id}", SUPPLY, RfqOut)
def read_rfq(request: HttpRequest, quotation_id: Key) -> Any:
    """One request for quotation with its lines, who was asked and each supplier's last offer."""
    return quotations.get_request(request.user, int(quotation_id))


@doors.makes("/rfqs", BUYERS, RfqOut)
def make_rfq(request: HttpRequest, body: RfqIn) -> Any:
    """Write a request: a draft, of which no supplier hears yet."""
    user = request.user
    return actions.make_request(
        lines=[_line(user, place, line) for place, line in enumerate(body.lines)],
        suppliers=[
            found(f"suppliers.{place}", queries.get_supplier, user, int(key))
            for place, key in enumerate(body.suppliers)
        ],
        deadline=body.deadline,
        deliver_to=found("deliver_to", stock.get_warehouse, user, int(body.deliver_to)),
        is_urgent=body.is_urgent,
        note=body.note,
        by=user,
    )


def _line(user: Any, place: int, line: RfqLineIn) -> actions.QuotationLineIn:
    needs = wanted.needs_named(user, line.needs)
    if len(needs) != len(set(line.needs)):
        raise FieldRefused(field=f"lines.{place}.needs")
    return actions.QuotationLineIn(
        part=found(f"lines.{place}.part", parts.get_part, user, int(line.part)),
        quantity=line.quantity,
        need_by=line.need_by,
        takes_alternative=line.takes_alternative,
        note=line.note,
        needs=tuple(needs),
    )


@doors.does("/rfqs/{quotation_id}/transitions", BUYERS, RfqOut, versioned=True)
def move_rfq(request: HttpRequest, quotation_id: Key, body: RfqStepIn) -> Any:
    """Send a draft to its suppliers, or cancel a request.

    Each supplier gets an e-mail in its language with a link of its own. Whoever was asked hears that it is cancelled.
    """
    asked = quotations.get_request(request.user, int(quotation_id))
    if body.to == "sent":
        return actions.send_request(request=asked, version=request.version, by=request.user)
    return actions.cancel_request(request=asked, reason=body.reason, version=request.version, by=request.user)


@doors.does("/rfqs/{quotation_id}/remind", BUYERS, RfqOut)
def remind_rfq(request: HttpRequest, quotation_id: Key) -> Any:
    """Write again to the suppliers that have not answered; not twice within an hour."""
    asked = quotations.get_request(request.user, int(quotation_id))
    actions.remind(request=asked, by=request.user)
    return quotations.get_request(request.user, asked.pk)


@doors.does("/rfqs/{quotation_id}/extend", BUYERS, RfqOut, versioned=True)
def extend_rfq(request: HttpRequest, quotation_id: Key, body: DeadlineIn) -> Any:
    """Give the suppliers more time, also when the deadline is over."""
    asked = quotations.get_request(request.user, int(quotation_id))
    return actions.extend_deadline(request=asked, deadline=body.deadline, version=request.version, by=request.user)


@doors.makes("/rfqs/{quotation_id}/invites", BUYERS, InviteOut)
def invite_to_rfq(request: HttpRequest, quotation_id: Key, body: InviteIn) -> Any:
    """Ask one more supplier; at once, when the request was sent."""
    asked = quotations.get_request(request.user, int(quotation_id))
    supplier = found("supplier", queries.get_supplier, request.user, int(body.supplier))
    return actions.invite_supplier(request=asked, supplier=supplier, email=body.email, by=request.user)


@doors.makes("/rfq-invites/{invite_id}/offers", BUYERS, OfferOut)
def note_offer(request: HttpRequest, invite_id: Key, body: OfferIn) -> Any:
    """Note what a supplier told by phone or by e-mail, until the deadline; a later offer replaces it."""
    invite = quotations.get_invite(request.user, int(invite_id))
    lines = [
        actions.OfferLineIn(
            line=found(f"lines.{place}.line", quotations.get_asked_line, invite.request, int(each.line)),
            price=each.price,
            lead_days=each.lead_days,
            quantity=each.quantity,
            alternative=each.alternative,
            note=each.note,
        )
        for place, each in enumerate(body.lines)
    ]
    terms = {"currency": body.currency, "valid_until": body.valid_until, "comment": body.comment}
    return actions.answer(lines=lines, invite=invite, by=request.user, **terms)


@doors.does("/rfq-invites/{invite_id}/decline", BUYERS, InviteOut)
def decline_invite(request: HttpRequest, invite_id: Key, body: DeclineIn) -> Any:
    """Note that a supplier does not quote."""
    invite = quotations.get_invite(request.user, int(invite_id))
    return actions.decline(invite=invite, reason=body.reason, by=request.user)


@doors.does("/offer-lines/{offer_line_id}/part", BUYERS, OfferLineOut)
def map_alternative(request: HttpRequest, offer_line_id: Key, body: AlternativeIn) -> Any:
    """Say which part of the catalogue an alternative is; it is bought as that part.

    The request has another version from then on.
    """
    row = quotations.get_offer_line(request.user, int(offer_line_id))
    part = found("part", parts.get_part, request.user, int(body.part)) if body.part else None
    return actions.map_alternative(offer_line=row, part=part, by=request.user)


@doors.does("/rfqs/{quotation_id}/award", BUYERS, RfqOut, versioned=True)
def award_rfq(request: HttpRequest, quotation_id: Key, body: AwardIn) -> Any:
    """Decide, whole or by line: each supplier that is chosen gets a draft of an order, named in `purchase_orders`.

    A request is decided once; the suppliers that were not chosen are told so, without name or price.
    """
    asked = quotations.get_request(request.user, int(quotation_id))
    choices = [
        actions.AwardIn(
            offer_line=found(
                f"choices.{place}.offer_line", quotations.get_offer_line, request.user, int(each.offer_line)
            ),
            quantity=each.quantity,
        )
        for place, each in enumerate(body.choices)
    ]
    actions.award(request=asked, choices=choices, version=request.version, by=request.user)
    return quotations.get_request(request.user, asked.pk)
