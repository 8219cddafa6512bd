"""The pages about suppliers: the list, one supplier, and keeping its facts right."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.core import clock
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import Stale, require
from komaq.core.sheets import table_response
from komaq.core.web import redirect_to, submit
from komaq.supply import actions, queries, rules
from komaq.supply.choices import SUPPLY, Country, Currency
from komaq.supply.forms import NewSupplierForm, SupplierForm

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
            "is_filtered": any(given.values()),
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
        _("Address"), _("Currency"), _("Payment terms"), _("Usual days until delivery"), _("We buy there"),
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
    """One supplier: its facts, people, accounts, papers and what was done with them."""
    supplier = queries.get_supplier(http.user, supplier_id)
    context = {
        "supplier": supplier,
        "contacts": list(queries.contacts_of(supplier)),
        "accounts": list(queries.accounts_of(supplier)),
        "papers": [_paper(each) for each in queries.papers_of(supplier)],
        "whole_numbers": rules.can_see_accounts(http.user),
        "may_change": rules.can_buy(http.user),
    }
    return render(http, "supply/supplier.html", context)


def _paper(file: Any) -> dict:
    title, ends_on = rules.paper_of(file.caption)
    return {"file": file, "title": title or file.name, "ends_on": ends_on, "over": ends_on and ends_on < clock.today()}


@audience(SUPPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest) -> HttpResponse:
    """Note a supplier."""
    require(rules.can_buy(http.user))
    form = NewSupplierForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.create_supplier(by=http.user, **data),
        done=lambda made: redirect_to(http, made, message=_("%(name)s was added.") % {"name": made.short_name}),
    )
    return answer or render(http, "supply/supplier_new.html", {"form": form})


@audience(SUPPLY)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, supplier_id: int) -> HttpResponse:
    """Change a supplier; two at once never overwrite each other unseen."""
    require(rules.can_buy(http.user))
    supplier = queries.get_supplier(http.user, supplier_id)
    form = SupplierForm(http.POST or None, initial=values_of(supplier))
    status = 200
    try:
        answer = submit(
            http,
            form,
            lambda **data: actions.change_supplier(supplier=supplier, by=http.user, **data),
            done=lambda changed: redirect_to(http, changed, message=_("The changes were saved.")),
        )
    except Stale as stale:
        form.meet(values_of(stale.current))
        answer, status = None, 409
    return answer or render(http, "supply/supplier_edit.html", {"form": form, "supplier": supplier}, status=status)


def values_of(supplier: Any) -> dict:
    """A supplier as its form shows it."""
    return {name: getattr(supplier, name) for name in SupplierForm.base_fields}
