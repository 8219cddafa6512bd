from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from komaq.core import triggers


class Event(models.Model):
    """What one action did: a link in the chain of its subject."""

    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    scope_customer_id = models.BigIntegerField(null=True)
    visibility = models.CharField(max_length=10, default="internal")
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    payload_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "number"], name="core_event_one_chain")
        ]
        indexes = [
            models.Index(fields=["scope_customer_id", "id"], name="core_event_scope"),
            models.Index(fields=["at"], name="core_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.number} of {self.subject_kind} {self.subject_id}"


class EventPayload(models.Model):
    """The values of an event, apart so that the erasure action may blank them without breaking the chain."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="payload", primary_key=True)
    salt = models.CharField(max_length=32)
    data = models.JSONField(encoder=DjangoJSONEncoder)
    erased_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"payload of {self.event_id}"


triggers.append_only("core_event")
triggers.refuse(
    "core_eventpayload_no_delete",
    "core_eventpayload",
    "TRUE",
    event="DELETE",
    message="payloads are blanked, never deleted",
)
triggers.refuse(
    "core_eventpayload_only_blanked",
    "core_eventpayload",
    "NOT (NEW.erased_at IS NOT NULL AND NEW.salt = '' AND CAST(NEW.data AS TEXT) = '{}' "
    "AND NEW.event_id = OLD.event_id)",
    event="UPDATE",
    message="a payload may only be blanked",
)
