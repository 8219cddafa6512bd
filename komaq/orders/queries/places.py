"""Where a thing stands for each kind of person: the same order has a page in every world."""

from django.urls import reverse

from komaq.accounts.choices import OFFICE_ROLES, Role
from komaq.accounts.models import User
from komaq.orders.models import ServiceOrder, ServiceRequest


def order_url(user: User, order: ServiceOrder) -> str:
    """The order's page in the person's world."""
    if user.holds(*OFFICE_ROLES):
        return reverse("orders:detail", args=[order.pk])
    if user.holds(Role.TECHNICIAN):
        return reverse("orders:field-order", args=[order.pk])
    return reverse("orders:portal-order", args=[order.pk])


def request_url(user: User, request: ServiceRequest) -> str:
    """The request's page in the person's world."""
    return reverse("orders:portal-request" if user.is_client else "orders:request", args=[request.pk])
