"""The history of a request for quotation in words, read from the trail."""

import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from komaq.accounts.queries import with_actors
from komaq.core import trail
from komaq.core.templatetags.komaq import day_time
from komaq.supply.choices import QuotationState
from komaq.supply.models import QuotationRequest


def _moved(data: dict) -> str:
    return _("moved the request to “%(state)s”") % {"state": QuotationState(data["to"]).label}


def _extended(data: dict) -> str:
    return _("gave time until %(moment)s") % {"moment": day_time(datetime.datetime.fromisoformat(data["after"]))}


def _offered(data: dict) -> str:
    theirs = _("quoted %(offered)s of %(asked)s lines (offer %(number)s)")
    noted = _("noted offer %(number)s of %(supplier)s: %(offered)s of %(asked)s lines")
    return (theirs if data.get("by_supplier") else noted) % data


def _declined(data: dict) -> str:
    return _("does not quote") if data.get("by_supplier") else _("noted that %(supplier)s does not quote") % data


def _reminded(data: dict) -> str:
    return _("reminded %(suppliers)s") % {"suppliers": ", ".join(data["suppliers"])}


def _awarded(data: dict) -> str:
    count = len(data["orders"])
    words = ngettext("awarded it in %(count)d order: %(codes)s", "awarded it in %(count)d orders: %(codes)s", count)
    return words % {"count": count, "codes": ", ".join(data["orders"])}


TELLINGS: dict[str, tuple[str, Any]] = {
    "supply.request_made": ("pen", lambda _data: _("wrote the request")),
    "supply.request_changed": ("pen", lambda _data: _("changed the request")),
    "supply.request_moved": ("arrow", _moved),
    "supply.supplier_invited": ("users", lambda data: _("asked %(supplier)s too") % data),
    "supply.deadline_extended": ("clock", _extended),
    "supply.suppliers_reminded": ("bell", _reminded),
    "supply.offer_made": ("quote", _offered),
    "supply.invite_declined": ("x", _declined),
    "supply.alternative_mapped": ("link", lambda data: _("%(alternative)s is %(mapped_to)s") % data),
    "supply.request_awarded": ("check", _awarded),
}


def history_of(request: QuotationRequest) -> list[dict[str, Any]]:
    """What happened to a request, newest first; what a supplier did by its link stands under its name."""
    told = []
    for event in with_actors(trail.history(request).order_by("-number")):
        if event.kind in TELLINGS:
            icon, words = TELLINGS[event.kind]
            data = event.payload.data
            who = data["supplier"] if data.get("by_supplier") else event.actor if event.actor_id else ""
            told.append(
                {"icon": icon, "who": who, "text": words(data), "reason": data.get("reason", ""), "at": event.at}
            )
    return told
