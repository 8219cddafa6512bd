"""The kardex of a part, up to any day, and the label that leads to its page."""

from collections.abc import Iterator
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from komaq.accounts.choices import OFFICE
from komaq.core import clock
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.registry import named_sources
from komaq.core.sheets import table_response
from komaq.parts import queries, rules
from komaq.parts.views.asked import day, number
from komaq.parts.views.stock import plain

SORTS = {"newest": Sort("pk", descending=True), "oldest": Sort("pk")}
EXPORTED = 50_000
MOST_COPIES = 40


def _asked(http: HttpRequest, part_id: int) -> dict[str, Any]:
    """The part, the warehouse (None for all) and the days of the address."""
    places = list(queries.warehouses_visible_to(http.user))
    key = number(http.GET.get("warehouse", ""))
    return {
        "part": queries.get_part(http.user, part_id),
        "place": next((each for each in places if each.pk == key), None),
        "places": places,
        "since": day(http, "since"),
        "until": day(http, "until"),
    }


@audience(OFFICE)
@require_safe
def kardex(http: HttpRequest, part_id: int) -> HttpResponse:
    """What moved of a part and what was there after each move."""
    asked = _asked(http, part_id)
    part, place, since = asked["part"], asked["place"], asked["since"]
    rows = queries.moves_visible_to(http.user, part=part, warehouse=place, since=since, until=asked["until"])
    page = page_of(rows, http, sorts=SORTS)
    for each in page.items:
        each.balance = queries.balance_of(each, place)
    named_sources(http.user, page.items)
    context = {
        **asked,
        "page": page,
        "closing": queries.balance_on(part, place, asked["until"] or clock.today()),
        "opening": queries.balance_before(part, place, since) if since else None,
        "filtered": any((place, since, asked["until"])),
        "may_see_cost": rules.can_see_cost(http.user),
        "may_manage": rules.can_manage_parts(http.user),
    }
    return render(http, "parts/kardex.html", context)


@audience(OFFICE)
@require_safe
def kardex_export(http: HttpRequest, part_id: int) -> HttpResponse:
    """The kardex as it is filtered, oldest first, as CSV or XLSX; its first row is the opening balance."""
    asked = _asked(http, part_id)
    part, place, since = asked["part"], asked["place"], asked["since"]
    costs = rules.can_see_cost(http.user)
    rows = queries.kardex(http.user, part, place, until=asked["until"], since=since)[:EXPORTED]
    header = [
        _("Date"), _("Warehouse"), pgettext("stock", "Move"), _("Quantity"), pgettext("stock", "Balance"),
        *([_("Value in PEN"), _("Balance in PEN"), _("Cost per unit in PEN")] if costs else []), _("Reason"), _("By"),
    ]  # fmt: skip

    def lines() -> Iterator[list]:
        if since:
            opening = queries.balance_before(part, place, since)
            yield [since.isoformat(), "", _("Opening balance"), "", *_balance(opening, costs, value=""), "", ""]
        for each in rows.iterator(chunk_size=500):
            balance = queries.balance_of(each, place)
            yield [
                each.at.astimezone(clock.LIMA).strftime("%Y-%m-%d %H:%M"), each.warehouse.code,
                each.get_kind_display(), plain(each.quantity), *_balance(balance, costs, value=plain(each.value)),
                each.reason, each.by.name if each.by else "",
            ]  # fmt: skip

    return table_response(http, f"kardex-{part.number_key}", header, lines())


def _balance(balance: queries.Balance, costs: bool, *, value: str) -> list[str]:
    money = [value, plain(balance.worth), plain(balance.unit_cost)] if costs else []
    return [plain(balance.quantity), *money]


@audience(OFFICE)
@require_safe
def label(http: HttpRequest, part_id: int) -> HttpResponse:
    """Labels to print, each with the code that leads to the part's page."""
    part = queries.get_part(http.user, part_id)
    copies = min(max(number(http.GET.get("copies", "")) or 1, 1), MOST_COPIES)
    drawn = segno.make(http.build_absolute_uri(part.get_absolute_url()), error="m", micro=False)
    code = mark_safe(drawn.svg_inline(scale=4, border=2, omitsize=True))  # noqa: S308  drawn from our own address
    context = {"part": part, "copies": range(copies), "number": copies, "most": MOST_COPIES, "code": code}
    return render(http, "parts/label.html", context)
