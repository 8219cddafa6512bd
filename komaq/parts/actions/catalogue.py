"""The catalogue: parts, what stands in for them and what they fit."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Stale, require
from komaq.core.search import fold, search_text, sort_key
from komaq.fleet.models import MachineModel
from komaq.parts import rules
from komaq.parts.actions.posting import hold
from komaq.parts.actions.refusals import (
    BadCost,
    BrandNeeded,
    LimitsCrossed,
    LinkedBefore,
    LinkLoops,
    NameNeeded,
    NumberNeeded,
    NumberTaken,
    UnitInUse,
)
from komaq.parts.choices import Category, LinkKind
from komaq.parts.events import limits_changed
from komaq.parts.models import Holding, Part, PartFit, PartLink

SHOWN = (
    "brand",
    "number",
    "name",
    "description",
    "category",
    "grade",
    "unit",
    "price",
    "minimum",
    "maximum",
    "is_open",
)
LIMITS = frozenset({"minimum", "maximum", "is_open"})


@action
def create_part(
    *,
    brand: str,
    number: str,
    name: str,
    by: User,
    description: str = "",
    category: str = "other",
    grade: str = "original",
    unit: str = "NIU",
    price: Decimal | None = None,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    is_open: bool = True,
    fits: Iterable[MachineModel] = (),
) -> Part:
    """A new part of the catalogue, of which nothing is held yet.

    Raises NotAllowed, BrandNeeded, NumberNeeded, NameNeeded, NumberTaken, LimitsCrossed, BadCost.
    """
    require(rules.can_manage_parts(by))
    part = Part(created_at=clock.now(), is_open=is_open)
    facts = {"description": description, "category": category, "grade": grade, "unit": unit}
    limits = {"price": price, "minimum": minimum, "maximum": maximum}
    _write(part, {"brand": brand, "number": number, "name": name, **facts, **limits})
    Holding.objects.create(part=part)
    PartFit.objects.bulk_create([PartFit(part=part, model_id=key) for key in sorted({model.pk for model in fits})])
    trail.record("parts.part_created", part, by=by, brand=part.brand, number=part.number, name=part.name)
    if part.minimum is not None:
        limits_changed.send(Part, part=part, by=by)
    return part


@action
def change_part(
    *, part: Part, version: int, by: User, fits: Iterable[MachineModel] | None = None, **changes: object
) -> Part:
    """Change what the catalogue says of a part; fields that are not given stay.

    Raises Stale, UnitInUse and as create_part.
    """
    require(rules.can_manage_parts(by))
    hold([part])
    part = lock(part)
    if part.version != version:
        raise Stale(part)
    before = {name: getattr(part, name) for name in SHOWN}
    after = {**before, **{name: changes[name] for name in SHOWN if name in changes}}
    part.version += 1
    _write(part, after)
    after = {name: getattr(part, name) for name in SHOWN}
    if fits is not None:
        before["fits"], after["fits"] = _fit(part, fits)
    changed = [name for name in after if before[name] != after[name]]
    require("unit" not in changed or not part.moves.exists(), else_=UnitInUse())
    trail.record(
        "parts.part_changed",
        part,
        by=by,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
    if LIMITS.intersection(changed):
        limits_changed.send(Part, part=part, by=by)
    return part


def _write(part: Part, facts: dict) -> None:
    for name, value in facts.items():
        setattr(part, name, value.strip() if isinstance(value, str) else value)
    fill_search(part)
    require(bool(part.brand), else_=BrandNeeded())
    require(bool(part.number_key), else_=NumberNeeded())
    require(bool(part.name), else_=NameNeeded())
    require(part.price is None or part.price >= 0, else_=BadCost(field="price"))
    crossed = part.minimum is not None and part.maximum is not None and part.maximum < part.minimum
    require(not crossed, else_=LimitsCrossed())
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError as error:
        if Part.objects.filter(brand_key=part.brand_key, number_key=part.number_key).exclude(pk=part.pk).exists():
            raise NumberTaken from error
        raise


def fill_search(part: Part) -> None:
    """The columns by which a part is told from others, found and sorted."""
    part.brand_key, part.number_key = fold(part.brand)[:40], rules.number_key(part.number)
    part.search = search_text(part.number, part.number_key, part.brand, part.name, *_category_words(part.category))
    part.sort_key = sort_key(f"{part.name} {part.brand} {part.number_key}")


@lru_cache(maxsize=len(Category))
def _category_words(category: str) -> list[str]:
    """What people call a category, in every language they may search in."""
    words = []
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words.append(str(Category(category).label))
    return words


def _fit(part: Part, models: Iterable[MachineModel]) -> tuple[list[int], list[int]]:
    """Let a part fit these models and no others; the keys of those it fitted before and fits now."""
    wanted, known = {model.pk for model in models}, set(part.fits.values_list("model_id", flat=True))
    part.fits.filter(model__in=known - wanted).delete()
    PartFit.objects.bulk_create([PartFit(part=part, model_id=key) for key in sorted(wanted - known)])
    return sorted(known), sorted(wanted)


@action
def link_parts(*, part: Part, other: Part, kind: str, by: User) -> PartLink:
    """Say that two parts are equivalent, or that `other` replaces `part`.

    Raises NotAllowed, LinkedBefore, LinkLoops.
    """
    require(rules.can_manage_parts(by))
    require(part.pk != other.pk, else_=LinkLoops())
    list(Part.objects.select_for_update().filter(pk__in=[part.pk, other.pk]).order_by("pk"))
    both = PartLink.objects.filter(part__in=[part, other], other__in=[part, other])
    require(not both.exists(), else_=LinkedBefore())
    require(kind != LinkKind.SUPERSEDED_BY or part.pk not in _successors(other), else_=LinkLoops())
    link = PartLink.objects.create(part=part, other=other, kind=kind)
    trail.record("parts.part_linked", part, by=by, other=str(other), other_id=other.pk, link_kind=kind)
    return link


def _successors(part: Part) -> set[int]:
    """The parts that replace a part, at any remove."""
    found, edge = set(), {part.pk}
    while edge:
        rows = PartLink.objects.filter(part__in=edge, kind=LinkKind.SUPERSEDED_BY)
        edge = set(rows.values_list("other_id", flat=True)) - found
        found |= edge
    return found


@action
def unlink_parts(*, link: PartLink, by: User) -> None:
    """Take a link back. Raises NotAllowed."""
    require(rules.can_manage_parts(by))
    part, other = link.part, link.other
    if PartLink.objects.filter(pk=link.pk).delete()[0]:
        trail.record("parts.part_unlinked", part, by=by, other=str(other), other_id=other.pk)
