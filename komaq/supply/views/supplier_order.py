"""A purchase order as its supplier sees it: confirm the dates, change one, leave a file, write."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.comms import queries as comms
from komaq.comms.choices import Visibility
from komaq.core.files import attachments_of
from komaq.core.web import once, redirect_to, submit
from komaq.supply import actions, rules
from komaq.supply.choices import RECEIVABLE, LinkPurpose, PurchaseState
from komaq.supply.forms.purchases import ConfirmForm, MessageForm, PapersForm, PromiseForm
from komaq.supply.notices.purchase_paper import paper_of
from komaq.supply.queries import purchases
from komaq.supply.views.links import by_link

MOST_BYTES = 2_500_000
"""What somebody without account may send at once."""


@by_link(LinkPurpose.PURCHASE)
@require_http_methods(["GET", "HEAD", "POST"])
def order(http: HttpRequest, link: Any) -> HttpResponse:
    """The order; posting confirms it with the day of each line."""
    lines = purchases.lines_of(link.purchase)
    form = ConfirmForm(http.POST or None, lines=lines)
    if http.method == "POST" and _is_another(http, link):
        return _page(http, link, lines, is_another=True)

    def do(**_given: Any) -> Any:
        return actions.confirm(dates=form.dates(), link=link)

    thanks = _("Thank you: the order is confirmed.")
    answer = submit(http, form, do, done=lambda _done: redirect_to(http, "supply:order", message=thanks))
    return answer or _page(http, link, lines, confirm_form=form)


@by_link(LinkPurpose.PURCHASE)
@require_http_methods(["GET", "POST"])
def promise(http: HttpRequest, link: Any, line_id: int) -> HttpResponse:
    """Another day for a line, with the reason."""
    line = purchases.get_line(link.purchase, line_id)
    line.purchase = link.purchase
    form = PromiseForm(http.POST or None, initial={"promised_on": line.promised_on})
    do = partial(actions.change_promise, line=line, link=link)
    thanks = _("Thank you: we noted the new date.")
    answer = submit(http, form, do, done=lambda _line: redirect_to(http, "supply:order", message=thanks))
    return answer or render(
        http, "supply/supplier_promise.html", {"form": form, "line": line, "purchase": link.purchase}
    )


@by_link(LinkPurpose.PURCHASE)
@require_http_methods(["GET", "POST"])
def message(http: HttpRequest, link: Any) -> HttpResponse:
    """Write to whoever buys."""
    return _keep(http, link, MessageForm, "message_form", actions.write_about, _("Your message is on its way."))


@by_link(LinkPurpose.PURCHASE)
@require_http_methods(["GET", "POST"])
def papers(http: HttpRequest, link: Any) -> HttpResponse:
    """Leave files with the order."""
    thanks = _("Thank you: we have your files.")
    return _keep(http, link, PapersForm, "papers_form", actions.keep_with_purchase, thanks)


@by_link(LinkPurpose.PURCHASE)
@require_safe
def paper(_http: HttpRequest, link: Any) -> HttpResponse:
    """The order as PDF."""
    answer = HttpResponse(paper_of(link.purchase), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{link.purchase.code}.pdf"'
    return answer


def _keep(http: HttpRequest, link: Any, form: Any, name: str, do: Callable, thanks: str) -> HttpResponse:
    if http.method == "GET":
        return redirect("supply:order")
    filled = form(http.POST, http.FILES)
    if _is_another(http, link):
        return _page(http, link, purchases.lines_of(link.purchase), is_another=True, **{name: filled})
    done = partial(_thank, http, thanks)
    answer = submit(http, filled, once(partial(do, link=link)), done=done)
    return answer or _page(http, link, purchases.lines_of(link.purchase), **{name: filled})


def _thank(http: HttpRequest, thanks: str, _done: Any) -> HttpResponse:
    return redirect_to(http, "supply:order", message=thanks)


def _is_another(http: HttpRequest, link: Any) -> bool:
    """Whether the form was shown for another order, opened meanwhile in the same browser."""
    return http.POST.get("code") != link.purchase.code


def _page(http: HttpRequest, link: Any, lines: list, **forms: Any) -> HttpResponse:
    purchase = link.purchase
    context = {
        "purchase": purchase,
        "link": link,
        "lines": [(line, rules.amount(line.quantity, line.price)) for line in lines],
        "confirms": purchase.state == PurchaseState.SENT,
        "changes": purchase.state in RECEIVABLE and purchase.state != PurchaseState.SENT,
        "is_cut_short": purchase.state == PurchaseState.RECEIVED and any(line.is_open for line in lines),
        "messages_": list(comms.thread_with_supplier(purchase)),
        "files": list(attachments_of(purchase).filter(visibility=Visibility.SUPPLIER)),
        "is_another": forms.get("is_another", False),
        "confirm_form": forms.get("confirm_form") or ConfirmForm(lines=lines),
        "message_form": forms.get("message_form") or MessageForm(auto_id="id_message_%s"),
        "papers_form": forms.get("papers_form") or PapersForm(auto_id="id_papers_%s"),
        "most_bytes": MOST_BYTES,
    }
    return render(http, "supply/supplier_order.html", context)
