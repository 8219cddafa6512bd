"""When what orders wait for is promised: dates cross to orders, suppliers and prices never."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Aggregate, Case, CharField, F, JSONField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from komaq.accounts.models import User
from komaq.core.money import QuantityField
from komaq.core.registry import SearchHit
from komaq.core.templatetags.komaq import day, quantity
from komaq.orders.models import ServiceOrder
from komaq.orders.queries.parts import planned_parts_of
from komaq.parts.models import Part
from komaq.supply import rules
from komaq.supply.choices import LIVE_NEEDS, RECEIVABLE, NeedState, PurchaseState
from komaq.supply.models import PartsNeed, PurchaseLine
from komaq.supply.queries.needs import OF_ORDERS


@dataclass(frozen=True)
class Expected:
    """The day by which what is missing should be here; `is_all` when every missing part has a promise."""

    on: datetime.date
    is_all: bool


def promise_of_planned() -> Subquery:
    """The day by which all that a planned part lacks is promised, as an expression over its row.

    NULL as long as a piece of it is not bought, or hangs on a purchase line without a day.
    """
    needs = PartsNeed.objects.filter(
        source_kind=OF_ORDERS, source_id=Cast(OuterRef("pk"), CharField()), state__in=LIVE_NEEDS
    )
    promised = When(purchase_line__purchase__state__in=RECEIVABLE, then=F("purchase_line__promised_on"))
    last = needs.annotate(comes=Case(promised)).order_by(F("comes").desc(nulls_first=True))
    return Subquery(last.values("comes")[:1])


class JsonList(Aggregate):
    """Objects of several rows as one list."""

    function = "JSONB_AGG"
    output_field = JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> tuple:
        """SQLite takes an object for a text unless it is told."""
        return self.as_sql(compiler, connection, template="JSON_GROUP_ARRAY(JSON(%(expressions)s))", **context)


def buying_of_planned() -> Subquery:
    """How far the buying of a planned part has come, as an expression over its row: a list with an object a piece."""
    needs = PartsNeed.objects.filter(
        source_kind=OF_ORDERS, source_id=Cast(OuterRef("pk"), CharField()), state__in=LIVE_NEEDS
    )
    piece = JSONObject(
        state="state",
        quantity=Cast("quantity", CharField()),
        about="about",
        asked="quotation_line__request__code",
        asked_key="quotation_line__request_id",
        ordered="purchase_line__purchase__code",
        ordered_key="purchase_line__purchase_id",
        stands="purchase_line__purchase__state",
        promised=Cast("purchase_line__promised_on", CharField()),
    )
    told = needs.order_by().values("source_id").annotate(told=JsonList(piece))
    return Subquery(told.values("told"), output_field=JSONField())


def buying_in_words(user: User, pieces: list[dict]) -> list[SearchHit]:
    """What those pieces say on the order's page. Who may not see purchases reads it and opens nothing."""
    hits = [_stands(piece) for piece in sorted(pieces, key=lambda piece: str(piece["state"]))]
    return hits if rules.can_see_supply(user) else [replace(hit, url="") for hit in hits]


def _stands(piece: dict) -> SearchHit:
    """Where a piece stands: on an order, promised or not; in a request; or in the list of what is to buy."""
    words = {"quantity": quantity(Decimal(piece["quantity"]).scaleb(-QuantityField.places))}
    if piece["state"] == NeedState.ORDERED:
        label = _("%(quantity)s in %(code)s") % {**words, "code": piece["ordered"]}
        promised = piece["promised"] and day(datetime.date.fromisoformat(piece["promised"]))
        when = _("arrives %(day)s") % {"day": promised} if promised else str(PurchaseState(piece["stands"]).label)
        return SearchHit("truck", label, when, reverse("supply:purchase", args=[piece["ordered_key"]]))
    if piece["state"] == NeedState.ASKED and piece["asked"]:
        label = _("%(quantity)s asked in %(code)s") % {**words, "code": piece["asked"]}
        return SearchHit("mail", label, "", reverse("supply:quotation", args=[piece["asked_key"]]))
    url = f"{reverse('supply:needs')}?{urlencode({'q': piece['about']})}"
    return SearchHit("clip", _("%(quantity)s to buy") % words, "", url)


def orders_waiting_for(lines: Iterable[PurchaseLine]) -> list[ServiceOrder]:
    """The service orders some purchase lines are bought for."""
    return _orders_of(PartsNeed.objects.filter(purchase_line__in=[line.pk for line in lines], state=NeedState.ORDERED))


def orders_lacking(parts: Iterable[Part]) -> list[ServiceOrder]:
    """The service orders that lack some parts, bought or still to buy."""
    return _orders_of(PartsNeed.objects.filter(part__in=[part.pk for part in parts], state__in=LIVE_NEEDS))


def _orders_of(needs: QuerySet[PartsNeed]) -> list[ServiceOrder]:
    needs = needs.filter(source_kind=OF_ORDERS)
    planned = {int(key) for key in needs.values_list("source_id", flat=True)}
    rows = ServiceOrder.objects.filter(segments__planned_parts__in=planned).distinct()
    return list(rows.select_related("machine__model", "contact__person", "customer", "site").order_by("pk"))


def expected_for(order: ServiceOrder) -> Expected | None:
    """When what an order lacks should be here; None when it lacks nothing or nothing is promised."""
    missing = [line for line in planned_parts_of(order) if line.missing]
    days = [line.promised_on for line in missing if line.promised_on]
    return Expected(max(days), len(days) == len(missing)) if days else None
