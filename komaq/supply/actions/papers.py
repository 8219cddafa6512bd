"""Papers of a supplier: certificates, lists, contracts, each with the day it ends."""

import datetime
from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import trail
from komaq.core.action import action
from komaq.core.files import attach
from komaq.core.models import Attachment
from komaq.core.refusals import BadInput, require
from komaq.supply import rules
from komaq.supply.models import Supplier


class FileNeeded(BadInput):
    message = _("Choose a file.")
    field = "files"


@action
def keep_papers(
    *,
    supplier: Supplier,
    files: Iterable[UploadedFile],
    by: User,
    title: str = "",
    ends_on: datetime.date | None = None,
) -> list[Attachment]:
    """Keep files with a supplier, for those who see suppliers. Raises NotAllowed, FileNeeded, FileRefused."""
    require(rules.can_buy(by))
    uploads = list(files)
    require(bool(uploads), else_=FileNeeded())
    kept = attach(uploads, supplier, by=by, visibility="internal")
    for each in kept:
        each.caption = rules.caption_of(title, ends_on)
        each.save(update_fields=["caption"])
    names = [each.name for each in kept]
    trail.record("supply.papers_kept", supplier, by=by, names=names, title=title, ends_on=ends_on)
    return kept
