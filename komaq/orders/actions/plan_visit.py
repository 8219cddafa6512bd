import datetime

from django.db import IntegrityError, transaction

from komaq.accounts.models import Employee, User
from komaq.core import clock, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Stale, require
from komaq.orders import notices, rules
from komaq.orders.actions.move_order import move_order
from komaq.orders.actions.refusals import (
    BadSpan,
    CertificationMissing,
    LeadNeeded,
    NotATechnician,
    OrderIsFinal,
    TechnicianAbsent,
    TechnicianBusy,
    VisitNotPlanned,
    VisitPassed,
    span,
)
from komaq.orders.actions.tell import tell_client, tell_technicians
from komaq.orders.choices import WORK_VISITS, OrderStatus, VisitState
from komaq.orders.models import Assignment, ServiceOrder, Visit
from komaq.orders.queries import planning
from komaq.orders.queries.people import technicians_of
from komaq.orders.queries.steps import has_future_work

NO_OVERLAP = "orders_assignment_no_overlap"


@action
def plan_visit(
    *,
    order: ServiceOrder,
    kind: str,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    technicians: list[Employee],
    lead: Employee,
    by: User,
    note: str = "",
    override_reason: str = "",
) -> Visit:
    """Send technicians to an order for a span of time; a repair visit puts an approved order on schedule.

    Raises NotAllowed, OrderIsFinal, BadSpan, VisitPassed, LeadNeeded, NotATechnician, TechnicianBusy,
    TechnicianAbsent, CertificationMissing (which `override_reason` overrides).
    """
    require(rules.can_plan_work(by))
    order = lock(order)
    require(not order.is_final, else_=OrderIsFinal(order))
    visit = Visit(
        order=order,
        kind=kind,
        starts_at=starts_at,
        ends_at=ends_at,
        note=note.strip()[:300],
        created_by=by,
        created_at=clock.now(),
    )
    lacks = _check(visit, technicians, lead, override_reason)
    visit.save(force_insert=True)
    _assign(visit, technicians, lead)
    trail.record(
        "orders.visit_planned",
        order,
        by=by,
        visibility="client",
        **_facts(visit, technicians),
        **({"override": override_reason.strip(), "lacks": lacks} if lacks else {}),
    )
    names = [each.name for each in technicians]
    tell_client(order, notices.visit_planned, visit, names=names)
    tell_technicians(technicians, notices.technician_sent, visit, names=names)
    _put_on_schedule(order, visit, by)
    return visit


@action
def move_visit(
    *,
    visit: Visit,
    starts_at: datetime.datetime,
    ends_at: datetime.datetime,
    technicians: list[Employee],
    lead: Employee,
    version: int,
    by: User,
    note: str | None = None,
    override_reason: str = "",
) -> Visit:
    """Give a planned visit another time or other people. Raises Stale, VisitNotPlanned and what plan_visit raises."""
    require(rules.can_plan_work(by))
    order = lock(visit.order)
    visit = lock(visit)
    visit.order = order
    if visit.version != version:
        raise Stale(visit)
    require(visit.state == VisitState.PLANNED, else_=VisitNotPlanned())
    went, started = technicians_of(visit), visit.starts_at
    before = _facts(visit, went)
    visit.starts_at, visit.ends_at = starts_at, ends_at
    visit.note = visit.note if note is None else note.strip()[:300]
    lacks = _check(visit, technicians, lead, override_reason)
    visit.version += 1
    visit.save()
    _assign(visit, technicians, lead)
    trail.record(
        "orders.visit_moved",
        order,
        by=by,
        visibility="client",
        before=before,
        **_facts(visit, technicians),
        **({"override": override_reason.strip(), "lacks": lacks} if lacks else {}),
    )
    _tell_moved(visit, went, technicians, started)
    _put_on_schedule(order, visit, by)
    return visit


def _check(visit: Visit, technicians: list[Employee], lead: Employee, override_reason: str) -> str:
    """Refuse what ORD-3 forbids; the certification that the reason overrides, if any."""
    starts_at, ends_at = visit.starts_at, visit.ends_at
    require(starts_at < ends_at <= starts_at + rules.LONGEST_VISIT, else_=BadSpan())
    require(ends_at > clock.now(), else_=VisitPassed())
    require(bool(technicians) and lead in technicians, else_=LeadNeeded())
    list(Employee.objects.select_for_update().filter(pk__in=[each.pk for each in technicians]).order_by("pk"))
    able = set(planning.technicians(starts_at.astimezone(clock.LIMA).date()))
    for each in technicians:
        require(each in able, else_=NotATechnician(each))
    besides = visit if visit.pk else None
    if clash := planning.clash_of(technicians, starts_at, ends_at, besides=besides):
        when = span(clash.starts_at, clash.ends_at)
        raise TechnicianBusy(clash.technician.name, clash.visit.order.code, when)
    if absence := planning.absence_of(technicians, starts_at, ends_at):
        raise TechnicianAbsent(absence.technician.name, absence.reason, span(absence.starts_at, absence.ends_at))
    lacking = planning.missing_certification(technicians, visit.order.site, starts_at, ends_at)
    if lacking is None:
        return ""
    person, certification = lacking
    if not override_reason.strip():
        raise CertificationMissing(person.name, certification, visit.order.site.name, span(starts_at, ends_at))
    return f"{person.name}: {certification}"


def _assign(visit: Visit, technicians: list[Employee], lead: Employee) -> None:
    """Write who goes; the database refuses an overlap that slipped in meanwhile (ORD-3)."""
    visit.assignments.exclude(technician__in=technicians).delete()
    visit.assignments.update(is_lead=False)
    for each in technicians:
        span_of_visit = {"is_lead": each == lead, "starts_at": visit.starts_at, "ends_at": visit.ends_at}
        try:
            with transaction.atomic():
                Assignment.objects.update_or_create(visit=visit, technician=each, defaults=span_of_visit)
        except IntegrityError as error:
            if NO_OVERLAP not in str(error):
                raise
            raise TechnicianBusy(each.name) from error


def _facts(visit: Visit, technicians: list[Employee]) -> dict:
    return {
        "visit": visit.pk,
        "visit_kind": visit.kind,
        "starts_at": visit.starts_at,
        "ends_at": visit.ends_at,
        "technicians": [each.name for each in technicians],
    }


def _tell_moved(visit: Visit, went: list[Employee], go: list[Employee], before: datetime.datetime) -> None:
    names = [each.name for each in go]
    tell_client(visit.order, notices.visit_moved, visit, names=names)
    tell_technicians([each for each in go if each in went], notices.technician_moved, visit, names=names)
    tell_technicians([each for each in go if each not in went], notices.technician_sent, visit, names=names)
    tell_technicians([each for each in went if each not in go], notices.technician_freed, visit, starts_at=before)


def _put_on_schedule(order: ServiceOrder, visit: Visit, by: User) -> None:
    """A work visit ahead makes an approved or paused order scheduled."""
    waits = order.status in {OrderStatus.APPROVED, OrderStatus.PAUSED}
    if waits and visit.kind in WORK_VISITS and has_future_work(order):
        move_order(order=order, to=OrderStatus.SCHEDULED, by=by)
