"""Purchase orders in the office: the list and its export, a new order from scratch or for what is needed."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import Role, only
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import NotFound
from komaq.core.sheets import table_response
from komaq.core.templatetags.komaq import day
from komaq.core.web import once, redirect_to, submit
from komaq.parts.queries import stock
from komaq.supply import actions, queries, rules
from komaq.supply.choices import SUPPLY
from komaq.supply.forms.filters import BuyingFilter
from komaq.supply.forms.purchases import NeedsForm, NewPurchaseForm
from komaq.supply.queries import purchases, wanted
from komaq.supply.queries.needs_list import TABS

BUYERS = only(Role.LOGISTICS)
SORTS = {
    "newest": Sort("pk", descending=True),
    "oldest": Sort("pk"),
    "supplier": Sort("supplier__sort_key"),
    "dearest": Sort("total_pen", descending=True),
}
EXPORTED = 10_000
MOST_NEEDS = 200


@audience(SUPPLY)
@require_safe
def purchase_list(http: HttpRequest) -> HttpResponse:
    """The orders of one tab, narrowed by filters and words."""
    form, rows, tab = _chosen(http)
    page = page_of(rows, http, sorts=SORTS)
    progress = purchases.progress_of(page.items)
    counts = purchases.purchase_counts(http.user)
    context = {
        "page": page,
        "rows": [(each, progress.get(each.pk, purchases.Progress())) for each in page.items],
        "form": form,
        "tab": tab,
        "tabs": [(name, label, counts.get(name)) for name, label in _tabs()],
        "sorts": [
            ("newest", _("Newest first")),
            ("oldest", _("Oldest first")),
            ("supplier", _("By supplier")),
            ("dearest", _("Dearest first")),
        ],
        "filtered": any(form.cleaned_data.values()),
        "buys": rules.can_buy(http.user),
    }
    return render(http, "supply/purchases.html", context)


def _tabs() -> list[tuple[str, str]]:
    return [
        ("coming", _("On their way")),
        ("late", pgettext("purchases", "Late")),
        ("draft", _("Drafts")),
        ("to_approve", _("To approve")),
        ("approved", _("To send")),
        ("received", _("Received")),
        ("cancelled", _("Cancelled")),
        ("all", _("All")),
    ]


def _chosen(http: HttpRequest) -> tuple[BuyingFilter, Any, str]:
    """The filter form, the rows it leaves and the tab they belong to. A tab we never gave is not found."""
    tab = http.GET.get("tab") or "coming"
    if tab not in dict(_tabs()):
        raise NotFound
    form = BuyingFilter(
        http.GET,
        suppliers=queries.suppliers_visible_to(http.user).order_by("sort_key", "pk"),
        warehouses=stock.open_warehouses(),
    )
    if not form.is_valid():
        raise NotFound
    rows = purchases.purchases_visible_to(http.user)
    wanted_rows = purchases.filter_purchases(
        rows, **form.cleaned_data, state=purchases.TABS.get(tab, ()), late=tab == "late"
    )
    return form, wanted_rows, tab


@audience(SUPPLY)
@require_safe
def export(http: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or XLSX."""
    header = [
        _("Order"), _("Supplier"), _("Number"), _("State"), _("Currency"), _("Total without tax"), _("Rate"),
        _("Total in soles"), _("Lines"), _("Lines to come"), _("Promised for"), _("Needed by"), _("Deliver to"),
        _("Written by"), _("Written"), _("Sent"), _("Received"),
    ]  # fmt: skip
    rows = _chosen(http)[1].order_by("pk")[:EXPORTED]
    return table_response(http, _("purchase orders"), header, _lines(rows, translation.get_language()))


def _lines(rows: Any, language: str) -> Iterator[list]:
    found = list(rows)
    progress = purchases.progress_of(found)
    for each in found:
        how = progress.get(each.pk, purchases.Progress())
        with translation.override(language):
            yield [
                each.code, each.supplier.name, each.supplier.tax_id, each.get_state_display(), each.currency,
                each.total, each.rate.normalize(), each.total_pen, how.lines, how.waiting,
                _day(how.next_promise), _day(how.next_need), each.deliver_to.name, each.made_by.name,
                *(_day(at) for at in (each.made_at, each.sent_at, each.received_at)),
            ]  # fmt: skip


def _day(value: Any) -> str:
    return day(value) if value else ""


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest) -> HttpResponse:
    """An order from scratch, or for needs that are named in the address: one by one, or all that is needed of parts."""
    if "part" in http.GET and http.method == "GET":
        return _with_needs_named(http)
    needs = wanted.needs_named(http.user, http.GET.getlist("need")[:MOST_NEEDS])
    return _for_needs(http, needs) if needs else _from_scratch(http)


def _with_needs_named(http: HttpRequest) -> HttpResponse:
    """The same page for what is needed of some parts now, so that nothing is added to it while it is filled in."""
    parts = [int(key) for key in http.GET.getlist("part")[:MOST_NEEDS] if key.isdecimal() and len(key) < 18]
    states = TABS.get(http.GET.get("state", ""), TABS["open"])
    given = http.GET.copy()
    for name in ("part", "state"):
        given.pop(name, None)
    given.setlist("need", [need.pk for need in wanted.needs_to_buy(http.user, parts, states)[:MOST_NEEDS]])
    return redirect(f"{reverse('supply:purchase-new')}?{given.urlencode()}")


def _from_scratch(http: HttpRequest) -> HttpResponse:
    supplier = _supplier(http)
    form = NewPurchaseForm(
        http.POST or None,
        suppliers=_suppliers(http),
        warehouses=stock.open_warehouses(),
        user=http.user,
        initial={"supplier": supplier, **_terms(supplier)},
    )
    answer = submit(http, form, once(partial(_make, by=http.user)), done=partial(_made, http))
    return answer or render(http, "supply/purchase_new.html", {"form": form})


def _make(*, part: Any, quantity: Any, price: Any, need_by: Any, by: Any, **given: Any) -> Any:
    line = actions.PurchaseLineIn(part=part, quantity=quantity, price=price, need_by=need_by)
    return actions.make_purchase(lines=[line], by=by, **given)


def _for_needs(http: HttpRequest, needs: list) -> HttpResponse:
    """One line for each part that is needed, its price what the supplier last asked."""
    supplier = _supplier(http) or wanted.suggested_supplier(http.user, needs)
    form = NeedsForm(
        http.POST or None,
        suppliers=_suppliers(http),
        warehouses=stock.open_warehouses(),
        wanted=wanted.wanted_of(needs, supplier),
        initial={"supplier": supplier, **_terms(supplier)},
    )
    answer = submit(http, form, once(partial(_make_for_needs, form=form, by=http.user)), done=partial(_made, http))
    return answer or render(http, "supply/purchase_needs.html", {"form": form, "needs": needs, "supplier": supplier})


def _make_for_needs(*, form: NeedsForm, by: Any, **given: Any) -> Any:
    lines = [
        actions.PurchaseLineIn(
            part=each.part,
            quantity=given.pop(f"quantity_{each.part.pk}"),
            price=given.pop(f"price_{each.part.pk}"),
            need_by=each.need_by,
            needs=tuple(each.needs),
        )
        for each in form.wanted
    ]
    return actions.make_purchase(lines=lines, by=by, **given)


def _terms(supplier: Any) -> dict[str, Any]:
    known = {"currency": supplier.currency, "payment_terms": supplier.payment_terms} if supplier else {}
    return {"currency": "USD", **known}


def _suppliers(http: HttpRequest) -> Any:
    return queries.suppliers_visible_to(http.user).filter(is_open=True).order_by("sort_key", "pk")


def _supplier(http: HttpRequest) -> Any:
    given = http.GET.get("supplier", "")
    if not given:
        return None
    if not given.isdecimal() or len(given) > 18:
        raise NotFound
    return queries.get_supplier(http.user, int(given))


def _made(http: HttpRequest, purchase: Any) -> HttpResponse:
    if purchase is None:
        return redirect_to(http, "supply:purchases", message=_("This order was written before: it counts once."))
    return redirect_to(http, purchase, message=_("%(code)s is a draft.") % {"code": purchase.code})
