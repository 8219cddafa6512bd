"""The page of exchange rates."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.core import charts, clock
from komaq.core.access import audience
from komaq.core.lists import Sort, page_of
from komaq.core.sheets import table_response
from komaq.core.web import redirect_to, submit
from komaq.supply import actions, queries
from komaq.supply.choices import NOTERS, Currency
from komaq.supply.forms import RateForm

SORTS = {"newest": Sort("on", descending=True)}
DRAWN = 250
EXPORTED = 10_000


@audience(NOTERS)
@require_http_methods(["GET", "HEAD", "POST"])
def rates(http: HttpRequest) -> HttpResponse:
    """What a dollar costs: today's rate, how it went, and the form to note one."""
    form = RateForm(http.POST or None, initial={"on": clock.today()})
    answer = submit(
        http,
        form,
        lambda **data: actions.note_rate(currency=Currency.USD, by=http.user, **data),
        done=lambda _made: redirect_to(http, "supply:rates", message=_("The rate was noted.")),
    )
    if answer:
        return answer
    rows = queries.rates_visible_to(http.user).filter(currency=Currency.USD)
    page = page_of(rows, http, sorts=SORTS)
    drawn = list(rows.order_by("-on")[:DRAWN])
    latest = drawn[0] if drawn else None
    names = queries.names_of(page.items)
    context = {
        "form": form,
        "page": page,
        "total": rows.count(),
        "rows": [(each, names.get(each.noted_by_id, "")) for each in page.items],
        "latest": latest,
        "is_today": bool(latest and latest.on == clock.today()),
        "curve": charts.curve([(clock.lima(each.on), each.sell) for each in drawn], places=3, breaks=False),
    }
    return render(http, "supply/rates.html", context)


@audience(NOTERS)
@require_safe
def export(http: HttpRequest) -> HttpResponse:
    """Every rate that was noted, as CSV or XLSX."""
    rows = queries.rates_visible_to(http.user).order_by("currency", "-on")[:EXPORTED]
    header = [_("Currency"), _("Day"), _("Selling rate in soles")]
    lines = ([each.currency, each.on, f"{each.sell:.3f}"] for each in rows)
    return table_response(http, _("exchange-rates"), header, lines)
