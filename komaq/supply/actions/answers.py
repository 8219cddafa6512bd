"""What a supplier says to a request: an offer, a better one, that it does not quote, a question."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile

from komaq.accounts.models import User
from komaq.comms.actions import add_message, post
from komaq.comms.choices import Visibility
from komaq.comms.models import Message
from komaq.comms.queries import thread_with_supplier
from komaq.core import clock, files, trail
from komaq.core.action import action, lock
from komaq.core.refusals import NotAllowed, require
from komaq.parts.actions.posting import checked
from komaq.parts.models import Part
from komaq.supply import rules
from komaq.supply.actions.invitations import write_to_invited
from komaq.supply.actions.prices import note_price
from komaq.supply.actions.purchase_refusals import NoPaper, ReasonNeeded
from komaq.supply.actions.purchases import HIGHEST_PRICE
from komaq.supply.actions.quotation_refusals import (
    BadLeadTime,
    BadOfferPrice,
    BadValidity,
    DeadlinePassed,
    ForeignOfferLine,
    NoAlternative,
    NothingOffered,
    OtherPart,
    QuotationMoved,
    RequestOver,
    TooManyOffers,
)
from komaq.supply.choices import Currency, InviteState, LinkPurpose, PriceSource, QuotationState
from komaq.supply.models import Invite, Offer, OfferLine, QuotationLine, QuotationRequest, SupplierLink
from komaq.supply.notices import quotations as notices
from komaq.supply.queries.people import buyers

MOST_OFFERS = 30
MOST_PAPERS = 20
MOST_QUESTIONS = 50
LONGEST_LEAD = 730
LONGEST_VALIDITY = datetime.timedelta(days=730)


@dataclass(frozen=True)
class OfferLineIn:
    """The answer to a line: a price per unit without tax and the days until it arrives; no price: does not have it.

    `quantity` is how many the supplier can deliver, all that is asked when it is None; `alternative` is another part
    instead, in the supplier's words.
    """

    line: QuotationLine
    price: Decimal | None = None
    lead_days: int | None = None
    quantity: Decimal | None = None
    alternative: str = ""
    note: str = ""


@action
def answer(
    *,
    lines: Iterable[OfferLineIn],
    currency: str,
    link: SupplierLink | None = None,
    invite: Invite | None = None,
    by: User | None = None,
    valid_until: datetime.date | None = None,
    comment: str = "",
    uploads: Iterable[UploadedFile] = (),
) -> Offer:
    """An offer of a supplier until the deadline, by its link or as told to the buyer `by`; a new one replaces the last.

    Lines that are left out it does not have. Raises NotAllowed, RequestOver, DeadlinePassed, TooManyOffers,
    NothingOffered, ForeignOfferLine, BadOfferPrice, BadQuantity, BadLeadTime, OtherPart, BadValidity, FileRefused,
    NoPaper.
    """
    invite = _open_invite(link, invite, by)
    asked = {line.pk: line for line in invite.request.lines.select_related("part").order_by("pk")}
    given = _checked(list(lines), asked)
    _check_terms(currency, valid_until)
    number = invite.offers.count() + 1
    require(number <= MOST_OFFERS, else_=TooManyOffers())
    offer = Offer.objects.create(
        invite=invite,
        number=number,
        currency=currency,
        valid_until=valid_until,
        comment=comment.strip()[:2000],
        entered_by=by,
        made_at=clock.now(),
    )
    for key, line in asked.items():
        _write_line(offer, line, given.get(key))
    _settle(invite, InviteState.ANSWERED, reason="")
    _keep(invite, uploads, by)
    _note_prices(offer, by)
    offered = sum(each.price is not None for each in given.values())
    facts = {"supplier": invite.supplier.short_name, "number": number, "offered": offered, "asked": len(asked)}
    trail.record("supply.offer_made", invite.request, by=by, by_supplier=by is None, **facts)
    if by is None:
        for user in buyers():
            post(notices.offer_came(invite, user.person, number=number, offered=offered, asked=len(asked)))
    return offer


@action
def decline(
    *, reason: str, link: SupplierLink | None = None, invite: Invite | None = None, by: User | None = None
) -> Invite:
    """The supplier does not quote, or takes its offer back; it may still change its mind until the deadline.

    Raises NotAllowed, ReasonNeeded, RequestOver, DeadlinePassed.
    """
    require(bool(reason.strip()), else_=ReasonNeeded())
    invite = _open_invite(link, invite, by)
    _settle(invite, InviteState.DECLINED, reason=reason.strip()[:200])
    facts = {"supplier": invite.supplier.short_name, "reason": invite.reason}
    trail.record("supply.invite_declined", invite.request, by=by, by_supplier=by is None, **facts)
    if by is None:
        for user in buyers():
            post(notices.invite_declined(invite, user.person, key=clock.now().isoformat()))
    return invite


@action
def write_to_invite(
    *, text: str, link: SupplierLink | None = None, invite: Invite | None = None, by: User | None = None
) -> Message:
    """A message in the thread with one supplier about its request; no other supplier reads it.

    The supplier asks until the deadline; we answer as long as the request is not over, by e-mail with its link.
    Raises NotAllowed, EmptyMessage, RequestOver, DeadlinePassed, TooManyOffers.
    """
    if by is None:
        invite = _open_invite(link, invite, by)
        asked = thread_with_supplier(invite).filter(author_id=None).count()
        require(asked < MOST_QUESTIONS, else_=TooManyOffers(field="text"))
    else:
        invite = _named(link, invite, by)
        require(invite.request.state == QuotationState.SENT, else_=QuotationMoved(invite.request))
    said = add_message(
        subject=invite,
        text=text[:4000],
        visibility=Visibility.SUPPLIER,
        by=by,
        author_name="" if by else invite.supplier.short_name,
    )
    if by is None:
        for user in buyers():
            post(notices.supplier_asked(invite, user.person, key=str(said.pk), text=said.text))
    else:
        write_to_invited(invite, lambda each, address: notices.we_answered(each, address, said.text), by=by)
    return said


@action
def map_alternative(*, offer_line: OfferLine, part: Part | None, by: User) -> OfferLine:
    """Say which part of the catalogue a supplier offers instead; with None it is unknown again.

    Whoever looked at the request before looks again before deciding. Raises NotAllowed, QuotationMoved,
    NoAlternative.
    """
    require(rules.can_buy(by))
    request = lock(offer_line.line.request)
    require(request.state == QuotationState.SENT, else_=QuotationMoved(request))
    row = OfferLine.objects.select_related("offer__invite__supplier", "line__part").get(pk=offer_line.pk)
    require(bool(row.alternative), else_=NoAlternative())
    row.alternative_part = part
    row.save(update_fields=["alternative_part"])
    request.version += 1
    request.save(update_fields=["version"])
    supplier = row.offer.invite.supplier
    if part:
        _note_price(row, part, by)
    facts = {"supplier": supplier.short_name, "alternative": row.alternative, "part": str(row.line.part)}
    trail.record("supply.alternative_mapped", request, by=by, mapped_to=str(part) if part else "", **facts)
    return row


def _named(link: SupplierLink | None, invite: Invite | None, by: User | None) -> Invite:
    """The invitation a supplier's link opens, and nothing else; or the one a buyer names. Its request is locked.

    Raises NotAllowed.
    """
    if link is None:
        require(invite is not None and by is not None and rules.can_buy(by))
        key = invite.pk
    else:
        require(link.purpose == LinkPurpose.QUOTATION and (invite is None or invite.pk == link.invite_id))
        key = link.invite_id
    request = lock(QuotationRequest.objects.get(invites=key))
    if link is not None:
        link = SupplierLink.objects.get(pk=link.pk)
        if link.ended_at is not None or link.expires_at <= clock.now():
            raise NotAllowed
    found = Invite.objects.select_related("supplier", "request__deliver_to", "request__made_by").get(pk=key)
    found.request = request
    return found


def _open_invite(link: SupplierLink | None, invite: Invite | None, by: User | None) -> Invite:
    """The same, as long as the request takes answers. Raises NotAllowed, RequestOver, DeadlinePassed."""
    invite = _named(link, invite, by)
    request = invite.request
    over = QuotationMoved(request) if by else RequestOver()
    require(request.state == QuotationState.SENT, else_=over)
    require(clock.now() < request.deadline, else_=DeadlinePassed(request, is_own=by is not None))
    return invite


def _settle(invite: Invite, state: str, *, reason: str) -> None:
    invite.state, invite.reason = state, reason
    invite.answered_at = invite.answered_at or clock.now()
    invite.save(update_fields=["state", "reason", "answered_at"])


def _checked(lines: list[OfferLineIn], asked: dict[int, QuotationLine]) -> dict[int, OfferLineIn]:
    """The answers by the key of their line, each of them sound."""
    given = {each.line.pk: each for each in lines}
    require(len(given) == len(lines) and asked.keys() >= given.keys(), else_=ForeignOfferLine())
    priced = [each for each in given.values() if each.price is not None]
    require(bool(priced), else_=NothingOffered())
    for each in priced:
        price = each.price
        sound = price.is_finite() and 0 < price < HIGHEST_PRICE and price == round(price, 10)
        require(sound, else_=BadOfferPrice())
        if each.quantity is not None:
            checked(each.quantity)
        require(each.lead_days is not None and 0 <= each.lead_days <= LONGEST_LEAD, else_=BadLeadTime())
        takes = asked[each.line.pk].takes_alternative
        require(takes or not each.alternative.strip(), else_=OtherPart())
    return given


def _check_terms(currency: str, valid_until: datetime.date | None) -> None:
    require(currency in Currency.values, else_=BadOfferPrice(field="currency"))
    today = clock.today()
    holds = valid_until is None or today <= valid_until <= today + LONGEST_VALIDITY
    require(holds, else_=BadValidity())


def _write_line(offer: Offer, line: QuotationLine, given: OfferLineIn | None) -> None:
    if given is None or given.price is None:
        note = given.note.strip()[:200] if given else ""
        OfferLine.objects.create(offer=offer, line=line, has_it=False, note=note)
        return
    OfferLine.objects.create(
        offer=offer,
        line=line,
        price=given.price,
        quantity=given.quantity or line.quantity,
        lead_days=given.lead_days,
        alternative=given.alternative.strip()[:160],
        note=given.note.strip()[:200],
    )


def _keep(invite: Invite, uploads: Iterable[UploadedFile], by: User | None) -> None:
    uploads = list(uploads)
    if uploads:
        known = files.attachments_of(invite).count()
        require(known + len(uploads) <= MOST_PAPERS, else_=NoPaper())
        files.attach(uploads, invite, by=by, visibility=Visibility.SUPPLIER)


def _note_prices(offer: Offer, by: User | None) -> None:
    """What was offered stands in the history of the parts that were asked for; an alternative once it is known."""
    rows = offer.lines.filter(has_it=True, alternative="").select_related("line__part", "offer__invite__supplier")
    for row in rows.order_by("line__part_id"):
        _note_price(row, row.line.part, by)


def _note_price(row: OfferLine, part: Part, by: User | None) -> None:
    note_price(
        supplier=row.offer.invite.supplier,
        part=part,
        price=row.price,
        currency=row.offer.currency,
        lead_days=row.lead_days,
        source=PriceSource.OFFER,
        source_id=row.offer.invite.request.code,
        by=by,
    )
