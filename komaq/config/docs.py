"""The API's description, for programs and for people; neither loads anything from outside."""

import json
from functools import cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from komaq.config.api import api
from komaq.core.access import PUBLIC, audience
from komaq.core.api import description


@cache
def described() -> dict:
    """The description of this version of the product; the same for everybody."""
    return description.describe(api)


@cache
def _written() -> str:
    return json.dumps(described(), ensure_ascii=False)


@audience(PUBLIC)
@require_safe
def openapi(http: HttpRequest) -> HttpResponse:
    return HttpResponse(_written(), content_type="application/json")


@audience(PUBLIC)
@require_safe
def docs(http: HttpRequest) -> HttpResponse:
    """Every operation with what goes in and what comes out."""
    told = described()
    return render(
        http,
        "config/api.html",
        {"info": told["info"], "groups": description.index(told), "site": settings.SITE_URL},
    )
