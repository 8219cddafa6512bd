"""What a letter to a supplier is: a value that actions send. A supplier has no account: the address is all we know."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from komaq.comms.notices import Fact
from komaq.supply.models import Supplier


@dataclass(frozen=True)
class Letter:
    """Texts are lazy translations, written in the supplier's language. `link` is where the button leads."""

    title: str
    lines: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    button: str = ""
    link: str = ""


def written(letter: Letter, supplier: Supplier) -> dict[str, Any]:
    """The letter as `core.mail.queue` takes it: subject, text, html."""
    with translation.override(supplier.language):
        facts = {"letter": letter, "supplier": supplier, "site": settings.SITE_URL}
        return {
            "subject": str(letter.title),
            "text": render_to_string("supply/letter.txt", facts),
            "html": render_to_string("supply/letter.html", facts),
        }
