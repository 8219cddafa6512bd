"""Reads of the catalogue, machines and meters, always for someone."""

import datetime

from django.db.models import Count, Q, QuerySet

from komaq.accounts.choices import Permission
from komaq.accounts.models import User
from komaq.core import trail
from komaq.core.refusals import NotFound
from komaq.core.search import matching
from komaq.customers.models import Customer
from komaq.fleet.choices import MachineStatus
from komaq.fleet.models import Machine, MachineModel, MeterReading


def models_known() -> QuerySet[MachineModel]:
    """The catalogue of models, by brand and name."""
    return MachineModel.objects.order_by("brand", "name")


def catalogue() -> QuerySet[MachineModel]:
    """The catalogue with the number of units of each model."""
    return models_known().annotate(units=Count("machines"))


def machines_visible_to(user: User) -> QuerySet[Machine]:
    """The office sees all; a client those of its companies within its sites; others none here."""
    rows = Machine.objects.select_related("model", "customer", "site")
    if user.has(Permission.SEE_ALL_ORDERS):
        return rows
    return rows.filter(_client_scope(user)) if user.is_client else rows.none()


def _client_scope(user: User) -> Q:
    scope = Q(pk__in=[])
    for customer_id in user.customer_ids:
        held_to = user.site_ids(customer_id)
        mine = Q(customer_id=customer_id)
        scope |= mine if held_to is None else mine & Q(site_id__in=held_to)
    return scope


def get_machine(user: User, machine_id: int) -> Machine:
    """One machine. Raises NotFound outside the person's scope."""
    found = machines_visible_to(user).filter(pk=machine_id).first()
    if found is None:
        raise NotFound
    return found


def machines_since(user: User, since: datetime.datetime | None) -> QuerySet[Machine]:
    """The machines the person may see that were added or changed since a moment; without one, all."""
    rows = machines_visible_to(user).order_by("pk")
    return rows.filter(Q(created_at__gte=since) | Q(pk__in=trail.touched_since(Machine, since))) if since else rows


def model_named(brand: str, name: str) -> MachineModel | None:
    """The model of the catalogue of that name, whatever the case and blanks."""
    return MachineModel.objects.filter(
        brand__iexact=" ".join(brand.split()), name__iexact=" ".join(name.split())
    ).first()


def machines_of(user: User, customer: Customer) -> QuerySet[Machine]:
    """The working machines of a customer that the person may see, by name."""
    rows = machines_visible_to(user).filter(customer=customer)
    return rows.exclude(status=MachineStatus.RETIRED).order_by("sort_key", "pk")


def filter_machines(
    rows: QuerySet[Machine],
    *,
    q: str = "",
    type: str = "",  # noqa: A002  the column's name
    customer: int | str | None = None,
    site: int | str | None = None,
    status: str = "",
) -> QuerySet[Machine]:
    """Narrow a list by words, type of machine, owner, place and status."""
    rows = matching(rows, q) if q else rows
    rows = rows.filter(model__type=type) if type else rows
    rows = rows.filter(customer_id=customer) if customer else rows
    rows = rows.filter(site_id=site) if site else rows
    return rows.filter(status=status) if status else rows


def filter_models(
    rows: QuerySet[MachineModel],
    *,
    q: str = "",
    brand: str = "",
    type: str = "",  # noqa: A002  the column's name
) -> QuerySet[MachineModel]:
    """Narrow the catalogue by words of brand and name, brand and type."""
    for word in q.split()[:8]:
        rows = rows.filter(Q(brand__icontains=word) | Q(name__icontains=word))
    rows = rows.filter(brand__iexact=brand) if brand else rows
    return rows.filter(type=type) if type else rows


def get_model(model_id: int) -> MachineModel:
    """One model of the catalogue. Raises NotFound."""
    found = MachineModel.objects.filter(pk=model_id).first()
    if found is None:
        raise NotFound
    return found


def owners(user: User) -> list[tuple[int, str]]:
    """The customers that own a machine the person may see, for a filter."""
    ids = machines_visible_to(user).order_by().values("customer_id")
    rows = Customer.objects.filter(pk__in=ids).order_by("sort_key", "pk")
    return [(customer.pk, customer.short_name) for customer in rows]


def all_readings_of(machine: Machine) -> QuerySet[MeterReading]:
    """Every reading of a machine's meter."""
    return MeterReading.objects.filter(machine=machine)


def readings_of(machine: Machine, *, limit: int = 60) -> list[MeterReading]:
    """The latest readings of a machine's meter, newest first."""
    return list(all_readings_of(machine).order_by("-read_at", "-id")[:limit])


def last_reading(machine: Machine) -> MeterReading | None:
    """What the meter showed last."""
    return MeterReading.objects.filter(machine=machine).order_by("-read_at", "-id").first()
