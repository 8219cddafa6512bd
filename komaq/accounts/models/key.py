from django.db import models

from komaq.accounts.choices import KeyPurpose
from komaq.accounts.models.user import User


class AccessKey(models.Model):
    """Lets a program in as a user: a token of the API or the address of a calendar feed.

    The secret itself (256 bits) is shown once and never kept, only its SHA-256; `hint` is its start, for people.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="access_keys")
    purpose = models.CharField(max_length=8, choices=KeyPurpose)
    name = models.CharField(max_length=80)
    hint = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    can_write = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    used_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-id"], name="accounts_key_user")]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    @property
    def scopes(self) -> tuple[str, ...]:
        return ("read", "write") if self.can_write else ("read",)
