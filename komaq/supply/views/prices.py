"""What a supplier sells and asks, and how it kept its word."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.core import charts, clock
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import NotFound, require
from komaq.core.sheets import table_response
from komaq.core.web import redirect_to, submit
from komaq.parts.queries import get_part
from komaq.supply import actions, queries, rules
from komaq.supply.choices import SUPPLY, PriceSource
from komaq.supply.forms import PriceForm
from komaq.supply.views.figures import told

SORTS = {"name": Sort("part__sort_key"), "number": Sort("part__number_key")}
EXPORTED = 10_000


def _sold(http: HttpRequest, supplier: Any) -> tuple[str, Any]:
    q = http.GET.get("q", "").strip()[:80]
    return q, queries.sold_by(http.user, supplier, q=q)


@audience(SUPPLY)
@require_safe
def part_list(http: HttpRequest, supplier_id: int) -> HttpResponse:
    """The parts a supplier sells, with its last price of each."""
    supplier = queries.get_supplier(http.user, supplier_id)
    q, rows = _sold(http, supplier)
    context = {"supplier": supplier, "page": page_of(rows, http, sorts=SORTS), "total": rows.count(), "q": q}
    return render(http, "supply/supplier_parts.html", context | {"may_change": rules.can_buy(http.user)})


@audience(SUPPLY)
@require_safe
def export(http: HttpRequest, supplier_id: int) -> HttpResponse:
    """The price list as it is filtered, as CSV or XLSX; it can be corrected and brought in again."""
    supplier = queries.get_supplier(http.user, supplier_id)
    header = [
        _("Supplier (RUC or foreign number)"), _("Brand"), _("Part number"), _("Part"), _("Its own number"),
        _("Price per unit, without tax"), _("Currency"), _("Price of"), _("Days until delivery"), _("Least quantity"),
    ]  # fmt: skip
    rows = _sold(http, supplier)[1].order_by("part__sort_key", "pk")[:EXPORTED]

    def lines() -> Iterator[list]:
        for each in rows.iterator(chunk_size=500):
            yield [
                supplier.tax_id, each.part.brand, each.part.number, each.part.name, each.their_number,
                plain(each.price), each.currency, each.priced_on, each.lead_days, plain(each.least),
            ]  # fmt: skip

    return table_response(http, _("prices"), header, lines())


def plain(number: Any) -> str:
    """A number as a file holds it: no more decimals than it has."""
    return "" if number is None else f"{number.normalize():f}"


@audience(SUPPLY)
@require_safe
def part_prices(http: HttpRequest, supplier_id: int, part_id: int) -> HttpResponse:
    """Every price a supplier asked for a part, drawn over time, beside what others ask now."""
    supplier = queries.get_supplier(http.user, supplier_id)
    part = get_part(http.user, part_id)
    sold, prices = queries.sold_part(supplier, part), queries.prices_of(supplier, part)
    currency = sold.currency if sold else supplier.currency
    points = [(clock.lima(each.on), each.price) for each in reversed(prices) if each.currency == currency]
    context = {
        "supplier": supplier,
        "part": part,
        "sold": sold,
        "prices": prices,
        "currency": currency,
        "curve": charts.curve(points, places=2, breaks=False),
        "others": [each for each in queries.offers_of_part(part) if each.supplier_id != supplier.pk],
        "may_change": rules.can_buy(http.user),
    }
    return render(http, "supply/part_prices.html", context)


@audience(SUPPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def note(http: HttpRequest, supplier_id: int) -> HttpResponse:
    """Note by hand what a supplier asks for a part."""
    require(rules.can_buy(http.user))
    supplier = queries.get_supplier(http.user, supplier_id)
    first = {"currency": supplier.currency, "on": clock.today(), "part": http.GET.get("part", "")}
    form = PriceForm(http.POST or None, user=http.user, initial=first)
    answer = submit(
        http,
        form,
        lambda **data: actions.note_price(supplier=supplier, source=PriceSource.LIST, by=http.user, **data),
        done=lambda sold: redirect_to(
            http,
            reverse("supply:part-prices", args=[supplier.pk, sold.part_id]),
            message=_("The price was noted."),
        ),
    )
    return answer or render(http, "supply/price_form.html", {"form": form, "supplier": supplier})


@audience(SUPPLY)
@require_POST
def stop(http: HttpRequest, supplier_id: int, part_id: int) -> HttpResponse:
    """The supplier no longer sells the part; its prices stay in the history."""
    supplier = queries.get_supplier(http.user, supplier_id)
    sold = queries.sold_part(supplier, get_part(http.user, part_id))
    if sold is None:
        raise NotFound
    actions.stop_selling(sold=sold, by=http.user)
    message = _("%(part)s was taken off its list.") % {"part": sold.part}
    return redirect_to(http, reverse("supply:supplier-parts", args=[supplier.pk]), message=message)


@audience(SUPPLY)
@require_safe
def record(http: HttpRequest, supplier_id: int) -> HttpResponse:
    """How a supplier kept its word, and the last things we asked and ordered there."""
    supplier = queries.get_supplier(http.user, supplier_id)
    found = queries.record_of(supplier)
    context = {
        "supplier": supplier,
        "record": found,
        "figures": told(found),
        "requests": list(queries.latest_requests_of(supplier)),
        "purchases": list(queries.latest_purchases_of(supplier)),
    }
    return render(http, "supply/supplier_record.html", context)
