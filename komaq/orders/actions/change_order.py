import datetime

from komaq.accounts.models import User
from komaq.core import trail
from komaq.core.action import action, lock
from komaq.core.refusals import Stale, require
from komaq.customers.models import Contact, Site
from komaq.orders import rules
from komaq.orders.actions.keep_parts import lock_with_parts
from komaq.orders.actions.make_order import check_belongs, found_by
from komaq.orders.actions.refusals import DuePassed, OrderIsFinal, TitleNeeded
from komaq.orders.events import parts_changed
from komaq.orders.models import ServiceOrder, ServiceType

SHOWN = ("title", "priority", "site", "contact", "service_type", "due_at", "description")


@action
def change_order(
    *,
    order: ServiceOrder,
    version: int,
    by: User,
    title: str,
    priority: str,
    site: Site | None,
    contact: Contact,
    service_type: ServiceType | None,
    due_at: datetime.datetime,
    description: str,
) -> ServiceOrder:
    """Change what is written on an order; the trail keeps before and after.

    Raises NotAllowed, Stale (somebody changed it meanwhile), OrderIsFinal, TitleNeeded, NotOfCustomer, DuePassed.
    """
    require(rules.can_open_order(by))
    order = lock(order) if priority == order.priority else lock_with_parts(order)
    if order.version != version:
        raise Stale(order)
    require(not order.is_final, else_=OrderIsFinal(order))
    require(bool(title.strip()), else_=TitleNeeded())
    require(due_at >= order.created_at, else_=DuePassed())
    check_belongs(order.customer_id, machine=None, site=site, contact=contact)
    before = {name: getattr(order, name) for name in SHOWN}
    order.title, order.description = title.strip()[:120], description.strip()
    order.priority, order.due_at = priority, due_at
    order.site, order.contact, order.service_type = site, contact, service_type
    after = {name: getattr(order, name) for name in SHOWN}
    changed = [name for name in SHOWN if before[name] != after[name]]
    if not changed:
        return order
    order.version += 1
    order.search = found_by(order)
    order.save()
    trail.record(
        "orders.order_changed",
        order,
        by=by,
        before={name: _plain(before[name]) for name in changed},
        after={name: _plain(after[name]) for name in changed},
    )
    if "priority" in changed:
        parts_changed.send(ServiceOrder, order=order, by=by)
    return order


def _plain(value: object) -> object:
    """A value as the trail keeps it: related things by their words."""
    return value if value is None or isinstance(value, datetime.datetime) else str(value)
