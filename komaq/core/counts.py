"""Counting for the eye: several lists in one statement, each up to a bound, so that size costs nothing."""

from collections.abc import Mapping

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

MOST = 999


def counted(lists: Mapping[str, QuerySet]) -> dict[str, int]:
    """How many rows each list of values has; MOST + 1 means more than MOST."""
    found, selects, values = dict.fromkeys(lists, 0), [], []
    for name, rows in lists.items():
        try:
            sql, given = rows.order_by()[: MOST + 1].query.sql_with_params()
        except EmptyResultSet:
            continue
        selects.append(f"SELECT %s, COUNT(*) FROM ({sql}) counted")  # noqa: S608  what Django wrote
        values += [name, *given]
    if selects:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(selects), values)
            found |= dict(cursor.fetchall())
    return found


def shown(count: int) -> int | str:
    """A count as a page says it: from MOST on only that there are more."""
    return f"{MOST}+" if count > MOST else count
