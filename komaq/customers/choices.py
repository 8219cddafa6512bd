from django.db import models
from django.utils.translation import gettext_lazy as _

from komaq.core.peru import DocumentType


class CustomerKind(models.TextChoices):
    COMPANY = "company", _("Company")
    PERSON = "person", _("Person")


TAX_IDS = {
    CustomerKind.COMPANY: {DocumentType.RUC},
    CustomerKind.PERSON: {DocumentType.DNI, DocumentType.CE, DocumentType.RUC},
}
"""By which documents a customer of each kind is known."""


class SiteKind(models.TextChoices):
    MINE = "mine", _("Mine")
    WORKS = "works", _("Construction site")
    QUARRY = "quarry", _("Quarry")
    YARD = "yard", _("Yard")
    OFFICE = "office", _("Office")


class ContactStatus(models.TextChoices):
    WAITING = "waiting", _("Waits for approval")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")


RESPONSE_PRIORITIES = (
    ("machine_down", _("Machine down")),
    ("high", _("High priority")),
    ("normal", _("Normal priority")),
)
"""Priorities for which a customer's agreement may name hours of response; the codes are those of a request."""
