"""The pages of the room by audience, and the little that several of them share."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from komaq.core.templatetags.komaq import day


def sorted_files(attachments: Iterable[Any]) -> tuple[list, list]:
    """The photos that can be shown, and everything else."""
    photos, papers = [], []
    for one in attachments:
        (photos if one.is_image and one.state == "ready" else papers).append(one)
    return photos, papers


def machine_plate(machine: Any) -> dict:
    """The nameplate of a machine with its page, as the office sees it."""
    facts = [
        {"label": _("Serial"), "value": machine.serial, "code": True},
        {"label": _("Fleet number"), "value": machine.fleet_number, "code": True},
        {"label": _("Engine"), "value": machine.engine, "code": False},
        {"label": _("Year"), "value": machine.year, "code": False},
        {"label": _("Status"), "value": machine.get_status_display(), "code": False},
        {"label": _("Meter read"), "value": day(machine.meter_at) if machine.meter_at else "", "code": False},
    ]
    return {
        "kind": machine.model.type,
        "name": str(machine.model),
        "url": machine.get_absolute_url(),
        "hours": machine.meter,
        "unit": machine.meter_unit,
        "facts": [fact for fact in facts if fact["value"]],
    }
