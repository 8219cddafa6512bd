"""When what orders wait for is promised: dates cross to orders, suppliers and prices never."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import CharField, OuterRef, Subquery
from django.db.models.functions import Cast

from komaq.core.trail import kind_of
from komaq.orders.models import PlannedPart, ServiceOrder
from komaq.orders.queries.parts import planned_parts_of
from komaq.supply.choices import RECEIVABLE, NeedState
from komaq.supply.models import PartsNeed, PurchaseLine


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
