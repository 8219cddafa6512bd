"""Whose time is free: technicians, their visits and absences, and what a site demands of them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable

from django.db.models import BooleanField, OuterRef, Q, QuerySet, Subquery, Value

from komaq.accounts.models import Certification, Employee, PositionChange, User
from komaq.core import clock
from komaq.core.joined import read_with
from komaq.core.refusals import NotFound
from komaq.core.search import fold
from komaq.customers.models import Site
from komaq.orders import rules
from komaq.orders.models import Absence, Assignment, Visit


def technicians(day: datetime.date | None = None) -> list[Employee]:
    """The employees who are technicians on a day (today), by name, with their skills; one query."""
    day = day or clock.today()
    held = PositionChange.objects.filter(employee=OuterRef("pk"), effective_on__lte=day)
    held = held.order_by("-effective_on", "-id").values("position__roles")[:1]
    here = Q(left_on=None) | Q(left_on__gt=day)
    rows = Employee.objects.filter(here, person__erased_at=None).annotate(held=Subquery(held)).select_related("person")
    people = read_with(rows.order_by("person__sort_key", "id", "skills__name"), "skills")
    return [employee for employee in people if rules.is_technician(employee.held or [])]


def technicians_for(
    starts_at: datetime.datetime, ends_at: datetime.datetime, *, besides: Visit | None = None
) -> list[dict]:
    """Every technician with skills and what fills the days of a span; a constant number of queries.

    `besides` is a visit that is being moved and so blocks nobody.
    """
    people = technicians(starts_at.astimezone(clock.LIMA).date())
    start = clock.lima(starts_at.astimezone(clock.LIMA).date())
    end = clock.lima(ends_at.astimezone(clock.LIMA).date()) + datetime.timedelta(days=1)
    busy, absent = _taken(people, start, end, besides)
    rows = []
    for employee in people:
        visits, away = busy[employee.pk], absent[employee.pk]
        taken = any(_meets(each, starts_at, ends_at) for each in visits)
        is_absent = any(_meets(each, starts_at, ends_at) for each in away)
        rows.append(
            {
                "employee": employee,
                "name": employee.name,
                "skills": [skill.name for skill in employee.skills.all()],
                "busy": visits,
                "absences": away,
                "free": not taken and not is_absent,
                "absent": is_absent,
            }
        )
    return sorted(rows, key=lambda row: not row["free"])


def _taken(
    people: list[Employee], start: datetime.datetime, end: datetime.datetime, besides: Visit | None
) -> tuple[dict[int, list[dict]], dict[int, list[dict]]]:
    """What fills the days of each: visits and absences; one query."""
    span = {"technician__in": people, "starts_at__lt": end, "ends_at__gt": start}
    visits = Assignment.objects.filter(**span, is_busy=True).exclude(visit=besides)
    visits = visits.order_by().values_list(
        "technician_id", "starts_at", "ends_at", "visit__order__code", "visit__order__title", "is_lead"
    )
    absences = Absence.objects.filter(**span).order_by()
    absences = absences.annotate(code=Value(""), is_lead=Value(0, BooleanField())).values_list(
        "technician_id", "starts_at", "ends_at", "code", "reason", "is_lead"
    )
    busy, absent = defaultdict(list), defaultdict(list)
    for who, starts_at, ends_at, code, words, is_lead in sorted(visits.union(absences, all=True)):
        taken = {"starts_at": starts_at, "ends_at": ends_at}
        if code:
            busy[who].append({**taken, "code": code, "title": words, "is_lead": bool(is_lead)})
        else:
            absent[who].append({**taken, "reason": words})
    return busy, absent


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


def visits_within(technician: Employee, starts_at: datetime.datetime, ends_at: datetime.datetime) -> list[Assignment]:
    """The visits that fill a moment of the span for somebody, with their orders."""
    rows = Assignment.objects.filter(technician=technician, is_busy=True, starts_at__lt=ends_at, ends_at__gt=starts_at)
    return list(rows.select_related("visit__order").order_by("starts_at", "id"))


def absences_ahead(user: User) -> QuerySet[Absence]:
    """The absences of now and later, for those who plan."""
    rows = Absence.objects.select_related("technician__person").filter(ends_at__gt=clock.now())
    return rows.order_by("starts_at", "id") if rules.can_plan_work(user) else rows.none()


def get_absence(user: User, absence_id: int) -> Absence:
    """An absence, for those who plan. Raises NotFound."""
    found = Absence.objects.select_related("technician__person").filter(pk=absence_id).first()
    if found is None or not rules.can_plan_work(user):
        raise NotFound
    return found


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
