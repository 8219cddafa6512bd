"""The product's clock: UTC inside, Lima outside. Demo and tests may travel; nobody else."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from zoneinfo import ZoneInfo

from django.utils import timezone

LIMA = ZoneInfo("America/Lima")
_moment: ContextVar[datetime.datetime | None] = ContextVar("moment", default=None)


def now() -> datetime.datetime:
    """The present, aware, in UTC."""
    return _moment.get() or timezone.now()


def today() -> datetime.date:
    """The legal date: the day in Lima."""
    return now().astimezone(LIMA).date()


def lima(day: datetime.date, hour: int = 0, minute: int = 0) -> datetime.datetime:
    """A moment of a day by the clock in Lima."""
    return datetime.datetime.combine(day, datetime.time(hour, minute), LIMA)


@contextmanager
def travel(moment: datetime.datetime) -> Iterator[None]:
    """Let `now()` be `moment` inside the block. For demo history and tests alone."""
    token = _moment.set(moment.astimezone(datetime.UTC))
    try:
        yield
    finally:
        _moment.reset(token)
