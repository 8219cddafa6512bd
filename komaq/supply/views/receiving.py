"""Goods at the door, on a phone: accepted, refused, what is missing; and the claims that follow."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import Role, only
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.sheets import table_response
from komaq.core.templatetags.komaq import day, quantity
from komaq.core.web import once, redirect_to, submit
from komaq.parts.queries import stock
from komaq.supply import actions, rules
from komaq.supply.choices import RECEIVABLE, SUPPLY, ClaimKind, ClaimState
from komaq.supply.forms.purchases import ClaimForm, NoteForm, ReceiveForm, SettleForm
from komaq.supply.queries import claims as claims_read
from komaq.supply.queries import purchases

BUYERS = only(Role.LOGISTICS)
SORTS = {"oldest": Sort("pk"), "newest": Sort("pk", descending=True)}
TABS = {"live": (ClaimState.OPEN, ClaimState.SENT_BACK), "settled": (ClaimState.SETTLED,), "all": ()}
EXPORTED = 10_000
ZERO = Decimal(0)


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """What came of an order."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    if http.method != "POST" and purchase.state not in RECEIVABLE:
        return redirect(purchase)
    lines = [line for line in purchases.lines_of(purchase) if line.is_open or http.method == "POST"]
    form = ReceiveForm(
        http.POST or None,
        http.FILES or None,
        lines=lines,
        warehouses=stock.open_warehouses(),
        initial={"warehouse": purchase.deliver_to},
    )
    answer = submit(
        http, form, partial(_receive, purchase=purchase, lines=lines, by=http.user), done=partial(_came, http)
    )
    return answer or render(http, "supply/receive.html", {"form": form, "purchase": purchase})


def _receive(*, purchase: Any, lines: list, by: Any, **given: Any) -> Any:
    rows = [
        actions.ReceiptLineIn(
            line=line,
            accepted=given.pop(f"accepted_{line.pk}") or ZERO,
            refused=given.pop(f"refused_{line.pk}") or ZERO,
            kind=given.pop(f"kind_{line.pk}") or ClaimKind.DAMAGED,
            note=given.pop(f"note_{line.pk}"),
        )
        for line in lines
    ]
    return actions.receive(purchase=purchase, lines=rows, by=by, **given)


def _came(http: HttpRequest, receipt: Any) -> HttpResponse:
    return redirect_to(http, receipt.purchase, message=_("%(code)s was received.") % {"code": receipt.code})


# Claims


@audience(SUPPLY)
@require_safe
def claim_list(http: HttpRequest) -> HttpResponse:
    """What was wrong, damaged or short, and how far it has come."""
    tab, rows = _chosen(http)
    labels = (("live", _("Open")), ("settled", _("Settled")), ("all", _("All")))
    context = {
        "page": page_of(rows, http, sorts=SORTS),
        "tab": tab,
        "tabs": labels,
        "query": http.GET.get("q", ""),
        "buys": rules.can_buy(http.user),
    }
    return render(http, "supply/claims.html", context)


def _chosen(http: HttpRequest) -> tuple[str, Any]:
    tab = http.GET.get("tab", "live")
    tab = tab if tab in TABS else "live"
    words = http.GET.get("q", "").strip()[:80]
    return tab, claims_read.filter_claims(purchases.claims_visible_to(http.user), states=TABS[tab], q=words)


@audience(SUPPLY)
@require_safe
def claim_export(http: HttpRequest) -> HttpResponseBase:
    """The claims as they are filtered, as CSV or XLSX."""
    header = [
        _("Order"), _("Receipt"), _("Supplier"), _("Part"), _("What is wrong"), _("Quantity"), _("What was seen"),
        _("State"), _("What came of it"), _("Written by"), _("Written"), _("Ended"),
    ]  # fmt: skip
    rows = _chosen(http)[1].order_by("pk")[:EXPORTED]
    return table_response(http, _("claims"), header, map(_line, list(rows)))


def _line(claim: Any) -> list:
    row = claim.receipt_line
    receipt = row.receipt
    return [
        receipt.purchase.code, receipt.code, receipt.purchase.supplier.name, str(row.line.part),
        str(claim.get_kind_display()), quantity(claim.quantity), claim.note, str(claim.get_state_display()),
        claim.outcome, claim.made_by.name, day(claim.made_at), day(claim.ended_at) if claim.ended_at else "",
    ]  # fmt: skip


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_new(http: HttpRequest, receipt_line_id: int) -> HttpResponse:
    """Claim goods that were received."""
    row = purchases.get_receipt_line(http.user, receipt_line_id)
    form = ClaimForm(http.POST or None)
    do = once(partial(actions.claim, receipt_line=row, by=http.user))
    answer = submit(http, form, do, done=lambda _made: _claimed(http, row))
    return answer or render(http, "supply/claim_new.html", {"form": form, "row": row})


def _claimed(http: HttpRequest, row: Any) -> HttpResponse:
    return redirect_to(http, row.receipt.purchase, message=_("The claim is open."))


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_send_back(http: HttpRequest, claim_id: int) -> HttpResponse:
    """The goods leave for the supplier."""
    claim = purchases.get_claim(http.user, claim_id)
    form = NoteForm(http.POST or None)
    do = partial(actions.send_back, claim=claim, by=http.user)
    answer = submit(http, form, do, done=lambda _done: _ended(http, _("The goods went back.")))
    context = {"form": form, "claim": claim, "of_stock": claims_read.is_of_stock(claim)}
    return answer or render(http, "supply/claim_back.html", context)


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def claim_settle(http: HttpRequest, claim_id: int) -> HttpResponse:
    """The claim ends with what came of it."""
    claim = purchases.get_claim(http.user, claim_id)
    form = SettleForm(http.POST or None)
    if not (claim.state == ClaimState.SENT_BACK and claims_read.is_of_stock(claim)):
        del form.fields["replaced"]
    do = partial(actions.settle_claim, claim=claim, by=http.user)
    answer = submit(http, form, do, done=lambda _done: _ended(http, _("The claim is settled.")))
    return answer or render(http, "supply/claim_settle.html", {"form": form, "claim": claim})


def _ended(http: HttpRequest, message: str) -> HttpResponse:
    return redirect_to(http, "supply:claims", message=message)
