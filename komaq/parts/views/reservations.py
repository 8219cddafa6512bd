"""What is kept for whom."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import OFFICE
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.refusals import require
from komaq.core.registry import named_sources
from komaq.core.sheets import table_response
from komaq.core.web import once, redirect_to, submit
from komaq.parts import actions, queries, rules
from komaq.parts.choices import ReservationState
from komaq.parts.forms.stock import AsideForm, FreeForm
from komaq.parts.views.asked import day, number, one_of, words
from komaq.parts.views.stock import plain

SORTS = {"newest": Sort("pk", descending=True), "oldest": Sort("pk")}
EXPORTED = 10_000
BLOCK = 500


@audience(OFFICE)
@require_safe
def reservations(http: HttpRequest) -> HttpResponse:
    """Every reservation; those that still hold, unless others are asked for."""
    rows, given = _rows(http)
    page = page_of(rows, http, sorts=SORTS)
    named_sources(http.user, page.items)
    context = {
        "page": page,
        "total": rows.count(),
        "warehouses": queries.warehouses_visible_to(http.user),
        "states": ReservationState.choices,
        "given": given,
        "filtered": any(value for name, value in given.items() if name != "state") or given["state"] != "held",
        "may_manage": rules.can_manage_parts(http.user),
    }
    return render(http, "parts/reservations.html", context)


def _rows(http: HttpRequest) -> tuple[QuerySet, dict]:
    asked = http.GET.get("state", ReservationState.HELD)
    given: dict[str, Any] = {
        "q": words(http, "q"),
        "warehouse": number(http.GET.get("warehouse", "")),
        "part": number(http.GET.get("part", "")),
        "state": one_of(ReservationState.values, asked),
        "until": day(http, "until"),
    }
    return queries.filter_reservations(queries.reservations_visible_to(http.user), **given), given


@audience(OFFICE)
@require_safe
def reservations_export(http: HttpRequest) -> HttpResponseBase:
    """The reservations as they are filtered, as CSV or XLSX."""
    header = [
        _("Brand"), _("Number"), _("Part"), _("Warehouse"), _("Quantity"), _("For"), _("Needed by"), _("Status"),
        _("Reserved on"), _("By"),
    ]  # fmt: skip
    rows = list(_rows(http)[0].order_by("-pk")[:EXPORTED])
    for start in range(0, len(rows), BLOCK):
        named_sources(http.user, rows[start : start + BLOCK])
    lines = (
        [
            each.part.brand, each.part.number, each.part.name, each.warehouse.code, plain(each.quantity),
            each.source.label if each.source else "", each.need_by.isoformat() if each.need_by else "",
            each.get_state_display(), each.made_at.astimezone(clock.LIMA).date().isoformat(),
            each.made_by.name if each.made_by else "",
        ]
        for each in rows
    )  # fmt: skip
    return table_response(http, _("reservations"), header, lines)


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def set_aside(http: HttpRequest) -> HttpResponse:
    """Keep stock by hand."""
    require(rules.can_manage_parts(http.user))
    asked = {"part": number(http.GET.get("part", "")), "warehouse": number(http.GET.get("warehouse", ""))}
    form = AsideForm(http.POST or None, user=http.user, initial=asked)
    answer = submit(
        http,
        form,
        once(lambda **data: actions.set_aside(by=http.user, **data)),
        done=lambda _made: redirect_to(http, "parts:reservations", message=_("The stock is kept.")),
    )
    texts = {"title": _("Set stock aside"), "verb": _("Set aside")}
    return answer or render(http, "parts/move.html", {"form": form, **texts})


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def free(http: HttpRequest, reservation_id: int) -> HttpResponse:
    """Let one reservation go, with a reason."""
    require(rules.can_manage_parts(http.user))
    reservation = queries.get_reservation(http.user, reservation_id)
    form = FreeForm(http.POST or None)
    answer = submit(
        http,
        form,
        lambda **data: actions.free_reservation(reservation=reservation, by=http.user, **data),
        done=lambda _freed: redirect_to(http, "parts:reservations", message=_("The reservation was freed.")),
    )
    named_sources(http.user, [reservation])
    return answer or render(http, "parts/free.html", {"form": form, "reservation": reservation})
