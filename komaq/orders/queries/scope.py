"""What each person sees: the office everything, technicians their visits, clients their companies and sites."""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from komaq.accounts.choices import Permission, Role
from komaq.accounts.models import User
from komaq.core.joined import read_with
from komaq.core.refusals import NotFound
from komaq.orders.choices import LIVE, VisitState
from komaq.orders.models import Assignment, ServiceOrder, ServiceRequest, Visit


def requests_visible_to(user: User) -> QuerySet[ServiceRequest]:
    """The office sees all requests, a client user those of its companies within its sites."""
    rows = ServiceRequest.objects.select_related(
        "machine__model", "customer", "site", "contact__person", "service_type", "order"
    )
    if user.has(Permission.SEE_ALL_ORDERS):
        return rows
    return rows.filter(_of_client(user))


def get_request(user: User, request_id: int) -> ServiceRequest:
    """One request. Raises NotFound outside the person's scope."""
    return _one(requests_visible_to(user), request_id)


def get_request_to_decide(user: User, request_id: int) -> ServiceRequest:
    """One request with its problems and how many orders its client has, live and in all. Raises NotFound."""
    ours = orders_visible_to(user).filter(customer=OuterRef("customer")).order_by().values("customer")
    counted = ours.annotate(live=Count("pk", filter=Q(status__in=LIVE)), every=Count("pk"))
    rows = requests_visible_to(user).annotate(
        live_count=Coalesce(Subquery(counted.values("live")), 0),
        all_count=Coalesce(Subquery(counted.values("every")), 0),
    )
    return _first(read_with(rows.filter(pk=request_id).order_by("problems__id"), "problems"))


def orders_visible_to(user: User) -> QuerySet[ServiceOrder]:
    """The office sees all orders, a technician those it is sent to, a client those of its companies and sites."""
    rows = ServiceOrder.objects.select_related("customer", "machine__model", "site", "contact__person", "service_type")
    if user.has(Permission.SEE_ALL_ORDERS):
        return rows
    if user.holds(Role.TECHNICIAN):
        return rows.filter(Exists(_sent(user).filter(visit__order=OuterRef("pk"))))
    return rows.filter(_of_client(user))


def works_on(user: User, order: ServiceOrder) -> bool:
    """Whether a technician is sent to the order."""
    return user.has(Permission.DO_WORK) and orders_visible_to(user).filter(pk=order.pk).exists()


def get_order(user: User, order_id: int) -> ServiceOrder:
    """One order. Raises NotFound outside the person's scope."""
    return _one(orders_visible_to(user), order_id)


def get_order_with_problems(user: User, order_id: int) -> ServiceOrder:
    """One order with its symptoms and the order it makes good. Raises NotFound outside the person's scope."""
    rows = orders_visible_to(user).select_related("rework_of").filter(pk=order_id).order_by("problems__id")
    return _first(read_with(rows, "problems"))


def visits_visible_to(user: User) -> QuerySet[Visit]:
    """The office sees all visits, a technician its own, a client those of the orders it sees."""
    rows = Visit.objects.select_related(
        "order__customer", "order__machine__model", "order__site", "order__contact__person"
    ).prefetch_related(Prefetch("assignments", Assignment.objects.select_related("technician__person")))
    if user.has(Permission.SEE_ALL_ORDERS):
        return rows
    if user.holds(Role.TECHNICIAN):
        return rows.filter(Exists(_sent(user).filter(visit=OuterRef("pk"))))
    return rows.filter(_of_client(user, "order__"))


def get_visit(user: User, visit_id: int) -> Visit:
    """One visit. Raises NotFound outside the person's scope."""
    return _one(visits_visible_to(user), visit_id)


def _sent(user: User) -> QuerySet[Assignment]:
    return Assignment.objects.filter(technician__person_id=user.person_id).exclude(visit__state=VisitState.CANCELLED)


def _of_client(user: User, at: str = "") -> Q:
    """The condition that holds a client user to its grants; nothing for anybody else."""
    held = Q(pk__in=())
    for customer_id in sorted(user.customer_ids) if user.is_client else ():
        company = Q(**{f"{at}customer_id": customer_id})
        sites = user.site_ids(customer_id)
        held |= company if sites is None else company & Q(**{f"{at}site_id__in": sites})
    return held


def _one(rows: QuerySet, pk: int) -> ServiceRequest | ServiceOrder | Visit:
    return _first(rows.filter(pk=pk)[:1])


def _first(rows: Iterable) -> ServiceRequest | ServiceOrder | Visit:
    found = next(iter(rows), None)
    if found is None:
        raise NotFound
    return found
