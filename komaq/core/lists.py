"""Lists by keyset: sorted, filtered, searched, paged and exported, their whole state in the address."""

import base64
import datetime
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, StreamingHttpResponse

PAGE = 50
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Sort:
    """A way to sort: `column` with ties broken by id; `descending` or not."""

    column: str
    descending: bool = False


@dataclass
class Page:
    """One page of a list and the cursor of the next."""

    items: list
    next: str | None
    sort: str
    sorts: dict[str, Sort] = field(default_factory=dict)


class BadPlace(ValueError):
    """A sort or cursor we never gave."""


def page_of(rows: QuerySet, http: HttpRequest, *, sorts: dict[str, Sort], size: int = PAGE) -> Page:
    """The page of `rows` that the address asks for. The first entry of `sorts` is the default.

    Raises Http404 for a sort or cursor we never gave.
    """
    try:
        return page(rows, sorts=sorts, sort=http.GET.get("sort"), cursor=http.GET.get("cursor"), size=size)
    except BadPlace as error:
        raise Http404 from error


def page(rows: QuerySet, *, sorts: dict[str, Sort], sort: str | None, cursor: str | None, size: int) -> Page:
    """At most `size` of `rows` in the order `sort`, from `cursor` on. Raises BadPlace."""
    name = sort or next(iter(sorts))
    if name not in sorts:
        raise BadPlace
    sort = sorts[name]
    sign = "-" if sort.descending else ""
    rows = rows.order_by(f"{sign}{sort.column}", f"{sign}pk")
    if cursor:
        rows = _beyond(rows, sort, cursor)
    items = list(rows[: size + 1])
    following = _cursor(items[size - 1], sort) if len(items) > size else None
    return Page(items[:size], following, name, sorts)


def _beyond(rows: QuerySet, sort: Sort, cursor: str) -> QuerySet:
    value, key = _read(cursor)
    way = "lt" if sort.descending else "gt"
    try:
        if sort.column == "pk":
            return rows.filter(**{f"pk__{way}": key})
        onward = rows.filter(**{f"{sort.column}__{way}e": value})  # a bound that an index can begin at
        return onward.exclude(**{sort.column: value, f"pk__{'gte' if sort.descending else 'lte'}": key})
    except (ValidationError, ValueError, TypeError) as error:
        raise BadPlace from error


def _cursor(item: Any, sort: Sort) -> str:
    """The place after an item: a thing of a model, or a line that has the sorted column by its own name."""
    value = item
    for name in [sort.column] if hasattr(item, sort.column) else sort.column.split("__"):
        value = getattr(value, name)
    value = value.isoformat() if isinstance(value, datetime.date) else value
    return base64.urlsafe_b64encode(json.dumps([value, item.pk], cls=DjangoJSONEncoder).encode()).decode()


def _read(cursor: str) -> tuple[Any, Any]:
    try:
        value, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, TypeError) as error:
        raise BadPlace from error
    if any(not isinstance(each, str | int) or len(str(each)) > 200 for each in (value, key)):
        raise BadPlace
    if any(isinstance(each, int) and abs(each) >= 2**63 for each in (value, key)):
        raise BadPlace
    return value, key


def safe_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula; `bare_cell` gives the text back."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def bare_cell(text: str) -> str:
    """What stood in a cell before `safe_cell`."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(FORMULA) else text


def csv_response(name: str, header: list[str], rows: Iterator[list]) -> StreamingHttpResponse:
    """A streamed CSV (UTF-8 with mark, so that spreadsheets read the accents)."""

    def lines() -> Iterator[str]:
        yield "\ufeff"
        yield _line(header)
        for row in rows:
            yield _line(row)

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _line(cells: list) -> str:
    return ",".join('"' + safe_cell(cell).replace('"', '""') + '"' for cell in cells) + "\r\n"
