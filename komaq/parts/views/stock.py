"""The office's pages about warehouses and what lies in them."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import OFFICE
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import Stale, require
from komaq.core.sheets import table_response
from komaq.core.web import redirect_to, submit
from komaq.parts import actions, queries, rules
from komaq.parts.choices import Category
from komaq.parts.forms.stock import ChangeWarehouseForm, WarehouseForm
from komaq.parts.views.asked import number, one_of, words

SORTS = {
    "name": Sort("part__sort_key"),
    "number": Sort("part__number_key"),
    "most": Sort("on_hand", descending=True),
}
EXPORTED = 200_000
FACTS = ("code", "name", "kind", "keeper", "is_open")


@audience(OFFICE)
@require_safe
def warehouses(http: HttpRequest) -> HttpResponse:
    """The places that keep stock, and what lies in each."""
    may_see_cost = rules.can_see_cost(http.user)
    context = {
        "warehouses": queries.warehouses_with_totals(http.user),
        "may_see_cost": may_see_cost,
        "may_manage": rules.can_manage_parts(http.user),
    }
    return render(http, "parts/warehouses.html", context)


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def warehouse_new(http: HttpRequest) -> HttpResponse:
    """Open a warehouse."""
    require(rules.can_manage_parts(http.user))
    form = WarehouseForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.save_warehouse(by=http.user, **data),
        done=lambda made: redirect_to(http, made, message=_("%(name)s was opened.") % {"name": made.name}),
    )
    return answer or render(http, "parts/warehouse_edit.html", {"form": form})


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def warehouse_edit(http: HttpRequest, warehouse_id: int) -> HttpResponse:
    """Rename a warehouse, give it another keeper, close it."""
    require(rules.can_manage_parts(http.user))
    warehouse = queries.get_warehouse(http.user, warehouse_id)
    form = ChangeWarehouseForm(http.POST or None, initial=_values(warehouse))
    status = 200
    try:
        answer = submit(
            http,
            form,
            lambda **data: actions.save_warehouse(warehouse=warehouse, by=http.user, **data),
            done=lambda saved: redirect_to(http, saved, message=_("The changes were saved.")),
        )
    except Stale as stale:
        form.meet(_values(stale.current))
        answer, status = None, 409
    return answer or render(http, "parts/warehouse_edit.html", {"form": form, "warehouse": warehouse}, status=status)


def _values(warehouse: Any) -> dict:
    return {name: getattr(warehouse, name) for name in FACTS} | {"version": rules.version_of(warehouse)}


@audience(OFFICE)
@require_safe
def stock_list(http: HttpRequest) -> HttpResponse:
    """What lies where, in all warehouses."""
    return render(http, "parts/stock.html", _listed(http, None))


@audience(OFFICE)
@require_safe
def warehouse(http: HttpRequest, warehouse_id: int) -> HttpResponse:
    """One warehouse and what lies in it."""
    place = queries.get_warehouse(http.user, warehouse_id)
    return render(http, "parts/stock.html", _listed(http, place))


def _listed(http: HttpRequest, place: Any) -> dict:
    rows, given = _rows(http, place)
    page = page_of(rows, http, sorts=SORTS)
    may_see_cost = rules.can_see_cost(http.user)
    for each in page.items:
        each.worth = rules.worth_of(each) if may_see_cost else None
    return {
        "page": page,
        "total": rows.count(),
        "place": place,
        "warehouses": [] if place else queries.warehouses_visible_to(http.user),
        "categories": Category.choices,
        "states": states(),
        "given": given,
        "filtered": any(given.values()),
        "may_see_cost": may_see_cost,
        "may_manage": rules.can_manage_parts(http.user),
    }


def states() -> list[tuple[str, str]]:
    """What a row of stock may be asked for."""
    return [
        ("here", _("On hand")),
        ("free", _("With something free")),
        ("reserved", _("With reservations")),
        ("empty", _("Used up")),
        ("uncounted", _("Never counted")),
    ]


def _rows(http: HttpRequest, place: Any) -> tuple[QuerySet, dict]:
    given: dict[str, Any] = {
        "q": words(http, "q"),
        "category": one_of(Category.values, http.GET.get("category", "")),
        "state": one_of([code for code, _label in states()], http.GET.get("state", "")),
        "warehouse": None if place else number(http.GET.get("warehouse", "")),
    }
    rows = queries.stocks_visible_to(http.user)
    rows = rows.filter(warehouse=place) if place else rows
    return queries.filter_stocks(rows, **given), given


@audience(OFFICE)
@require_safe
def stock_export(http: HttpRequest) -> HttpResponse:
    """What lies where, as it is filtered, as CSV or XLSX."""
    return _exported(http, None)


@audience(OFFICE)
@require_safe
def warehouse_export(http: HttpRequest, warehouse_id: int) -> HttpResponse:
    """What lies in a warehouse, as it is filtered, as CSV or XLSX."""
    return _exported(http, queries.get_warehouse(http.user, warehouse_id))


def _exported(http: HttpRequest, place: Any) -> HttpResponse:
    costs = rules.can_see_cost(http.user)
    header = [
        _("Warehouse"), _("Brand"), _("Number"), _("Part"), _("Unit"), _("On hand"), _("Reserved"), _("Free"),
        _("Counted on"), *([_("Cost per unit in PEN"), _("Value in PEN")] if costs else []),
    ]  # fmt: skip
    rows = _rows(http, place)[0].order_by("warehouse_id", "part__sort_key", "pk")[:EXPORTED]

    def lines() -> Iterator[list]:
        for each in rows.iterator(chunk_size=500):
            held = each.part.holding
            cost = rules.average_cost(held.quantity, held.value)
            yield [
                each.warehouse.code, each.part.brand, each.part.number, each.part.name, each.part.get_unit_display(),
                plain(each.on_hand), plain(each.reserved), plain(each.available),
                each.counted_at.astimezone(clock.LIMA).date().isoformat() if each.counted_at else "",
                *([plain(cost), plain(rules.worth_of(each))] if costs else []),
            ]  # fmt: skip

    return table_response(http, _("stock"), header, lines())


def plain(value: Any) -> str:
    """A number of a file, without zeros nobody wrote."""
    return "" if value is None else f"{value.normalize():f}"
