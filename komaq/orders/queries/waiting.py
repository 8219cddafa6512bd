"""What waits for somebody and what is wrong: inbox and lamps; what a person asked for."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from komaq.accounts.choices import Permission
from komaq.accounts.models import Person, User
from komaq.core import clock
from komaq.orders import rules
from komaq.orders.choices import OrderStatus, Priority, RequestStatus, VisitKind, VisitState
from komaq.orders.models import ServiceOrder, ServiceRequest, Visit
from komaq.orders.queries.scope import orders_visible_to, requests_visible_to

TO_ACT_ON = (OrderStatus.COMPLETED, OrderStatus.APPROVED)
STANDING = (VisitState.PLANNED, VisitState.TRAVELLING, VisitState.ON_SITE)


def requests_to_decide(user: User) -> QuerySet[ServiceRequest]:
    """The pending requests, the first to answer first."""
    rows = requests_visible_to(user).filter(status=RequestStatus.PENDING)
    return rows.prefetch_related("problems").order_by("respond_by", "id")


def orders_that_wait(user: User) -> QuerySet[ServiceOrder]:
    """The orders that want a deed of this person, the first due first.

    Planners: a broken promise, completed to review, approved and without a visit. Sales: diagnosed and not quoted,
    quoted and not answered. Logistics: short of parts.
    """
    wanted = Q(pk__in=())
    if user.has(Permission.PLAN_WORK):
        wanted |= Q(status__in=rules.PROMISED, due_at__lt=clock.now()) | Q(status__in=TO_ACT_ON)
    if user.has(Permission.SELL):
        diagnosis = Visit.objects.filter(order=OuterRef("pk"), kind=VisitKind.DIAGNOSIS)
        diagnosed = Exists(diagnosis.filter(state=VisitState.DONE)) & ~Exists(diagnosis.filter(state__in=STANDING))
        wanted |= Q(status=OrderStatus.QUOTED) | Q(diagnosed, status=OrderStatus.DIAGNOSING)
    if user.has(Permission.MANAGE_PARTS):
        wanted |= Q(status=OrderStatus.WAITING_PARTS)
    return orders_visible_to(user).filter(wanted).order_by("due_at", "id")


def orders_that_stand_still(user: User) -> QuerySet[ServiceOrder]:
    """The orders because of which a machine stands still."""
    return orders_visible_to(user).filter(status__in=rules.PROMISED, priority=Priority.MACHINE_DOWN)


def orders_with_broken_promise(user: User) -> QuerySet[ServiceOrder]:
    return orders_visible_to(user).filter(status__in=rules.PROMISED, due_at__lt=clock.now())


def requests_made_by(person: Person) -> list[dict[str, Any]]:
    """What a person asked for, for the export of its own data."""
    rows = ServiceRequest.objects.filter(asked_by__person=person).order_by("id")
    return list(rows.values("code", "created_at", "description", "place_described", "priority", "status"))
