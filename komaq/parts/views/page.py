"""What the page of a part shows to whoever may look parts up."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from komaq.core import registry
from komaq.parts import queries


def part_page(http: HttpRequest, part: Any) -> dict:
    """Stock by warehouse, what is linked, the models it fits and what rooms above add in the slot "parts.part"."""
    stocks = part.stocks.all()
    return {
        "part": part,
        "stocks": stocks,
        "on_hand": sum(stock.on_hand for stock in stocks),
        "free": sum(stock.free for stock in stocks),
        "links": queries.links_of(part),
        "models": queries.models_of(part),
        "panels": [
            render_to_string(panel.template, panel.query(http.user, part), request=http)
            for panel in registry.panels_for("parts.part", http.user)
        ],
    }
