"""The office's pages about parts."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from komaq.accounts.choices import OFFICE
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import NotFound
from komaq.parts import queries
from komaq.parts.choices import AT_WORK
from komaq.parts.forms import picked

SORTS = {"name": Sort("sort_key"), "number": Sort("number_key"), "newest": Sort("created_at", descending=True)}
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")


@audience(OFFICE)
@require_safe
def part_list(http: HttpRequest) -> HttpResponse:
    """Every part, findable by number, maker and name."""
    page = page_of(queries.with_stock(queries.parts_visible_to(http.user)), http, sorts=SORTS)
    return render(http, "parts/list.html", {"page": page})


@audience(OFFICE)
@require_safe
def detail(http: HttpRequest, part_id: int) -> HttpResponse:
    """One part."""
    return render(http, "parts/detail.html", {"part": queries.get_part(http.user, part_id)})


@audience(AT_WORK)
@require_safe
def pick(http: HttpRequest) -> HttpResponse:
    """The rows of a picker: `name` is its field; the field's value is what was chosen, `<name>_q` what was typed."""
    name = http.GET.get("name", "part")
    if not FIELD_NAME.fullmatch(name):
        raise NotFound
    words = http.GET.get(f"{name}_q", "").replace("\0", " ").strip()[:80]
    rows = picked(http.user, key=http.GET.get(name, ""), words=words)
    return render(http, "parts/_picked.html", rows | {"name": name})
