"""Typeset documents: a Typst template of a room, and data that no template reads as markup.

Templates lie beside the HTML ones (`<room>/templates/<room>/name.typ`) and share `core/templates/core/paper.typ`.
The typesetter sees the files of the package and our own font, nothing of the machine and nothing of the network.
"""

import datetime
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import translation
from django.utils.translation import gettext as _

from komaq.core import clock

PACKAGE = Path(__file__).parents[1]
FONTS = Path(__file__).parent / "fonts"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[FONTS])


def typeset(template: str, data: dict[str, Any], *, made_at: datetime.datetime | None = None) -> bytes:
    """The PDF of `room/name.typ` with `data`, in the active language; the same bytes for the same data and moment."""
    room = template.partition("/")[0]
    whole = {**data, "company": settings.COMPANY, "language": (translation.get_language() or "es")[:2]}
    whole["words"] = {"page": _("Page"), "of": _("of"), **data.get("words", {})}
    return typst.compile(
        PACKAGE / room / "templates" / template,
        root=PACKAGE,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False)},
        timestamp=int((made_at or clock.now()).timestamp()),
    )


def qr(text: str) -> str:
    """A QR code as an SVG of its own, for a template's `image(bytes(…))`."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind="svg", border=0, scale=1, xmldecl=False)
    return target.getvalue().decode()
