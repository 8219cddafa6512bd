"""What is needed: the list from which quotations and orders are made, a need written by hand, one that is dropped."""

from collections.abc import Iterator
from functools import partial
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import Role, only
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import NotFound
from komaq.core.registry import named_sources
from komaq.core.sheets import table_response
from komaq.core.templatetags.komaq import day
from komaq.core.web import once, redirect_to, submit
from komaq.parts.queries import availability_of
from komaq.supply import actions, queries, rules
from komaq.supply.choices import SUPPLY, TO_BUY
from komaq.supply.forms.needs import DropNeedForm, NeedForm, NeedsFilter
from komaq.supply.queries import needs_list as needed

BUYERS = only(Role.LOGISTICS)
SORTS = {
    "need": Sort("first_day"),
    "until": Sort("until"),
    "part": Sort("sort_key"),
    "supplier": Sort("supplier_key"),
}
GROUPED = {
    "day": {"need": Sort("first_day")},
    "supplier": {"supplier": Sort("supplier_key")},
    "both": {"both": Sort("supplier_day")},
}
EXPORTED = 5_000


@audience(SUPPLY)
@require_safe
def need_list(http: HttpRequest) -> HttpResponse:
    """What is needed under one tab, merged by part, narrowed by filters and words."""
    form, rows, tab = _chosen(http)
    group = form.cleaned_data["group"]
    page = page_of(rows, http, sorts=GROUPED.get(group, SORTS))
    found = needed.in_full(http.user, page.items, **_of_needs(form, tab))
    named_sources(http.user, [need for each in found for need in each.needs])
    counts = needed.counts_by_tab(http.user)
    context = {
        "page": page,
        "groups": [(heading, list(rows)) for heading, rows in groupby(found, partial(_heading, group))],
        "stock": availability_of(page.items),
        "form": form,
        "tab": tab,
        "columns": _columns(),
        "sorts": SORTS,
        "tabs": [(name, label, counts.get(name)) for name, label in _tabs()],
        "filtered": any(value for name, value in form.cleaned_data.items() if name != "group"),
        "buys": rules.can_buy(http.user),
        "ticks": rules.can_buy(http.user) and bool(TO_BUY.intersection(needed.TABS[tab])),
    }
    return render(http, "supply/needs.html", context)


def _tabs() -> list[tuple[str, str]]:
    return [
        ("open", _("To buy")),
        ("asked", _("Quotation asked")),
        ("ordered", _("Ordered")),
        ("all", _("All")),
    ]


def _columns() -> list[tuple[str, str]]:
    return [
        ("part", _("Part")),
        ("wanted", _("Quantity")),
        ("need", _("Needed by")),
        ("for", _("For")),
        ("supplier", _("Supplier")),
        ("until", _("Order until")),
    ]


def _chosen(http: HttpRequest) -> tuple[NeedsFilter, Any, str]:
    """The filter form, the parts it leaves and the tab they belong to. A tab we never gave is not found."""
    tab = http.GET.get("tab") or "open"
    suppliers = queries.suppliers_visible_to(http.user).filter(is_open=True).order_by("sort_key", "pk")
    form = NeedsFilter(http.GET, suppliers=suppliers)
    if tab not in needed.TABS or not form.is_valid():
        raise NotFound
    supplier = form.cleaned_data["supplier"]
    narrowed = {"supplier": supplier and supplier.pk, "late": form.cleaned_data["late"]}
    return form, needed.needs_list(http.user, **narrowed, **_of_needs(form, tab)), tab


def _of_needs(form: NeedsFilter, tab: str) -> dict[str, Any]:
    """What narrows the needs themselves."""
    return {"states": needed.TABS[tab], **{name: form.cleaned_data[name] for name in ("q", "urgent", "source")}}


def _heading(group: str, row: needed.PartNeeded) -> str:
    """What a row stands under."""
    supplier = row.offer.supplier.short_name if row.offer else _("Nobody sells it to us yet")
    needed_on = _("Needed by %(day)s") % {"day": day(row.need_by)} if row.need_by else _("Without a day")
    return {"day": needed_on, "supplier": supplier, "both": f"{supplier} · {needed_on}"}.get(group, "")


@audience(SUPPLY)
@require_safe
def export(http: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or XLSX."""
    header = [
        _("Brand"), _("Number"), _("Part"), _("Quantity"), _("Unit"), _("Needed by"), _("Order until"), _("Urgent"),
        _("For"), _("State"), _("Supplier"), _("Price"), _("Currency"), _("Days it takes"),
    ]  # fmt: skip
    form, rows, tab = _chosen(http)
    parts = list(rows.order_by("first_day", "pk")[:EXPORTED])
    found = needed.in_full(http.user, parts, **_of_needs(form, tab))
    return table_response(http, _("requirements"), header, _lines(found, translation.get_language()))


def _lines(found: list[needed.PartNeeded], language: str) -> Iterator[list]:
    for each in found:
        with translation.override(language):
            part, offer = each.part, each.offer
            yield [
                part.brand, part.number, part.name, f"{each.quantity.normalize():f}", part.get_unit_display(),
                day(each.need_by) if each.need_by else "", day(each.until) if each.until else "",
                _("Yes") if each.is_urgent else "",
                ", ".join(sorted({need.about or _("stock") for need in each.needs})),
                ", ".join(sorted({need.get_state_display() for need in each.needs})),
                offer.supplier.name if offer else "",
                f"{offer.price.normalize():f}" if offer and offer.price is not None else "",
                offer.currency if offer else "", "" if each.lead_days is None else each.lead_days,
            ]  # fmt: skip


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest) -> HttpResponse:
    """Ask by hand for a part that no order and no minimum asks for."""
    form = NeedForm(http.POST or None, user=http.user)
    answer = submit(http, form, once(partial(actions.add_need, by=http.user)), done=partial(_made, http))
    return answer or render(http, "supply/need_new.html", {"form": form})


def _made(http: HttpRequest, need: Any) -> HttpResponse:
    if need is None:
        message = _("This was sent before: it counts once.")
    elif need.state in TO_BUY:
        message = _("It is to buy.")
    else:
        message = _("%(code)s brings it already.") % {"code": need.purchase_line.purchase.code}
    return redirect_to(http, "supply:needs", message=message)


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def drop(http: HttpRequest, need_id: int) -> HttpResponse:
    """Buy what somebody asked for by hand after all not, with the reason."""
    need = needed.get_need(http.user, need_id)
    form = DropNeedForm(http.POST or None)
    answer = submit(
        http,
        form,
        partial(actions.drop_need, need=need, by=http.user),
        done=lambda _dropped: redirect_to(http, "supply:needs", message=_("It is needed no longer.")),
    )
    return answer or render(http, "supply/need_drop.html", {"form": form, "need": need})
