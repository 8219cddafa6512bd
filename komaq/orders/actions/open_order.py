import datetime

from komaq.accounts.models import User
from komaq.core import trail
from komaq.core.action import action
from komaq.core.refusals import require
from komaq.customers.models import Contact, Site
from komaq.fleet.models import Machine
from komaq.orders import notices, rules
from komaq.orders.actions.make_order import make_order
from komaq.orders.actions.refusals import NotThisMachine, TitleNeeded
from komaq.orders.actions.tell import tell_client
from komaq.orders.choices import Payer
from komaq.orders.models import ServiceOrder, ServiceType


@action
def open_order(
    *,
    machine: Machine,
    contact: Contact,
    title: str,
    priority: str,
    by: User,
    site: Site | None = None,
    service_type: ServiceType | None = None,
    description: str = "",
    due_at: datetime.datetime | None = None,
    payer: str = Payer.CLIENT,
    rework_of: ServiceOrder | None = None,
) -> ServiceOrder:
    """Open an order that no request brought: a call noted by the staff, a return of earlier work.

    Raises NotAllowed, TitleNeeded, NotThisMachine, NotOfCustomer, DuePassed.
    """
    require(rules.can_open_order(by))
    require(bool(title.strip()), else_=TitleNeeded())
    require(rework_of is None or rework_of.machine_id == machine.pk, else_=NotThisMachine())
    order = make_order(
        machine=machine,
        contact=contact,
        title=title,
        priority=priority,
        site=site,
        service_type=service_type,
        description=description,
        due_at=due_at,
        payer=payer,
        rework_of=rework_of,
        by=by,
    )
    trail.record("orders.order_opened", order, by=by, visibility="client", title=order.title, payer=payer)
    tell_client(order, notices.order_opened, order)
    return order
