from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile

from komaq.accounts.models import User
from komaq.core import mail
from komaq.core.models import OutgoingEmail
from komaq.supply.models import Supplier
from komaq.supply.notices.letters import Letter, written


def write_to_supplier(
    supplier: Supplier, letter: Letter, *, to: str, by: User | None, papers: Iterable[UploadedFile] = ()
) -> OutgoingEmail:
    """Queue a letter in the supplier's language, in the caller's transaction; answers reach the buyer `by`."""
    reply_to = by.email if by else ""
    return mail.queue(to=to, to_name=supplier.name, reply_to=reply_to, papers=papers, **written(letter, supplier))
