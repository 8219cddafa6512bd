"""What the staff's lists show beside their rows: who leads, how many wait, whom one can filter by."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, QuerySet

from komaq.accounts.models import Employee, User
from komaq.core import clock, counts, search
from komaq.customers.models import Customer
from komaq.orders import rules
from komaq.orders.choices import LIVE, OrderStatus, Priority, RequestStatus, VisitState
from komaq.orders.models import Assignment, ServiceOrder, ServiceRequest
from komaq.orders.queries.scope import orders_visible_to, requests_visible_to

OFFERED = 100
"""How many a filter offers; whoever else there is, is found by the words of the search."""
COLUMNS = (
    "pk",
    "code",
    "title",
    "status",
    "priority",
    "due_at",
    "customer__name",
    "customer__trade_name",
    "customer__sort_key",
    "machine__serial",
    "machine__sort_key",
    "machine__model__brand",
    "machine__model__name",
    "site__name",
)


def filter_requests(rows: QuerySet[ServiceRequest], *, q: str = "", status: str = "") -> QuerySet[ServiceRequest]:
    """Narrow a list of requests."""
    rows = search.matching(rows, q) if q else rows
    return rows.filter(status=status) if status else rows


def count_requests(user: User) -> dict[str, int | str]:
    """How many requests stand in each status; one query."""
    rows = requests_visible_to(user).values("pk")
    return _shown({status: rows.filter(status=status) for status in RequestStatus.values})


def count_orders(user: User) -> dict[str, int | str]:
    """How many live orders each view of the list holds; one query."""
    live = orders_visible_to(user).filter(status__in=LIVE).values("pk")
    return _shown(
        {
            "live": live,
            "down": live.filter(priority=Priority.MACHINE_DOWN),
            "parts": live.filter(status=OrderStatus.WAITING_PARTS),
            "late": live.filter(status__in=rules.PROMISED, due_at__lt=clock.now()),
        }
    )


def _shown(lists: dict[str, QuerySet]) -> dict[str, int | str]:
    return {name: counts.shown(count) for name, count in counts.counted(lists).items()}


def lines_of(rows: QuerySet[ServiceOrder]) -> QuerySet:
    """Orders as the list shows them: the columns of its lines and no more, in one read."""
    return rows.select_related(None).values_list(*COLUMNS, named=True)


def leads_of(orders: Iterable[ServiceOrder]) -> dict[int, str]:
    """Who leads the last visit of each order; one query. Lines of the list do as well."""
    leads = (
        Assignment.objects.filter(is_lead=True, visit__order__in=[order.pk for order in orders])
        .exclude(visit__state__in=[VisitState.CANCELLED, VisitState.FAILED])
        .order_by("starts_at", "pk")
        .values_list("visit__order_id", "technician__person__given_names", "technician__person__surnames")
    )
    return {order_id: f"{given} {surnames}".strip() for order_id, given, surnames in leads}


def technicians_with_work() -> QuerySet[Employee]:
    """The people who were ever sent on a visit, by name."""
    sent = Assignment.objects.filter(technician=OuterRef("pk"))
    return Employee.objects.filter(Exists(sent)).select_related("person").order_by("person__sort_key", "pk")


def names_of(people: QuerySet[Employee], chosen: int | None) -> list[tuple[int, str]]:
    """The first OFFERED by name, and the chosen one wherever it stands."""
    rows = people.values_list("pk", "person__given_names", "person__surnames")
    return [(pk, f"{given} {surnames}".strip()) for pk, given, surnames in _offered(rows, chosen)]


def names_of_customers(customers: QuerySet[Customer], chosen: int | None) -> list[tuple[int, str]]:
    """The first OFFERED by name, and the chosen one wherever it stands."""
    rows = customers.values_list("pk", "trade_name", "name")
    return [(pk, trade_name or name) for pk, trade_name, name in _offered(rows, chosen)]


def _offered(rows: QuerySet, chosen: int | None) -> list[tuple]:
    first = list(rows[:OFFERED])
    missing = chosen is not None and len(first) == OFFERED and chosen not in {row[0] for row in first}
    return [*rows.filter(pk=chosen), *first] if missing else first
