"""When what orders wait for is promised: dates cross to orders, suppliers and prices never."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from komaq.accounts.models import User
from komaq.core.registry import SearchHit
from komaq.core.templatetags.komaq import day, quantity
from komaq.core.trail import kind_of
from komaq.orders.models import PlannedPart, ServiceOrder
from komaq.orders.queries.parts import planned_parts_of
from komaq.supply import rules
from komaq.supply.choices import RECEIVABLE, NeedState
from komaq.supply.models import PartsNeed, PurchaseLine
from komaq.supply.queries.needs import OF_ORDERS, live_needs_of


@dataclass(frozen=True)
class Expected:
    """The day by which what is missing should be here; `is_all` when every missing part has a promise."""

    on: datetime.date
    is_all: bool


def promise_of_planned() -> Subquery:
    """The promised day of a planned part, as an expression over its row: of the purchase line its need hangs on."""
    needs = PartsNeed.objects.filter(
        source_kind=kind_of(PlannedPart),
        source_id=Cast(OuterRef("pk"), CharField()),
        state=NeedState.ORDERED,
        purchase_line__purchase__state__in=RECEIVABLE,
    )
    return Subquery(needs.order_by("-purchase_line__promised_on").values("purchase_line__promised_on")[:1])


def buying_of_planned(user: User, keys: Iterable[int]) -> dict[int, list[SearchHit]]:
    """How far the buying of some planned parts has come, for the order's page; one query.

    Who may not see purchases reads where they stand and opens nothing.
    """
    told: dict[int, list[SearchHit]] = {}
    needs = live_needs_of(OF_ORDERS, [str(key) for key in keys]).select_related("quotation_line__request")
    for need in needs.order_by("state", "pk"):
        told.setdefault(int(need.source_id), []).append(_stands(need, rules.can_see_supply(user)))
    return told


def _stands(need: PartsNeed, opens: bool) -> SearchHit:
    """Where a piece stands: on an order, promised or not; in a request; or in the list of what is to buy."""
    words = {"quantity": quantity(need.quantity)}
    if need.state == NeedState.ORDERED:
        line, purchase = need.purchase_line, need.purchase_line.purchase
        label = _("%(quantity)s in %(code)s") % {**words, "code": purchase.code}
        when = _("arrives %(day)s") % {"day": day(line.promised_on)} if line.promised_on else ""
        return SearchHit("truck", label, when or purchase.get_state_display(), opens * purchase.get_absolute_url())
    if need.state == NeedState.ASKED and need.quotation_line:
        request = need.quotation_line.request
        label = _("%(quantity)s asked in %(code)s") % {**words, "code": request.code}
        return SearchHit("mail", label, "", opens * request.get_absolute_url())
    url = f"{reverse('supply:needs')}?{urlencode({'q': need.about})}"
    return SearchHit("clip", _("%(quantity)s to buy") % words, "", opens * url)


def orders_waiting_for(lines: Iterable[PurchaseLine]) -> list[ServiceOrder]:
    """The service orders some purchase lines are bought for."""
    needs = PartsNeed.objects.filter(
        purchase_line__in=[line.pk for line in lines], state=NeedState.ORDERED, source_kind=kind_of(PlannedPart)
    )
    planned = {int(key) for key in needs.values_list("source_id", flat=True)}
    rows = ServiceOrder.objects.filter(segments__planned_parts__in=planned).distinct()
    return list(rows.select_related("machine__model", "contact__person", "customer", "site").order_by("pk"))


def expected_for(order: ServiceOrder) -> Expected | None:
    """When what an order lacks should be here; None when it lacks nothing or nothing is promised."""
    missing = [line for line in planned_parts_of(order) if line.missing]
    days = [line.promised_on for line in missing if line.promised_on]
    return Expected(max(days), len(days) == len(missing)) if days else None
