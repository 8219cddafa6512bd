"""What the machine's page shows, to the office and to its owner alike."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from komaq.core import charts, clock, registry
from komaq.fleet import queries

LATEST = 8


def machine_page(http: HttpRequest, machine: Any) -> dict:
    """Nameplate, meter curve, readings and what rooms above add in the slot "fleet.machine"."""
    readings = queries.readings_of(machine)
    return {
        "machine": machine,
        "plate": plate(machine),
        "readings": readings[:LATEST],
        "curve": charts.curve([(each.read_at, each.value) for each in readings]),
        "panels": [
            render_to_string(panel.template, panel.query(http.user, machine), request=http)
            for panel in registry.panels_for("fleet.machine", http.user)
        ],
    }


def plate(machine: Any) -> dict:
    """The machine's nameplate."""
    facts = [
        {"label": _("Serial"), "value": machine.serial, "code": True},
        {"label": _("Code"), "value": machine.code, "code": True},
        {"label": _("Type"), "value": machine.model.get_type_display(), "code": False},
        {"label": _("Engine"), "value": machine.engine, "code": False},
        {"label": _("Year"), "value": machine.year, "code": False},
        {"label": _("Fleet number"), "value": machine.fleet_number, "code": True},
        {"label": _("Licence plate"), "value": machine.plate, "code": True},
        {"label": _("Site"), "value": machine.site.name if machine.site else "", "code": False},
    ]
    return {
        "kind": machine.drawing,
        "name": str(machine.model),
        "url": "",
        "hours": machine.meter,
        "unit": machine.meter_unit,
        "facts": [fact for fact in facts if fact["value"]],
    }


def first_reading() -> dict:
    """What a reading's form begins with: now."""
    return {"read_at": clock.now().replace(second=0, microsecond=0)}
