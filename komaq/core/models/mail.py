from django.db import models
from django.utils.translation import gettext_lazy as _


class MailState(models.TextChoices):
    QUEUED = "queued", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")


class OutgoingEmail(models.Model):
    """An e-mail as a row: written with its cause, sent by the worker, the same Message-ID at every try."""

    message_id = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    to_name = models.CharField(max_length=160, blank=True)
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    reply_to = models.EmailField(blank=True)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-id"], name="core_mail_state")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
