"""One request for quotation in the office: its offers side by side, and what is done with it."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts.choices import Role, only
from komaq.comms.queries import SUPPLIER_WROTE
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.sheets import table_response
from komaq.core.templatetags.komaq import day
from komaq.core.web import once, redirect_to, submit
from komaq.supply import actions, rules
from komaq.supply.actions.quotation_refusals import OfferReplaced
from komaq.supply.choices import SUPPLY, InviteState, QuotationState
from komaq.supply.forms.purchases import ReasonForm, VersionForm
from komaq.supply.forms.quotations import AwardForm, ExtendForm, InviteForm
from komaq.supply.queries import quotations
from komaq.supply.queries.comparison import above_best, compared, cost_of, pick
from komaq.supply.queries.quotation_history import history_of

BUYERS = only(Role.LOGISTICS)
_S = QuotationState


@audience(SUPPLY)
@require_safe
def detail(http: HttpRequest, quotation_id: int) -> HttpResponse:
    """A request as it stands: the offers side by side, and the one next step."""
    return request_page(http, quotations.get_request(http.user, quotation_id))


def request_page(http: HttpRequest, request: Any, **forms: Any) -> HttpResponse:
    """The page of a request; `forms` are those that were refused and open again."""
    table = compared(request)
    buys, version = rules.can_buy(http.user), {"version": request.version}
    how = http.GET.get("pick", "")
    decides = buys and request.state == _S.SENT and table.answered > 0
    if decides:
        pick(table, how or "price")
    invites = [column.invite for column in table.columns]
    now = clock.now()
    context = {
        "request_": request,
        "table": table,
        "how": how or "price",
        "buys": buys,
        "decides": decides,
        "is_draft": request.state == _S.DRAFT,
        "is_sent": request.state == _S.SENT,
        "is_over": request.state == _S.SENT and request.deadline <= now,
        "waiting": sum(invite.state == InviteState.WAITING for invite in invites),
        "declined": sum(invite.state == InviteState.DECLINED for invite in invites),
        "asking": [invite for invite in invites if invite.last_author == SUPPLIER_WROTE],
        "cancels": buys and request.state in {_S.DRAFT, _S.SENT},
        "history": history_of(request),
        "step_form": VersionForm(initial=version, auto_id=False),
        "reason_form": forms.get("reason_form") or ReasonForm(initial=version),
        "refused": forms.get("refused", ""),
        "orders": list(request.purchases.select_related("supplier").order_by("pk")) if request.ended_at else [],
    }
    return render(http, "supply/quotation.html", context)


@audience(SUPPLY)
@require_safe
def export(http: HttpRequest, quotation_id: int) -> HttpResponseBase:
    """The comparison, one row for each answer to a line, as CSV or XLSX."""
    request = quotations.get_request(http.user, quotation_id)
    header = [
        _("Part"), _("Name"), _("Quantity asked"), _("Needed by"), _("Supplier"), _("Offer"), _("Currency"),
        _("Unit price"), _("Unit price in soles"), _("Quantity"), _("Days"), _("Arrives on"), _("Instead"), _("Remark"),
        _("Awarded"),
    ]  # fmt: skip
    return table_response(http, request.code, header, _rows(compared(request)))


def _rows(table: Any) -> Iterator[list]:
    for each in table.lines:
        for cell in each.cells:
            row = cell.row
            if row is None or not row.has_it:
                continue
            price = "" if cell.price_pen is None else cell.price_pen.normalize()
            yield [
                str(each.line.part), each.line.part.name, each.line.quantity.normalize(),
                day(each.line.need_by) if each.line.need_by else "", cell.invite.supplier.short_name, row.offer.number,
                row.offer.currency, row.price.normalize(), price, row.quantity.normalize(), row.lead_days,
                day(cell.lands_on), row.alternative, row.note, row.awarded.normalize() if row.awarded else "",
            ]  # fmt: skip


# Steps


@audience(BUYERS)
@require_POST
def send(http: HttpRequest, quotation_id: int) -> HttpResponse:
    """The letters leave."""
    request = quotations.get_request(http.user, quotation_id)
    form = VersionForm(http.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    sent = actions.send_request(request=request, version=version, by=http.user)
    return redirect_to(http, sent, message=_("%(code)s is on its way to the suppliers.") % {"code": sent.code})


@audience(BUYERS)
@require_POST
def remind(http: HttpRequest, quotation_id: int) -> HttpResponse:
    """Write again to whoever has not answered."""
    request = quotations.get_request(http.user, quotation_id)
    told = actions.remind(request=request, by=http.user)
    words = ngettext("%(count)d supplier was reminded.", "%(count)d suppliers were reminded.", told) % {"count": told}
    return redirect_to(http, request, message=words)


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def extend(http: HttpRequest, quotation_id: int) -> HttpResponse:
    """More time for the suppliers."""
    request = quotations.get_request(http.user, quotation_id)
    form = ExtendForm(http.POST or None, initial={"deadline": request.deadline, "version": request.version})
    do = partial(actions.extend_deadline, request=request, by=http.user)
    answer = submit(http, form, do, done=partial(_back, http, _("The suppliers were told of the new deadline.")))
    return answer or render(http, "supply/quotation_extend.html", {"form": form, "request_": request})


@audience(BUYERS)
@require_http_methods(["GET", "POST"])
def cancel(http: HttpRequest, quotation_id: int) -> HttpResponse:
    """Nothing is asked any more."""
    request = quotations.get_request(http.user, quotation_id)
    if http.method == "GET":
        return redirect(request)
    form = ReasonForm(http.POST)
    do = partial(actions.cancel_request, request=request, by=http.user)
    answer = submit(http, form, do, done=partial(_back, http, _("The request was cancelled.")))
    return answer or request_page(http, request, reason_form=form, refused="to-cancel")


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(http: HttpRequest, quotation_id: int) -> HttpResponse:
    """Ask one more supplier."""
    request = quotations.get_request(http.user, quotation_id)
    form = InviteForm(http.POST or None, suppliers=quotations.invitable(http.user, request))
    do = once(partial(actions.invite_supplier, request=request, by=http.user))
    answer = submit(http, form, do, done=lambda _made: _back(http, _("The supplier was added."), request))
    return answer or render(http, "supply/quotation_invite.html", {"form": form, "request_": request})


def _back(http: HttpRequest, message: str, request: Any) -> HttpResponse:
    return redirect_to(http, request, message=message)


# The decision


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def award(http: HttpRequest, quotation_id: int) -> HttpResponse:
    """What was chosen, as the orders it will make; posting decides, unless something chosen counts no more."""
    request = quotations.get_request(http.user, quotation_id)
    table = compared(request)
    picks = _picks(http, table)
    form = AwardForm(http.POST or None, picks=picks, initial={"version": request.version})
    do = once(partial(_award, request=request, picks=picks, user=http.user))
    if http.method == "POST" and len(set(_ticked(http))) > len(picks):
        form.is_valid()
        form.add_error(None, str(OfferReplaced.message))
    answer = submit(http, form, do, done=partial(_decided, http, request))
    return answer or render(http, "supply/quotation_award.html", _summary(request, table, picks, form))


def _picks(http: HttpRequest, table: Any) -> dict[Any, Decimal]:
    """The offers that were ticked, each with how many of it: what it has of what is still to be shared out."""
    cells, picks, left = table.rows(), {}, {}
    for key in _ticked(http):
        cell = cells.get(int(key)) if key.isascii() and key.isdecimal() and len(key) < 18 else None
        if cell and cell.row not in picks:
            row = cell.row
            rest = left.setdefault(row.line_id, row.line.quantity)
            picks[row] = min(row.quantity, rest or row.line.quantity)
            left[row.line_id] = max(rest - picks[row], Decimal(0))
    return picks


def _ticked(http: HttpRequest) -> list[str]:
    """Keys of offer lines: one for each part (`line_1=7`), several when it is split (`take_7=on`), or as posted."""
    if http.method == "POST":
        return [name[5:] for name in http.POST if name.startswith("take_")]
    return [
        value if name.startswith("line_") else name[5:]
        for name, value in http.GET.items()
        if name.startswith(("line_", "take_"))
    ]


def _award(*, request: Any, picks: dict[Any, Decimal], user: Any, version: int, **given: Any) -> Any:
    choices = [actions.AwardIn(offer_line=row, quantity=given[f"take_{row.pk}"]) for row in picks]
    return actions.award(request=request, choices=choices, version=version, by=user)


def _decided(http: HttpRequest, request: Any, orders: Any) -> HttpResponse:
    count = len(orders or ())
    words = ngettext("%(count)d draft of an order was made.", "%(count)d drafts of orders were made.", count)
    return redirect_to(http, request, message=words % {"count": count} if orders else "")


def _summary(request: Any, table: Any, picks: dict[Any, Decimal], form: AwardForm) -> dict[str, Any]:
    """The orders that would be made, and how they stand against the cheapest and the day it is needed."""
    cells = table.rows()
    orders: dict[Any, dict[str, Any]] = {}
    for row, quantity in picks.items():
        cell = cells[row.pk]
        order = orders.setdefault(cell.invite.pk, {"invite": cell.invite, "lines": [], "total": Decimal(0)})
        amount = rules.amount(quantity, row.price)
        order["lines"].append((row, cell, amount, form[f"take_{row.pk}"]))
        order["total"] += amount
        order["currency"] = row.offer.currency
    for order in orders.values():
        share = {row: picks[row] for row, *_rest in order["lines"]}
        order["total_pen"] = cost_of(share, table.rate)
        order["above"] = order["total_pen"] is not None and rules.needs_approval(order["total_pen"])
    chosen = [cells[row.pk] for row in picks]
    return {
        "request_": request,
        "table": table,
        "form": form,
        "orders": list(orders.values()),
        "total_pen": cost_of(picks, table.rate),
        "above_best": above_best(table, picks),
        "complete_on": max((cell.lands_on for cell in chosen), default=None),
        "late": [cell for cell in chosen if cell.is_late],
        "left_out": [each.line for each in table.lines if each.line.pk not in {row.line_id for row in picks}],
        "unknown": [cell for cell in chosen if cell.is_unknown],
    }
