import datetime

from komaq.accounts.models import Employee, User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import require
from komaq.orders import rules
from komaq.orders.actions.refusals import (
    AbsenceMeetsVisits,
    AbsenceOver,
    AbsenceReasonNeeded,
    AlreadyAbsent,
    BadAbsence,
    NotATechnician,
    span,
)
from komaq.orders.models import Absence
from komaq.orders.queries import planning


@action
def record_absence(
    *, technician: Employee, starts_at: datetime.datetime, ends_at: datetime.datetime, reason: str, by: User
) -> Absence:
    """Note that a technician cannot be sent for a span of time.

    Raises NotAllowed, BadAbsence, AbsenceReasonNeeded, NotATechnician, AlreadyAbsent, AbsenceMeetsVisits.
    """
    require(rules.can_plan_work(by))
    lock(technician)
    require(starts_at < ends_at and ends_at > clock.now(), else_=BadAbsence())
    require(bool(reason.strip()), else_=AbsenceReasonNeeded())
    able = planning.technicians(starts_at.astimezone(clock.LIMA).date())
    require(technician in able, else_=NotATechnician(technician, field="technician"))
    if other := planning.absence_of([technician], starts_at, ends_at):
        raise AlreadyAbsent(technician.name, span(other.starts_at, other.ends_at))
    if visits := planning.visits_within(technician, starts_at, ends_at):
        told = [f"{one.visit.order.code} ({span(one.starts_at, one.ends_at)})" for one in visits]
        raise AbsenceMeetsVisits(technician.name, ", ".join(told))
    absence = Absence.objects.create(
        technician=technician, starts_at=starts_at, ends_at=ends_at, reason=reason.strip()[:120]
    )
    _record("orders.absence_recorded", absence, by)
    return absence


@action
def end_absence(*, absence: Absence, by: User) -> None:
    """Let a technician be sent again: one that has begun ends now, one still ahead never happens.

    Raises NotAllowed, AbsenceOver.
    """
    require(rules.can_plan_work(by))
    absence = lock(absence)
    now = clock.now()
    require(absence.ends_at > now, else_=AbsenceOver())
    if absence.starts_at < now:
        absence.ends_at = now
        absence.save(update_fields=["ends_at"])
        _record("orders.absence_ended", absence, by)
    else:
        _record("orders.absence_ended", absence, by)
        absence.delete()


def _record(kind: str, absence: Absence, by: User) -> None:
    """Who was away when; why stays in the row, it may be about somebody's health."""
    facts = {"technician": absence.technician_id, "starts_at": absence.starts_at, "ends_at": absence.ends_at}
    trail.record(kind, absence, by=by, **facts)
