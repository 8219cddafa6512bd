"""The decision about a request: it is locked, and what was chosen becomes a draft of an order for each supplier."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action
from komaq.core.refusals import require
from komaq.orders.actions import replace_planned_part
from komaq.orders.models import PlannedPart, ServiceOrder
from komaq.parts.actions.posting import checked, hold
from komaq.parts.models import Part
from komaq.supply import rules
from komaq.supply.actions.invitations import write_to_invited
from komaq.supply.actions.needs_kept import Source, keep, lessen
from komaq.supply.actions.purchases import PurchaseLineIn, make_purchase
from komaq.supply.actions.quotation_refusals import (
    AlternativeUnknown,
    ForeignOfferLine,
    NothingAwarded,
    OfferOver,
    OfferReplaced,
    QuotationMoved,
    TooMuchAwarded,
)
from komaq.supply.actions.quotations import asked, held_request, step_request
from komaq.supply.choices import TO_BUY, InviteState, NeedState, QuotationState
from komaq.supply.models import Offer, OfferLine, PartsNeed, PurchaseOrder, QuotationRequest
from komaq.supply.notices import quotations as letters
from komaq.supply.queries.needs import BY_HAND, OF_ORDERS

ZERO = Decimal(0)


@dataclass(frozen=True)
class AwardIn:
    """That so many of an offered line are bought; no quantity: the lesser of offered and asked."""

    offer_line: OfferLine
    quantity: Decimal | None = None


@action
def award(
    *, request: QuotationRequest, choices: Iterable[AwardIn], by: User, version: int | None = None
) -> list[PurchaseOrder]:
    """Decide a request, whole or line by line; the drafts of the orders, one for each supplier that was chosen.

    Needs of what was chosen count as ordered, the others are to be bought again. An alternative takes the place of what
    orders planned and what somebody asked for by hand; a minimum goes on asking for its own part. Suppliers that were
    not chosen are told so, without name or price. A request is decided once: whoever comes second gets QuotationMoved.
    Raises NotAllowed, Stale, QuotationMoved, NothingAwarded, ForeignOfferLine, OfferReplaced, OfferOver,
    AlternativeUnknown, BadQuantity, TooMuchAwarded and what make_purchase raises.
    """
    require(rules.can_buy(by))
    request = held_request(request, version)
    require(request.state == QuotationState.SENT, else_=QuotationMoved(request))
    chosen = _checked(request, list(choices))
    request = step_request(request, QuotationState.AWARDED, by=by, ended_at=clock.now())
    for row, quantity in chosen.items():
        row.awarded = quantity
        row.save(update_fields=["awarded"])
    hold([*(row.line.part for row in chosen), *map(_bought_part, chosen), *_planned_beside(chosen)])
    instead = {row.pk: _want_instead(row, quantity, by) for row, quantity in chosen.items() if _is_another(row)}
    bought = [_buy(request, offer, rows, instead, by) for offer, rows in _by_offer(chosen).items()]
    _open_the_rest(request)
    facts = [[str(row.line.part), row.offer.invite.supplier.short_name, quantity] for row, quantity in chosen.items()]
    trail.record("supply.request_awarded", request, by=by, lines=facts, orders=[each.code for each in bought])
    _tell_others(request, {row.offer.invite_id for row in chosen}, by)
    return bought


def _checked(request: QuotationRequest, choices: list[AwardIn]) -> dict[OfferLine, Decimal]:
    """The rows that were chosen as they stand now, and how many of each."""
    require(bool(choices), else_=NothingAwarded())
    keys = [each.offer_line.pk for each in choices]
    about = ("line__part", "alternative_part", "offer__invite__supplier")
    rows = OfferLine.objects.filter(pk__in=keys, line__request=request).select_related(*about)
    found = {row.pk: row for row in rows}
    require(len(found) == len(keys), else_=ForeignOfferLine(field="choices"))
    latest = _latest(request)
    chosen = {}
    for each in choices:
        row = found[each.offer_line.pk]
        _check_row(row, latest)
        chosen[row] = each.quantity if each.quantity is not None else min(row.quantity, row.line.quantity)
        checked(chosen[row], field="choices")
    _check_sums(chosen)
    return chosen


def _latest(request: QuotationRequest) -> set[int]:
    """The offers that count: the last one of each supplier that has not withdrawn."""
    rows = Offer.objects.filter(invite__request=request, invite__state=InviteState.ANSWERED).order_by("number")
    return set({offer.invite_id: offer.pk for offer in rows}.values())


def _check_row(row: OfferLine, latest: set[int]) -> None:
    require(row.offer_id in latest and row.has_it, else_=OfferReplaced())
    holds = row.offer.valid_until is None or row.offer.valid_until >= clock.today()
    require(holds, else_=OfferOver(row.offer.invite.supplier))
    require(not row.alternative or row.alternative_part is not None, else_=AlternativeUnknown(row.alternative))


def _check_sums(chosen: dict[OfferLine, Decimal]) -> None:
    """No more than was offered; and split between suppliers, no more than was asked."""
    by_line: dict[int, list[tuple[OfferLine, Decimal]]] = defaultdict(list)
    for row, quantity in chosen.items():
        require(quantity <= row.quantity, else_=TooMuchAwarded())
        by_line[row.line_id].append((row, quantity))
    for picks in by_line.values():
        total = sum((quantity for _row, quantity in picks), ZERO)
        require(len(picks) == 1 or total <= picks[0][0].line.quantity, else_=TooMuchAwarded())


def _by_offer(chosen: dict[OfferLine, Decimal]) -> dict[Offer, list[tuple[OfferLine, Decimal]]]:
    found: dict[Offer, list[tuple[OfferLine, Decimal]]] = defaultdict(list)
    for row, quantity in sorted(chosen.items(), key=lambda each: (each[0].offer.invite_id, each[0].line_id)):
        found[row.offer].append((row, quantity))
    return found


def _open_the_rest(request: QuotationRequest) -> None:
    """What no order covers is to be bought again."""
    rest = PartsNeed.objects.filter(quotation_line__request=request, state=NeedState.ASKED)
    rest.update(state=NeedState.OPEN, quotation_line=None)


def _buy(
    request: QuotationRequest,
    offer: Offer,
    rows: list[tuple[OfferLine, Decimal]],
    instead: dict[int, list[tuple[str, str]]],
    by: User,
) -> PurchaseOrder:
    lines = [
        PurchaseLineIn(
            part=_bought_part(row),
            quantity=quantity,
            price=row.price,
            need_by=row.line.need_by,
            offer_line=row,
            needs=_needs_instead(row, instead[row.pk]) if _is_another(row) else _asked_needs(row),
        )
        for row, quantity in rows
    ]
    return make_purchase(
        supplier=offer.invite.supplier,
        lines=lines,
        currency=offer.currency,
        deliver_to=request.deliver_to,
        by=by,
        request=request,
    )


def _asked_needs(row: OfferLine) -> tuple[PartsNeed, ...]:
    """What this request was to find and no order covers yet."""
    return tuple(PartsNeed.objects.filter(quotation_line=row.line, state=NeedState.ASKED).order_by("pk"))


def _needs_instead(row: OfferLine, sources: list[tuple[str, str]]) -> tuple[PartsNeed, ...]:
    """What these sources still have to buy of the alternative; what was bought of it and free they have already."""
    keys = [key for _kind, key in sources]
    rows = PartsNeed.objects.filter(part=row.alternative_part, source_id__in=keys, state__in=TO_BUY).order_by("pk")
    return tuple(need for need in rows if (need.source_kind, need.source_id) in sources)


def _bought_part(row: OfferLine) -> Part:
    return row.alternative_part if row.alternative else row.line.part


def _is_another(row: OfferLine) -> bool:
    """Whether another part is bought than was asked for."""
    return _bought_part(row).pk != row.line.part_id


def _planned_beside(chosen: Iterable[OfferLine]) -> list[Part]:
    """All parts that orders plan in which an alternative takes a place: their stock is held first, as everywhere."""
    needs = [need for row in chosen if _is_another(row) for need in _asked_needs(row)]
    keys = [int(need.source_id) for need in needs if need.source_kind == OF_ORDERS]
    orders = ServiceOrder.objects.filter(segments__planned_parts__in=keys)
    return list(Part.objects.filter(planned__segment__order__in=orders, planned__dropped_at=None).distinct())


def _want_instead(row: OfferLine, quantity: Decimal, by: User) -> list[tuple[str, str]]:
    """Let who asked for a part want the other one that is bought in its place, who needs it first first.

    The kind and key of each source that wants the other one now.
    """
    sources = []
    for need in sorted(_asked_needs(row), key=lambda each: (each.need_by or datetime.date.max, each.pk)):
        taken = min(need.quantity, quantity)
        if taken == ZERO or need.source_kind not in (OF_ORDERS, BY_HAND):
            continue
        if need.source_kind == OF_ORDERS:
            planned = PlannedPart.objects.select_related("part", "segment__order").get(pk=need.source_id)
            other = replace_planned_part(planned=planned, part=row.alternative_part, quantity=taken, by=by)
            key = str(other.pk)
        else:
            lessen(need, taken, NeedState.DROPPED)
            facts = (need.need_by, need.is_urgent, need.about)
            key = uuid4().hex
            keep(Source(row.alternative_part, BY_HAND, key, *facts), taken)
        sources.append((need.source_kind, key))
        quantity -= taken
    return sources


def _tell_others(request: QuotationRequest, winners: set[int], by: User) -> None:
    for invite in asked(request).exclude(pk__in=winners).exclude(state=InviteState.DECLINED):
        made = letters.not_chosen if invite.state == InviteState.ANSWERED else letters.decided_without
        write_to_invited(invite, made, by=by, with_link=False)
