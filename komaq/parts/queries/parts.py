"""Reads of the catalogue, always for someone."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Case, CharField, Exists, F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Cast, Coalesce

from komaq.accounts.models import User
from komaq.core import trail
from komaq.core.joined import read_with
from komaq.core.models import Attachment, AttachmentKind, AttachmentState
from komaq.core.money import QuantityField
from komaq.core.refusals import NotFound
from komaq.core.search import fold, matching
from komaq.fleet import queries as fleet
from komaq.fleet.models import MachineModel
from komaq.parts import rules
from komaq.parts.choices import LinkKind
from komaq.parts.models import Part, PartFit, PartLink, Stock
from komaq.parts.queries.stock import NOTHING, short_parts, with_free

FOUND = 12
SLICE = 500
FURTHEST = 20
"""How many times a part may have been replaced before we stop following."""

SUCCESSORS = """
WITH RECURSIVE successors(id, steps) AS (
  SELECT CAST(%s AS bigint), 0
  UNION
  SELECT link.other_id, successors.steps + 1
  FROM parts_partlink AS link JOIN successors ON link.part_id = successors.id
  WHERE link.kind = 'superseded_by' AND successors.steps < %s
)
SELECT id, MAX(steps) FROM successors WHERE steps > 0 GROUP BY id
"""


WAYS = ("replaced_by", "equivalent", "replaces")


@dataclass(frozen=True)
class Link:
    """A link as one of its parts sees it: `way` is replaced_by, equivalent or replaces; `other` is the far end."""

    link: PartLink
    way: str
    other: Part


@dataclass(frozen=True)
class Offered:
    """A part that may be taken: `why` is "itself", "successor" or "equivalent"; `free` is not reserved, in its unit.

    `is_superseded` says that a newer number has taken its place.
    """

    part: Part
    why: str
    on_hand: Decimal
    free: Decimal
    is_superseded: bool = False


def parts_visible_to(user: User) -> QuerySet[Part]:
    """The whole catalogue for the office and technicians; nothing of it for clients and system administrators."""
    rows = Part.objects.select_related("holding")
    return rows if rules.can_see_parts(user) else rows.none()


def get_part(user: User, part_id: int) -> Part:
    """One part. Raises NotFound outside the person's scope."""
    found = parts_visible_to(user).filter(pk=part_id).first()
    if found is None:
        raise NotFound
    return found


def part_numbered(user: User, number: str, brand: str = "") -> Part | None:
    """The one part of that number, punctuation and case aside; None when there is none, or several without a brand."""
    rows = parts_visible_to(user).filter(number_key=rules.number_key(number))
    found = list((rows.filter(brand_key=fold(brand)[:40]) if brand else rows).exclude(number_key="")[:2])
    return found[0] if len(found) == 1 else None


def part_called(user: User, name: str) -> Part | None:
    """The one part named by brand and number, or by its number alone; None when there is none, or several."""
    words = name.split()[:8]
    splits = [(" ".join(words[:cut]), "".join(words[cut:])) for cut in range(len(words))]
    named = Q(pk__in=[])
    for brand, number in splits:
        key = Q(number_key=rules.number_key(number) or "-")
        named |= key & Q(brand_key=fold(brand)[:40]) if brand else key
    found = list(parts_visible_to(user).filter(named)[:2])
    return found[0] if len(found) == 1 else None


def filter_parts(
    rows: QuerySet[Part],
    *,
    q: str = "",
    grade: str = "",
    category: str = "",
    brand: str = "",
    model: int | str | None = None,
    warehouse: int | str | None = None,
    short: bool = False,
    is_open: bool | None = None,
) -> QuerySet[Part]:
    """Narrow the catalogue by words or a number, grade, category, maker, the machine model it fits, and stock.

    `warehouse` keeps what lies there, `short` what has fallen to its minimum.
    """
    rows = matching(rows, q) if q else rows
    rows = rows.filter(grade=grade) if grade else rows
    rows = rows.filter(category=category) if category else rows
    rows = rows.filter(brand_key=fold(brand)[:40]) if brand else rows
    rows = rows.filter(fits__model=model) if model else rows
    rows = rows.filter(stocks__warehouse=warehouse, stocks__on_hand__gt=0) if warehouse else rows
    rows = rows.filter(pk__in=short_parts().values("pk")) if short else rows
    return rows if is_open is None else rows.filter(is_open=is_open)


def with_stock(rows: QuerySet[Part]) -> QuerySet[Part]:
    """Rows that also say how much is `on_hand` and `free` in all warehouses."""
    mine = Stock.objects.filter(part=OuterRef("pk")).order_by().values("part")
    total = Subquery(mine.annotate(total=Sum("on_hand")).values("total"), output_field=QuantityField())
    return with_free(rows).annotate(on_hand=Coalesce(total, NOTHING, output_field=QuantityField()))


def brands(user: User) -> list[str]:
    """The makers of the catalogue, for a filter."""
    rows = parts_visible_to(user).order_by("brand_key").values("brand_key").annotate(shown=Min("brand"))
    return [row["shown"] for row in rows]


def models_fitted() -> QuerySet[MachineModel]:
    """The machine models that some part fits, for a filter."""
    return fleet.models_known().filter(pk__in=PartFit.objects.values("model"))


def models_of(part: Part) -> list[MachineModel]:
    """The machine models a part fits, by brand and name."""
    return list(fleet.models_known().filter(pk__in=part.fits.values("model")))


def parts_in_full(user: User) -> QuerySet[Part]:
    """Parts with their stock and the models they fit; one query more."""
    return with_stock(parts_visible_to(user)).prefetch_related("fits")


def parts_since(user: User, since: datetime.datetime | None) -> QuerySet[Part]:
    """The parts that were added or changed since a moment, as they were added; without one, all."""
    rows = parts_visible_to(user).order_by("pk")
    return rows.filter(Q(created_at__gte=since) | Q(pk__in=trail.touched_since(Part, since))) if since else rows


def part_sheet(user: User, since: datetime.datetime | None) -> Iterator[tuple[Part, dict[str, list[Part]]]]:
    """Parts as they were added, each with its links to parts added before it, by what the link says of it.

    Of two linked parts the later names the earlier, so that a file read from the top finds what it names. Those made
    or changed since a moment, or all; in slices, whatever their number.
    """
    rows = parts_since(user, since).prefetch_related(
        "fits__model",
        Prefetch("links", PartLink.objects.filter(other__lt=F("part")).select_related("other")),
        Prefetch("links_back", PartLink.objects.filter(part__lt=F("other")).select_related("part")),
    )
    for part in rows.iterator(chunk_size=SLICE):
        yield (
            part,
            {
                "equivalent_to": [
                    *(each.other for each in part.links.all() if each.kind == LinkKind.EQUIVALENT),
                    *(each.part for each in part.links_back.all() if each.kind == LinkKind.EQUIVALENT),
                ],
                "replaced_by": [each.other for each in part.links.all() if each.kind == LinkKind.SUPERSEDED_BY],
                "replaces": [each.part for each in part.links_back.all() if each.kind == LinkKind.SUPERSEDED_BY],
            },
        )


def get_part_in_full(user: User, part_id: int) -> Part:
    """One part with its stock and the models it fits. Raises NotFound."""
    found = parts_in_full(user).filter(pk=part_id).first()
    if found is None:
        raise NotFound
    return found


def links_of(part: Part) -> list[Link]:
    """What is linked with a part: what replaces it, what stands in for it, what it replaces; one query."""
    rows = PartLink.objects.filter(Q(part=part) | Q(other=part)).select_related("part", "other").order_by("pk")
    links = [Link(row, _way(row, part), row.other if row.part_id == part.pk else row.part) for row in rows]
    return sorted(links, key=lambda link: WAYS.index(link.way))


def _way(link: PartLink, part: Part) -> str:
    if link.kind == LinkKind.EQUIVALENT:
        return "equivalent"
    return "replaced_by" if link.part_id == part.pk else "replaces"


def get_link(user: User, link_id: int, part: Part | None = None) -> PartLink:
    """One link of a part. Raises NotFound outside the person's scope and for another part's."""
    rows = PartLink.objects.select_related("part", "other").filter(part__in=parts_visible_to(user).values("pk"))
    rows = rows.filter(Q(part=part) | Q(other=part)) if part else rows
    found = rows.filter(pk=link_id).first()
    if found is None:
        raise NotFound
    return found


def part_on_page(user: User, part_id: int) -> Part:
    """One part with its stock by warehouse, the most first, each with `free`, and `photo_id`; one query.

    The photo is the newest that could be read; None without one. Raises NotFound outside the person's scope.
    """
    photos = Attachment.objects.filter(
        subject_kind=trail.kind_of(Part), subject_id=Cast(OuterRef("pk"), CharField()), kind=AttachmentKind.IMAGE
    ).exclude(state=AttachmentState.REFUSED)
    rows = parts_visible_to(user).filter(pk=part_id).order_by("-stocks__on_hand", "stocks__pk")
    rows = rows.annotate(photo_id=Subquery(photos.order_by("-id").values("id")[:1]))
    [found] = read_with(rows, "stocks", "warehouse") or [None]
    if found is None:
        raise NotFound
    for stock in found.stocks.all():
        stock.free = stock.on_hand - stock.reserved
    return found


def find_parts(user: User, words: str, limit: int = FOUND) -> list[Offered]:
    """Parts in use that answer to words or pieces of a number, the exact number first; two queries."""
    key = rules.number_key(words)
    rank = Case(When(number_key=key, then=0), When(number_key__startswith=key, then=1), default=2)
    rows = filter_parts(parts_visible_to(user), q=words, is_open=True) if key else Part.objects.none()
    rows = with_stock(rows).annotate(rank=rank, is_superseded=_has_successor()).order_by("rank", "sort_key", "pk")
    return [Offered(part, "itself", part.on_hand, part.free, part.is_superseded) for part in rows[:limit]]


def _has_successor() -> Exists:
    return Exists(PartLink.objects.filter(part=OuterRef("pk"), kind=LinkKind.SUPERSEDED_BY))


def offered_for(part: Part) -> list[Offered]:
    """What may be taken for a part: its successors, the newest first; itself; then equivalents of any of them.

    What is out of use is offered no more, but for the part itself. Three queries.
    """
    steps = _successors(part)
    line = [part.pk, *steps]
    links = PartLink.objects.filter(Q(part__in=line) | Q(other__in=line), kind=LinkKind.EQUIVALENT)
    around = {key for pair in links.values_list("part_id", "other_id") for key in pair} - set(line)
    rows = with_stock(Part.objects.select_related("holding").filter(pk__in=[*line, *around]))
    rows = rows.annotate(is_superseded=_has_successor()).order_by("sort_key", "pk")
    offered = [
        Offered(each, _why(each, part, steps), each.on_hand, each.free, each.is_superseded)
        for each in rows
        if each.is_open or each.pk == part.pk
    ]
    return sorted(offered, key=lambda each: _place(each, steps))


def _successors(part: Part) -> dict[int, int]:
    """The parts that replace a part and how many steps away each is."""
    with connection.cursor() as cursor:
        cursor.execute(SUCCESSORS, [part.pk, FURTHEST])
        return {key: steps for key, steps in cursor.fetchall() if key != part.pk}


def _why(each: Part, part: Part, steps: dict[int, int]) -> str:
    if each.pk == part.pk:
        return "itself"
    return "successor" if each.pk in steps else "equivalent"


def _place(offered: Offered, steps: dict[int, int]) -> tuple[int, int, bool]:
    kind = ("successor", "itself", "equivalent").index(offered.why)
    return kind, -steps.get(offered.part.pk, 0), offered.free <= 0
