"""Numbers without gaps: OS-2026-000123."""

from komaq.core import clock
from komaq.core.models import Sequence


def take(prefix: str) -> str:
    """The next code of a prefix in the current year, inside the caller's transaction.

    The row stays locked until that transaction ends and its roll-back gives the number back, so codes are
    unique and without gaps (ORD-4).
    """
    year = clock.today().year
    row, _made = Sequence.objects.select_for_update().get_or_create(prefix=prefix, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return f"{prefix}-{year}-{row.last:06d}"
