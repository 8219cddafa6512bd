"""Purchase orders: which a person sees, how they stand, what is late."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from komaq.accounts.models import User
from komaq.comms.queries import SUPPLIER_WROTE, last_author_with_supplier
from komaq.core import clock
from komaq.core.counts import counted
from komaq.core.models import Attachment
from komaq.core.refusals import NotFound
from komaq.core.search import matching
from komaq.core.trail import kind_of
from komaq.supply import rules
from komaq.supply.choices import ON_ORDER, RECEIVABLE, ClaimState, PurchaseState
from komaq.supply.models import Claim, GoodsReceipt, PurchaseLine, PurchaseOrder, ReceiptLine, SupplierLink

UNCONFIRMED_AFTER = datetime.timedelta(days=2)
"""How long a supplier may say nothing about an order before somebody asks."""
WAITING = frozenset({PurchaseState.TO_APPROVE, PurchaseState.APPROVED, *RECEIVABLE})
LATE_LINES = {"received__lt": F("quantity"), "purchase__state__in": RECEIVABLE}


def purchases_visible_to(user: User) -> QuerySet[PurchaseOrder]:
    """Every purchase order for those who may know what parts cost; nobody else sees one."""
    rows = PurchaseOrder.objects.select_related("supplier", "deliver_to", "made_by__person")
    return rows if rules.can_see_supply(user) else rows.none()


def get_purchase(user: User, purchase_id: int) -> PurchaseOrder:
    """One order with its people. Raises NotFound."""
    rows = purchases_visible_to(user).select_related("supplier", "deliver_to", "made_by__person", "approved_by__person")
    found = rows.select_related("request").filter(pk=purchase_id).first()
    if found is None:
        raise NotFound
    return found


def late_lines() -> QuerySet[PurchaseLine]:
    """Lines promised for a day that is over and not here in full."""
    return PurchaseLine.objects.filter(**LATE_LINES, promised_on__lt=clock.today())


def late_purchases(user: User) -> QuerySet[PurchaseOrder]:
    """Orders of which a line is late."""
    return purchases_visible_to(user).filter(pk__in=late_lines().values("purchase"))


def purchases_to_approve(user: User) -> QuerySet[PurchaseOrder]:
    """What a manager may approve: above the limit and written by somebody else."""
    waiting = purchases_visible_to(user).filter(state=PurchaseState.TO_APPROVE)
    return waiting.exclude(made_by=user) if rules.can_approve_purchase(user) else waiting.none()


def purchases_that_wait(user: User) -> QuerySet[PurchaseOrder]:
    """Orders that wait for this person, each with `why` and the day it `waits_until`, or none; one query.

    To approve for managers; to answer about, late, to send and never confirmed for whoever buys.
    """
    unconfirmed = Q(state=PurchaseState.SENT, sent_at__lt=clock.now() - UNCONFIRMED_AFTER)
    whys = []
    if rules.can_approve_purchase(user):
        whys.append(When(Q(state=PurchaseState.TO_APPROVE) & ~Q(made_by=user), then=Value("to_approve")))
    if rules.can_buy(user):
        whys += [
            When(last_author=SUPPLIER_WROTE, then=Value("answer")),
            When(Exists(late_lines().filter(purchase=OuterRef("pk"))), then=Value("late")),
            When(state=PurchaseState.APPROVED, then=Value("to_send")),
            When(unconfirmed, then=Value("unconfirmed")),
        ]
    if not whys:
        return PurchaseOrder.objects.none()
    open_lines = Q(lines__received__lt=F("lines__quantity"))
    rows = purchases_visible_to(user).filter(state__in=WAITING)
    rows = rows.annotate(last_author=last_author_with_supplier(PurchaseOrder))
    rows = rows.annotate(why=Case(*whys, default=Value("")), waits_until=Min("lines__promised_on", filter=open_lines))
    return rows.exclude(why="").order_by("pk")


def filter_purchases(
    rows: QuerySet[PurchaseOrder],
    *,
    q: str = "",
    state: str | Iterable[str] = "",
    supplier: Any = None,
    warehouse: Any = None,
    part: Any = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    late: bool = False,
) -> QuerySet[PurchaseOrder]:
    """Narrow a list of orders; what is empty narrows nothing."""
    wanted = {
        "state__in": [state] if isinstance(state, str) and state else list(state),
        "supplier": supplier,
        "deliver_to": warehouse,
        "made_at__gte": since and clock.lima(since),
        "made_at__lt": until and clock.lima(until + datetime.timedelta(days=1)),
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if part:
        rows = rows.filter(pk__in=PurchaseLine.objects.filter(part=part).values("purchase"))
    if late:
        rows = rows.filter(pk__in=late_lines().values("purchase"))
    return matching(rows, q) if q else rows


@dataclass(frozen=True)
class Progress:
    """How the lines of an order stand: how many, how many wait, the next day promised and needed among those."""

    lines: int = 0
    waiting: int = 0
    next_promise: datetime.date | None = None
    next_need: datetime.date | None = None
    is_late: bool = False


def progress_of(purchases: Iterable[PurchaseOrder]) -> dict[int, Progress]:
    """The progress of some orders by key, one query."""
    waits = Q(received__lt=F("quantity"))
    states = {each.pk: each.state for each in purchases}
    rows = PurchaseLine.objects.filter(purchase__in=states).order_by().values("purchase")
    counted = rows.annotate(
        lines=Count("pk"),
        waiting=Count("pk", filter=waits),
        next_promise=Min("promised_on", filter=waits),
        next_need=Min("need_by", filter=waits),
    )
    found = {}
    for row in counted:
        key, late = row.pop("purchase"), row["next_promise"] is not None and row["next_promise"] < clock.today()
        found[key] = Progress(**row, is_late=late and states[key] in RECEIVABLE)
    return found


def purchase_counts(user: User) -> dict[str, int]:
    """How many orders stand under each tab, one query."""
    mine = PurchaseOrder.objects.filter(pk__in=purchases_visible_to(user).order_by().values("pk"))
    tabs = {name: mine.filter(state__in=states) for name, states in TABS.items() if states and name != "all"}
    return counted({**tabs, "late": mine.filter(pk__in=late_lines().values("purchase"))})


TABS: dict[str, tuple[str, ...]] = {
    "draft": (PurchaseState.DRAFT,),
    "to_approve": (PurchaseState.TO_APPROVE,),
    "approved": (PurchaseState.APPROVED,),
    "coming": tuple(sorted(RECEIVABLE)),
    "received": (PurchaseState.RECEIVED,),
    "cancelled": (PurchaseState.CANCELLED,),
    "all": (),
}
"""The tabs of the list and the states under each."""


def lines_of(purchase: PurchaseOrder) -> list[PurchaseLine]:
    """The lines with their parts."""
    return list(purchase.lines.select_related("part").order_by("pk"))


def get_line(purchase: PurchaseOrder, line_id: int) -> PurchaseLine:
    """One line of an order. Raises NotFound."""
    found = purchase.lines.select_related("part").filter(pk=line_id).first()
    if found is None:
        raise NotFound
    return found


def receipt_lines_of(purchase: PurchaseOrder) -> list[ReceiptLine]:
    """What came, delivery by delivery, with the claims about it; two queries."""
    rows = ReceiptLine.objects.filter(receipt__purchase=purchase).order_by("receipt_id", "pk")
    about = ("line__part", "receipt__warehouse", "receipt__received_by__person")
    return list(rows.select_related(*about).prefetch_related("claims"))


def get_receipt_line(user: User, receipt_line_id: int) -> ReceiptLine:
    """One line of a receipt. Raises NotFound."""
    rows = ReceiptLine.objects.select_related("line__part", "receipt__purchase__supplier", "receipt__warehouse")
    found = rows.filter(pk=receipt_line_id).first() if rules.can_see_supply(user) else None
    if found is None:
        raise NotFound
    return found


def live_link_of(purchase: PurchaseOrder) -> SupplierLink | None:
    """The link its supplier holds now."""
    rows = purchase.links.filter(ended_at=None, expires_at__gt=clock.now())
    return rows.order_by("-pk").first()


def files_of(purchase: PurchaseOrder) -> list[Attachment]:
    """The files of an order and of its receipts, oldest first; one query."""
    receipts = purchase.receipts.annotate(key=Cast("pk", CharField())).order_by().values("key")
    mine = Q(subject_kind=kind_of(PurchaseOrder), subject_id=str(purchase.pk))
    theirs = Q(subject_kind=kind_of(GoodsReceipt), subject_id__in=receipts)
    return list(Attachment.objects.filter(mine | theirs).order_by("id"))


def receipts_visible_to(user: User) -> QuerySet[GoodsReceipt]:
    """Every receipt for those who see the purchases."""
    rows = GoodsReceipt.objects.select_related("purchase__supplier", "warehouse", "received_by__person")
    return rows if rules.can_see_supply(user) else rows.none()


def with_lines(rows: QuerySet[GoodsReceipt]) -> QuerySet[GoodsReceipt]:
    """Each receipt with its lines and claims, constant queries."""
    lines = ReceiptLine.objects.select_related("line__part").prefetch_related("claims").order_by("pk")
    return rows.prefetch_related(Prefetch("lines", queryset=lines))


def get_receipt(user: User, receipt_id: int) -> GoodsReceipt:
    """One receipt. Raises NotFound."""
    found = receipts_visible_to(user).filter(pk=receipt_id).first()
    if found is None:
        raise NotFound
    return found


def claims_visible_to(user: User) -> QuerySet[Claim]:
    """Every claim for those who see the purchases, with what it is about."""
    about = ("receipt_line__line__part", "receipt_line__receipt__purchase__supplier", "made_by__person")
    rows = Claim.objects.select_related(*about)
    return rows if rules.can_see_supply(user) else rows.none()


def get_claim(user: User, claim_id: int) -> Claim:
    """One claim. Raises NotFound."""
    found = claims_visible_to(user).filter(pk=claim_id).first()
    if found is None:
        raise NotFound
    return found


def live_claims(user: User) -> QuerySet[Claim]:
    return claims_visible_to(user).exclude(state=ClaimState.SETTLED)


def on_order_of(part: Any) -> Decimal:
    """How many of a part are bought and still to come."""
    rows = PurchaseLine.objects.filter(part=part, purchase__state__in=ON_ORDER, received__lt=F("quantity"))
    return sum((line.quantity - line.received for line in rows), Decimal(0))
