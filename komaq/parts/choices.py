"""Grades, units, kinds of warehouses and moves."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from komaq.accounts.choices import OFFICE_ROLES, Role, only

AT_WORK = only(*OFFICE_ROLES, Role.TECHNICIAN)
"""Who looks parts up: the office and technicians."""


class PartGrade(models.TextChoices):
    """What the options A, B and C of a quote differ in."""

    ORIGINAL = "original", pgettext_lazy("part", "Original")
    ALTERNATIVE = "alternative", pgettext_lazy("part", "Alternative")
    ECONOMIC = "economic", pgettext_lazy("part", "Economic")


class Category(models.TextChoices):
    FILTER = "filter", _("Filters")
    LUBRICANT = "lubricant", _("Lubricants and fluids")
    GROUND_ENGAGING = "ground_engaging", _("Teeth and cutting edges")
    UNDERCARRIAGE = "undercarriage", pgettext_lazy("part", "Undercarriage")
    ENGINE = "engine", pgettext_lazy("part", "Engine")
    HYDRAULIC = "hydraulic", pgettext_lazy("part", "Hydraulics")
    POWERTRAIN = "powertrain", _("Powertrain and brakes")
    ELECTRICAL = "electrical", pgettext_lazy("part", "Electrical")
    COOLING = "cooling", pgettext_lazy("part", "Cooling")
    TYRE = "tyre", pgettext_lazy("part", "Tyres and rims")
    DRILLING = "drilling", _("Drilling")
    CAB = "cab", pgettext_lazy("part", "Cab and air conditioning")
    SEAL = "seal", _("Seals and bearings")
    FASTENER = "fastener", _("Bolts and nuts")
    OTHER = "other", pgettext_lazy("part", "Other")


class Unit(models.TextChoices):
    """Units of measure by their SUNAT code (catalogue 03, UN/ECE recommendation 20)."""

    PIECE = "NIU", _("unit")
    SET = "SET", _("set")
    LITRE = "LTR", _("litre")
    GALLON = "GLL", _("gallon")
    KILOGRAM = "KGM", _("kilogram")
    METRE = "MTR", _("metre")
    DRUM = "DR", _("drum")
    BOX = "BX", _("box")


UNIT_SHORT = {
    Unit.PIECE: pgettext_lazy("unit", "pc."),
    Unit.SET: pgettext_lazy("unit", "set"),
    Unit.LITRE: pgettext_lazy("unit", "L"),
    Unit.GALLON: pgettext_lazy("unit", "gal"),
    Unit.KILOGRAM: pgettext_lazy("unit", "kg"),
    Unit.METRE: pgettext_lazy("unit", "m"),
    Unit.DRUM: pgettext_lazy("unit", "drum"),
    Unit.BOX: pgettext_lazy("unit", "box"),
}
"""How a unit stands behind a number, one or many."""


class LinkKind(models.TextChoices):
    EQUIVALENT = "equivalent", _("Equivalent")
    SUPERSEDED_BY = "superseded_by", _("Superseded by")


class WarehouseKind(models.TextChoices):
    STORE = "store", _("Store")
    WORKSHOP = "workshop", _("Workshop")
    VAN = "van", _("Van")


class MoveKind(models.TextChoices):
    """Why stock changed. Each is one row of the kardex, never an edited number."""

    RECEIPT = "receipt", pgettext_lazy("stock", "Receipt")
    ISSUE = "issue", pgettext_lazy("stock", "Issue")
    RETURN = "return", pgettext_lazy("stock", "Return of an order")
    TRANSFER_OUT = "transfer_out", pgettext_lazy("stock", "Transfer out")
    TRANSFER_IN = "transfer_in", pgettext_lazy("stock", "Transfer in")
    COUNT = "count", pgettext_lazy("stock", "Count")
    ADJUSTMENT = "adjustment", pgettext_lazy("stock", "Adjustment")
    SUPPLIER_RETURN = "supplier_return", pgettext_lazy("stock", "Return to the supplier")
    REVALUATION = "revaluation", pgettext_lazy("stock", "Later cost")


class ReservationState(models.TextChoices):
    HELD = "held", pgettext_lazy("reservation", "Reserved")
    USED = "used", pgettext_lazy("reservation", "Used")
    FREED = "freed", pgettext_lazy("reservation", "Freed")


class Availability(models.TextChoices):
    """How what is needed stands: a word per planned part."""

    IN_STOCK = "in_stock", _("In stock")
    RESERVED = "reserved", _("Reserved")
    PARTLY = "partly", _("Partly reserved")
    MISSING = "missing", _("Missing")
    USED = "used", pgettext_lazy("part", "Used")
