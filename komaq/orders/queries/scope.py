"""What each person sees: the office everything, technicians their visits, clients their companies and sites."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from komaq.accounts.choices import Permission, Role
from komaq.accounts.models import User
from komaq.core.refusals import NotFound
from komaq.orders.choices import VisitState
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


def orders_visible_to(user: User) -> QuerySet[ServiceOrder]:
    """The office sees all orders, a technician those it is sent to, a client those of its companies and sites."""
    rows = ServiceOrder.objects.select_related("customer", "machine__model", "site", "contact__person", "service_type")
    if user.has(Permission.SEE_ALL_ORDERS):
        return rows
    if user.holds(Role.TECHNICIAN):
        return rows.filter(Exists(_sent(user).filter(visit__order=OuterRef("pk"))))
    return rows.filter(_of_client(user))


def get_order(user: User, order_id: int) -> ServiceOrder:
    """One order. Raises NotFound outside the person's scope."""
    return _one(orders_visible_to(user), order_id)


def visits_visible_to(user: User) -> QuerySet[Visit]:
    """The office sees all visits, a technician its own, a client those of the orders it sees."""
    rows = Visit.objects.select_related(
        "order__customer", "order__machine__model", "order__site", "order__contact__person"
    ).prefetch_related("assignments__technician__person")
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
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found
