"""Terms and privacy notice, each version for ever readable."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from komaq.accounts import queries
from komaq.accounts.choices import TEXTS_VERSION, TEXTS_VERSIONS
from komaq.core.access import PUBLIC, audience


@audience(PUBLIC)
@require_safe
def terms(http: HttpRequest) -> HttpResponse:
    return _text(http, "terms")


@audience(PUBLIC)
@require_safe
def privacy(http: HttpRequest) -> HttpResponse:
    return _text(http, "privacy")


def _text(http: HttpRequest, name: str) -> HttpResponse:
    version = http.GET.get("version", TEXTS_VERSION)
    if version not in TEXTS_VERSIONS:
        raise Http404
    context = {"version": queries.day_of(version), "kept": queries.why_kept()}
    return render(http, f"accounts/texts/{name}_{version}.html", context)
