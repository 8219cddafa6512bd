"""One purchase order in the office, and what is done with it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts.choices import Role, only
from komaq.comms import queries as comms
from komaq.core.access import audience
from komaq.core.refusals import Stale, require
from komaq.core.web import once, redirect_to, submit
from komaq.parts.queries import stock
from komaq.supply import actions, rules
from komaq.supply.choices import RECEIVABLE, SUPPLY, PurchaseState
from komaq.supply.forms.purchases import (
    ChangeTermsForm,
    ConfirmForm,
    LineForm,
    PapersForm,
    PromiseForm,
    ReasonForm,
    SendForm,
    TalkForm,
    VersionForm,
)
from komaq.supply.notices import purchases as notices
from komaq.supply.notices.letters import written
from komaq.supply.notices.purchase_paper import paper_of
from komaq.supply.queries import purchases
from komaq.supply.queries.purchase_history import history_of

BUYERS = only(Role.LOGISTICS)
DECIDERS = only(Role.LOGISTICS, Role.MANAGER)
MANAGERS = only(Role.MANAGER)
_S = PurchaseState
TERMS = ("deliver_to", "currency", "payment_terms", "note", "version")
CANCELLABLE = frozenset({_S.DRAFT, _S.TO_APPROVE, _S.APPROVED, _S.SENT, _S.CONFIRMED})


@audience(SUPPLY)
@require_safe
def detail(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """An order as it stands: lines, what came, and the one next step."""
    return purchase_page(http, purchases.get_purchase(http.user, purchase_id))


def purchase_page(http: HttpRequest, purchase: Any, **forms: Any) -> HttpResponse:
    """The page of an order; `forms` are those that were refused and open again."""
    user, version = http.user, {"version": purchase.version}
    lines = purchases.lines_of(purchase)
    came = purchases.receipt_lines_of(purchase)
    buys = rules.can_buy(user)
    is_draft = purchase.state == _S.DRAFT
    context = {
        "purchase": purchase,
        "lines": [
            (line, rules.amount(line.quantity, line.price), rules.is_late(line, purchase.state)) for line in lines
        ],
        "came": came,
        "receipts": list({row.receipt_id: row.receipt for row in came}.values()),
        "tax": rules.tax_of(purchase.total) if rules.bears_tax(purchase) else None,
        "open_count": sum(line.is_open for line in lines),
        "late_count": sum(rules.is_late(line, purchase.state) for line in lines),
        "link": purchases.live_link_of(purchase) if purchase.sent_at else None,
        "buys": buys,
        "is_draft": is_draft,
        "receivable": purchase.state in RECEIVABLE,
        "above": rules.needs_approval(purchase.total_pen),
        "approves": purchase.state == _S.TO_APPROVE and rules.may_approve(user, purchase),
        "own": purchase.state == _S.TO_APPROVE and user.pk == purchase.made_by_id,
        "cancels": buys and purchase.state in CANCELLABLE,
        "returns": purchase.state == _S.TO_APPROVE and (buys or rules.can_approve_purchase(user)),
        "step_form": VersionForm(initial=version, auto_id=False),
        "line_form": forms.get("line_form") or (LineForm(user=user, initial=version) if is_draft and buys else None),
        "reason_form": forms.get("reason_form") or ReasonForm(initial=version),
        "refused": forms.get("refused", ""),
    }
    return render(http, "supply/purchase.html", context)


@audience(SUPPLY)
@require_safe
def talk(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """What was said with the supplier, the files, and the history of an order."""
    return _talk_page(http, purchases.get_purchase(http.user, purchase_id))


def _talk_page(http: HttpRequest, purchase: Any, **forms: Any) -> HttpResponse:
    context = {
        "purchase": purchase,
        "messages_": list(comms.thread(purchase, http.user)),
        "files": purchases.files_of(purchase),
        "history": history_of(purchase),
        "buys": rules.can_buy(http.user),
        "message_form": forms.get("message_form") or TalkForm(auto_id="id_message_%s"),
        "papers_form": forms.get("papers_form") or PapersForm(auto_id="id_papers_%s"),
    }
    return render(http, "supply/purchase_talk.html", context)


@audience(SUPPLY)
@require_safe
def paper(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """The order as PDF."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    answer = HttpResponse(paper_of(purchase), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{purchase.code}.pdf"'
    return answer


# A draft


@audience(BUYERS)
@require_http_methods(["GET", "POST"])
def line_put(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """Add a part to a draft, or change how many and at what price."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    if http.method == "GET":
        return redirect(purchase)
    form = LineForm(http.POST, user=http.user)
    do = partial(actions.put_line, purchase=purchase, by=http.user)
    answer = submit(http, form, do, done=lambda changed: _back(http, changed, _("The line was written.")))
    return answer or purchase_page(http, purchase, line_form=form)


@audience(BUYERS)
@require_POST
def line_drop(http: HttpRequest, purchase_id: int, line_id: int) -> HttpResponse:
    """Take a part out of a draft."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    line = purchases.get_line(purchase, line_id)
    return _do(http, purchase, partial(actions.drop_line, line=line), _("The line was taken out."))


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """The terms of a draft."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    form = ChangeTermsForm(http.POST or None, warehouses=stock.open_warehouses(), initial=_terms(purchase))
    do, context = partial(actions.change_terms, purchase=purchase, by=http.user), {"form": form, "purchase": purchase}
    try:
        answer = submit(http, form, do, done=lambda changed: _back(http, changed, _("Saved.")))
    except Stale as stale:
        form.meet(_terms(stale.current))
        return render(http, "supply/purchase_edit.html", context, status=409)
    return answer or render(http, "supply/purchase_edit.html", context)


def _terms(purchase: Any) -> dict[str, Any]:
    return {name: getattr(purchase, name) for name in TERMS}


# Steps


@audience(BUYERS)
@require_POST
def finish(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """A draft is finished: approved at once, or put before a manager."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    return _do(http, purchase, actions.submit_purchase, None)


@audience(MANAGERS)
@require_POST
def approve(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """A manager grants the money."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    return _do(http, purchase, actions.approve, None)


@audience(DECIDERS)
@require_http_methods(["GET", "POST"])
def send_to_draft(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """Back to be written anew, with the reason."""
    return _with_reason(http, purchase_id, actions.return_to_draft, "to-draft")


@audience(BUYERS)
@require_http_methods(["GET", "POST"])
def cancel(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """Not bought after all."""
    return _with_reason(http, purchase_id, actions.cancel_purchase, "to-cancel")


@audience(BUYERS)
@require_http_methods(["GET", "POST"])
def close(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """Wait no longer for the rest."""
    return _with_reason(http, purchase_id, actions.close_purchase, "to-close")


def _with_reason(http: HttpRequest, purchase_id: int, do: Callable, dialog: str) -> HttpResponse:
    purchase = purchases.get_purchase(http.user, purchase_id)
    if http.method == "GET":
        return redirect(purchase)
    form = ReasonForm(http.POST)
    done = partial(_stands, http)
    answer = submit(http, form, partial(do, purchase=purchase, by=http.user), done=done)
    return answer or purchase_page(http, purchase, reason_form=form, refused=dialog)


def _do(http: HttpRequest, purchase: Any, do: Callable, message: str | None) -> HttpResponse:
    """A deed without words, on the version the person saw."""
    form = VersionForm(http.POST)
    version = form.cleaned_data["version"] if form.is_valid() else 0
    changed = do(purchase=purchase, version=version, by=http.user)
    return _back(http, changed, message) if message else _stands(http, changed)


def _stands(http: HttpRequest, purchase: Any) -> HttpResponse:
    words = {"code": purchase.code, "state": purchase.get_state_display()}
    return redirect_to(http, purchase, message=_("%(code)s: %(state)s.") % words)


def _back(http: HttpRequest, purchase: Any, message: str) -> HttpResponse:
    return redirect_to(http, purchase, message=message)


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def send(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """What the supplier will receive, and the press that sends it."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    form = SendForm(http.POST or None, initial={"email": purchase.email, "version": purchase.version})
    do = once(partial(actions.send_purchase, purchase=purchase, by=http.user))
    answer = submit(http, form, do, done=lambda _sent: _sent_page(http, purchase))
    letter = notices.purchase_sent(purchase, link=_("(the supplier’s own link)"))
    context = {"purchase": purchase, "form": form, "letter": written(letter, purchase.supplier)}
    context["sendable"] = purchase.state in {_S.APPROVED, *RECEIVABLE}
    return answer or render(http, "supply/purchase_send.html", context)


def _sent_page(http: HttpRequest, purchase: Any) -> HttpResponse:
    return redirect_to(http, purchase, message=_("%(code)s is on its way to the supplier.") % {"code": purchase.code})


# Promises


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """Note the dates the supplier told us by phone."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    form = ConfirmForm(http.POST or None, lines=purchases.lines_of(purchase))

    def do(**_given: Any) -> Any:
        return actions.confirm(dates=form.dates(), purchase=purchase, by=http.user)

    answer = submit(http, form, do, done=partial(_stands, http))
    return answer or render(http, "supply/purchase_confirm.html", {"form": form, "purchase": purchase})


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def promise(http: HttpRequest, purchase_id: int, line_id: int) -> HttpResponse:
    """Another day for a line."""
    purchase = purchases.get_purchase(http.user, purchase_id)
    line = purchases.get_line(purchase, line_id)
    line.purchase = purchase
    form = PromiseForm(http.POST or None, initial={"promised_on": line.promised_on})
    do = partial(actions.change_promise, line=line, by=http.user)
    answer = submit(http, form, do, done=lambda _line: _back(http, purchase, _("The date was noted.")))
    return answer or render(http, "supply/promise.html", {"form": form, "purchase": purchase, "line": line})


# Talk


@audience(BUYERS)
@require_http_methods(["GET", "POST"])
def message(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """Write to the supplier, or a note among us."""
    return _keep(http, purchase_id, TalkForm, "message_form", actions.write_about)


@audience(BUYERS)
@require_http_methods(["GET", "POST"])
def papers(http: HttpRequest, purchase_id: int) -> HttpResponse:
    """Keep files with the order; its supplier sees them too."""
    return _keep(http, purchase_id, PapersForm, "papers_form", actions.keep_with_purchase)


def _keep(http: HttpRequest, purchase_id: int, form: Any, name: str, do: Callable) -> HttpResponse:
    purchase = purchases.get_purchase(http.user, purchase_id)
    page = reverse("supply:purchase-talk", args=[purchase.pk])
    if http.method == "GET":
        return redirect(page)
    require(rules.can_buy(http.user))
    filled = form(http.POST, http.FILES)
    answer = submit(http, filled, once(partial(do, purchase=purchase, by=http.user)), done=lambda _done: redirect(page))
    return answer or _talk_page(http, purchase, **{name: filled})
