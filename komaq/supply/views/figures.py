"""The figures of a supplier's record in words that need no handbook."""

from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from komaq.core.money import round_half_up
from komaq.supply.choices import ON_TIME_TOLERANCE_DAYS

GOOD, POOR = Decimal("0.9"), Decimal("0.7")


class Figure(NamedTuple):
    """A figure: what it is called, its value, what it rests on, how it is reckoned, and "good" or "late"."""

    label: str
    value: str
    basis: str
    why: str
    tone: str = ""


def told(record: Any) -> list[Figure]:
    """The figures of a record that have data, most telling first."""
    return [each for each in (*_kept(record), *_times(record), *_answers(record)) if each.value]


def _kept(record: Any) -> list[Figure]:
    due = ngettext("of %(count)d line due", "of %(count)d lines due", record.due) % {"count": record.due}
    came = ngettext("%(count)d line received", "%(count)d lines received", record.received) % {"count": record.received}
    limit = {"days": ON_TIME_TOLERANCE_DAYS}
    return [
        Figure(
            _("On time and in full"),
            share(record.on_time_in_full),
            due,
            _("All of it had come and was accepted by the first day it was promised for, plus %(days)s days.") % limit,
            tone(record.on_time_in_full),
        ),
        Figure(
            _("On time"),
            share(record.on_time),
            due,
            _("What came, came by the first day it was promised for, plus %(days)s days.") % limit,
            tone(record.on_time),
        ),
        Figure(
            _("In full"),
            share(record.in_full),
            due,
            _("Sooner or later everything that was ordered came and was accepted."),
            tone(record.in_full),
        ),
        Figure(
            _("Quality"),
            share(record.quality),
            came,
            _("How much of each line received was accepted, on average; the rest was wrong, damaged or missing."),
            tone(record.quality),
        ),
    ]


def _times(record: Any) -> list[Figure]:
    done = ngettext("%(count)d complete line", "%(count)d complete lines", record.done) % {"count": record.done}
    spread = _("give or take %(days)s") % {"days": days(record.lead_sigma)} if record.lead_sigma is not None else ""
    late = record.promise_mean is not None and record.promise_mean > ON_TIME_TOLERANCE_DAYS
    return [
        Figure(
            _("Days until delivery"),
            days(record.lead_mean),
            f"{spread} · {done}" if spread else done,
            _("From sending the order until the line was complete, on average; two of three come within the spread."),
        ),
        Figure(
            _("Against its promise"),
            signed_days(record.promise_mean),
            done,
            _("How many days after the first promise lines were complete, on average; with a minus, before it."),
            "late" if late else "",
        ),
    ]


def _answers(record: Any) -> list[Figure]:
    asked = ngettext("of %(count)d request", "of %(count)d requests", record.asked) % {"count": record.asked}
    parts = ngettext("%(count)d part", "%(count)d parts", record.priced) % {"count": record.priced}
    hours = record.response_hours
    return [
        Figure(
            _("Answers"),
            share(record.answered),
            asked,
            _("Requests for quotation it answered, of those it was asked in and whose deadline is over."),
            tone(record.answered),
        ),
        Figure(
            _("Time to answer"),
            "" if hours is None else _("%(hours)s h") % {"hours": round_half_up(hours, 1)},
            asked,
            _("From sending a request until the first answer, on average."),
        ),
        Figure(
            _("Change of prices"),
            signed_share(record.price_change),
            parts,
            _("From the first to the last price of the period, part by part and on average; in the same currency."),
        ),
    ]


def share(value: Decimal | None) -> str:
    return "" if value is None else f"{round_half_up(value * 100, 0)} %"


def signed_share(value: Decimal | None) -> str:
    return "" if value is None else f"{round_half_up(value * 100, 1):+} %"


def days(value: Decimal | None) -> str:
    return "" if value is None else _("%(days)s d") % {"days": round_half_up(value, 1)}


def signed_days(value: Decimal | None) -> str:
    return "" if value is None else _("%(days)s d") % {"days": f"{round_half_up(value, 1):+}"}


def tone(value: Decimal | None) -> str:
    """Green from nine of ten on, red under seven."""
    if value is None:
        return ""
    return "good" if value >= GOOD else "late" if value < POOR else ""
