"""One supplier that was asked: its offers, what was said, and what it told us by phone."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import Role, only
from komaq.comms import queries as comms
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.files import attachments_of
from komaq.core.refusals import require
from komaq.core.web import once, redirect_to, submit
from komaq.supply import actions, rules
from komaq.supply.choices import SUPPLY, QuotationState
from komaq.supply.forms.purchases import MessageForm
from komaq.supply.forms.quotations import AlternativeForm, DeclineForm
from komaq.supply.queries import quotations
from komaq.supply.views.supplier_request import offer_form, offered

BUYERS = only(Role.LOGISTICS)


@audience(SUPPLY)
@require_safe
def detail(http: HttpRequest, invite_id: int) -> HttpResponse:
    """What one supplier offered, asked and sent."""
    return _page(http, quotations.get_invite(http.user, invite_id))


def _page(http: HttpRequest, invite: Any, **forms: Any) -> HttpResponse:
    request, buys = invite.request, rules.can_buy(http.user)
    is_sent = request.state == QuotationState.SENT
    context = {
        "invite": invite,
        "request_": request,
        "offers": [
            (offer, [(row, row.has_it and rules.amount(row.quantity, row.price)) for row in offer.lines.all()])
            for offer in quotations.offers_of(invite)
        ],
        "messages_": list(comms.thread_with_supplier(invite)),
        "files": list(attachments_of(invite)),
        "writes": buys and is_sent,
        "answers": buys and is_sent and clock.now() < request.deadline,
        "message_form": forms.get("message_form") or MessageForm(auto_id="id_message_%s"),
        "decline_form": forms.get("decline_form") or DeclineForm(auto_id="id_decline_%s"),
    }
    return render(http, "supply/invite.html", context)


@audience(BUYERS)
@require_http_methods(["GET", "POST"])
def message(http: HttpRequest, invite_id: int) -> HttpResponse:
    """Answer its question; it goes by e-mail with its link."""
    invite = quotations.get_invite(http.user, invite_id)
    do = once(partial(actions.write_to_invite, invite=invite, by=http.user))
    return _keep(http, invite, MessageForm, "message_form", do, _("The supplier gets it by e-mail."))


@audience(BUYERS)
@require_http_methods(["GET", "POST"])
def decline(http: HttpRequest, invite_id: int) -> HttpResponse:
    """Note that it does not quote."""
    invite = quotations.get_invite(http.user, invite_id)
    do = partial(actions.decline, invite=invite, by=http.user)
    return _keep(http, invite, DeclineForm, "decline_form", do, _("Noted: it does not quote."))


def _keep(http: HttpRequest, invite: Any, form: Any, name: str, do: Callable, message: str) -> HttpResponse:
    page = reverse("supply:invite", args=[invite.pk])
    if http.method == "GET":
        return redirect(page)
    require(rules.can_buy(http.user))
    filled = form(http.POST)
    answer = submit(http, filled, do, done=lambda _done: redirect_to(http, page, message=message))
    return answer or _page(http, invite, **{name: filled})


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(http: HttpRequest, invite_id: int) -> HttpResponse:
    """Note the offer a supplier told us by phone or by e-mail."""
    invite = quotations.get_invite(http.user, invite_id)
    given = {"lines": quotations.lines_asked(invite.request), "offer": quotations.last_offer_of(invite)}
    form = offer_form(invite, given, http.POST or None, http.FILES or None)
    do = once(partial(_note, form=form, invite=invite, user=http.user))
    done = partial(_noted, http, invite)
    context = {"form": form, "invite": invite, "request_": invite.request}
    return submit(http, form, do, done=done) or render(http, "supply/invite_answer.html", context)


def _note(*, form: Any, invite: Any, user: Any, **given: Any) -> Any:
    return actions.answer(lines=offered(form, given), invite=invite, by=user, **given)


def _noted(http: HttpRequest, invite: Any, _offer: Any) -> HttpResponse:
    return redirect_to(http, invite.request, message=_("The offer was noted."))


@audience(BUYERS)
@require_http_methods(["GET", "HEAD", "POST"])
def alternative(http: HttpRequest, offer_line_id: int) -> HttpResponse:
    """Say which part of ours the alternative is."""
    row = quotations.get_offer_line(http.user, offer_line_id)
    form = AlternativeForm(http.POST or None, user=http.user, initial={"part": row.alternative_part_id})
    do = partial(actions.map_alternative, offer_line=row, by=http.user)
    request = row.line.request
    answer = submit(http, form, do, done=lambda _row: redirect_to(http, request, message=_("Saved.")))
    return answer or render(http, "supply/alternative.html", {"form": form, "row": row, "request_": request})
