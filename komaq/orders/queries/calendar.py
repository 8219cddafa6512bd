"""What a calendar shows: visits, promises and absences of a span, in the person's scope."""

import datetime
from dataclasses import dataclass

from django.db.models import QuerySet

from komaq.accounts.choices import Permission, Role
from komaq.accounts.models import Employee, User
from komaq.core import clock
from komaq.customers.models import Customer
from komaq.orders import rules
from komaq.orders.choices import VisitState
from komaq.orders.models import Absence, ServiceOrder, Visit
from komaq.orders.queries.places import order_url
from komaq.orders.queries.scope import orders_visible_to, visits_visible_to


@dataclass(frozen=True)
class Entry:
    """A thing in a calendar. `state` is a visit's state, or "late" for a promise that is broken."""

    kind: str
    order: ServiceOrder | None
    title: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime
    state: str
    technicians: tuple[str, ...]
    url: str
    stopped: bool
    visit: Visit | None = None
    absence: Absence | None = None


def calendar_entries(
    user: User,
    start: datetime.datetime,
    end: datetime.datetime,
    *,
    technician: Employee | None = None,
    customer: Customer | None = None,
) -> list[Entry]:
    """The entries that touch [start, end), in time. Promises and absences leave where a filter excludes them."""
    visits = visits_visible_to(user).exclude(state=VisitState.CANCELLED).filter(starts_at__lt=end, ends_at__gt=start)
    if technician:
        visits = visits.filter(assignments__technician=technician)
    if customer:
        visits = visits.filter(order__customer=customer)
    entries = [_visit_entry(user, visit) for visit in visits]
    if technician is None and not user.holds(Role.TECHNICIAN):
        entries += [_promise_entry(user, order) for order in _promises(user, start, end, customer)]
    if customer is None:
        absences = absences_within(user, start, end, technician=technician)
        entries += [_absence_entry(absence) for absence in absences]
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.kind, entry.title))


def _promises(
    user: User, start: datetime.datetime, end: datetime.datetime, customer: Customer | None
) -> QuerySet[ServiceOrder]:
    rows = orders_visible_to(user).filter(status__in=rules.PROMISED, due_at__gte=start, due_at__lt=end)
    return rows.filter(customer=customer) if customer else rows


def absences_within(
    user: User, start: datetime.datetime, end: datetime.datetime, *, technician: Employee | None = None
) -> QuerySet[Absence]:
    """The absences that touch [start, end): the office sees all, anybody else its own."""
    rows = Absence.objects.filter(starts_at__lt=end, ends_at__gt=start).select_related("technician__person")
    if not user.has(Permission.SEE_ALL_ORDERS):
        rows = rows.filter(technician__person_id=user.person_id)
    return rows.filter(technician=technician) if technician else rows


def _title(order: ServiceOrder) -> str:
    return f"{order.machine.model}: {order.title}"


def _visit_entry(user: User, visit: Visit) -> Entry:
    return Entry(
        kind="visit",
        order=visit.order,
        title=_title(visit.order),
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        state=visit.state,
        technicians=tuple(each.technician.name for each in visit.assignments.all()),
        url=order_url(user, visit.order),
        stopped=visit.order.is_stopped,
        visit=visit,
    )


def _promise_entry(user: User, order: ServiceOrder) -> Entry:
    return Entry(
        kind="promise",
        order=order,
        title=_title(order),
        starts_at=order.due_at,
        ends_at=order.due_at,
        state="late" if order.due_at < clock.now() else "ahead",
        technicians=(),
        url=order_url(user, order),
        stopped=order.is_stopped,
    )


def _absence_entry(absence: Absence) -> Entry:
    return Entry(
        kind="absence",
        order=None,
        title=absence.reason,
        starts_at=absence.starts_at,
        ends_at=absence.ends_at,
        state="",
        technicians=(absence.technician.name,),
        url="",
        stopped=False,
        absence=absence,
    )


def my_visits(user: User, day: datetime.date) -> QuerySet[Visit]:
    """A technician's visits of a day and those that follow; what was begun or missed before stays until it ends."""
    morning = clock.lima(day)
    unfinished = {VisitState.PLANNED, VisitState.TRAVELLING, VisitState.ON_SITE}
    mine = visits_visible_to(user).filter(assignments__technician__person_id=user.person_id)
    return (mine.filter(ends_at__gte=morning) | mine.filter(state__in=unfinished)).order_by("starts_at", "id")
