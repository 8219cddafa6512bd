"""Claims: which wait, and what they are about."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from komaq.core.search import matching
from komaq.supply.choices import ClaimKind
from komaq.supply.models import Claim, ReceiptLine


def is_of_stock(claim: Claim) -> bool:
    """Whether the goods had been taken into stock: the first claim of a line that refused some is about those."""
    row = claim.receipt_line
    first = row.claims.order_by("pk").values_list("pk", flat=True).first()
    return claim.kind != ClaimKind.SHORT and not (row.refused and claim.pk == first)


def claimed_of_stock(row: ReceiptLine) -> Decimal:
    """How many of a line's accepted goods were claimed already."""
    total = row.claims.exclude(kind=ClaimKind.SHORT).aggregate(total=Sum("quantity"))["total"] or Decimal(0)
    return total - row.refused


def filter_claims(
    rows: QuerySet[Claim], *, states: Iterable[str] = (), q: str = "", purchase: Any = None, kind: str = ""
) -> QuerySet[Claim]:
    """Narrow a list of claims; what is empty narrows nothing."""
    wanted = {"state__in": list(states), "receipt_line__receipt__purchase": purchase, "kind": kind}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return matching(rows, q, "receipt_line__receipt__purchase__search") if q else rows
