"""What one may name when asking for work, opening an order or sending somebody: by key, as narrow as the forms."""

import datetime
from collections.abc import Iterable

from komaq.accounts.models import Employee, User
from komaq.core import clock
from komaq.core.refusals import NotFound
from komaq.customers import queries as customers
from komaq.customers.models import Contact, Customer, Site
from komaq.fleet import queries as fleet
from komaq.fleet.choices import MachineStatus
from komaq.fleet.models import Machine
from komaq.orders.models import Segment, ServiceOrder, Task
from komaq.orders.queries.order import segments_of
from komaq.orders.queries.planning import technicians


def machine_at_work(user: User, machine_id: int) -> Machine:
    """A machine of the person's scope that is not retired. Raises NotFound."""
    machine = fleet.get_machine(user, machine_id)
    if machine.status == MachineStatus.RETIRED:
        raise NotFound
    return machine


def contact_to_name(user: User, customer: Customer, contact_id: int) -> Contact:
    """An active contact of a customer. Raises NotFound."""
    return _first(customers.contacts_of(user, customer).filter(pk=contact_id))


def site_to_name(user: User, customer: Customer, site_id: int) -> Site:
    """An open site of a customer. Raises NotFound."""
    return _first(customers.sites_of(user, customer).filter(pk=site_id))


def technician_to_send(employee_id: int, day: datetime.date | None = None) -> Employee:
    """Who is a technician on a day (today). Raises NotFound."""
    return technicians_to_send([employee_id], day)[0]


def technicians_to_send(employee_ids: Iterable[int], day: datetime.date | None = None) -> list[Employee]:
    """The technicians of these keys on a day (today), each once, in the order they were named. Raises NotFound."""
    able = {employee.pk: employee for employee in technicians(day or clock.today())}
    try:
        return [able[key] for key in dict.fromkeys(employee_ids)]
    except KeyError as error:
        raise NotFound from error


def get_segment(order: ServiceOrder, segment_id: int) -> Segment:
    """A part of an order. Raises NotFound."""
    return _first(segment for segment in segments_of(order) if segment.pk == segment_id)


def get_task(order: ServiceOrder, task_id: int) -> Task:
    """A task of an order. Raises NotFound."""
    tasks = (task for segment in segments_of(order) for task in segment.tasks.all())
    return _first(task for task in tasks if task.pk == task_id)


def _first(rows: Iterable) -> Contact | Site | Segment | Task:
    found = next(iter(rows), None)
    if found is None:
        raise NotFound
    return found
