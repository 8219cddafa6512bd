"""Moments as whole seconds and days as numbers: what a million orders can afford. Lima has no summer time."""

import datetime

from komaq.core import clock

DAY = 86_400
HOUR = 3_600
EPOCH = datetime.date(1970, 1, 1)
LIMA = 5 * HOUR
SUNDAY = 6

_days: dict[int, str] = {}
_clock = [f" {minute // 60:02d}:{minute % 60:02d}:" for minute in range(1440)]
_seconds = [f"{second:02d}" for second in range(60)]


def today() -> int:
    """The legal day as a number."""
    return (clock.today() - EPOCH).days


def date_of(day: int) -> datetime.date:
    return EPOCH + datetime.timedelta(days=day)


def is_sunday(day: int) -> bool:
    return (day + 3) % 7 == SUNDAY


def at(day: int, hour: int = 0, minute: int = 0) -> int:
    """A moment of a day by the clock in Lima."""
    return day * DAY + LIMA + hour * HOUR + minute * 60


def day_of(moment: int) -> int:
    """The day in Lima."""
    return (moment - LIMA) // DAY


def stored(moment: int) -> str:
    """How both databases take a moment: UTC, without zone."""
    day, second = divmod(moment, DAY)
    text = _days.get(day)
    if text is None:
        text = _days[day] = date_of(day).isoformat()
    minute, second = divmod(second, 60)
    return text + _clock[minute] + _seconds[second]


def iso(moment: int) -> str:
    """How payloads keep a moment."""
    return stored(moment).replace(" ", "T") + "Z"
