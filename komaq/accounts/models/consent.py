from django.db import models

from komaq.accounts.choices import ConsentKind
from komaq.accounts.models.person import Person


class Consent(models.Model):
    """What a person agreed to (Ley 29733): which text, when, from where. Withdrawn, never erased."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(max_length=10, choices=ConsentKind)
    version = models.CharField(max_length=20)
    channel = models.CharField(max_length=20, default="web")
    address = models.GenericIPAddressField(null=True)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-given_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.version}"


class Erasure(models.Model):
    """A person's request to be forgotten and what came of it; what tax law demands stays, with that reason."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasures")
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    kept = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"erasure of {self.person_id}"
