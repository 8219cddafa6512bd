"""Pieces that the pages of staff, clients and technicians share."""

from typing import Any

from django.utils.translation import gettext as _

from komaq.core.templatetags.komaq import day
from komaq.orders import queries
from komaq.orders.choices import OrderStatus


def track_of(order: Any, events: list | None = None) -> list[dict]:
    """The progress line with its dates in words."""
    return [
        {
            "label": step["label"],
            "state": step["state"],
            "note": day(step["at"]) if step["at"] else _promise(step, order),
        }
        for step in queries.progress_of(order, events)
    ]


def _promise(step: dict, order: Any) -> str:
    if step["label"] == OrderStatus.COMPLETED.label and not order.is_final:
        return _("promised %(day)s") % {"day": day(order.due_at)}
    return ""


def plate_of(machine: Any, url: str = "") -> dict:
    """The machine's nameplate, as core/_plate.html draws it."""
    facts = [
        {"label": _("Serial number"), "value": machine.serial, "code": True},
        {"label": _("Fleet number"), "value": machine.fleet_number, "code": True},
        {"label": _("Year"), "value": machine.year, "code": False},
        {"label": _("Engine"), "value": machine.engine, "code": False},
        {"label": _("Meter read"), "value": day(machine.meter_at) if machine.meter_at else "", "code": False},
    ]
    return {
        "kind": machine.model.type,
        "name": str(machine.model),
        "url": url,
        "hours": machine.meter,
        "unit": machine.meter_unit,
        "facts": [fact for fact in facts if fact["value"]],
    }
