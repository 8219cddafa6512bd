"""The lamps in the rail: what is wrong, counted in one read however many rooms hang lamps there."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from komaq.core import counts, registry

Source = Callable[[Any], Iterable[registry.Lamp]]


def lit_for(user: Any, sources: Iterable[Source] | None = None) -> list[dict]:
    """The lamps of a person with their counts, as the page draws them."""
    lamps = [lamp for source in (registry.lamps if sources is None else sources) for lamp in source(user)]
    if not lamps:
        return []
    found = counts.counted({str(place): _things(lamp) for place, lamp in enumerate(lamps)})
    return [
        {
            "label": lamp.label,
            "icon": lamp.icon,
            "url": lamp.url,
            "tone": lamp.tone,
            "count": counts.shown(found[str(place)]),
        }
        for place, lamp in enumerate(lamps)
        if found[str(place)] or not lamp.dark_at_zero
    ]


def _things(lamp: registry.Lamp) -> QuerySet:
    return lamp.rows.values(lamp.of) if lamp.of == "pk" else lamp.rows.order_by().values(lamp.of).distinct()
