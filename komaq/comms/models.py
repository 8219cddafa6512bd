from django.db import models

from komaq.comms.choices import Channel, Visibility
from komaq.core.models import OutgoingEmail


class Conversation(models.Model):
    """One thread about anything, named by a generic reference."""

    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    scope_customer_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject_kind", "subject_id"], name="comms_conversation_one")]

    def __str__(self) -> str:
        return f"about {self.subject_kind} {self.subject_id}"


class Message(models.Model):
    """What somebody wrote in a thread; an internal note is a message the client never sees."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="messages")
    visibility = models.CharField(max_length=10, choices=Visibility)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=160)
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["written_at", "id"]
        indexes = [models.Index(fields=["conversation", "written_at", "id"], name="comms_message_thread")]

    def __str__(self) -> str:
        return f"{self.author_name}: {self.text[:40]}"


class Delivery(models.Model):
    """A notice on its way to one person by one channel: at least once sent, once shown (MSG-1)."""

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=10, choices=Channel)
    person_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    scope_customer_id = models.BigIntegerField(null=True)
    email = models.OneToOneField(OutgoingEmail, on_delete=models.PROTECT, null=True, related_name="delivery")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="comms_delivery_subject"),
            models.Index(fields=["person_id", "-id"], name="comms_delivery_person"),
        ]

    def __str__(self) -> str:
        return self.key
