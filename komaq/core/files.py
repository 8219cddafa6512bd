"""Private files: sniffed and limited when they arrive, images re-encoded in a job without EXIF.

The type is read from the bytes, never from the name. What is no photo, PDF or office document is refused.
"""

import datetime
import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from komaq.core import clock, jobs
from komaq.core.action import undo_on_failure, undoing
from komaq.core.models import Attachment, AttachmentKind, AttachmentState
from komaq.core.models.attachment import storage_path
from komaq.core.refusals import BadInput, NotFound
from komaq.core.registry import file_scopes
from komaq.core.trail import kind_of

PREPARE = "core.prepare_image"
REMOVE = "core.remove_original"
KEPT_FOR_BACKUPS = datetime.timedelta(hours=6)
MAGIC = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
)
OFFICE = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
IMAGES = {"image/jpeg", "image/png", "image/webp"}
ACCEPTED = "image/jpeg,image/png,image/webp,application/pdf,.docx,.xlsx"
LARGEST_PIXELS = 50_000_000
PHOTO_SIDE = 2048
THUMBNAIL_SIDE = 360


class FileRefused(BadInput):
    """The file cannot be taken: empty, too big or of no accepted kind."""


def sniff(upload: UploadedFile) -> str:
    """The content type that the bytes themselves show. Raises FileRefused."""
    if upload.size == 0:
        raise FileRefused(_("%(name)s is empty.") % {"name": upload.name})
    if upload.size > settings.UPLOAD_MAX_BYTES:
        megabytes = settings.UPLOAD_MAX_BYTES // 1024**2
        raise FileRefused(_("%(name)s is larger than %(max)s MB.") % {"name": upload.name, "max": megabytes})
    upload.seek(0)
    head = upload.read(16)
    for offset, mark, content_type in MAGIC:
        if head[offset : offset + len(mark)] == mark:
            return content_type
    if head.startswith(b"PK\x03\x04") and (found := _office_type(upload)):
        return found
    raise FileRefused(
        _("%(name)s is not a photo (JPEG, PNG, WebP), a PDF, a Word or an Excel file.") % {"name": upload.name}
    )


def _office_type(upload: UploadedFile) -> str | None:
    try:
        upload.seek(0)
        names = set(zipfile.ZipFile(upload).namelist())
    except zipfile.BadZipFile:
        return None
    return next((kind for inside, kind in OFFICE.items() if inside in names), None)


def attach(
    uploads: Iterable[UploadedFile],
    subject: models.Model,
    *,
    by: Any,
    visibility: str = "client",
) -> list[Attachment]:
    """Keep files with `subject`, in the caller's transaction; images are prepared by the worker.

    Raises FileRefused, and then nothing is kept.
    """
    return [_keep(upload, sniff(upload), subject, by=by, visibility=visibility) for upload in list(uploads)]


def _keep(upload: UploadedFile, content_type: str, subject: models.Model, *, by: Any, visibility: str) -> Attachment:
    upload.seek(0)
    content = upload.read()
    image = content_type in IMAGES
    attachment = Attachment(
        subject_kind=kind_of(subject),
        subject_id=str(subject.pk),
        scope_customer_id=getattr(subject, "scope_customer_id", None),
        visibility=visibility,
        kind=AttachmentKind.IMAGE if image else AttachmentKind.DOCUMENT,
        name=clean_name(upload.name or ""),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        state=AttachmentState.PENDING if image else AttachmentState.READY,
        uploaded_by_id=by.pk if by else None,
        uploaded_at=clock.now(),
    )
    _store(attachment.file, content)
    attachment.save(force_insert=True)
    if image:
        jobs.enqueue(PREPARE, str(attachment.pk))
    return attachment


def _store(field: FieldFile, content: bytes) -> None:
    """Write a file under a random name; it goes away again if the surrounding action fails."""
    name = storage_path(field.instance, "")
    undo_on_failure(lambda: field.storage.delete(name))
    field.name = field.storage.save(name, ContentFile(content))


def clean_name(name: str) -> str:
    """A file's name as data: printable, no path, no direction marks, at most 120 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(c for c in last if c.isprintable() and c not in '<>"').strip(". ")
    return kept[-120:] or str(_("file"))


@jobs.job(PREPARE)
def prepare_image(attachment_id: str) -> None:
    """Decode, turn upright, shrink, drop EXIF and make a thumbnail; what does not decode is refused.

    A disk that does not read or write is no fault of the photo: the error is raised and the job comes back.
    """
    attachment = Attachment.objects.get(pk=uuid.UUID(attachment_id))
    if attachment.state != AttachmentState.PENDING:
        return
    original = attachment.file.name
    try:
        with attachment.file.open("rb") as file:
            photo = _upright(file.read())
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        if getattr(error, "errno", None):
            raise
        Attachment.objects.filter(pk=attachment.pk).update(state=AttachmentState.REFUSED)
        return
    full = _encoded(photo, PHOTO_SIDE)
    attachment.content_type = "image/webp"
    attachment.size, attachment.sha256 = len(full), hashlib.sha256(full).hexdigest()
    attachment.state = AttachmentState.READY
    with undoing(), transaction.atomic():
        _store(attachment.file, full)
        _store(attachment.thumbnail, _encoded(photo, THUMBNAIL_SIDE))
        attachment.save()
        jobs.enqueue(REMOVE, original, after=KEPT_FOR_BACKUPS)


@jobs.job(REMOVE)
def remove_original(name: str) -> None:
    """Delete the upload behind a prepared photo, once no backup under way can still need it."""
    if not Attachment.objects.filter(file=name).exists():
        Attachment.file.field.storage.delete(name)


def _upright(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content), formats=["JPEG", "PNG", "WEBP"])
    if image.width * image.height > LARGEST_PIXELS:
        raise ValueError("too many pixels")
    return ImageOps.exif_transpose(image).convert("RGB")


def _encoded(photo: Image.Image, side: int) -> bytes:
    copy = photo.copy()
    copy.thumbnail((side, side))
    target = io.BytesIO()
    copy.save(target, "WEBP", quality=82, method=3)
    return target.getvalue()


def attachments_of(subject: models.Model) -> QuerySet[Attachment]:
    """The files of a subject, oldest first; UUIDv7 keys sort by time."""
    return Attachment.objects.filter(subject_kind=kind_of(subject), subject_id=str(subject.pk)).order_by("id")


def get_attachment(user: Any, attachment_id: uuid.UUID) -> Attachment:
    """A file the person may open: the room of its subject decides. Raises NotFound."""
    found = Attachment.objects.filter(pk=attachment_id).first()
    if found is None or not file_scopes.get(found.subject_kind, _nobody)(user, found):
        raise NotFound
    return found


def content_of(attachment: Attachment, *, small: bool) -> FieldFile | None:
    """The bytes to serve; None while an image is being prepared, whose original is never shown.

    Raises NotFound for what was refused, and for a document in small.
    """
    if attachment.state == AttachmentState.PENDING:
        return None
    content = attachment.thumbnail if small else attachment.file
    if attachment.state == AttachmentState.REFUSED or not content:
        raise NotFound
    return content.open("rb")


def _nobody(_user: Any, _attachment: Attachment) -> bool:
    return False
