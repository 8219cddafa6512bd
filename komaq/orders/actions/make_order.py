"""How an order comes into the world, whatever asked for it."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from komaq.accounts.models import User
from komaq.core import clock, sequences
from komaq.core.search import search_text
from komaq.customers.models import Contact, Site
from komaq.fleet.models import Machine
from komaq.orders import rules
from komaq.orders.actions.refusals import DuePassed, NotOfCustomer
from komaq.orders.choices import Payer
from komaq.orders.models import Problem, Segment, ServiceOrder, ServiceType


def check_belongs(customer_id: int, *, machine: Machine | None, site: Site | None, contact: Contact) -> None:
    """Raise NotOfCustomer for what belongs to somebody else."""
    for field, thing in (("machine", machine), ("site", site), ("contact", contact)):
        if thing is not None and thing.customer_id != customer_id:
            raise NotOfCustomer(field=field)


def found_by(order: ServiceOrder) -> str:
    """The search text of an order: codes, title, machine, client, site."""
    return search_text(
        order.code,
        order.title,
        order.machine,
        order.machine.code,
        order.machine.fleet_number,
        order.customer.name,
        order.customer.trade_name,
        order.site.name if order.site else "",
    )


def make_order(
    *,
    machine: Machine,
    contact: Contact,
    title: str,
    priority: str,
    by: User,
    site: Site | None = None,
    service_type: ServiceType | None = None,
    problems: Iterable[Problem] = (),
    description: str = "",
    due_at: datetime.datetime | None = None,
    respond_by: datetime.datetime | None = None,
    wished_on: datetime.date | None = None,
    payer: str = Payer.CLIENT,
    rework_of: ServiceOrder | None = None,
) -> ServiceOrder:
    """The order with its code, its default segment and its promises, in the caller's transaction."""
    now = clock.now()
    site = site or machine.site
    check_belongs(machine.customer_id, machine=machine, site=site, contact=contact)
    if due_at is not None and due_at <= now:
        raise DuePassed
    order = ServiceOrder(
        code=sequences.take("OS"),
        customer=machine.customer,
        machine=machine,
        site=site,
        contact=contact,
        service_type=service_type,
        title=title.strip()[:120],
        description=description.strip(),
        priority=priority,
        status_since=now,
        rework_of=rework_of,
        wished_on=wished_on,
        respond_by=respond_by or rules.respond_by(machine.customer, priority, now),
        due_at=due_at or rules.due_at(priority, now),
        created_by=by,
        created_at=now,
    )
    order.search = found_by(order)
    order.save(force_insert=True)
    order.problems.set(problems)
    Segment.objects.create(order=order, title=_("Main work"), payer=payer, is_default=True)
    return order
