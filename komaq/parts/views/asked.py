"""What an address asks for, read with a distrustful eye."""

import datetime

from django.http import HttpRequest
from django.utils.dateparse import parse_date


def words(http: HttpRequest, name: str, longest: int = 80) -> str:
    """Some words."""
    return http.GET.get(name, "").replace("\0", " ").strip()[:longest]


def one_of(known: list[str], value: str) -> str:
    """A known code, or nothing."""
    return value if value in known else ""


def number(text: str) -> int | None:
    """The key of a thing, or None."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def day(http: HttpRequest, name: str) -> datetime.date | None:
    """A day of the years that people write about, or None."""
    try:
        found = parse_date(http.GET.get(name, ""))
    except ValueError:
        return None
    return found if found and 1990 <= found.year <= 2200 else None
