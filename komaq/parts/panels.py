"""What parts add elsewhere: search, files, inbox, a lamp, names of sources, the lists that go in and out."""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from komaq.accounts.choices import OFFICE
from komaq.accounts.models import User
from komaq.core import registry
from komaq.core.models import Attachment
from komaq.core.search import fold
from komaq.parts import actions, queries, rules
from komaq.parts.choices import LinkKind
from komaq.parts.forms import LINKS, PARTS, PartRow, names_of, part_rows
from komaq.parts.forms.stock import OPENING, StockRow, stock_rows

FOUND = 8
NAMED = 3


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


def short_of(user: User) -> Iterator[registry.InboxItem]:
    """One matter for whoever buys: what has fallen to its minimum."""
    if not rules.can_manage_parts(user):
        return
    short = list(queries.short_parts().order_by("free", "sort_key", "pk")[:100])
    if not short:
        return
    names = ", ".join(f"{each.number} ({rules.plain(each.free)})" for each in short[:NAMED])
    count = "99+" if len(short) > 99 else len(short)
    words = ngettext("%(count)s part at or below its minimum", "%(count)s parts at or below their minimum", len(short))
    yield registry.InboxItem(
        kind="parts.short",
        icon="part",
        code=_("Stock"),
        title=words % {"count": count},
        detail=names + (" …" if len(short) > NAMED else ""),
        url=reverse("parts:list") + "?short=on",
    )


def warnings(user: User) -> Iterator[registry.Lamp]:
    """The lamp of what has fallen to its minimum, for whoever buys."""
    if rules.can_manage_parts(user):
        url = reverse("parts:list") + "?short=on"
        yield registry.Lamp(pgettext("lamp", "short"), "part", url, "late", queries.short_parts(), dark_at_zero=True)


def aside_names(user: User, ids: Iterable[str]) -> dict[str, registry.SearchHit]:
    """What was set aside by hand is kept for nobody else than the part itself."""
    return {each: registry.SearchHit("bookmark", _("Set aside by hand"), "", "") for each in ids}


def stock_facts(user: User, since: datetime.datetime | None) -> Iterator[dict]:
    """What lies where and at what cost, as rows of a file."""
    for each in queries.stocks_since(user, since).iterator(chunk_size=500):
        held = each.part.holding
        yield {
            "number": each.part.number,
            "brand": each.part.brand,
            "warehouse": each.warehouse.code,
            "quantity": f"{rules.plain(each.on_hand):f}",
            "unit_cost": f"{rules.plain(rules.average_cost(held.quantity, held.value)):f}",
        }


def open_row(form: StockRow, user: User) -> None:
    """An opening balance, in the import's transaction. Raises Refusal."""
    actions.open_stock(by=user, **form.facts)


def stock_key(data: dict) -> tuple:
    """Two rows about one part in one warehouse, however written."""
    return fold(data["brand"]), rules.number_key(data["number"]), data["warehouse"].pk


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
registry.inbox.append(short_of)
registry.lamps.append(warnings)
registry.sources["parts.part"] = aside_names
registry.sheets["stock"] = registry.Sheet(
    columns=OPENING,
    forms=stock_rows,
    add=open_row,
    key=stock_key,
    rows=stock_facts,
    may_import=rules.can_manage_parts,
    may_export=rules.can_see_cost,
)
