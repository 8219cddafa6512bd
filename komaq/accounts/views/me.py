"""My data: see, correct, take along, consent, be forgotten."""

import csv
import io
import json
import zipfile
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from komaq.accounts import actions, queries, rules
from komaq.accounts.choices import TEXTS_VERSION
from komaq.accounts.forms import ConsentForm, EraseForm, MyDataForm
from komaq.core import clock
from komaq.core.access import SIGNED_IN, audience
from komaq.core.lists import safe_cell
from komaq.core.middleware import LANGUAGE_COOKIE
from komaq.core.web import submit

YEAR = 365 * 24 * 3600
FIELDS = ("given_names", "surnames", "email", "phone", "document_type", "document_number", "language")


@audience(SIGNED_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def me(http: HttpRequest) -> HttpResponse:
    person = http.user.person
    initial = {name: getattr(person, name) for name in FIELDS} | {"phone": person.shown_phone}
    form = MyDataForm(http.POST or None, initial=initial)
    answer = submit(http, form, lambda **data: actions.change_my_data(by=http.user, **data), done=_saved(http))
    context = {
        "form": form,
        "person": person,
        "consents": queries.consents_of(person),
        "may_erase": rules.can_erase_itself(http.user),
        "readers": queries.readers_lately(person),
        "formats": {"es-pe": "24/11/2026 · S/ 1,234.50", "en": "24/11/2026 · S/ 1,234.50"},
    }
    return answer or render(http, "accounts/me.html", context)


def _saved(http: HttpRequest) -> Any:
    def answer(person: Any) -> HttpResponse:
        with override(person.language):
            messages.success(http, _("Your data is saved."))
        response = redirect("accounts:me")
        response.set_cookie(
            LANGUAGE_COOKIE, person.language, max_age=YEAR, samesite="Lax", httponly=True, secure=http.is_secure()
        )
        return response

    return answer


@audience(SIGNED_IN)
@require_POST
def consent(http: HttpRequest) -> HttpResponse:
    """Give or take back one consent."""
    form = ConsentForm(http.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    kind = form.cleaned_data["kind"]
    person = http.user.person
    if form.cleaned_data["deed"] == "give":
        address = get_adapter().get_client_ip(http)
        actions.give_consent(person=person, kind=kind, version=TEXTS_VERSION, address=address, by=http.user)
        messages.success(http, _("Written down."))
    else:
        for given in queries.live_consents(person, kind):
            actions.withdraw_consent(consent=given, by=http.user)
        messages.success(http, _("Taken back."))
    return redirect("accounts:me")


@audience(SIGNED_IN)
@require_POST
def end_sessions(http: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    update_session_auth_hash(http, actions.end_other_sessions(user=http.user))
    messages.success(http, _("Your other devices are signed out."))
    return redirect("accounts:me")


@audience(SIGNED_IN)
@require_POST
def export(http: HttpRequest) -> HttpResponse:
    """Everything kept about the person, as JSON and as one CSV per section."""
    data = queries.personal_data(http.user.person)
    actions.record_export(person=http.user.person, by=http.user)
    response = HttpResponse(_packed(data), content_type="application/zip")
    name = f"komaq-{clock.today():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _packed(data: dict[str, Any]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        for section, rows in data.items():
            archive.writestr(f"{section}.csv", _table(rows if isinstance(rows, list) else [rows]))
    return target.getvalue()


def _table(rows: list[Any]) -> str:
    rows = [row if isinstance(row, dict) else {"value": row} for row in rows]
    header = list(dict.fromkeys(name for row in rows for name in row))
    target = io.StringIO()
    target.write("\ufeff")
    writer = csv.writer(target)
    writer.writerow(header)
    writer.writerows([safe_cell(row.get(name)) for name in header] for row in rows)
    return target.getvalue()


@audience(SIGNED_IN)
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def erase(http: HttpRequest) -> HttpResponse:
    """Be forgotten, at once; the page says first what goes and what the law keeps."""
    form = EraseForm(http.POST or None, user=http.user)
    context = {"form": form, "kept": queries.why_kept(), "may_erase": rules.can_erase_itself(http.user)}
    answer = submit(
        http,
        form,
        lambda **_typed: actions.erase_person(person=http.user.person, by=http.user),
        done=lambda _erasure: _forgotten(http),
    )
    return answer or render(http, "accounts/erase.html", context)


def _forgotten(http: HttpRequest) -> HttpResponse:
    logout(http)
    messages.success(http, _("Your data is erased and your access closed."))
    return redirect(settings.LOGOUT_REDIRECT_URL)
