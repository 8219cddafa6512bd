"""What a meter shows, and whether that can be true."""

import datetime
import math
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from komaq.accounts.models import User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Refusal, require
from komaq.fleet import rules
from komaq.fleet.choices import MOST_PER_HOUR, ReadingSource
from komaq.fleet.models import Machine, MeterReading

HOUR = datetime.timedelta(hours=1)
MOST = Decimal(10_000_000)
OLDEST = 2000


class BelowLast(Refusal):
    """A meter never runs backwards."""

    field = "value"


class AboveNext(Refusal):
    """A reading taken later already shows less."""

    field = "value"


class TooFast(Refusal):
    """A machine works no more than 24 hours a day."""

    field = "value"


class InFuture(BadInput):
    """Nobody has read that yet."""

    message = _("The date and time lie in the future.")
    field = "read_at"


class TooLongAgo(BadInput):
    """A slip of the pen in the year."""

    message = _("That is too long ago: check the year.")
    field = "read_at"


class NoSuchReading(BadInput):
    """A meter shows no negative and no endless number."""

    message = _("Write what the meter shows, for example 12486.5.")
    field = "value"


class ReasonNeeded(BadInput):
    """A new meter is noted together with why."""

    message = _("Say why the meter was replaced.")
    field = "note"


@action
def record_reading(
    *,
    machine: Machine,
    value: Decimal,
    read_at: datetime.datetime,
    source: str,
    by: User,
    note: str = "",
    replaced: bool = False,
) -> MeterReading:
    """Note what the meter showed. The same reading again is the one noted before.

    `replaced` starts a new meter, with its reason in `note`. Raises NotAllowed, NoSuchReading, InFuture,
    TooLongAgo, ReasonNeeded, BelowLast, AboveNext, TooFast.
    """
    machine = lock(machine)
    require(rules.can_record_reading(by, machine))
    require(value.is_finite() and 0 <= value < MOST, else_=NoSuchReading())
    require(read_at.year >= OLDEST, else_=TooLongAgo())
    require(read_at <= clock.now(), else_=InFuture())
    require(bool(note.strip()) or not replaced, else_=ReasonNeeded())
    readings = MeterReading.objects.filter(machine=machine)
    same = readings.filter(read_at=read_at, value=value).first()
    if same:
        return same
    before = readings.filter(read_at__lte=read_at).order_by("-read_at", "-id").first()
    after = readings.filter(read_at__gt=read_at).order_by("read_at", "id").first()
    if not replaced:
        _check(machine, value, read_at, before, after)
    reading = MeterReading.objects.create(
        machine=machine,
        value=value,
        read_at=read_at,
        source=ReadingSource(source),
        note=note.strip(),
        recorded_by_id=by.pk,
        recorded_at=clock.now(),
    )
    if after is None:
        Machine.objects.filter(pk=machine.pk).update(meter=value, meter_at=read_at)
    facts = {"value": value, "read_at": read_at, "source": source, "replaced": replaced}
    trail.record("fleet.meter_read", machine, by=by, visibility="client", **facts)
    return reading


def _check(
    machine: Machine,
    value: Decimal,
    read_at: datetime.datetime,
    before: MeterReading | None,
    after: MeterReading | None,
) -> None:
    if before:
        require(value >= before.value, else_=_below(machine, before))
        _check_pace(machine, before, value, read_at)
    if after and not (before and after.value < before.value):
        require(value <= after.value, else_=_above(machine, after))


def _check_pace(machine: Machine, before: MeterReading, value: Decimal, read_at: datetime.datetime) -> None:
    passed = math.ceil((read_at - before.read_at) / HOUR)
    most = before.value + passed * MOST_PER_HOUR[machine.meter_unit]
    words = _("Since {last} of {on} it cannot have gone beyond {most}. Check the number and the date.")
    require(value <= most, else_=TooFast(format_lazy(words, **_words(machine, before), most=_shown(most, machine))))


def _below(machine: Machine, before: MeterReading) -> BelowLast:
    words = _("The last reading was {last} of {on}. If the meter was replaced, tick it and say why.")
    return BelowLast(format_lazy(words, **_words(machine, before)))


def _above(machine: Machine, after: MeterReading) -> AboveNext:
    words = _("A later reading shows less: {last} of {on}. Check the number and the date.")
    return AboveNext(format_lazy(words, **_words(machine, after)))


def _words(machine: Machine, reading: MeterReading) -> dict[str, str]:
    on = reading.read_at.astimezone(clock.LIMA).strftime("%d/%m/%Y %H:%M")
    return {"last": _shown(reading.value, machine), "on": on}


def _shown(value: Decimal, machine: Machine) -> str:
    return f"{value:,.1f}\u00a0{machine.meter_unit}"
