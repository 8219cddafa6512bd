"""Requests for quotation in the office: the list and its export, a new request, a draft that changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import Role, only
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import NotFound, Stale
from komaq.core.sheets import table_response
from komaq.core.templatetags.komaq import day, day_time
from komaq.core.web import once, redirect_to, submit
from komaq.parts.queries import parts_visible_to, stock
from komaq.supply import actions, queries, rules
from komaq.supply.choices import SUPPLY
from komaq.supply.forms.filters import BuyingFilter
from komaq.supply.forms.quotations import RequestForm, next_deadline
from komaq.supply.queries import quotations
from komaq.supply.queries.needs import needs_of, needs_to_ask_of

BUYERS = only(Role.LOGISTICS)
SORTS = {
    "newest": Sort("pk", descending=True),
    "oldest": Sort("pk"),
    "deadline": Sort("deadline"),
}
EXPORTED = 10_000
MOST_PARTS = 60
FRAME = ("deadline", "deliver_to", "is_urgent", "note")


@dataclass(frozen=True)
class Wanted:
    """A line as the form begins with it, and the needs it is asked for."""

    part: Any
    quantity: Decimal | None = None
    need_by: Any = None
    takes_alternative: bool = True
    note: str = ""
    needs: tuple = ()


@audience(SUPPLY)
@require_safe
def request_list(http: HttpRequest) -> HttpResponse:
    """The requests of one tab, narrowed by filters and words."""
    form, rows, tab = _chosen(http)
    page = page_of(rows, http, sorts=SORTS)
    told = quotations.answers_to(page.items)
    counts = quotations.request_counts(http.user)
    context = {
        "page": page,
        "rows": [(each, told.get(each.pk, quotations.Answers())) for each in page.items],
        "form": form,
        "tab": tab,
        "tabs": [(name, label, counts.get(name)) for name, label in _tabs()],
        "sorts": [
            ("newest", _("Newest first")),
            ("oldest", _("Oldest first")),
            ("deadline", _("By deadline")),
        ],
        "filtered": any(form.cleaned_data.values()),
        "buys": rules.can_buy(http.user),
    }
    return render(http, "supply/quotations.html", context)


def _tabs() -> list[tuple[str, str]]:
    return [
        ("open", _("Waiting for offers")),
        ("to_decide", _("To decide")),
        ("draft", _("Drafts")),
        ("awarded", _("Awarded")),
        ("cancelled", _("Cancelled")),
        ("all", _("All")),
    ]


def _chosen(http: HttpRequest) -> tuple[BuyingFilter, Any, str]:
    """The filter form, the rows it leaves and the tab they belong to. A tab we never gave is not found."""
    tab = http.GET.get("tab") or "open"
    if tab not in quotations.TABS:
        raise NotFound
    form = BuyingFilter(
        http.GET,
        suppliers=queries.suppliers_visible_to(http.user).order_by("sort_key", "pk"),
        warehouses=stock.open_warehouses(),
    )
    if not form.is_valid():
        raise NotFound
    rows = quotations.requests_visible_to(http.user)
    narrowed = quotations.filter_requests(
        rows, **form.cleaned_data, state=quotations.TABS[tab], to_decide=tab == "to_decide"
    )
    return form, narrowed, tab


@audience(SUPPLY)
@require_safe
def export(http: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or XLSX."""
    header = [
        _("Request"), _("State"), _("Answer until"), _("Deliver to"), _("Urgent"), _("Lines"), _("Suppliers asked"),
        _("Answered"), _("Declined"), _("Written by"), _("Written"), _("Sent"), _("Ended"),
    ]  # fmt: skip
    rows = _chosen(http)[1].order_by("pk")[:EXPORTED]
    return table_response(http, _("requests for quotation"), header, _lines(rows, translation.get_language()))


def _lines(rows: Any, language: str) -> Iterator[list]:
    found = list(rows)
    told = quotations.answers_to(found)
    for each in found:
        how = told.get(each.pk, quotations.Answers())
        with translation.override(language):
            yield [
                each.code, each.get_state_display(), day_time(each.deadline), each.deliver_to.name,
                _("Yes") if each.is_urgent else _("No"), how.lines, how.asked, how.answered, how.declined,
                each.made_by.name, *(day(at) if at else "" for at in (each.made_at, each.sent_at, each.ended_at)),
            ]  # fmt: skip


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest) -> HttpResponse:
    """A request for parts that are named in the address, with what is needed of them; or from scratch."""
    wanted = _wanted(http)
    suppliers = quotations.suppliers_for(http.user, [each.part for each in wanted])
    initial = {"deadline": next_deadline(), "suppliers": [each.pk for each in suppliers if each.sold]}
    initial["is_urgent"] = any(need.is_urgent for each in wanted for need in each.needs)
    form = _form(http, wanted, initial)
    do = once(partial(_make, form=form, user=http.user))
    answer = submit(http, form, do, done=partial(_made, http))
    return answer or render(http, "supply/quotation_form.html", _context(form, suppliers))


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, quotation_id: int) -> HttpResponse:
    """Change a draft; two at once never overwrite each other unseen."""
    request = quotations.get_request(http.user, quotation_id)
    wanted = _kept(request)
    suppliers = quotations.suppliers_for(http.user, [each.part for each in wanted], request)
    chosen = [each.pk for each in suppliers if each.was_asked]
    frame = {name: getattr(request, name) for name in FRAME}
    form = _form(http, wanted, {**frame, "suppliers": chosen, "version": request.version})
    do = once(partial(_change, form=form, request=request, user=http.user))
    context = {**_context(form, suppliers), "request_": request}
    try:
        answer = submit(http, form, do, done=partial(_made, http))
    except Stale as stale:
        form.meet({**frame, "version": stale.current.version})
        return render(http, "supply/quotation_form.html", context, status=409)
    return answer or render(http, "supply/quotation_form.html", context)


def _form(http: HttpRequest, wanted: list[Wanted], initial: dict[str, Any]) -> RequestForm:
    return RequestForm(
        http.POST or None,
        wanted=wanted,
        suppliers=_suppliers(http),
        warehouses=stock.open_warehouses(),
        user=http.user,
        initial=initial,
    )


def _context(form: RequestForm, suppliers: list) -> dict[str, Any]:
    """The suppliers in two groups: who sells what is asked, and the others."""
    chosen = {str(each) for each in (form["suppliers"].value() or [])}
    rows = [(each, each.sold, str(each.pk) in chosen) for each in suppliers]
    return {
        "form": form,
        "sellers": [each for each in rows if each[1] or each[2]],
        "others": [each for each in rows if not (each[1] or each[2])],
        "parts": len(form.wanted),
    }


def _suppliers(http: HttpRequest) -> Any:
    return queries.suppliers_visible_to(http.user).filter(is_open=True).order_by("sort_key", "pk")


def _wanted(http: HttpRequest) -> list[Wanted]:
    """The parts the address names, with their open needs that no draft asks for added up; what is none is left out."""
    given = http.GET.getlist("part")[:MOST_PARTS]
    keys = [int(key) for key in given if key.isascii() and key.isdecimal() and len(key) < 18]
    parts = list(parts_visible_to(http.user).filter(pk__in=keys, is_open=True).order_by("sort_key", "pk"))
    needs = needs_to_ask_of(parts)
    return [_asked(part, needs[part.pk]) for part in parts]


def _asked(part: Any, needs: list) -> Wanted:
    days = [need.need_by for need in needs if need.need_by]
    total = sum((need.quantity for need in needs), Decimal(0))
    return Wanted(part, total or None, min(days) if days else None, needs=tuple(needs))


def _kept(request: Any) -> list[Wanted]:
    """The lines of a draft, with the needs they were written for that are still open."""
    lines = quotations.lines_asked(request)
    open_needs = needs_of([line.part for line in lines])
    return [
        Wanted(
            line.part,
            line.quantity,
            line.need_by,
            line.takes_alternative,
            line.note,
            tuple(need for need in open_needs[line.part_id] if need.quotation_line_id == line.pk),
        )
        for line in lines
    ]


def _make(*, form: RequestForm, user: Any, version: Any = None, **given: Any) -> Any:
    return actions.make_request(lines=_asked_lines(form, given), by=user, **_frame(given))


def _change(*, form: RequestForm, request: Any, user: Any, version: Any = None, **given: Any) -> Any:
    lines = _asked_lines(form, given)
    return actions.change_request(request=request, lines=lines, version=version or 0, by=user, **_frame(given))


def _frame(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in (*FRAME, "suppliers")}


def _asked_lines(form: RequestForm, given: dict[str, Any]) -> list:
    lines = [
        actions.QuotationLineIn(
            part=each.part,
            quantity=given[f"quantity_{each.part.pk}"],
            need_by=given[f"need_by_{each.part.pk}"],
            takes_alternative=given[f"takes_{each.part.pk}"],
            note=given[f"note_{each.part.pk}"],
            needs=each.needs,
        )
        for each in form.wanted
        if given[f"quantity_{each.part.pk}"]
    ]
    if given["part"]:
        extra = needs_to_ask_of([given["part"]])[given["part"].pk]
        lines.append(
            actions.QuotationLineIn(
                part=given["part"], quantity=given["quantity"], need_by=given["need_by"], needs=tuple(extra)
            )
        )
    return lines


def _made(http: HttpRequest, request: Any) -> HttpResponse:
    if request is None:
        return redirect_to(http, "supply:quotations", message=_("This request was written before: it counts once."))
    return redirect_to(
        http, request, message=_("%(code)s is a draft: look at it and send it.") % {"code": request.code}
    )
