"""What a part looks like."""

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import trail
from komaq.core.action import action
from komaq.core.files import IMAGES, FileRefused, attach, sniff
from komaq.core.models import Attachment
from komaq.core.refusals import require
from komaq.parts import rules
from komaq.parts.models import Part


@action
def photograph_part(*, part: Part, photo: UploadedFile, by: User) -> Attachment:
    """Keep a photo with a part; the newest is the one shown. Raises NotAllowed, FileRefused."""
    require(rules.can_manage_parts(by))
    try:
        require(sniff(photo) in IMAGES, else_=FileRefused(_("Choose a photo: JPEG, PNG or WebP.")))
        [kept] = attach([photo], part, by=by, visibility="internal")
    except FileRefused as refusal:
        raise FileRefused(str(refusal.message), field="photo") from refusal
    trail.record("parts.part_photographed", part, by=by, name=kept.name)
    return kept
