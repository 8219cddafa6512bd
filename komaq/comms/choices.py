from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    INTERNAL = "internal", _("Internal")
    CLIENT = "client", _("Client")
    SUPPLIER = "supplier", _("Supplier")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
