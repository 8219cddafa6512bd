"""Whose link a secret is."""

import hashlib

from django.db.models import QuerySet

from komaq.core import clock
from komaq.supply.models import SupplierLink

ABOUT = (
    "supplier",
    "invite__supplier",
    "invite__request__deliver_to",
    "invite__request__made_by__person",
    "purchase__supplier",
    "purchase__deliver_to",
    "purchase__made_by__person",
)


def link_behind(secret: str) -> SupplierLink | None:
    """The link that a secret opens now; None for what is unknown, ended or over: nobody can tell them apart."""
    digest = hashlib.sha256(secret.encode(errors="replace")).hexdigest()
    return _live().filter(digest=digest).first()


def link_of(key: int, digest: str) -> SupplierLink | None:
    """The link a cookie names, as long as it opens."""
    return _live().filter(pk=key, digest=digest).first()


def _live() -> QuerySet[SupplierLink]:
    rows = SupplierLink.objects.select_related(*ABOUT)
    return rows.filter(ended_at=None, expires_at__gt=clock.now(), supplier__is_open=True)
