"""A request for quotation until its offers are in: written, sent, extended, cancelled; suppliers invited, reminded."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F

from komaq.accounts.models import User
from komaq.core import clock, sequences, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Stale, require
from komaq.core.search import search_text
from komaq.parts.actions.posting import checked, hold
from komaq.parts.models import Part, Warehouse
from komaq.supply import rules
from komaq.supply.actions.invitations import end_links, expiry_of, first_letter, write_to_invited
from komaq.supply.actions.purchase_refusals import NeedTaken, PlaceClosed, ReasonNeeded, SupplierClosed
from komaq.supply.actions.quotation_refusals import (
    AlreadyInvited,
    AskedTwice,
    BadDeadline,
    DeadlineNotLater,
    DeadlinePassed,
    NobodyInvited,
    NothingAsked,
    QuotationMoved,
    TooMuchAsked,
)
from komaq.supply.choices import QUOTATION_STEPS, InviteState, NeedState, QuotationState
from komaq.supply.models import Invite, PartsNeed, QuotationLine, QuotationRequest, Supplier, SupplierLink
from komaq.supply.notices import quotations as letters

_S = QuotationState
MOST_LINES = 60
MOST_SUPPLIERS = 20
LONGEST = datetime.timedelta(days=366)


@dataclass(frozen=True)
class QuotationLineIn:
    """What is asked of a part: how many, by when, whether another one would do, and for which needs."""

    part: Part
    quantity: Decimal
    need_by: datetime.date | None = None
    takes_alternative: bool = True
    note: str = ""
    needs: tuple[PartsNeed, ...] = ()


@action
def make_request(
    *,
    lines: Iterable[QuotationLineIn],
    suppliers: Iterable[Supplier],
    deadline: datetime.datetime,
    deliver_to: Warehouse,
    by: User,
    note: str = "",
    is_urgent: bool = False,
) -> QuotationRequest:
    """A draft of what several suppliers are to quote until a moment; nobody is asked yet.

    Raises NotAllowed, NothingAsked, TooMuchAsked, AskedTwice, BadQuantity, NobodyInvited, SupplierClosed, PlaceClosed,
    BadDeadline, NeedTaken.
    """
    require(rules.can_buy(by))
    request = QuotationRequest(code=sequences.take("SC"), made_by=by, made_at=clock.now())
    request.deadline, request.deliver_to = deadline, deliver_to
    request.note, request.is_urgent = note.strip()[:2000], is_urgent
    _write(request, list(lines), list(suppliers))
    trail.record("supply.request_made", request, by=by, **_facts(request))
    return request


@action
def change_request(
    *,
    request: QuotationRequest,
    lines: Iterable[QuotationLineIn],
    suppliers: Iterable[Supplier],
    deadline: datetime.datetime,
    deliver_to: Warehouse,
    version: int,
    by: User,
    note: str = "",
    is_urgent: bool = False,
) -> QuotationRequest:
    """Write a draft anew. Raises Stale, QuotationMoved and what make_request raises."""
    require(rules.can_buy(by))
    request = held_request(request, version)
    require(request.state == _S.DRAFT, else_=QuotationMoved(request))
    before = _facts(request)
    request.deadline, request.deliver_to = deadline, deliver_to
    request.note, request.is_urgent = note.strip()[:2000], is_urgent
    request.version += 1
    _untie(request)
    request.lines.all().delete()
    _write(request, list(lines), list(suppliers))
    trail.record("supply.request_changed", request, by=by, before=before, **_facts(request))
    return request


@action
def send_request(*, request: QuotationRequest, by: User, version: int | None = None) -> QuotationRequest:
    """Ask the suppliers: each gets a letter in its language with a link of its own, and the needs count as asked.

    Raises NotAllowed, Stale, QuotationMoved, BadDeadline, PlaceClosed, SupplierClosed, NoAddress.
    """
    require(rules.can_buy(by))
    request = held_request(request, version)
    require(request.state == _S.DRAFT, else_=QuotationMoved(request))
    _check_frame(request)
    invites = list(request.invites.select_related("supplier").order_by("pk"))
    _check_suppliers([invite.supplier for invite in invites])
    request = step_request(request, _S.SENT, by=by, sent_at=clock.now())
    for invite in invites:
        invite.request = request
        first_letter(invite, by=by)
    hold(_parts_of(request))
    PartsNeed.objects.filter(quotation_line__request=request, state=NeedState.OPEN).update(state=NeedState.ASKED)
    return request


@action
def invite_supplier(*, request: QuotationRequest, supplier: Supplier, by: User, email: str = "") -> Invite:
    """Ask one more supplier, until the deadline; when the request is on its way already, at once.

    Raises NotAllowed, QuotationMoved, DeadlinePassed, SupplierClosed, NobodyInvited (too many), AlreadyInvited,
    NoAddress.
    """
    require(rules.can_buy(by))
    request = held_request(request)
    require(request.state in {_S.DRAFT, _S.SENT}, else_=QuotationMoved(request))
    require(request.state == _S.DRAFT or clock.now() < request.deadline, else_=DeadlinePassed(request, is_own=True))
    require(not request.invites.filter(supplier=supplier).exists(), else_=AlreadyInvited())
    _check_suppliers([*(each.supplier for each in request.invites.select_related("supplier")), supplier])
    invite = Invite.objects.create(request=request, supplier=supplier, email=email)
    if request.state == _S.SENT:
        first_letter(invite, by=by)
    _index(request)
    trail.record("supply.supplier_invited", request, by=by, supplier=supplier.short_name, email=invite.email)
    return invite


@action
def extend_deadline(
    *, request: QuotationRequest, deadline: datetime.datetime, by: User, version: int | None = None
) -> QuotationRequest:
    """Give suppliers more time, also when the deadline is over; whoever has not declined is told.

    Raises NotAllowed, Stale, QuotationMoved, BadDeadline, DeadlineNotLater.
    """
    require(rules.can_buy(by))
    request = held_request(request, version)
    require(request.state == _S.SENT, else_=QuotationMoved(request))
    require(deadline > request.deadline, else_=DeadlineNotLater())
    before, request.deadline = request.deadline, deadline
    _check_deadline(deadline)
    request.version += 1
    request.save(update_fields=["deadline", "version"])
    live = SupplierLink.objects.filter(invite__request=request, ended_at=None)
    live.update(expires_at=expiry_of(request))
    for invite in asked(request).exclude(state=InviteState.DECLINED):
        write_to_invited(invite, letters.deadline_extended, by=by)
    trail.record("supply.deadline_extended", request, by=by, before=before, after=deadline)
    return request


@action
def cancel_request(*, request: QuotationRequest, reason: str, by: User, version: int | None = None) -> QuotationRequest:
    """Ask no more: whoever was asked is told, their links end and the needs are open again.

    The reason is for us alone. Raises NotAllowed, ReasonNeeded, Stale, QuotationMoved.
    """
    require(rules.can_buy(by))
    require(bool(reason.strip()), else_=ReasonNeeded())
    request = held_request(request, version)
    was_sent = request.state == _S.SENT
    request = step_request(request, _S.CANCELLED, by=by, reason=reason.strip()[:300], ended_at=clock.now())
    _untie(request)
    if was_sent:
        for invite in asked(request):
            write_to_invited(invite, letters.request_cancelled, by=by, with_link=False)
        end_links(request)
    return request


def held_request(request: QuotationRequest, version: int | None = None) -> QuotationRequest:
    """The request as it stands, locked. Raises Stale when the person saw another version."""
    request = lock(request)
    if version is not None and version != request.version:
        raise Stale(request)
    return request


def step_request(
    request: QuotationRequest, to: str, *, by: User | None, reason: str = "", **values: object
) -> QuotationRequest:
    """Move a locked request along its table, as long as it stands where the step starts. Raises QuotationMoved."""
    start = request.state
    require(to in QUOTATION_STEPS.get(start, ()), else_=QuotationMoved(request))
    rows = QuotationRequest.objects.filter(pk=request.pk, state=start)
    moved = rows.update(state=to, version=F("version") + 1, **values)
    request.refresh_from_db()
    require(moved == 1, else_=QuotationMoved(request))
    trail.record("supply.request_moved", request, by=by, **{"from": start, "to": to, "reason": reason})
    return request


def asked(request: QuotationRequest) -> Iterable[Invite]:
    """The invitations of a request with their suppliers."""
    return request.invites.select_related("supplier", "request__deliver_to", "request__made_by").order_by("pk")


def _untie(request: QuotationRequest) -> None:
    """What the request was to find a price for is to be bought anew."""
    hold(_parts_of(request))
    mine = PartsNeed.objects.filter(quotation_line__request=request)
    mine.filter(state=NeedState.ASKED).update(state=NeedState.OPEN)
    mine.update(quotation_line=None)


def _write(request: QuotationRequest, lines: list[QuotationLineIn], suppliers: list[Supplier]) -> None:
    _check_frame(request)
    _check_suppliers(suppliers)
    require(bool(lines), else_=NothingAsked())
    require(len(lines) <= MOST_LINES, else_=TooMuchAsked())
    require(len({line.part.pk for line in lines}) == len(lines), else_=AskedTwice())
    for given in lines:
        checked(given.quantity)
    request.save()
    hold(given.part for given in lines)
    for given in lines:
        line = QuotationLine.objects.create(
            request=request,
            part=given.part,
            quantity=given.quantity,
            need_by=given.need_by,
            takes_alternative=given.takes_alternative,
            note=given.note.strip()[:200],
        )
        _tie_needs(line, given.needs)
    keys = list(dict.fromkeys(supplier.pk for supplier in suppliers))
    request.invites.exclude(supplier__in=keys).delete()
    known = set(request.invites.values_list("supplier_id", flat=True))
    Invite.objects.bulk_create(Invite(request=request, supplier_id=key) for key in keys if key not in known)
    _index(request)


def _tie_needs(line: QuotationLine, needs: Iterable[PartsNeed]) -> None:
    """Ask the line for open needs that no draft holds. Raises NeedTaken."""
    keys = {need.pk for need in needs}
    rows = PartsNeed.objects.filter(pk__in=keys, part=line.part, state=NeedState.OPEN)
    rows = rows.exclude(quotation_line__request__state=_S.DRAFT)
    require(rows.update(quotation_line=line) == len(keys), else_=NeedTaken())


def _parts_of(request: QuotationRequest) -> list[Part]:
    """What is asked for."""
    return [line.part for line in request.lines.select_related("part")]


def _check_frame(request: QuotationRequest) -> None:
    require(request.deliver_to.is_open, else_=PlaceClosed())
    _check_deadline(request.deadline)


def _check_deadline(deadline: datetime.datetime) -> None:
    now = clock.now()
    require(now < deadline <= now + LONGEST, else_=BadDeadline())


def _check_suppliers(suppliers: list[Supplier]) -> None:
    require(0 < len(suppliers) <= MOST_SUPPLIERS, else_=NobodyInvited())
    require(all(supplier.is_open for supplier in suppliers), else_=SupplierClosed(field="suppliers"))


def _index(request: QuotationRequest) -> None:
    """The words a request is found by."""
    parts = [line.part for line in request.lines.select_related("part")]
    names = [invite.supplier.short_name for invite in request.invites.select_related("supplier")]
    words = (str(part) for part in parts), (part.number_key for part in parts)
    request.search = search_text(request.code, *names, *words[0], *words[1])
    QuotationRequest.objects.filter(pk=request.pk).update(search=request.search)


def _facts(request: QuotationRequest) -> dict[str, object]:
    """What the trail keeps of a request."""
    lines = request.lines.select_related("part").order_by("pk")
    suppliers = request.invites.select_related("supplier").order_by("pk")
    return {
        "deadline": request.deadline,
        "deliver_to": request.deliver_to.code,
        "is_urgent": request.is_urgent,
        "lines": [[str(line.part), line.quantity, line.need_by] for line in lines],
        "suppliers": [invite.supplier.short_name for invite in suppliers],
    }
