"""The office's pages about parts."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from komaq.accounts.choices import OFFICE
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import NotFound, Stale, require
from komaq.core.sheets import table_response
from komaq.core.web import redirect_to, submit
from komaq.parts import actions, queries, rules
from komaq.parts.choices import AT_WORK, Category, LinkKind, PartGrade
from komaq.parts.fields import picked
from komaq.parts.forms import REPLACES, LinkForm, PartChangeForm, PartForm, PhotoForm
from komaq.parts.views.page import part_page

SORTS = {"name": Sort("sort_key"), "number": Sort("number_key"), "newest": Sort("created_at", descending=True)}
EXPORTED = 50_000
FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,60}")
FACTS = (
    "version", "number", "brand", "name", "category", "grade", "unit", "price", "minimum", "maximum", "description",
    "is_open",
)  # fmt: skip


@audience(OFFICE)
@require_safe
def part_list(http: HttpRequest) -> HttpResponse:
    """Every part, findable by number, maker and name, and by the machine model it fits."""
    rows, given = _rows(http)
    context = {
        "page": page_of(queries.with_stock(rows), http, sorts=SORTS),
        "total": rows.count(),
        "categories": Category.choices,
        "grades": PartGrade.choices,
        "brands": queries.brands(http.user),
        "models": [(model.pk, str(model)) for model in queries.models_fitted()],
        "warehouses": [(place.pk, place.name) for place in queries.open_warehouses()],
        "given": given,
        "filtered": any(given.values()),
        "may_change": rules.can_manage_parts(http.user),
        "sees_cost": rules.can_see_cost(http.user),
    }
    return render(http, "parts/list.html", context)


def _rows(http: HttpRequest) -> tuple[QuerySet, dict]:
    given: dict[str, Any] = {
        "q": _word(http, "q"),
        "category": _one_of(Category.values, http.GET.get("category", "")),
        "grade": _one_of(PartGrade.values, http.GET.get("grade", "")),
        "brand": _word(http, "brand")[:40],
        "model": _number(http.GET.get("model", "")),
        "warehouse": _number(http.GET.get("warehouse", "")),
        "short": http.GET.get("short", "") == "on",
    }
    closed = http.GET.get("closed", "") == "on"
    rows = queries.filter_parts(queries.parts_visible_to(http.user), **given, is_open=not closed)
    return rows, {**given, "closed": closed}


def _word(http: HttpRequest, name: str) -> str:
    return http.GET.get(name, "").replace("\0", " ").strip()[:80]


def _one_of(known: list[str], value: str) -> str:
    return value if value in known else ""


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


@audience(OFFICE)
@require_safe
def export(http: HttpRequest) -> HttpResponseBase:
    """The list as it is filtered, as CSV or XLSX; costs only for those who may know them."""
    sees_cost = rules.can_see_cost(http.user)
    header = [
        _("Part number"), _("Brand"), _("Name"), _("Category"), _("Grade"), _("Unit"), _("On hand"), _("Free"),
        _("Minimum"), _("Maximum"), _("Price"), *([_("Average cost")] if sees_cost else []),
    ]  # fmt: skip
    rows = queries.with_stock(_rows(http)[0]).order_by("sort_key", "pk")[:EXPORTED]

    def lines() -> Iterator[list]:
        for each in rows.iterator(chunk_size=500):
            cost = [rules.plain(rules.cost_of(each.holding))] if sees_cost else []
            yield [
                each.number, each.brand, each.name, each.get_category_display(), each.get_grade_display(),
                each.get_unit_display(), rules.plain(each.on_hand), rules.plain(each.free), rules.plain(each.minimum),
                rules.plain(each.maximum), rules.plain(each.price), *cost,
            ]  # fmt: skip

    return table_response(http, _("parts"), header, lines())


@audience(AT_WORK)
@require_safe
def detail(http: HttpRequest, part_id: int) -> HttpResponse:
    """One part: what it is, what there is of it, what stands in for it, what moved and who needs it.

    Labels lead here, so technicians are sent on to their own page.
    """
    if not OFFICE.admits(http.user):
        return redirect("parts:field-detail", queries.get_part(http.user, part_id).pk)
    part = queries.part_on_page(http.user, part_id)
    context = part_page(http, part) | {
        "may_change": rules.can_manage_parts(http.user),
        "sees_cost": rules.can_see_cost(http.user),
        "cost": rules.cost_of(part.holding),
        "moves": queries.moves_visible_to(http.user, part=part).order_by("-pk")[:8],
        "photo_form": PhotoForm(),
    }
    return render(http, "parts/detail.html", context)


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(http: HttpRequest) -> HttpResponse:
    """A part enters the catalogue."""
    require(rules.can_manage_parts(http.user))
    form = PartForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.create_part(by=http.user, **data),
        done=lambda made: redirect_to(http, made, message=_("%(part)s was added.") % {"part": made}),
    )
    return answer or render(http, "parts/new.html", {"form": form})


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(http: HttpRequest, part_id: int) -> HttpResponse:
    """Change what the catalogue says of a part; two at once never overwrite each other unseen."""
    require(rules.can_manage_parts(http.user))
    part = queries.get_part(http.user, part_id)
    form = PartChangeForm(http.POST or None, initial=_values(part))
    status = 200
    try:
        answer = submit(
            http,
            form,
            lambda **data: actions.change_part(part=part, by=http.user, **data),
            done=lambda changed: redirect_to(http, changed, message=_("The changes were saved.")),
        )
    except Stale as stale:
        form.meet(_values(stale.current))
        answer, status = None, 409
    return answer or render(http, "parts/edit.html", {"form": form, "part": part}, status=status)


def _values(part: Any) -> dict:
    numbers = {name: rules.plain(getattr(part, name)) for name in ("price", "minimum", "maximum")}
    return {**{name: getattr(part, name) for name in FACTS}, **numbers, "fits": queries.models_of(part)}


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def link(http: HttpRequest, part_id: int) -> HttpResponse:
    """Say that another part stands in for this one, replaces it or is replaced by it."""
    require(rules.can_manage_parts(http.user))
    part = queries.get_part(http.user, part_id)
    form = LinkForm(http.POST or None, user=http.user)

    def do(*, kind: str, other: Any) -> Any:
        if kind == REPLACES:
            return actions.link_parts(part=other, other=part, kind=LinkKind.SUPERSEDED_BY, by=http.user)
        return actions.link_parts(part=part, other=other, kind=kind, by=http.user)

    answer = submit(http, form, do, done=lambda _link: redirect_to(http, part, message=_("The parts are linked.")))
    return answer or render(http, "parts/link.html", {"form": form, "part": part})


@audience(OFFICE)
@require_POST
def unlink(http: HttpRequest, link_id: int) -> HttpResponse:
    """Take a link back."""
    gone = queries.get_link(http.user, link_id)
    actions.unlink_parts(link=gone, by=http.user)
    seen_from = gone.other if http.POST.get("from") == str(gone.other_id) else gone.part
    return redirect_to(http, seen_from, message=_("The parts are linked no more."))


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def photo(http: HttpRequest, part_id: int) -> HttpResponse:
    """Show what a part looks like."""
    require(rules.can_manage_parts(http.user))
    part = queries.get_part(http.user, part_id)
    form = PhotoForm(http.POST or None, http.FILES or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.photograph_part(part=part, by=http.user, **data),
        done=lambda _kept: redirect_to(http, part, message=_("The photo was saved.")),
    )
    return answer or render(http, "parts/photo.html", {"form": form, "part": part})


@audience(AT_WORK)
@require_safe
def pick(http: HttpRequest) -> HttpResponse:
    """The rows of a picker: `name` is its field; the field's value is what was chosen, `<name>_q` what was typed."""
    name = http.GET.get("name", "part")
    if not FIELD_NAME.fullmatch(name):
        raise NotFound
    rows = picked(http.user, key=http.GET.get(name, ""), words=_word(http, f"{name}_q"))
    return render(http, "parts/_picked.html", rows | {"name": name})
