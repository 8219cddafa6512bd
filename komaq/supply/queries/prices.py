"""Reads of what suppliers sell and of every price they ever asked, for whoever may see what things cost."""

import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from komaq.accounts.models import User
from komaq.core import clock
from komaq.core.rates import NoRate, rate_on
from komaq.core.search import matching
from komaq.parts.models import Part
from komaq.supply.models import Invite, PriceRecord, PurchaseOrder, Supplier, SupplierPart
from komaq.supply.queries.suppliers import suppliers_visible_to

LATEST = 20
LONGEST = 200


def sold_by(user: User, supplier: Supplier, *, q: str = "") -> QuerySet[SupplierPart]:
    """The parts a supplier sells, narrowed by words or pieces of a number, its own or the maker's."""
    rows = SupplierPart.objects.filter(supplier=supplier, supplier__in=suppliers_visible_to(user))
    rows = rows.select_related("part", "supplier")
    if not q:
        return rows
    found = matching(SupplierPart.objects.filter(supplier=supplier), q, column="part__search")
    return rows.filter(Q(pk__in=found.values("pk")) | Q(their_number__icontains=q))


def sold_since(user: User, since: datetime.datetime | None) -> QuerySet[SupplierPart]:
    """The parts with a price that every supplier sells, priced since a moment; without one, all."""
    rows = SupplierPart.objects.filter(supplier__in=suppliers_visible_to(user), price__isnull=False)
    rows = rows.select_related("part", "supplier").order_by("pk")
    return rows.filter(priced_on__gte=since.astimezone(clock.LIMA).date()) if since else rows


def sold_part(supplier: Supplier, part: Part) -> SupplierPart | None:
    """How a supplier sells a part; None when it does not."""
    return SupplierPart.objects.filter(supplier=supplier, part=part).select_related("part", "supplier").first()


def prices_of(supplier: Supplier, part: Part) -> list[PriceRecord]:
    """The latest prices a supplier asked for a part, newest first."""
    return list(PriceRecord.objects.filter(supplier=supplier, part=part).order_by("-on", "-pk")[:LONGEST])


def offers_of_part(part: Part) -> list[SupplierPart]:
    """Who sells a part now, cheapest first; `price_pen` is today's price in soles, None where it is not known.

    For whoever may see what things cost; the caller asks.
    """
    rows = list(SupplierPart.objects.filter(part=part, supplier__is_open=True).select_related("supplier"))
    known = {each: _rate(each) for each in {row.currency for row in rows}}
    for each in rows:
        rate = known[each.currency]
        each.price_pen = None if each.price is None or rate is None else each.price * rate
    return sorted(rows, key=lambda each: (each.price_pen is None, each.price_pen or 0, each.pk))


def latest_requests_of(supplier: Supplier) -> QuerySet[Invite]:
    """The last requests for quotation a supplier was asked in."""
    return Invite.objects.filter(supplier=supplier).select_related("request").order_by("-pk")[:LATEST]


def latest_purchases_of(supplier: Supplier) -> QuerySet[PurchaseOrder]:
    """The last orders a supplier got."""
    return PurchaseOrder.objects.filter(supplier=supplier).order_by("-pk")[:LATEST]


def _rate(currency: str) -> Decimal | None:
    try:
        return rate_on(currency, clock.today())[0]
    except NoRate:
        return None
