"""The purchase order as it is typeset, in the supplier's language."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from komaq.core import pdf
from komaq.core.templatetags.komaq import NBSP, SYMBOLS, day, money, quantity
from komaq.supply import rules
from komaq.supply.choices import IGV_PERCENT, PurchaseState
from komaq.supply.models import PurchaseLine, PurchaseOrder

MARKS = {
    PurchaseState.DRAFT: lambda: _("DRAFT"),
    PurchaseState.TO_APPROVE: lambda: _("NOT APPROVED"),
    PurchaseState.CANCELLED: lambda: _("CANCELLED"),
}


def paper_of(purchase: PurchaseOrder) -> bytes:
    """The PDF of an order: the same bytes until the order changes.

    Its QR leads our storekeeper to the page where the delivery is received. The supplier's own link stands in its
    letter alone: a secret on a paper that travels with the goods would be everybody's.
    """
    with translation.override(purchase.supplier.language):
        return pdf.typeset("supply/purchase.typ", _data(purchase), made_at=purchase.approved_at or purchase.made_at)


def _data(purchase: PurchaseOrder) -> dict[str, Any]:
    mark = MARKS.get(purchase.state)
    lines = list(purchase.lines.select_related("part").order_by("pk"))
    return {
        "code": purchase.code,
        "mark": mark() if mark else "",
        "words": _words(),
        "supplier": _supplier(purchase),
        "delivery": _delivery(purchase, lines),
        "terms": _terms(purchase),
        "lines": [_line(line, purchase.currency) for line in lines],
        "totals": _totals(purchase),
        "note": purchase.note,
        "conditions": _conditions(purchase),
        "people": _people(purchase),
        "qr": pdf.qr(settings.SITE_URL + reverse("supply:receive", args=[purchase.pk])),
    }


def _words() -> dict[str, str]:
    return {
        "title": _("Purchase order"),
        "supplier": _("Supplier"),
        "part": _("Part"),
        "needed": _("Needed by"),
        "quantity": _("Quantity"),
        "price": _("Unit price"),
        "amount": pgettext("line", "Amount"),
        "note": _("Note"),
        "conditions": _("Conditions"),
        "scan": _("For our store: opens the receipt of this order"),
    }


def _supplier(purchase: PurchaseOrder) -> dict[str, Any]:
    supplier = purchase.supplier
    number = f"{supplier.get_tax_id_type_display()} {supplier.tax_id}"
    facts = [[_("Tax number"), number], [_("Address"), supplier.address], [_("E-mail"), purchase.email]]
    return {"name": supplier.name, "facts": facts}


def _delivery(purchase: PurchaseOrder, lines: list[PurchaseLine]) -> list[list[str]]:
    due = [line.need_by for line in lines if line.need_by]
    return [
        [_("Date"), day(purchase.approved_at or purchase.made_at)],
        [_("Deliver to"), purchase.deliver_to.name],
        [_("Needed by"), day(min(due)) if due else ""],
    ]


def _terms(purchase: PurchaseOrder) -> list[list[str]]:
    return [
        [_("Payment terms"), purchase.payment_terms],
        [_("Currency"), purchase.get_currency_display()],
        [_("Your quotation for"), purchase.request.code if purchase.request else ""],
    ]


def _line(line: PurchaseLine, currency: str) -> dict[str, str]:
    part = line.part
    return {
        "name": part.name,
        "number": f"{part.brand} {part.number}",
        "needed": day(line.need_by) if line.need_by else "–",
        "quantity": quantity(line.quantity),
        "unit": part.unit_short,
        "price": unit_price(line.price, currency),
        "amount": money(rules.amount(line.quantity, line.price), currency),
    }


def unit_price(price: Decimal, currency: str) -> str:
    """A price with as many decimals as it needs, two at least."""
    places = max(2, len(f"{price.normalize():f}".partition(".")[2]))
    return f"{SYMBOLS[currency]}{NBSP}{price:,.{places}f}"


def _totals(purchase: PurchaseOrder) -> list[list[str]]:
    tax = rules.tax_of(purchase.total) if rules.bears_tax(purchase) else None
    rows = [[_("Total without tax"), money(purchase.total, purchase.currency)]]
    if tax is not None:
        rows.append([_("IGV (%(percent)s %%)") % {"percent": IGV_PERCENT}, money(tax, purchase.currency)])
    return [*rows, [_("Total"), money(purchase.total + (tax or Decimal(0)), purchase.currency)]]


def _conditions(purchase: PurchaseOrder) -> list[str]:
    return [
        _("Write the number %(code)s on your delivery guide and on your invoice.") % {"code": purchase.code},
        _("Confirm the order and its dates by the link in our e-mail; tell us there if a date changes."),
        _("What arrives wrong, damaged or beyond the order is not received and goes back at your cost."),
        _("We pay what was received in conformity, at the prices of this order."),
    ]


def _people(purchase: PurchaseOrder) -> list[list[str]]:
    approved = purchase.approved_by.name if purchase.approved_by else ""
    return [[_("Written by"), purchase.made_by.name], [_("Approved by"), approved]]
