"""Programs and calendars: the keys by which they come in as the person."""

from functools import partial
from typing import Any

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from komaq.accounts import actions, queries
from komaq.accounts.choices import KeyPurpose
from komaq.accounts.forms import CalendarKeyForm, TokenForm
from komaq.core.access import SIGNED_IN, audience
from komaq.core.web import once, redirect_to, submit


@audience(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(http: HttpRequest) -> HttpResponse:
    """My live keys, and a new one. Its secret stands in the answer to the form alone: nothing keeps or links it."""
    posted = http.POST.get("purpose") if http.method == "POST" else None
    if http.method == "POST" and posted not in set(KeyPurpose):
        return HttpResponseBadRequest()
    token = TokenForm(http.POST if posted == KeyPurpose.API else None, initial={"can_write": ""})
    calendar = CalendarKeyForm(http.POST if posted == KeyPurpose.CALENDAR else None)
    form, make = (token, _make_token) if posted == KeyPurpose.API else (calendar, _make)
    answer = submit(http, form, once(partial(make, http, purpose=form.purpose)), done=partial(_made, http))
    return answer or _page(http, token=token, calendar=calendar)


def _make(http: HttpRequest, **given: Any) -> tuple[Any, str]:
    return actions.make_key(user=http.user, by=http.user, **given)


@reauthentication_required
def _make_token(http: HttpRequest, **given: Any) -> tuple[Any, str]:
    """What lets a program act as the person asks for the password once more."""
    return _make(http, **given)


def _made(http: HttpRequest, made: tuple[Any, str] | None) -> HttpResponse:
    """The secret, this once; the same form again leads to the list and makes nothing."""
    if made is None:
        messages.info(http, _("That form was sent before: no second key was made."))
        return redirect("accounts:keys")
    key, secret = made
    is_calendar = key.purpose == KeyPurpose.CALENDAR
    address = f"{settings.SITE_URL}{reverse('orders:feed', args=[secret])}" if is_calendar else ""
    return _page(
        http,
        token=TokenForm(initial={"can_write": ""}),
        calendar=CalendarKeyForm(),
        made=key,
        secret=address or secret,
        is_calendar=is_calendar,
    )


def _page(http: HttpRequest, **context: Any) -> HttpResponse:
    words = {
        "calendar_example": _("Phone, Google Calendar…"),
        "token_example": _("Report of the mine, ERP…"),
        "scopes": {"": _("It sees what you see."), "yes": _("It also does what you may do, in your name.")},
    }
    return render(
        http, "accounts/keys.html", {"keys": queries.live_keys_of(http.user), "made": None, **words, **context}
    )


@audience(SIGNED_IN)
@require_POST
def end(http: HttpRequest, key_id: int) -> HttpResponse:
    """Take one of my keys away."""
    key = actions.end_key(key=queries.get_key(http.user, key_id), by=http.user)
    return redirect_to(http, "accounts:keys", message=_("“%(name)s” no longer works.") % {"name": key.name})
