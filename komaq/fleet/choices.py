from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MachineType(models.TextChoices):
    EXCAVATOR = "excavator", _("Excavator")
    SHOVEL = "shovel", _("Mining shovel")
    LOADER = "loader", _("Wheel loader")
    DOZER = "dozer", _("Bulldozer")
    TRUCK = "truck", _("Haul truck")
    GRADER = "grader", _("Motor grader")
    DRILL = "drill", _("Drill rig")
    LHD = "lhd", _("Underground loader")
    ROLLER = "roller", _("Roller")
    BACKHOE = "backhoe", _("Backhoe loader")
    COMPRESSOR = "compressor", _("Compressor")
    HANDLER = "handler", _("Telehandler")
    OTHER = "other", _("Other machine")


class MachineStatus(models.TextChoices):
    WORKING = "working", pgettext_lazy("machine", "Working")
    DOWN = "down", pgettext_lazy("machine", "Down")
    RETIRED = "retired", pgettext_lazy("machine", "Retired")


class MeterUnit(models.TextChoices):
    HOURS = "h", _("hours")
    KILOMETRES = "km", _("kilometres")


class ReadingSource(models.TextChoices):
    TECHNICIAN = "technician", _("Technician")
    CUSTOMER = "customer", _("Client")
    OFFICE = "office", _("Office")
    TELEMATICS = "telematics", _("Telematics")


DRAWINGS: dict[str, str] = {
    MachineType.SHOVEL: "excavator",
    MachineType.LHD: "loader",
    MachineType.HANDLER: "crane",
}
"""Which line drawing stands for a type that has none of its own name."""

MOST_PER_HOUR: dict[str, int] = {MeterUnit.HOURS: 1, MeterUnit.KILOMETRES: 100}
"""How much a meter can grow in an hour of the clock."""
