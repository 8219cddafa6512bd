"""How a part's cost is shown. Load with ``{% load parts %}``."""

from decimal import Decimal

from django import template

from komaq.parts import rules
from komaq.parts.models import Part

register = template.Library()


@register.filter
def unit_cost(part: Part) -> Decimal | None:
    """What a unit costs in PEN: the moving average, else the last cost. Only on pages of those who may know it."""
    return rules.cost_of(part.holding)
