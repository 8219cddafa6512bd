"""A request for quotation as one supplier sees it: answer, decline, ask. Nobody else's name or price is here."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from komaq.comms import queries as comms
from komaq.core import clock
from komaq.core.files import attachments_of
from komaq.core.web import once, redirect_to, submit
from komaq.supply import actions, rules
from komaq.supply.choices import LinkPurpose, QuotationState
from komaq.supply.forms.purchases import MessageForm
from komaq.supply.forms.quotations import DeclineForm, OfferForm
from komaq.supply.queries import quotations
from komaq.supply.views.links import by_link
from komaq.supply.views.supplier_order import MOST_BYTES

ANSWER = "supply:answer"


@by_link(LinkPurpose.QUOTATION)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(http: HttpRequest, link: Any) -> HttpResponse:
    """The request; posting answers it, and answers it anew until its deadline."""
    given = _given(link)
    form = offer_form(link.invite, given, http.POST or None, http.FILES or None)
    if http.method == "POST" and _is_another(http, link):
        return _page(http, link, given, is_another=True)
    do = once(partial(_offer, form=form, link=link))
    thanks = _("Thank you: we have your offer. You may change it until the deadline.")
    done = partial(_thank, http, thanks)
    return submit(http, form, do, done=done) or _page(http, link, given, offer_form=form)


@by_link(LinkPurpose.QUOTATION)
@require_http_methods(["GET", "POST"])
def decline(http: HttpRequest, link: Any) -> HttpResponse:
    """It does not quote."""
    thanks = _("Thank you for telling us. You may still change your mind until the deadline.")
    return _keep(http, link, DeclineForm, "decline_form", partial(actions.decline, link=link), thanks)


@by_link(LinkPurpose.QUOTATION)
@require_http_methods(["GET", "POST"])
def message(http: HttpRequest, link: Any) -> HttpResponse:
    """Ask whoever buys."""
    do = once(partial(actions.write_to_invite, link=link))
    return _keep(http, link, MessageForm, "message_form", do, _("Your message is on its way."))


def offer_form(invite: Any, given: dict[str, Any], *typed: Any) -> OfferForm:
    """The form of an offer, beginning with what the supplier said last."""
    offer = given["offer"]
    known = {row.line_id: row for row in offer.lines.all()} if offer else {}
    initial = {"currency": offer.currency if offer else invite.supplier.currency}
    if offer:
        initial |= {"comment": offer.comment, "valid_until": offer.valid_until}
    return OfferForm(*typed, lines=given["lines"], known=known, initial=initial)


def offered(form: OfferForm, given: dict[str, Any]) -> list:
    """The lines of an offer as the action takes them; `given` keeps what is of none."""
    lines = []
    for line in form.lines:
        names = ("price", "days", "quantity", "other", "note", "lacks")
        said = {name: given.pop(f"{name}_{line.pk}") for name in names}
        priced = not said["lacks"]
        lines.append(
            actions.OfferLineIn(
                line=line,
                price=said["price"] if priced else None,
                lead_days=said["days"] if priced else None,
                quantity=said["quantity"] if priced else None,
                alternative=said["other"] if priced else "",
                note=said["note"],
            )
        )
    return lines


def _offer(*, form: OfferForm, link: Any, **given: Any) -> Any:
    lines = offered(form, given)
    return actions.answer(lines=lines, link=link, **given)


def _keep(http: HttpRequest, link: Any, form: Any, name: str, do: Callable, thanks: str) -> HttpResponse:
    if http.method == "GET":
        return redirect(ANSWER)
    filled = form(http.POST)
    if _is_another(http, link):
        return _page(http, link, _given(link), is_another=True, **{name: filled})
    answer = submit(http, filled, do, done=partial(_thank, http, thanks))
    return answer or _page(http, link, _given(link), **{name: filled})


def _thank(http: HttpRequest, thanks: str, _done: Any) -> HttpResponse:
    return redirect_to(http, ANSWER, message=thanks)


def _is_another(http: HttpRequest, link: Any) -> bool:
    """Whether the form was shown for another invitation, opened meanwhile in the same browser."""
    return http.POST.get("code") != _shown_for(link.invite)


def _shown_for(invite: Any) -> str:
    """What a form names: the request, and which supplier's invitation to it."""
    return f"{invite.request.code}/{invite.pk}"


def _given(link: Any) -> dict[str, Any]:
    invite = link.invite
    return {"lines": quotations.lines_asked(invite.request), "offer": quotations.last_offer_of(invite)}


def _page(http: HttpRequest, link: Any, given: dict[str, Any], **forms: Any) -> HttpResponse:
    invite, request = link.invite, link.invite.request
    opens = request.state == QuotationState.SENT and clock.now() < request.deadline
    form = forms.get("offer_form")
    offer = given["offer"]
    context = {
        "link": link,
        "invite": invite,
        "request_": request,
        "shown_for": _shown_for(invite),
        "lines": given["lines"],
        "offer": offer,
        "rows": [(row, row.has_it and rules.amount(row.quantity, row.price)) for row in offer.lines.all()]
        if offer
        else [],
        "opens": opens,
        "shows_form": opens or bool(form and form.is_bound),
        "is_another": forms.get("is_another", False),
        "offer_form": form or offer_form(invite, given),
        "decline_form": forms.get("decline_form") or DeclineForm(auto_id="id_decline_%s"),
        "message_form": forms.get("message_form") or MessageForm(auto_id="id_message_%s"),
        "messages_": list(comms.thread_with_supplier(invite)),
        "files": list(attachments_of(invite)),
        "most_bytes": MOST_BYTES,
    }
    return render(http, "supply/supplier_request.html", context)
