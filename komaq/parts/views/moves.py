"""Stock comes in, changes place, is corrected, is counted: each a form that counts once."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts.choices import OFFICE
from komaq.core.access import audience
from komaq.core.refusals import require
from komaq.core.web import once, redirect_to, submit
from komaq.parts import actions, queries, rules
from komaq.parts.forms.stock import AdjustForm, CountForm, LookForm, MoveForm, ReceiveForm, TransferForm
from komaq.parts.views.asked import number, words

LONGEST = 300
"""Signs of what a label says: an address."""


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def receive(http: HttpRequest) -> HttpResponse:
    """Take stock in that no purchase brought."""
    texts = {"title": _("Receive without a purchase"), "verb": _("Receive"), "done": _("The stock came in.")}
    return _move(http, ReceiveForm, actions.receive_stock, texts)


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(http: HttpRequest) -> HttpResponse:
    """From one warehouse to another."""
    texts = {"title": _("Transfer"), "verb": _("Transfer"), "done": _("The stock was transferred.")}
    return _move(http, TransferForm, actions.transfer_stock, texts)


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def adjust(http: HttpRequest) -> HttpResponse:
    """Correct stock, with a reason."""
    texts = {"title": _("Adjust the stock"), "verb": _("Adjust"), "done": _("The stock was adjusted.")}
    return _move(http, AdjustForm, actions.adjust_stock, texts)


def _move(http: HttpRequest, kind: type[MoveForm], do: Callable, texts: dict[str, str]) -> HttpResponse:
    require(rules.can_manage_parts(http.user))
    asked = {"part": number(http.GET.get("part", "")), "warehouse": number(http.GET.get("warehouse", ""))}
    form = kind(http.POST or None, user=http.user, initial=asked)
    answer = submit(
        http,
        form,
        once(lambda **data: do(by=http.user, **data)),
        done=lambda _made: redirect_to(
            http, reverse("parts:kardex", args=[form.cleaned_data["part"].pk]), message=texts["done"]
        ),
    )
    return answer or render(http, "parts/move.html", {"form": form, **texts})


@audience(OFFICE)
@require_safe
def count_where(http: HttpRequest) -> HttpResponse:
    """Where to count; a phone begins here."""
    require(rules.can_manage_parts(http.user))
    return render(http, "parts/count_where.html", {"warehouses": queries.open_warehouses()})


@audience(OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def count(http: HttpRequest, warehouse_id: int) -> HttpResponse:
    """Count a warehouse, part after part: find or scan it, type what is there, look at the difference, save."""
    require(rules.can_manage_parts(http.user))
    warehouse = queries.get_warehouse(http.user, warehouse_id)
    form = CountForm(http.POST or None)
    answer = submit(
        http,
        form,
        once(lambda part, **data: _counted(http, warehouse, part, data)),
        done=lambda _made: redirect_to(http, _here(warehouse), message=_("The count was saved.")),
    )
    return answer or _step(http, warehouse, form)


def _counted(http: HttpRequest, warehouse: Any, part_id: int, data: dict) -> Any:
    part = queries.get_part(http.user, part_id)
    return actions.count_stock(part=part, warehouse=warehouse, by=http.user, **data)


def _step(http: HttpRequest, warehouse: Any, refused: CountForm) -> HttpResponse:
    """Where the address stands: nothing chosen, words that several parts answer to, one part, or one counted."""
    asked, context = words(http, "q", LONGEST), {"warehouse": warehouse}
    key = number(http.POST.get("part", "") or http.GET.get("part", "")) or _scanned(asked)
    if key:
        part = queries.get_part(http.user, key)
        return render(http, "parts/count.html", context | {"part": part} | _difference(http, part, warehouse, refused))
    found = queries.find_parts(http.user, asked) if asked else []
    part = queries.part_numbered(http.user, asked) if asked else None
    if part is None and len(found) == 1:
        part = found[0].part
    if part is not None:
        return redirect(f"{_here(warehouse)}?part={part.pk}")
    return render(http, "parts/count.html", context | {"found": found, "q": asked})


def _scanned(text: str) -> int | None:
    """The key of the part that the address on a label leads to."""
    if "/" not in text:
        return None
    try:
        match = resolve(urlsplit(text).path)
    except (Resolver404, ValueError):
        return None
    return match.kwargs.get("part_id") if match.view_name == "parts:detail" else None


def _difference(http: HttpRequest, part: Any, warehouse: Any, refused: CountForm) -> dict:
    """By how much the count would change the book, which stays covered until something is typed."""
    look = LookForm(http.POST or http.GET if "counted" in (http.POST or http.GET) else None)
    if not look.is_valid():
        return {"look": look}
    stock, counted = queries.stock_in(part, warehouse), look.cleaned_data["counted"]
    book = stock.on_hand if stock else Decimal(0)
    form = CountForm(initial={"part": part.pk, "seen": book, "counted": counted, "reason": refused["reason"].value()})
    difference = counted - book
    facts = {"book": book, "counted": counted, "difference": difference, "reserved": stock.reserved if stock else 0}
    return {"look": look, "form": form, "refused": refused, **facts, "tone": "bad" if difference < 0 else "warn"}


def _here(warehouse: Any) -> str:
    return reverse("parts:count", args=[warehouse.pk])
