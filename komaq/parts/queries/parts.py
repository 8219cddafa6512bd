"""Reads of the catalogue, always for someone."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from komaq.accounts.models import User
from komaq.core.money import QuantityField
from komaq.core.refusals import NotFound
from komaq.core.search import fold, matching
from komaq.parts import rules
from komaq.parts.choices import LinkKind
from komaq.parts.models import Part, PartLink, Stock
from komaq.parts.queries.stock import NOTHING, short_parts, with_free

FOUND = 12
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
    rows = parts_visible_to(user).order_by("brand_key").values_list("brand_key", "brand").distinct()
    return list(dict(reversed(list(rows))).values())[::-1]


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
