"""A list as programs read it: bounded, sorted, by cursor."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from komaq.core import lists
from komaq.core.api.shapes import Query


def page_of(rows: QuerySet, wanted: Query, *, sorts: dict[str, lists.Sort]) -> lists.Page:
    """The page a program asks for. A sort or cursor we never gave is a bad parameter."""
    sort = getattr(wanted, "sort", None)
    try:
        return lists.page(rows, sorts=sorts, sort=sort, cursor=wanted.cursor, size=wanted.limit)
    except lists.BadPlace as error:
        raise HttpError(400, _("That cursor is not one of this list.")) from error
