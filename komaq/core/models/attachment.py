from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid6 import uuid7


class AttachmentState(models.TextChoices):
    PENDING = "pending", _("Being checked")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused")


class AttachmentKind(models.TextChoices):
    IMAGE = "image", _("Photo")
    DOCUMENT = "document", _("Document")


def storage_path(attachment: "Attachment", _name: str) -> str:
    """A random name: the original one is only data."""
    return f"attachments/{uuid7().hex[-2:]}/{uuid7().hex}"


class Attachment(models.Model):
    """A private file of anything, named by a generic reference."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    scope_customer_id = models.BigIntegerField(null=True)
    visibility = models.CharField(max_length=10, default="client")
    kind = models.CharField(max_length=10, choices=AttachmentKind)
    name = models.CharField(max_length=160)
    caption = models.CharField(max_length=160, blank=True)
    content_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=storage_path, max_length=120)
    thumbnail = models.FileField(upload_to=storage_path, max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=AttachmentState, default=AttachmentState.PENDING)
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id", "id"], name="core_attachment_subject")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.kind == AttachmentKind.IMAGE

    @property
    def shown_name(self) -> str:
        """The name one saves it under: prepared images are WebP, whatever they were called."""
        return f"{self.name.rpartition('.')[0] or self.name}.webp" if self.is_image else self.name
