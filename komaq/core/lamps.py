"""The lamps in the rail: what is wrong, counted in one read however many rooms hang lamps there."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, QuerySet, Value

from komaq.core import registry

Source = Callable[[Any], Iterable[registry.Lamp]]


def lit_for(user: Any, sources: Iterable[Source] | None = None) -> list[dict]:
    """The lamps of a person with their counts, as the page draws them."""
    lamps = [lamp for source in (registry.lamps if sources is None else sources) for lamp in source(user)]
    if not lamps:
        return []
    first, *others = (_counted(place, lamp) for place, lamp in enumerate(lamps))
    counts = dict(first.union(*others, all=True) if others else first)
    return [
        {"label": lamp.label, "icon": lamp.icon, "url": lamp.url, "tone": lamp.tone, "count": counts.get(place, 0)}
        for place, lamp in enumerate(lamps)
        if counts.get(place) or not lamp.dark_at_zero
    ]


def _counted(place: int, lamp: registry.Lamp) -> QuerySet:
    rows = lamp.rows.select_related(None).order_by().annotate(place=Value(place)).values("place")
    return rows.annotate(lit=Count(lamp.of, distinct=True)).values_list("place", "lit")
