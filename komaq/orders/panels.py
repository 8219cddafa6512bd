"""What orders add elsewhere: inbox, lamps, search, the machine's and the customer's page, files, a person's data."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from komaq.accounts.choices import OFFICE, Permission
from komaq.accounts.models import Person, User
from komaq.core import clock, registry
from komaq.core.access import SIGNED_IN
from komaq.core.lists import keys_of
from komaq.core.models import Attachment
from komaq.core.search import matching
from komaq.customers.models import Customer
from komaq.fleet.models import Machine
from komaq.orders import queries, rules
from komaq.orders.choices import OrderStatus, Priority
from komaq.orders.models import ServiceOrder
from komaq.parts.models import Part

SHOWN = 20
ACTORS = (Permission.PLAN_WORK, Permission.SELL, Permission.MANAGE_PARTS)
FOUND = 8
MOST_WAITING = 100


# Inbox and lamps


def requests_to_decide(user: User) -> Iterator[registry.InboxItem]:
    """Pending requests, with the moment until which we answer."""
    if not user.has(Permission.TRIAGE_REQUESTS):
        return
    for request in queries.requests_to_decide(user)[:100]:
        yield registry.InboxItem(
            kind="orders.request",
            icon="flag",
            code=request.code,
            title=f"{request.shown_machine}: {request.in_a_line}",
            detail=_place(request.customer, request.site.name if request.site else request.place_described),
            url=reverse("orders:request", args=[request.pk]),
            due_at=request.respond_by,
            tone="stop" if request.priority == Priority.MACHINE_DOWN else "",
            status=request.get_status_display(),
            stopped=request.priority == Priority.MACHINE_DOWN,
            late=request.respond_by < clock.now(),
        )


def orders_that_wait(user: User) -> Iterator[registry.InboxItem]:
    """Orders that want a planner, a seller or logistics, each with what to do about it."""
    if not any(map(user.has, ACTORS)):
        return
    waiting = keys_of(queries.orders_that_wait(user), MOST_WAITING)
    for order in queries.orders_visible_to(user).filter(pk__in=waiting).order_by("due_at", "id"):
        yield registry.InboxItem(
            kind="orders.order",
            icon="order",
            code=order.code,
            title=_why_it_waits(user, order) % {"title": order.title},
            detail=_place(order.customer, str(order.machine)),
            url=order.get_absolute_url(),
            due_at=order.due_at,
            tone="stop" if order.is_stopped else "",
            status=order.get_status_display(),
            stopped=order.is_stopped,
            late=rules.is_late(order),
        )


def _why_it_waits(user: User, order: ServiceOrder) -> str:
    if order.status == OrderStatus.COMPLETED:
        return _("Review the quality: %(title)s")
    if rules.is_late(order) and user.has(Permission.PLAN_WORK):
        return _("Promise broken: %(title)s")
    return {
        OrderStatus.DIAGNOSING: _("Quote what the diagnosis found: %(title)s"),
        OrderStatus.QUOTED: _("Follow up the quote: %(title)s"),
        OrderStatus.WAITING_PARTS: _("Get the parts: %(title)s"),
    }.get(order.status, _("Plan a visit: %(title)s"))


def _place(customer: Customer, place: str) -> str:
    return " · ".join(filter(None, (customer.short_name, place)))


def warnings(user: User) -> Iterator[registry.Lamp]:
    """The lamps: machines that stand still, broken promises."""
    if not user.has(Permission.SEE_ALL_ORDERS):
        return
    orders = reverse("orders:list")
    down, late = queries.orders_that_stand_still(user), queries.orders_with_broken_promise(user)
    url = f"{orders}?priority={Priority.MACHINE_DOWN}"
    yield registry.Lamp(pgettext("lamp", "down"), "stop", url, "stop", down, of="machine")
    yield registry.Lamp(pgettext("lamp", "overdue"), "late", f"{orders}?late=on", "late", late)


# Search


def find_orders(user: User, words: str) -> Iterator[registry.SearchHit]:
    """Orders by code, title, machine, serial, customer."""
    rows = queries.filter_orders(queries.orders_visible_to(user), q=words).order_by("-id")
    for order in queries.orders_visible_to(user).filter(pk__in=keys_of(rows, FOUND)).order_by("-id"):
        note = f"{order.machine.model} · {order.title} · {order.get_status_display()}"
        yield registry.SearchHit("order", order.code, note, queries.order_url(user, order))


def find_requests(user: User, words: str) -> Iterator[registry.SearchHit]:
    """Requests by code, machine, customer."""
    rows = matching(queries.requests_visible_to(user), words).order_by("-id")
    for request in queries.requests_visible_to(user).filter(pk__in=keys_of(rows, FOUND)).order_by("-id"):
        note = f"{request.shown_machine} · {request.customer.short_name} · {request.get_status_display()}"
        yield registry.SearchHit("flag", request.code, note, queries.request_url(user, request))


# Pages of rooms below


def history_of_machine(user: User, machine: Machine) -> dict[str, Any]:
    """The service history of a machine."""
    rows = queries.machine_history(user, machine)
    return _rows(user, rows) | {
        "title": _("Service history"),
        "nothing": _("No service order for this machine yet."),
        "machines": False,
    }


def orders_of_customer(user: User, customer: Customer) -> dict[str, Any]:
    """The live orders of a customer."""
    rows = queries.filter_orders(queries.orders_visible_to(user), customer=customer, live=True).order_by("due_at", "id")
    return _rows(user, rows) | {
        "title": _("Open orders"),
        "nothing": _("No open order for this client."),
        "machines": True,
    }


def _rows(user: User, orders: Any) -> dict[str, Any]:
    shown = list(orders[: SHOWN + 1])
    return {
        "rows": [(order, queries.order_url(user, order)) for order in shown[:SHOWN]],
        "count": f"{SHOWN}+" if len(shown) > SHOWN else len(shown),
        "for_client": user.is_client,
    }


def who_needs(user: User, part: Part) -> dict[str, Any]:
    """The orders that need a part, for its page."""
    return {"lines": queries.needed_of(user, part)}


# Files and personal data


def may_open_file_of_order(user: User, attachment: Attachment) -> bool:
    """A file of an order: whoever sees the order; clients only what is for them."""
    meant = user.is_staff_member or attachment.visibility == "client"
    return meant and queries.orders_visible_to(user).filter(pk=int(attachment.subject_id)).exists()


def may_open_file_of_request(user: User, attachment: Attachment) -> bool:
    """A file of a request: whoever sees the request, or the order it became."""
    meant = user.is_staff_member or attachment.visibility == "client"
    request_id = int(attachment.subject_id)
    seen = queries.requests_visible_to(user).filter(pk=request_id).exists()
    return meant and (seen or queries.orders_visible_to(user).filter(requests=request_id).exists())


def own_data(person: Person) -> dict[str, Iterable]:
    """The requests a person made."""
    return {"requests": queries.requests_made_by(person)}


def planned_for(user: User, ids: Iterable[str]) -> dict[str, registry.SearchHit]:
    """The orders for whose planned parts stock moves or is kept."""
    rows = queries.orders_of_planned(user, ids)
    return {
        str(key): registry.SearchHit("order", order.code, order.title, queries.order_url(user, order))
        for key, order in rows.items()
    }


registry.inbox += [requests_to_decide, orders_that_wait]
registry.lamps.append(warnings)
registry.searches += [(gettext_lazy("Orders"), find_orders), (gettext_lazy("Requests"), find_requests)]
registry.add_panel(
    registry.Panel("fleet.machine", SIGNED_IN, history_of_machine, "orders/_panel_orders.html", order=20)
)
registry.add_panel(registry.Panel("customers.customer", OFFICE, orders_of_customer, "orders/_panel_orders.html"))
registry.add_panel(registry.Panel("parts.part", OFFICE, who_needs, "orders/_panel_needed.html", order=10))
registry.file_scopes["orders.serviceorder"] = may_open_file_of_order
registry.file_scopes["orders.servicerequest"] = may_open_file_of_request
registry.sources["orders.plannedpart"] = planned_for
registry.personal_data.append(own_data)
