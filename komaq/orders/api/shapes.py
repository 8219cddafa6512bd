"""What several doors of the room share: bounded texts, moments of work, audiences, names of fields."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from komaq.accounts.choices import CLIENTS, OFFICE, TECHNICIANS, Role, only
from komaq.core import clock
from komaq.core.access import either
from komaq.core.api.shapes import Moment, Words
from komaq.core.refusals import Refusal
from komaq.orders.choices import ApprovalGround, ClientStatus, OrderStatus, PauseReason

EVERYONE = either(OFFICE, TECHNICIANS, CLIENTS)
WORKERS = either(OFFICE, TECHNICIANS)
OPENERS = only(Role.SUPERVISOR, Role.MANAGER, Role.SALES)
YEARS = range(2000, 2100)

Title = Words(120)
TaskTitle = Words(160)
ShortReason = Words(120)
Minutes = Annotated[int, Field(ge=1, le=60_000, strict=True)]
Remark = Words(4000)
Story = Words(2000)
Message = Words(1000)
Place = Words(200)
StatusWord = Literal[(*OrderStatus.values, *ClientStatus.values)]
"""A status of ours or one of the client's four words."""
ReasonCode = Literal[(*ApprovalGround.values, *PauseReason.values)]
"""Why an order needs no quote, or why it pauses."""


def in_working_years(value: datetime.datetime) -> datetime.datetime:
    if value.year not in YEARS:
        raise PydanticCustomError("year", "Give a year between 2000 and 2099.")
    return value


def morning_of(value: Any) -> Any:
    """A day stands for its first moment in Lima."""
    if isinstance(value, str) and len(value) == len("2026-11-28"):
        try:
            return clock.lima(datetime.date.fromisoformat(value))
        except ValueError:
            return value
    return value


def night_of(value: Any) -> Any:
    """A day at the end of a span counts whole: it stands for the first moment of the next one."""
    first = morning_of(value)
    known = isinstance(first, datetime.datetime) and first.year in YEARS
    return first + datetime.timedelta(days=1) if known else first


WorkMoment = Annotated[Moment, AfterValidator(in_working_years)]
"""When work happens or is promised: ISO 8601 with offset, a year somebody may mean."""
DayOrMoment = Annotated[WorkMoment, BeforeValidator(morning_of)]
"""A day (its first moment in Lima) or a moment with offset."""
DayOrMomentAfter = Annotated[WorkMoment, BeforeValidator(night_of)]
"""The end of a span: a day, which still belongs to it, or a moment, which does not."""


@contextmanager
def told_as(**names: str) -> Iterator[None]:
    """Let refusals name the fields of the body: `told_as(starts_at="start")`."""
    try:
        yield
    except Refusal as refusal:
        refusal.field = names.get(refusal.field or "", refusal.field)
        raise


def key_of(value: Any) -> str | None:
    """A key going out, null where there is none."""
    return None if value is None else str(value)
