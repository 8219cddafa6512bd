"""JSON as strict as its standard: nothing twice, nothing that is no number, nothing a database cannot keep."""

import json
import re
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

UNKEPT = re.compile("[\0\ud800-\udfff]")


def read_json(body: bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises ValueError, RecursionError."""
    value = json.loads(body.decode(), object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    _check_texts(value)
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _check_texts(value: Any) -> None:
    """No NUL and no half of a pair anywhere: PostgreSQL keeps neither."""
    if isinstance(value, str) and UNKEPT.search(value):
        raise ValueError("text that cannot be kept")
    if isinstance(value, dict):
        for name, inner in value.items():
            _check_texts(name)
            _check_texts(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_texts(inner)


class StrictParser(Parser):
    """Reads bodies for the API; whatever it raises is answered 400."""

    def parse_body(self, request: HttpRequest) -> Any:
        return read_json(request.body)
