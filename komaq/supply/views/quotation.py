"""One request for quotation in the office: its offers side by side, and what is done with it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from komaq.core.access import audience
from komaq.supply.choices import SUPPLY
from komaq.supply.queries import quotations


@audience(SUPPLY)
@require_safe
def detail(http: HttpRequest, quotation_id: int) -> HttpResponse:
    """A request as it stands: who was asked and what."""
    request = quotations.get_request(http.user, quotation_id)
    return render(http, "supply/quotation.html", {"request_": request})
