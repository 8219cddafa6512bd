"""The day a line is promised for: confirmed, changed, and told to the clients whose orders wait for it."""

import datetime
from collections.abc import Callable, Mapping

from komaq.accounts.models import User
from komaq.comms.actions import post
from komaq.comms.notices import Notice
from komaq.core import clock, trail
from komaq.core.action import action
from komaq.core.refusals import NotAllowed, require
from komaq.supply import rules
from komaq.supply.actions.purchase_refusals import (
    DateNeeded,
    DayPassed,
    DayTooFar,
    ForeignLine,
    NothingToChange,
    PurchaseMoved,
    ReasonNeeded,
)
from komaq.supply.actions.purchases import held, step
from komaq.supply.actions.tell import telling
from komaq.supply.choices import RECEIVABLE, LinkPurpose, PurchaseState
from komaq.supply.models import PromiseChange, PurchaseLine, PurchaseOrder, SupplierLink
from komaq.supply.notices import purchases as notices
from komaq.supply.queries.people import buyers
from komaq.supply.queries.promises import orders_waiting_for

_S = PurchaseState
FARTHEST = datetime.timedelta(days=730)
"""How far ahead a supplier may promise: beyond it is a slip of the pen."""


@action
def confirm(
    *,
    dates: Mapping[int, datetime.date],
    link: SupplierLink | None = None,
    purchase: PurchaseOrder | None = None,
    by: User | None = None,
    version: int | None = None,
) -> PurchaseOrder:
    """The supplier takes the order and gives a day for each line; by its link, or noted by the buyer `by`.

    `dates` go by the key of the line. Raises NotAllowed, Stale, PurchaseMoved, DateNeeded, DayPassed, DayTooFar,
    ForeignLine.
    """
    purchase = held(purchase_named(link, purchase, by), version)
    require(purchase.state == _S.SENT, else_=PurchaseMoved(purchase))
    lines = {line.pk: line for line in purchase.lines.select_related("part")}
    require(lines.keys() >= dates.keys(), else_=ForeignLine(field="dates"))
    require(all(dates.get(line.pk) for line in lines.values() if line.is_open), else_=DateNeeded())
    with telling(orders_waiting_for(lines.values())):
        for key, promised_on in dates.items():
            _promise(lines[key], promised_on, by=by, reason="")
        purchase = step(purchase, _S.CONFIRMED, by=by, confirmed_at=clock.now())
    if by is None:
        _tell_buyers(purchase, list(lines.values()), notices.purchase_confirmed)
    return purchase


@action
def change_promise(
    *,
    line: PurchaseLine,
    promised_on: datetime.date,
    reason: str = "",
    link: SupplierLink | None = None,
    by: User | None = None,
) -> PurchaseLine:
    """Another day for a line that is still to come; a day that was promised changes with a reason alone.

    Raises NotAllowed, NothingToChange, DayPassed, DayTooFar, ReasonNeeded, ForeignLine.
    """
    purchase = held(purchase_named(link, line.purchase, by))
    line = purchase.lines.select_related("part").filter(pk=line.pk).first()
    require(line is not None, else_=ForeignLine())
    require(line.is_open and purchase.state in RECEIVABLE, else_=NothingToChange())
    if line.promised_on == promised_on:
        return line
    require(bool(reason.strip()) or line.promised_on is None, else_=ReasonNeeded())
    with telling(orders_waiting_for([line])):
        _promise(line, promised_on, by=by, reason=reason.strip()[:200])
    if by is None:
        _tell_buyers(purchase, [line], notices.promise_changed)
    return line


def purchase_named(link: SupplierLink | None, purchase: PurchaseOrder | None, by: User | None) -> PurchaseOrder:
    """The order a supplier's link opens, and nothing else; or the one a buyer names. Raises NotAllowed."""
    if link is None:
        require(purchase is not None and by is not None and rules.can_buy(by))
        return purchase
    link = SupplierLink.objects.select_for_update().get(pk=link.pk)
    is_good = link.purpose == LinkPurpose.PURCHASE and link.ended_at is None and link.expires_at > clock.now()
    if not is_good or (purchase is not None and purchase.pk != link.purchase_id):
        raise NotAllowed
    return link.purchase


def _promise(line: PurchaseLine, promised_on: datetime.date, *, by: User | None, reason: str) -> None:
    require(promised_on >= clock.today(), else_=DayPassed())
    require(promised_on <= clock.today() + FARTHEST, else_=DayTooFar())
    before = line.promised_on
    line.promised_on = promised_on
    line.first_promised_on = line.first_promised_on or promised_on
    line.save(update_fields=["promised_on", "first_promised_on"])
    said = PromiseChange.objects.create(
        line=line, promised_on=promised_on, by_supplier=by is None, noted_by=by, reason=reason, at=clock.now()
    )
    trail.record(
        "supply.promise_changed",
        line.purchase,
        by=by,
        part=str(line.part),
        before=before,
        after=promised_on,
        reason=reason,
        by_supplier=said.by_supplier,
    )


def _tell_buyers(purchase: PurchaseOrder, lines: list[PurchaseLine], news: Callable[..., Notice]) -> None:
    key = clock.now().isoformat()
    for user in buyers():
        post(news(purchase, lines, user.person, key=key))
