"""Whose time is free: technicians, their visits and absences, and what a site demands of them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from komaq.accounts.models import Certification, Employee, PositionChange
from komaq.core import clock
from komaq.core.search import fold
from komaq.customers.models import Site
from komaq.orders import rules
from komaq.orders.models import Absence, Assignment, Visit


def technicians(day: datetime.date | None = None) -> list[Employee]:
    """The employees who are technicians on a day (today), by name; two queries."""
    day = day or clock.today()
    latest: dict[int, list[str]] = {}
    changes = PositionChange.objects.filter(effective_on__lte=day).order_by("effective_on", "id")
    for employee_id, roles in changes.values_list("employee_id", "position__roles"):
        latest[employee_id] = roles
    able = [pk for pk, roles in latest.items() if rules.is_technician(roles)]
    here = Q(left_on=None) | Q(left_on__gt=day)
    return list(
        Employee.objects.filter(here, pk__in=able, person__erased_at=None)
        .select_related("person")
        .order_by("person__sort_key", "id")
    )


def technicians_for(
    starts_at: datetime.datetime, ends_at: datetime.datetime, *, besides: Visit | None = None
) -> list[dict]:
    """Every technician with skills and what fills the days of a span; a constant number of queries.

    `besides` is a visit that is being moved and so blocks nobody.
    """
    people = technicians(starts_at.astimezone(clock.LIMA).date())
    skills = _skills(people)
    start = clock.lima(starts_at.astimezone(clock.LIMA).date())
    end = clock.lima(ends_at.astimezone(clock.LIMA).date()) + datetime.timedelta(days=1)
    busy, absent = _busy(people, start, end, besides), _absent(people, start, end)
    rows = []
    for employee in people:
        visits, away = busy[employee.pk], absent[employee.pk]
        taken = any(_meets(each, starts_at, ends_at) for each in visits)
        is_absent = any(_meets(each, starts_at, ends_at) for each in away)
        rows.append(
            {
                "employee": employee,
                "name": employee.name,
                "skills": skills[employee.pk],
                "busy": visits,
                "absences": away,
                "free": not taken and not is_absent,
                "absent": is_absent,
            }
        )
    return sorted(rows, key=lambda row: not row["free"])


def _skills(people: list[Employee]) -> dict[int, list[str]]:
    found = defaultdict(list)
    held = Employee.skills.through.objects.filter(employee__in=people).order_by("skill__name")
    for employee_id, name in held.values_list("employee_id", "skill__name"):
        found[employee_id].append(name)
    return found


def _busy(
    people: list[Employee], start: datetime.datetime, end: datetime.datetime, besides: Visit | None
) -> dict[int, list[dict]]:
    found = defaultdict(list)
    rows = (
        Assignment.objects.filter(technician__in=people, is_busy=True, starts_at__lt=end, ends_at__gt=start)
        .exclude(visit=besides)
        .select_related("visit__order")
        .order_by("starts_at", "id")
    )
    for each in rows:
        found[each.technician_id].append(
            {
                "starts_at": each.starts_at,
                "ends_at": each.ends_at,
                "code": each.visit.order.code,
                "title": each.visit.order.title,
                "is_lead": each.is_lead,
            }
        )
    return found


def _absent(people: list[Employee], start: datetime.datetime, end: datetime.datetime) -> dict[int, list[dict]]:
    found = defaultdict(list)
    for each in Absence.objects.filter(technician__in=people, starts_at__lt=end, ends_at__gt=start):
        found[each.technician_id].append({"starts_at": each.starts_at, "ends_at": each.ends_at, "reason": each.reason})
    return found


def _meets(taken: dict, starts_at: datetime.datetime, ends_at: datetime.datetime) -> bool:
    return taken["starts_at"] < ends_at and starts_at < taken["ends_at"]


def clash_of(
    people: Iterable[Employee], starts_at: datetime.datetime, ends_at: datetime.datetime, *, besides: Visit | None
) -> Assignment | None:
    """The first visit that already fills a moment of the span for one of these people."""
    rows = Assignment.objects.filter(
        technician__in=list(people), is_busy=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    ).exclude(visit=besides)
    return rows.select_related("visit__order", "technician__person").order_by("starts_at", "id").first()


def absence_of(people: Iterable[Employee], starts_at: datetime.datetime, ends_at: datetime.datetime) -> Absence | None:
    """The first absence of one of these people that touches the span."""
    rows = Absence.objects.filter(technician__in=list(people), starts_at__lt=ends_at, ends_at__gt=starts_at)
    return rows.select_related("technician__person").first()


def missing_certification(
    people: Iterable[Employee], site: Site | None, starts_at: datetime.datetime, ends_at: datetime.datetime
) -> tuple[Employee, str] | None:
    """The first of these people who lacks, through the whole span, what the site demands."""
    demands = list(site.demands) if site else []
    people = list(people)
    if not demands:
        return None
    first, last = (moment.astimezone(clock.LIMA).date() for moment in (starts_at, ends_at))
    valid = Certification.objects.filter(
        Q(expires_on=None) | Q(expires_on__gte=last), employee__in=people, issued_on__lte=first
    )
    held = {(pk, fold(name)) for pk, name in valid.values_list("employee_id", "name")}
    lacking = ((each, name) for each in people for name in demands if (each.pk, fold(name)) not in held)
    return next(lacking, None)
