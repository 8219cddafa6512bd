"""How purchases look on a page: states as chips, prices with the decimals they need."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from komaq.core.templatetags.komaq import day, drawn_chip
from komaq.supply.choices import ClaimState, InviteState, NeedState, PurchaseState, QuotationState
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
QUOTATION_LOOKS: dict[str, tuple[str, str]] = {
    QuotationState.DRAFT: ("pen", ""),
    QuotationState.SENT: ("mail", "run"),
    QuotationState.AWARDED: ("ok", "ok"),
    QuotationState.CANCELLED: ("bad", ""),
}
INVITE_LOOKS: dict[str, tuple[str, str]] = {
    InviteState.WAITING: ("clock", ""),
    InviteState.ANSWERED: ("ok", "ok"),
    InviteState.DECLINED: ("x", "stop"),
}


@register.simple_tag
def quotation_state(request: Any) -> SafeString:
    """The state of a request for quotation, in words with its sign."""
    return drawn_chip(request.get_state_display(), *QUOTATION_LOOKS[request.state])


@register.simple_tag
def invite_state(invite: Any) -> SafeString:
    """Whether a supplier answered, in words with its sign."""
    return drawn_chip(invite.get_state_display(), *INVITE_LOOKS[invite.state])


@register.simple_tag
def purchase_state(purchase: Any) -> SafeString:
    """The state of an order, in words with its sign."""
    return drawn_chip(purchase.get_state_display(), *LOOKS[purchase.state])


@register.simple_tag
def claim_state(claim: Any) -> SafeString:
    """The state of a claim, in words with its sign."""
    return drawn_chip(claim.get_state_display(), *CLAIM_LOOKS[claim.state])


@register.simple_tag
def need_stands(need: Any) -> SafeString:
    """How far the buying of a need has come: in which request, on which order, promised for when."""
    if need.state == NeedState.ORDERED:
        line = need.purchase_line
        when = _("arrives %(day)s") % {"day": day(line.promised_on)} if line.promised_on else ""
        return _way(line.purchase, "truck", when)
    if need.state == NeedState.ASKED and need.quotation_line_id:
        return _way(need.quotation_line.request, "mail")
    return SafeString("")


def _way(thing: Any, icon: str, when: str = "") -> SafeString:
    link = format_html('<a href="{}">{}</a>', thing.get_absolute_url(), drawn_chip(thing.code, icon, "run"))
    return format_html('{}<small class="muted">{}</small>', link, when) if when else link


@register.filter
def of(things: Mapping, key: Any) -> Any:
    """What a mapping has for a key."""
    return things.get(key)


@register.filter
def per_unit(price: Decimal, currency: str) -> str:
    """A price per unit: two decimals, more where it has them."""
    return unit_price(price, currency)
