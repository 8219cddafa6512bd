"""Letters to those who were asked for a quotation, each with a link of its own; reminders of them."""

import datetime
from collections.abc import Callable

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import require
from komaq.supply import rules
from komaq.supply.actions.letters import write_to_supplier
from komaq.supply.actions.links import make_link
from komaq.supply.actions.quotation_refusals import DeadlinePassed, NoAddress, NobodyToRemind, QuotationMoved
from komaq.supply.choices import LINK_DAYS_AFTER_DEADLINE, InviteState, LinkPurpose, QuotationState
from komaq.supply.models import Invite, QuotationRequest, SupplierLink
from komaq.supply.notices import quotations as letters
from komaq.supply.notices.letters import Letter
from komaq.supply.queries.suppliers import addresses_of

Make = Callable[[Invite, str], Letter]
DAY_BEFORE = datetime.timedelta(days=1)
TIME_TO_ANSWER = datetime.timedelta(hours=12)
"""Whoever was asked less than this ago is not reminded by itself."""
BREATH = datetime.timedelta(hours=1)
"""Nobody is reminded twice within this."""


@action
def remind(*, request: QuotationRequest, by: User) -> int:
    """Write again to whoever has not answered; how many suppliers that are.

    Raises NotAllowed, QuotationMoved, DeadlinePassed, NobodyToRemind.
    """
    require(rules.can_buy(by))
    request = lock(request)
    require(request.state == QuotationState.SENT, else_=QuotationMoved(request))
    require(clock.now() < request.deadline, else_=DeadlinePassed(request, is_own=True))
    lately = request.reminded_at and clock.now() - request.reminded_at < BREATH
    told = 0 if lately else _remind(request, by)
    require(told > 0, else_=NobodyToRemind())
    return told


@action
def remind_waiting() -> int:
    """The day before a deadline, remind whoever has not answered; of each deadline once. How many suppliers."""
    now = clock.now()
    due = QuotationRequest.objects.filter(
        state=QuotationState.SENT,
        deadline__gt=now,
        deadline__lte=now + DAY_BEFORE,
        sent_at__lte=now - TIME_TO_ANSWER,
    )
    told = 0
    for key in list(due.order_by("pk").values_list("pk", flat=True)):
        request = due.select_for_update().filter(pk=key).first()
        if request is None:
            continue
        if request.reminded_at is None or request.reminded_at < request.deadline - DAY_BEFORE:
            told += _remind(request, None)
    return told


def _remind(request: QuotationRequest, by: User | None) -> int:
    rows = request.invites.filter(state=InviteState.WAITING).select_related("supplier").order_by("pk")
    waiting = [invite for invite in rows if invite.supplier.is_open]
    for invite in waiting:
        invite.request = request
        write_to_invited(invite, letters.reminder, by=by)
    request.reminded_at = clock.now()
    request.save(update_fields=["reminded_at"])
    names = [invite.supplier.short_name for invite in waiting]
    if waiting:
        trail.record("supply.suppliers_reminded", request, by=by, suppliers=names)
    return len(waiting)


def first_letter(invite: Invite, *, by: User) -> None:
    """Ask a supplier: at the address given for it, else wherever its requests go. Raises NoAddress."""
    addresses = [invite.email] if invite.email else addresses_of(invite.supplier)
    require(bool(addresses), else_=NoAddress(invite.supplier))
    invite.email, invite.sent_at = addresses[0], clock.now()
    invite.save(update_fields=["email", "sent_at"])
    for email in dict.fromkeys(addresses):
        _write(invite, letters.request_sent, email, by=by, with_link=True)


def write_to_invited(invite: Invite, make: Make, *, by: User | None, with_link: bool = True) -> None:
    """A letter of `make(invite, link)` to every address the supplier was asked at and that still opens the request."""
    asked_at = invite.links.filter(ended_at=None).order_by("pk").values_list("email", flat=True)
    for email in dict.fromkeys(asked_at) or addresses_of(invite.supplier):
        _write(invite, make, email, by=by, with_link=with_link)


def _write(invite: Invite, make: Make, email: str, *, by: User | None, with_link: bool) -> None:
    request, address = invite.request, ""
    if with_link:
        _link, secret = make_link(
            supplier=invite.supplier,
            purpose=LinkPurpose.QUOTATION,
            invite=invite,
            email=email,
            until=expiry_of(request),
        )
        address = settings.SITE_URL + reverse("supply:link", args=[secret])
    with translation.override(invite.supplier.language):
        letter = make(invite, address)
    write_to_supplier(invite.supplier, letter, to=email, by=by or request.made_by)


def expiry_of(request: QuotationRequest) -> datetime.datetime:
    """Until when the links of a request open: some days longer than they answer."""
    return request.deadline + datetime.timedelta(days=LINK_DAYS_AFTER_DEADLINE)


def end_links(request: QuotationRequest) -> None:
    """Nobody comes in to the request any more."""
    SupplierLink.objects.filter(invite__request=request, ended_at=None).update(ended_at=clock.now())
