"""The technicians' pages about parts: what there is and where, never what it costs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from komaq.accounts.choices import TECHNICIANS
from komaq.core.access import audience
from komaq.parts import queries
from komaq.parts.views.page import part_page

SHOWN = 30


@audience(TECHNICIANS)
@require_safe
def part_list(http: HttpRequest) -> HttpResponse:
    """Find a part by its number or by words."""
    words = http.GET.get("q", "").replace("\0", " ").strip()[:80]
    found = queries.find_parts(http.user, words, SHOWN)
    return render(http, "parts/field_list.html", {"q": words, "found": found})


@audience(TECHNICIANS)
@require_safe
def detail(http: HttpRequest, part_id: int) -> HttpResponse:
    """One part: what it is, where it lies, what stands in for it."""
    return render(http, "parts/field_detail.html", part_page(http, queries.part_on_page(http.user, part_id)))
