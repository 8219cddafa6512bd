"""A purchase order from its first line to the day it is closed: written, approved, sent, cancelled."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from komaq.accounts.models import User
from komaq.comms.actions import post
from komaq.core import clock, sequences, trail
from komaq.core.action import action, lock
from komaq.core.rates import rate_on
from komaq.core.refusals import Stale, require
from komaq.core.search import search_text
from komaq.parts.actions.posting import checked, hold
from komaq.parts.models import Part, Warehouse
from komaq.supply import rules
from komaq.supply.actions.letters import write_to_supplier
from komaq.supply.actions.needs import follow_purchases
from komaq.supply.actions.needs_kept import release, take
from komaq.supply.actions.purchase_refusals import (
    BadPrice,
    NothingToBuy,
    OwnOrder,
    PartTwice,
    PlaceClosed,
    PurchaseMoved,
    ReasonNeeded,
    SupplierClosed,
    TooManyLines,
)
from komaq.supply.actions.tell import telling
from komaq.supply.choices import NeedState, PurchaseState
from komaq.supply.models import OfferLine, PartsNeed, PurchaseLine, PurchaseOrder, QuotationRequest, Supplier
from komaq.supply.notices import purchases as notices
from komaq.supply.queries.people import approvers
from komaq.supply.queries.promises import orders_waiting_for
from komaq.supply.queries.suppliers import addresses_of

_S = PurchaseState
MOST_LINES = 200
HIGHEST_PRICE = Decimal(10_000_000)


@dataclass(frozen=True)
class PurchaseLineIn:
    """What is wanted of a part: how many, at what price per unit without tax, by when, and for which needs."""

    part: Part
    quantity: Decimal
    price: Decimal
    need_by: datetime.date | None = None
    offer_line: OfferLine | None = None
    needs: tuple[PartsNeed, ...] = ()


@action
def make_purchase(
    *,
    supplier: Supplier,
    lines: Iterable[PurchaseLineIn],
    currency: str,
    deliver_to: Warehouse,
    by: User,
    request: QuotationRequest | None = None,
    note: str = "",
    payment_terms: str = "",
) -> PurchaseOrder:
    """A draft of what we buy of a supplier; the needs it covers count as ordered from now on.

    Raises NotAllowed, SupplierClosed, PlaceClosed, NothingToBuy, TooManyLines, PartTwice, BadQuantity, BadPrice,
    NoRate, NeedTaken.
    """
    require(rules.can_buy(by))
    _check_parties(supplier, deliver_to)
    lines = _checked_lines(lines)
    purchase = PurchaseOrder(
        code=sequences.take("OC"),
        supplier=supplier,
        request=request,
        deliver_to=deliver_to,
        currency=currency,
        note=note.strip()[:2000],
        payment_terms=(payment_terms.strip() or supplier.payment_terms)[:120],
        email=next(iter(addresses_of(supplier)), ""),
        made_by=by,
        made_at=clock.now(),
    )
    _price(purchase, lines)
    purchase.save(force_insert=True)
    _write_lines(purchase, lines, by)
    trail.record("supply.purchase_made", purchase, by=by, **_facts(purchase))
    return purchase


@action
def change_purchase(
    *,
    purchase: PurchaseOrder,
    lines: Iterable[PurchaseLineIn],
    currency: str,
    deliver_to: Warehouse,
    version: int,
    by: User,
    note: str = "",
    payment_terms: str = "",
) -> PurchaseOrder:
    """Write a draft anew; whoever did so answers for it. Raises Stale, PurchaseMoved and what make_purchase raises."""
    require(rules.can_buy(by))
    purchase = held(purchase, version)
    require(purchase.state == _S.DRAFT, else_=PurchaseMoved(purchase))
    _check_parties(purchase.supplier, deliver_to)
    lines = _checked_lines(lines)
    before = _facts(purchase)
    purchase.currency, purchase.deliver_to, purchase.made_by = currency, deliver_to, by
    purchase.note, purchase.payment_terms = note.strip()[:2000], payment_terms.strip()[:120]
    purchase.version += 1
    hold([*(line.part for line in purchase.lines.select_related("part")), *(line.part for line in lines)])
    freed = free_needs(purchase)
    PartsNeed.objects.filter(purchase_line__purchase=purchase).update(purchase_line=None)
    purchase.lines.all().delete()
    _price(purchase, lines)
    purchase.save()
    _write_lines(purchase, lines, by)
    follow_purchases(parts=freed, by=by)
    trail.record("supply.purchase_changed", purchase, by=by, before=before, **_facts(purchase))
    return purchase


@action
def submit_purchase(*, purchase: PurchaseOrder, by: User, version: int | None = None) -> PurchaseOrder:
    """Finish a draft at today's rate: within the limit it is approved at once, above it a manager is asked (PUR-1).

    Raises NotAllowed, Stale, PurchaseMoved, NoRate.
    """
    require(rules.can_buy(by))
    purchase = held(purchase, version)
    require(purchase.state == _S.DRAFT, else_=PurchaseMoved(purchase))
    _price(purchase, purchase.lines.all())
    money = {
        "rate": purchase.rate,
        "rate_on": purchase.rate_on,
        "total": purchase.total,
        "total_pen": purchase.total_pen,
    }
    if rules.needs_approval(purchase.total_pen):
        purchase = step(purchase, _S.TO_APPROVE, by=by, made_by=by, **money)
        for user in approvers():
            post(notices.approval_asked(purchase, user.person))
        return purchase
    return step(purchase, _S.APPROVED, by=by, made_by=by, approved_by=by, approved_at=clock.now(), **money)


@action
def approve(*, purchase: PurchaseOrder, by: User, version: int | None = None) -> PurchaseOrder:
    """Grant the money of an order above the limit. Raises NotAllowed, OwnOrder, Stale, PurchaseMoved."""
    require(rules.can_approve_purchase(by))
    purchase = held(purchase, version)
    require(purchase.state == _S.TO_APPROVE, else_=PurchaseMoved(purchase))
    require(rules.may_approve(by, purchase), else_=OwnOrder())
    purchase = step(purchase, _S.APPROVED, by=by, approved_by=by, approved_at=clock.now(), reason="")
    post(notices.purchase_approved(purchase, purchase.made_by.person))
    return purchase


@action
def return_to_draft(*, purchase: PurchaseOrder, reason: str, by: User, version: int | None = None) -> PurchaseOrder:
    """Send an order that waits for approval back to be written anew. Raises NotAllowed, ReasonNeeded, PurchaseMoved."""
    require(rules.can_approve_purchase(by) or rules.can_buy(by))
    require(bool(reason.strip()), else_=ReasonNeeded())
    purchase = held(purchase, version)
    require(purchase.state == _S.TO_APPROVE, else_=PurchaseMoved(purchase))
    purchase = step(purchase, _S.DRAFT, by=by, reason=reason.strip()[:300])
    if by.pk != purchase.made_by_id:
        post(notices.purchase_returned(purchase, purchase.made_by.person))
    return purchase


@action
def cancel_purchase(*, purchase: PurchaseOrder, reason: str, by: User, version: int | None = None) -> PurchaseOrder:
    """Buy it after all not; a supplier that has the order is told, its links end, the needs are open again.

    Raises NotAllowed, ReasonNeeded, Stale, PurchaseMoved (something of it has come).
    """
    require(rules.can_buy(by))
    require(bool(reason.strip()), else_=ReasonNeeded())
    purchase = held(purchase, version)
    was_sent = purchase.sent_at is not None
    with telling(orders_waiting_for(purchase.lines.all())):
        purchase = step(purchase, _S.CANCELLED, by=by, reason=reason.strip()[:300])
        follow_purchases(parts=free_needs(purchase), by=by)
    purchase.links.filter(ended_at=None).update(ended_at=clock.now())
    if was_sent and purchase.email:
        write_to_supplier(purchase.supplier, notices.purchase_cancelled(purchase), to=purchase.email, by=by)
    return purchase


@action
def close_purchase(*, purchase: PurchaseOrder, reason: str, by: User, version: int | None = None) -> PurchaseOrder:
    """Wait no longer for what is missing of a partly received order: its supplier is told, the needs are open again.

    Raises NotAllowed, ReasonNeeded, Stale, PurchaseMoved.
    """
    require(rules.can_buy(by))
    require(bool(reason.strip()), else_=ReasonNeeded())
    purchase = held(purchase, version)
    require(purchase.state == _S.PARTIAL, else_=PurchaseMoved(purchase))
    with telling(orders_waiting_for(purchase.lines.all())):
        purchase = step(purchase, _S.RECEIVED, by=by, received_at=clock.now(), reason=reason.strip()[:300])
        follow_purchases(parts=free_needs(purchase), by=by)
    if purchase.email:
        write_to_supplier(purchase.supplier, notices.purchase_closed(purchase), to=purchase.email, by=by)
    return purchase


def step(purchase: PurchaseOrder, to: str, *, by: User | None, **values: object) -> PurchaseOrder:
    """Move a locked order along the table, as long as it still stands where the step starts. Raises PurchaseMoved."""
    start = purchase.state
    require(rules.has_step(purchase, to), else_=PurchaseMoved(purchase))
    rows = PurchaseOrder.objects.filter(pk=purchase.pk, state=start)
    moved = rows.update(state=to, version=F("version") + 1, **values)
    purchase.refresh_from_db()
    require(moved == 1, else_=PurchaseMoved(purchase))
    reason = str(values.get("reason", ""))
    trail.record("supply.purchase_moved", purchase, by=by, **{"from": start, "to": to, "reason": reason})
    return purchase


def held(purchase: PurchaseOrder, version: int | None = None) -> PurchaseOrder:
    """The order as it stands, locked. Raises Stale when the person saw another version."""
    purchase = lock(purchase)
    if version is not None and version != purchase.version:
        raise Stale(purchase)
    return purchase


def free_needs(purchase: PurchaseOrder) -> list[Part]:
    """What the order was to cover is to be bought again; the parts of its lines, held."""
    lines = purchase.lines.select_related("part").order_by("part_id")
    parts = [line.part for line in lines]
    hold(parts)
    rows = PartsNeed.objects.filter(purchase_line__purchase=purchase, state=NeedState.ORDERED)
    release(rows.select_related("part").order_by("pk"))
    return parts


def _check_parties(supplier: Supplier, deliver_to: Warehouse) -> None:
    require(supplier.is_open, else_=SupplierClosed())
    require(deliver_to.is_open, else_=PlaceClosed())


def _checked_lines(lines: Iterable[PurchaseLineIn]) -> list[PurchaseLineIn]:
    lines = list(lines)
    require(bool(lines), else_=NothingToBuy())
    require(len(lines) <= MOST_LINES, else_=TooManyLines())
    require(len({line.part.pk for line in lines}) == len(lines), else_=PartTwice())
    for line in lines:
        checked(line.quantity)
        sound = line.price.is_finite() and Decimal(0) <= line.price < HIGHEST_PRICE
        require(sound and line.price == round(line.price, 10), else_=BadPrice())
    return lines


def _price(purchase: PurchaseOrder, lines: Iterable[PurchaseLineIn | PurchaseLine]) -> None:
    """Total and rate as of today. Raises NoRate."""
    purchase.rate, purchase.rate_on = rate_on(purchase.currency, clock.today())
    purchase.total = sum((rules.amount(line.quantity, line.price) for line in lines), Decimal(0))
    purchase.total_pen = rules.in_soles(purchase.total, purchase.rate)


def _write_lines(purchase: PurchaseOrder, lines: list[PurchaseLineIn], by: User) -> None:
    hold(each.part for each in lines)
    for given in lines:
        line = PurchaseLine.objects.create(
            purchase=purchase,
            part=given.part,
            offer_line=given.offer_line,
            quantity=given.quantity,
            price=given.price,
            need_by=given.need_by,
        )
        take(line, given.needs)
    parts = [each.part for each in lines]
    follow_purchases(parts=parts, by=by)
    words = (str(part) for part in parts), (part.number_key for part in parts)
    supplier = purchase.supplier
    purchase.search = search_text(
        purchase.code, supplier.name, supplier.trade_name, supplier.tax_id, *words[0], *words[1]
    )
    purchase.save(update_fields=["search"])


def _facts(purchase: PurchaseOrder) -> dict[str, object]:
    """What the trail keeps of an order."""
    lines = purchase.lines.select_related("part").order_by("pk")
    return {
        "supplier": purchase.supplier.name,
        "deliver_to": purchase.deliver_to.code,
        "currency": purchase.currency,
        "rate": purchase.rate,
        "total": purchase.total,
        "total_pen": purchase.total_pen,
        "lines": [[str(line.part), line.quantity, line.price] for line in lines],
    }
