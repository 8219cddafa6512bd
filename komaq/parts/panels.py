"""What parts add elsewhere: the search, files, and the list that goes in and out."""

import datetime
from collections.abc import Iterator
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from komaq.accounts.choices import OFFICE
from komaq.accounts.models import User
from komaq.core import registry
from komaq.core.models import Attachment
from komaq.core.search import fold
from komaq.parts import actions, queries, rules
from komaq.parts.choices import LinkKind
from komaq.parts.forms import LINKS, PARTS, PartRow, names_of, part_rows

FOUND = 8


def find(user: User, words: str) -> Iterator[registry.SearchHit]:
    """Parts by number, pieces of a number, maker and name."""
    page = "parts:detail" if OFFICE.admits(user) else "parts:field-detail"
    for each in queries.find_parts(user, words, FOUND):
        free = _("%(quantity)s free") % {"quantity": rules.plain(each.free)}
        note = f"{each.part} · {each.part.get_grade_display()} · {free}"
        yield registry.SearchHit("part", each.part.name, note, reverse(page, args=[each.part.pk]))


def may_open_photo(user: User, attachment: Attachment) -> bool:
    """A photo of a part: whoever may look parts up."""
    return rules.can_see_parts(user)


def part_facts(user: User, since: datetime.datetime | None) -> Iterator[dict]:
    """Parts as rows of a file."""
    own = ("number", "brand", "name", "category", "grade", "unit", "description")
    for part, links in queries.part_sheet(user, since):
        yield {
            **{name: getattr(part, name) for name in own},
            **{name: _text(getattr(part, name)) for name in ("price", "minimum", "maximum")},
            **{name: names_of(others) for name, others in links.items()},
            "fits": names_of(each.model for each in part.fits.all()),
            "is_open": "1" if part.is_open else "0",
        }


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{rules.plain(value):f}"


def add_row(form: PartRow, user: User) -> None:
    """A part with its links, in the import's transaction. Raises Refusal."""
    part = actions.create_part(by=user, **form.facts)
    for name, kind in LINKS.items():
        for other in form.cleaned_data[name]:
            if name == "replaces":
                actions.link_parts(part=other, other=part, kind=LinkKind.SUPERSEDED_BY, by=user)
            else:
                actions.link_parts(part=part, other=other, kind=kind, by=user)


def key_of(data: dict) -> tuple:
    """Two rows about one part: brand and number, however written."""
    return fold(data["brand"]), rules.number_key(data["number"])


registry.sheets["parts"] = registry.Sheet(
    columns=PARTS,
    forms=part_rows,
    add=add_row,
    key=key_of,
    rows=part_facts,
    may_import=rules.can_manage_parts,
    may_export=rules.can_see_price,
)
registry.searches.append((gettext_lazy("Parts"), find))
registry.file_scopes["parts.part"] = may_open_photo
