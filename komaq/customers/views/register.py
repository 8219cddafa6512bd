"""The door for those who have no account yet."""

import uuid

from allauth.account.adapter import get_adapter
from allauth.account.utils import complete_signup
from allauth.decorators import rate_limit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts import queries as accounts
from komaq.accounts.choices import TEXTS_VERSION
from komaq.core.access import PUBLIC, SIGNED_IN, audience
from komaq.customers import actions, queries
from komaq.customers.forms import RegisterForm

SENT = "account_email_verification_sent"
DONE = "registered_with"


@audience(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1")
@rate_limit(action="signup")
def register(http: HttpRequest) -> HttpResponse:
    """Open an account. Whether the address or the RUC is known shows in nothing but the mail to its owner."""
    if http.user.is_authenticated:
        return redirect("start")
    form = RegisterForm(http.POST or None, initial={"form_key": uuid.uuid4().hex})
    if http.method != "POST" or not form.is_valid():
        return render(http, "customers/register.html", _page(form))
    key = form.cleaned_data["form_key"]
    if key and http.session.get(DONE) == key:
        return redirect(SENT)
    http.session[DONE] = key
    return _open_account(http, form)


def _page(form: RegisterForm) -> dict:
    return {
        "form": form,
        "problems": [bound for bound in form if bound.errors],
        "kind_notes": {"company": _("with RUC; invoice"), "person": _("with DNI or CE; receipt")},
        "texts_on": accounts.day_of(TEXTS_VERSION),
        "steps": [
            {"label": _("You confirm your e-mail"), "note": _("with the link we send"), "state": "now"},
            {"label": _("You add your machines"), "note": _("serial number and hour meter"), "state": "ahead"},
            {"label": _("You give your people access"), "note": _("by site if you like"), "state": "ahead"},
            {"label": _("You ask for service"), "note": _("from the phone, in two minutes"), "state": "ahead"},
        ],
    }


def _open_account(http: HttpRequest, form: RegisterForm) -> HttpResponse:
    if form.account_already_exists:
        _user, answer = form.try_save(http)
        return answer
    try:
        user = actions.register(
            registration=form.registration, consents=form.consents, address=get_adapter().get_client_ip(http)
        )
    except actions.AlreadyRegistered:
        return redirect(SENT)
    return complete_signup(http, user, None, None)


@audience(SIGNED_IN)
@require_safe
def waiting(http: HttpRequest) -> HttpResponse:
    """To somebody whose company has not let it in yet."""
    contacts = queries.own_waiting_contacts(http.user)
    return render(http, "customers/waiting.html", {"contacts": contacts})
