"""The history of a purchase order in words, read from the trail."""

import datetime
from typing import Any

from django.utils.translation import gettext as _

from komaq.accounts.queries import with_actors
from komaq.core import trail
from komaq.core.templatetags.komaq import day, money
from komaq.supply.choices import ClaimKind, PurchaseState
from komaq.supply.models import PurchaseOrder


def _made(data: dict) -> str:
    return _("wrote the order: %(total)s without tax") % {"total": money(data["total"], data["currency"])}


def _changed(data: dict) -> str:
    return _("changed the order: %(total)s without tax") % {"total": money(data["total"], data["currency"])}


def _moved(data: dict) -> str:
    return _("moved the order to “%(state)s”") % {"state": PurchaseState(data["to"]).label}


def _promised(data: dict) -> str:
    words = {"part": data["part"], "after": day(datetime.date.fromisoformat(data["after"]))}
    if not data["before"]:
        return _("%(part)s arrives on %(after)s") % words
    words["before"] = day(datetime.date.fromisoformat(data["before"]))
    return _("%(part)s arrives on %(after)s instead of %(before)s") % words


def _received(data: dict) -> str:
    return _("received %(receipt)s with guide %(guide)s") % {**data, "guide": data["guide"] or "–"}


def _claim(words: str) -> Any:
    def told(data: dict) -> str:
        return _(words) % {"part": data["part"], "kind": ClaimKind(data["claim_kind"]).label.lower()}

    return told


TELLINGS: dict[str, tuple[str, Any]] = {
    "supply.purchase_made": ("pen", _made),
    "supply.purchase_changed": ("pen", _changed),
    "supply.purchase_moved": ("arrow", _moved),
    "supply.purchase_sent_again": ("mail", lambda data: _("sent the order again to %(email)s") % data),
    "supply.promise_changed": ("calendar", _promised),
    "supply.goods_received": ("truck", _received),
    "supply.claim_made": ("warn", _claim("claimed %(part)s: %(kind)s")),
    "supply.claim_sent_back": ("undo", _claim("sent %(part)s back: %(kind)s")),
    "supply.claim_settled": ("check", _claim("settled the claim about %(part)s: %(kind)s")),
    "supply.papers_kept": ("file", lambda data: _("kept files: %(names)s") % {"names": ", ".join(data["names"])}),
    "comms.message_written": ("chat", lambda _data: _("wrote a message")),
}


def history_of(purchase: PurchaseOrder) -> list[dict[str, Any]]:
    """What happened to an order, newest first; what the supplier did by its link stands under its name."""
    told = []
    for event in with_actors(trail.history(purchase).order_by("-number")):
        if event.kind in TELLINGS:
            icon, words = TELLINGS[event.kind]
            data = event.payload.data
            who = event.actor if event.actor_id else purchase.supplier.short_name
            reason = data.get("reason") or data.get("note") or data.get("outcome") or ""
            told.append({"icon": icon, "who": who, "text": words(data), "reason": reason, "at": event.at})
    return told
