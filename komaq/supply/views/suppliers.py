"""The pages about suppliers."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.sheets import table_response
from komaq.supply import queries, rules
from komaq.supply.choices import SUPPLY, Country, Currency

SORTS = {"name": Sort("sort_key"), "newest": Sort("created_at", descending=True), "number": Sort("tax_id")}
EXPORTED = 10_000


@audience(SUPPLY)
@require_safe
def supplier_list(http: HttpRequest) -> HttpResponse:
    """Every supplier, findable by name and number."""
    given, rows = _rows(http)
    page = page_of(queries.with_counts(rows), http, sorts=SORTS)
    return render(
        http,
        "supply/suppliers.html",
        {
            "page": page,
            "total": rows.count(),
            "given": given,
            "countries": Country.choices,
            "currencies": Currency.choices,
            "may_change": rules.can_buy(http.user),
        },
    )


def _rows(http: HttpRequest) -> tuple[dict[str, str], QuerySet]:
    """The filters of the address that we know, and what they leave."""
    known = {"country": Country.values, "currency": Currency.values, "open": ("yes", "no")}
    given = {name: http.GET.get(name, "") for name in known}
    given = {name: value if value in known[name] else "" for name, value in given.items()}
    given["q"] = http.GET.get("q", "").strip()[:80]
    return given, queries.filter_suppliers(queries.suppliers_visible_to(http.user), **given)


@audience(SUPPLY)
@require_safe
def export(http: HttpRequest) -> HttpResponse:
    """The list as it is filtered, as CSV or XLSX."""
    header = [
        _("Legal name"), _("Trade name"), _("Document"), _("Number"), _("Country"), _("E-mail"), _("Phone"),
        _("Address"), _("Currency"), _("Payment terms"), _("Usual days"), _("We buy there"),
    ]  # fmt: skip
    rows = _rows(http)[1].order_by("sort_key", "pk")[:EXPORTED]

    def lines() -> Iterator[list]:
        for each in rows.iterator(chunk_size=500):
            yield [
                each.name, each.trade_name, each.get_tax_id_type_display(), each.tax_id, each.country_name,
                each.email, each.phone, each.address, each.currency, each.payment_terms, each.lead_days,
                _("Yes") if each.is_open else _("No"),
            ]  # fmt: skip

    return table_response(http, _("suppliers"), header, lines())


@audience(SUPPLY)
@require_safe
def detail(http: HttpRequest, supplier_id: int) -> HttpResponse:
    """One supplier: its facts, people, accounts and papers."""
    supplier = queries.get_supplier(http.user, supplier_id)
    context = {
        "supplier": supplier,
        "contacts": queries.contacts_of(supplier),
        "accounts": queries.accounts_of(supplier),
        "papers": queries.papers_of(supplier),
        "whole_numbers": rules.can_see_accounts(http.user),
        "may_change": rules.can_buy(http.user),
    }
    return render(http, "supply/supplier.html", context)
