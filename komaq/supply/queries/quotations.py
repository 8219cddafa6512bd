"""Requests for quotation: which a person sees, how they stand, what waits for whom."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value, When

from komaq.accounts.models import User
from komaq.comms.queries import SUPPLIER_WROTE, last_author_with_supplier
from komaq.core import clock
from komaq.core.counts import counted
from komaq.core.refusals import NotFound
from komaq.core.search import matching
from komaq.supply import rules
from komaq.supply.choices import InviteState, QuotationState
from komaq.supply.models import (
    Invite,
    Offer,
    OfferLine,
    QuotationLine,
    QuotationRequest,
    Supplier,
)

_S = QuotationState
TABS: dict[str, tuple[str, ...]] = {
    "open": (_S.SENT,),
    "to_decide": (_S.SENT,),
    "draft": (_S.DRAFT,),
    "awarded": (_S.AWARDED,),
    "cancelled": (_S.CANCELLED,),
    "all": (),
}
"""The tabs of the list and the states under each."""


def requests_visible_to(user: User) -> QuerySet[QuotationRequest]:
    """Every request for those who may know what parts cost; nobody else sees one."""
    rows = QuotationRequest.objects.select_related("deliver_to", "made_by__person")
    return rows if rules.can_see_supply(user) else rows.none()


def get_request(user: User, quotation_id: int) -> QuotationRequest:
    """One request with its people. Raises NotFound."""
    return _one(requests_visible_to(user), quotation_id)


def filter_requests(
    rows: QuerySet[QuotationRequest],
    *,
    q: str = "",
    state: str | Iterable[str] = "",
    supplier: Any = None,
    warehouse: Any = None,
    part: Any = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
    to_decide: bool = False,
) -> QuerySet[QuotationRequest]:
    """Narrow a list of requests; what is empty narrows nothing."""
    wanted = {
        "state__in": [state] if isinstance(state, str) and state else list(state),
        "deliver_to": warehouse,
        "made_at__gte": since and clock.lima(since),
        "made_at__lt": until and clock.lima(until + datetime.timedelta(days=1)),
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if supplier:
        rows = rows.filter(Exists(Invite.objects.filter(request=OuterRef("pk"), supplier=supplier)))
    if part:
        rows = rows.filter(Exists(QuotationLine.objects.filter(request=OuterRef("pk"), part=part)))
    if to_decide:
        rows = rows.filter(_decidable())
    return matching(rows, q) if q else rows


def _decidable() -> Q:
    """Sent requests with an offer whose deadline is over, or to which all have answered."""
    invites = Invite.objects.filter(request=OuterRef("pk"))
    silent = Exists(invites.filter(state=InviteState.WAITING))
    offered = Exists(invites.filter(state=InviteState.ANSWERED))
    return Q(state=_S.SENT) & (Q(deadline__lte=clock.now()) | (Q(offered) & ~Q(silent)))


def request_counts(user: User) -> dict[str, int]:
    """How many requests stand under each tab, one query."""
    mine = QuotationRequest.objects.filter(pk__in=requests_visible_to(user).order_by().values("pk"))
    tabs = {name: mine.filter(state__in=states) for name, states in TABS.items() if states}
    return counted({**tabs, "to_decide": mine.filter(_decidable())})


@dataclass(frozen=True)
class Answers:
    """How a request was answered: how many were asked, answered and declined, and how many lines it has."""

    asked: int = 0
    answered: int = 0
    declined: int = 0
    lines: int = 0


def answers_to(requests: Iterable[QuotationRequest]) -> dict[int, Answers]:
    """The answers to some requests by key, one query."""
    keys = [each.pk for each in requests]
    counts = {
        "asked": Count("invites", distinct=True),
        "answered": Count("invites", filter=Q(invites__state=InviteState.ANSWERED), distinct=True),
        "declined": Count("invites", filter=Q(invites__state=InviteState.DECLINED), distinct=True),
        "line_count": Count("lines", distinct=True),
    }
    rows = QuotationRequest.objects.filter(pk__in=keys).order_by().annotate(**counts).values("pk", *counts)
    return {row["pk"]: Answers(row["asked"], row["answered"], row["declined"], row["line_count"]) for row in rows}


def lines_asked(request: QuotationRequest) -> list[QuotationLine]:
    """What is asked for, with the parts."""
    return list(request.lines.select_related("part").order_by("pk"))


def invites_of(request: QuotationRequest) -> list[Invite]:
    """Who was asked, each with who had the last word; one query."""
    return list(with_last_word(request.invites.select_related("supplier").order_by("pk")))


def invites_with_offers(request: QuotationRequest) -> list[Invite]:
    """Who was asked, each with every offer of it and its lines; three queries."""
    lines = OfferLine.objects.order_by("line_id")
    offers = Offer.objects.order_by("number").prefetch_related(Prefetch("lines", queryset=lines))
    return list(request.invites.order_by("pk").prefetch_related(Prefetch("offers", queryset=offers)))


def get_asked_line(request: QuotationRequest, line_id: int) -> QuotationLine:
    """One line of a request. Raises NotFound."""
    return _one(request.lines.select_related("part"), line_id)


def with_last_word(rows: QuerySet[Invite]) -> QuerySet[Invite]:
    """Invitations, each with who had the last word about it: `last_author`, SUPPLIER_WROTE for the supplier."""
    return rows.annotate(last_author=last_author_with_supplier(Invite))


def get_invite(user: User, invite_id: int) -> Invite:
    """One invitation. Raises NotFound."""
    about = ("supplier", "request__deliver_to", "request__made_by__person")
    rows = Invite.objects.filter(request__in=requests_visible_to(user)).select_related(*about)
    return _one(rows, invite_id)


def get_offer_line(user: User, offer_line_id: int) -> OfferLine:
    """One line of an offer. Raises NotFound."""
    about = ("line__part", "line__request", "offer__invite__supplier", "alternative_part")
    rows = OfferLine.objects.filter(line__request__in=requests_visible_to(user)).select_related(*about)
    return _one(rows, offer_line_id)


def offers_of(invite: Invite) -> list[Offer]:
    """Every offer of a supplier to a request with its lines, the latest first; two queries."""
    lines = OfferLine.objects.select_related("line__part", "alternative_part").order_by("line_id")
    rows = invite.offers.select_related("entered_by__person").order_by("-number")
    return list(rows.prefetch_related(Prefetch("lines", queryset=lines)))


def last_offer_of(invite: Invite) -> Offer | None:
    """What a supplier said last, with its lines."""
    found = offers_of(invite)
    return found[0] if found else None


def latest_rows_of(request: QuotationRequest) -> list[OfferLine]:
    """The lines of each supplier's last offer; one query."""
    last = Offer.objects.filter(invite=OuterRef("offer__invite")).order_by("-number").values("pk")[:1]
    rows = OfferLine.objects.filter(line__request=request, offer=Subquery(last))
    return list(rows.select_related("offer__invite", "alternative_part").order_by("pk"))


def suppliers_for(user: User, parts: Iterable[Any], request: QuotationRequest | None = None) -> list[Supplier]:
    """The open suppliers by name: how many of some parts each has `sold`, and whether it `was_asked`; one query."""
    keys = [each.pk for each in parts]
    sold = Count("parts", filter=Q(parts__part__in=keys), distinct=True)
    asked = Invite.objects.filter(supplier=OuterRef("pk"), request=request.pk if request else None)
    rows = Supplier.objects.filter(is_open=True).annotate(sold=sold, was_asked=Exists(asked))
    return list(rows.order_by("sort_key", "pk")) if rules.can_buy(user) else []


def invitable(user: User, request: QuotationRequest) -> QuerySet[Supplier]:
    """The suppliers that were not asked yet."""
    rows = Supplier.objects.filter(is_open=True).exclude(invites__request=request).order_by("sort_key", "pk")
    return rows if rules.can_buy(user) else rows.none()


def requests_that_wait(user: User) -> QuerySet[QuotationRequest]:
    """Requests that wait for whoever buys, each with `why`, one query: a question, a decision, or an offer that came.

    A supplier that asks is answered first; past the deadline, or when all have answered, somebody decides.
    """
    if not rules.can_buy(user):
        return QuotationRequest.objects.none()
    asking = with_last_word(Invite.objects.filter(request=OuterRef("pk"))).filter(last_author=SUPPLIER_WROTE)
    invites = Invite.objects.filter(request=OuterRef("pk"))
    offered = Exists(invites.filter(state=InviteState.ANSWERED))
    silent = Exists(invites.filter(state=InviteState.WAITING))
    why = Case(
        When(Exists(asking), then=Value("question")),
        When(Q(deadline__lte=clock.now()) & Q(offered), then=Value("to_decide")),
        When(deadline__lte=clock.now(), then=Value("unanswered")),
        When(Q(offered) & ~Q(silent), then=Value("answered")),
        default=Value(""),
    )
    return requests_visible_to(user).filter(state=_S.SENT).annotate(why=why).exclude(why="").order_by("pk")


def _one(rows: QuerySet, pk: int) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
