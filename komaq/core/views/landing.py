"""The first page: what the company offers, how to reach it, sign in, register."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from komaq.core.access import PUBLIC, audience


@audience(PUBLIC)
@require_safe
def landing(http: HttpRequest) -> HttpResponse:
    steps = [
        {"label": _("You ask"), "note": _("from the phone, in two minutes")},
        {"label": _("We diagnose"), "note": _("at your site or in the workshop")},
        {"label": _("You choose"), "note": _("A, B or C, with price and date")},
        {"label": _("We repair"), "note": _("you follow every step")},
        {"label": _("You receive"), "note": _("report, photos and warranty")},
    ]
    return render(http, "core/landing.html", {"steps": steps})
