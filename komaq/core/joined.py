"""Things with what belongs to them, in one read where prefetching would take one for each relation."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models import F, QuerySet


def read_with(rows: QuerySet, many: str, *ones: str) -> list[Any]:
    """The rows, each with its relation `many` as prefetching leaves it, by one statement.

    `ones` are followed from there like by select_related, nearest first. The order of `rows` also orders what
    belongs to them; rows cut to a number, or filtered through `many`, do not fit.
    """
    relation = rows.model._meta.get_field(many)
    parts = list(_parts(relation.related_model, many, ones))
    names = {f"_{part}_{place}": F(path) for part, (*_model, paths) in enumerate(parts) for place, path in paths}
    found: dict[Any, tuple[Any, list]] = {}
    for row in rows.annotate(**names):
        parent, children = found.setdefault(row.pk, (row, []))
        child = _built(row, parts)
        if child is not None:
            children.append(child)
            if relation.one_to_many:
                relation.field.set_cached_value(child, parent)
    for parent, children in found.values():
        _keep(parent, many, children)
    return [parent for parent, _children in found.values()]


def _parts(model: type[models.Model], many: str, ones: tuple[str, ...]) -> Iterator[tuple]:
    """(path, model, numbered columns) of what belongs to a row and of each thing followed from there."""
    for path in ("", *ones):
        here = model
        for name in filter(None, path.split("__")):
            here = here._meta.get_field(name).related_model
        start = f"{many}__{path}__" if path else f"{many}__"
        yield path, here, list(enumerate(start + column.attname for column in here._meta.concrete_fields))


def _built(row: Any, parts: list[tuple]) -> Any | None:
    """What one line holds beside its row: the thing with all that was followed, None where the row has none."""
    made: dict[str, Any] = {}
    for part, (path, model, paths) in enumerate(parts):
        values = [getattr(row, f"_{part}_{place}") for place, _path in paths]
        columns = [column.attname for column in model._meta.concrete_fields]
        empty = values[columns.index(model._meta.pk.attname)] is None
        thing = None if empty else model.from_db(row._state.db, columns, values)
        made[path] = thing
        before, _dot, name = path.rpartition("__")
        if path and made[before] is not None:
            type(made[before])._meta.get_field(name).set_cached_value(made[before], thing)
    return made[""]


def _keep(parent: Any, many: str, children: list) -> None:
    kept = getattr(parent, many).all()
    kept._result_cache, kept._prefetch_done = children, True
    if not hasattr(parent, "_prefetched_objects_cache"):
        parent._prefetched_objects_cache = {}
    parent._prefetched_objects_cache[many] = kept
