"""What the staff's lists show beside their rows: who leads, how many wait, whom one can filter by."""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from komaq.accounts.models import Employee, User
from komaq.core import clock, search
from komaq.orders import rules
from komaq.orders.choices import LIVE, OrderStatus, Priority, RequestStatus, VisitState
from komaq.orders.models import Assignment, ServiceOrder, ServiceRequest
from komaq.orders.queries.scope import orders_visible_to, requests_visible_to


def filter_requests(rows: QuerySet[ServiceRequest], *, q: str = "", status: str = "") -> QuerySet[ServiceRequest]:
    """Narrow a list of requests."""
    rows = search.matching(rows, q) if q else rows
    return rows.filter(status=status) if status else rows


def count_requests(user: User) -> dict[str, int]:
    """How many requests stand in each status; one query."""
    counted = {status: Count("pk", filter=Q(status=status)) for status in RequestStatus.values}
    return requests_visible_to(user).aggregate(**counted)


def count_orders(user: User) -> dict[str, int]:
    """How many live orders each view of the list holds; one query."""
    return (
        orders_visible_to(user)
        .filter(status__in=LIVE)
        .aggregate(
            live=Count("pk"),
            down=Count("pk", filter=Q(priority=Priority.MACHINE_DOWN)),
            parts=Count("pk", filter=Q(status=OrderStatus.WAITING_PARTS)),
            late=Count("pk", filter=Q(status__in=rules.PROMISED, due_at__lt=clock.now())),
        )
    )


def leads_of(orders: Iterable[ServiceOrder]) -> dict[int, str]:
    """Who leads the last visit of each order; one query."""
    leads = (
        Assignment.objects.filter(is_lead=True, visit__order__in=[order.pk for order in orders])
        .exclude(visit__state__in=[VisitState.CANCELLED, VisitState.FAILED])
        .select_related("technician__person", "visit")
        .order_by("starts_at", "pk")
    )
    return {lead.visit.order_id: lead.technician.name for lead in leads}


def technicians_with_work() -> QuerySet[Employee]:
    """The people who were ever sent on a visit, by name."""
    sent = Assignment.objects.filter(technician=OuterRef("pk"))
    return Employee.objects.filter(Exists(sent)).select_related("person").order_by("person__sort_key", "pk")
