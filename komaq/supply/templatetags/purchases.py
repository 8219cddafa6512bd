"""How purchases look on a page: states as chips, prices with the decimals they need."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from komaq.core.templatetags.komaq import drawn_chip
from komaq.supply.choices import ClaimState, PurchaseState
from komaq.supply.notices.purchase_paper import unit_price

register = template.Library()
_P, _C = PurchaseState, ClaimState
LOOKS: dict[str, tuple[str, str]] = {
    _P.DRAFT: ("pen", ""),
    _P.TO_APPROVE: ("clock", "warn"),
    _P.APPROVED: ("check", "run"),
    _P.SENT: ("mail", "run"),
    _P.CONFIRMED: ("calendar", "run"),
    _P.PARTIAL: ("truck", "warn"),
    _P.RECEIVED: ("ok", "ok"),
    _P.CANCELLED: ("bad", ""),
}
CLAIM_LOOKS: dict[str, tuple[str, str]] = {
    _C.OPEN: ("warn", "warn"),
    _C.SENT_BACK: ("undo", "run"),
    _C.SETTLED: ("ok", "ok"),
}


@register.simple_tag
def purchase_state(purchase: Any) -> SafeString:
    """The state of an order, in words with its sign."""
    return drawn_chip(purchase.get_state_display(), *LOOKS[purchase.state])


@register.simple_tag
def claim_state(claim: Any) -> SafeString:
    """The state of a claim, in words with its sign."""
    return drawn_chip(claim.get_state_display(), *CLAIM_LOOKS[claim.state])


@register.filter
def per_unit(price: Decimal, currency: str) -> str:
    """A price per unit: two decimals, more where it has them."""
    return unit_price(price, currency)
