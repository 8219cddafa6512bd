from django.db import models
from django.utils.translation import gettext_lazy as _

from komaq.accounts.choices import Role, only

MAIL_KEEPERS = only(Role.ADMIN, Role.SUPERVISOR, Role.MANAGER)


class Visibility(models.TextChoices):
    INTERNAL = "internal", _("Internal")
    CLIENT = "client", _("Client")
    SUPPLIER = "supplier", _("Supplier")


class Channel(models.TextChoices):
    EMAIL = "email", _("E-mail")
