import datetime
import uuid
from collections.abc import Iterable
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from komaq.accounts.models import User
from komaq.core import clock, sequences, trail
from komaq.core.action import action
from komaq.core.files import FileRefused, attach
from komaq.core.refusals import require
from komaq.core.search import search_text
from komaq.customers.models import Contact, Customer, Site
from komaq.fleet.models import Machine
from komaq.orders import notices, rules
from komaq.orders.actions.make_order import check_belongs
from komaq.orders.actions.refusals import DayPassed, HalfAPoint, MachineUnnamed, NothingDescribed, PlaceNeeded
from komaq.orders.actions.tell import tell_client
from komaq.orders.models import Problem, ServiceRequest, ServiceType


@action
def ask_service(
    *,
    customer: Customer,
    contact: Contact,
    priority: str,
    by: User,
    machine: Machine | None = None,
    machine_described: str = "",
    site: Site | None = None,
    place_described: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    service_type: ServiceType | None = None,
    problems: Iterable[Problem] = (),
    description: str = "",
    wished_on: datetime.date | None = None,
    files: Iterable[UploadedFile] = (),
    form_key: uuid.UUID | None = None,
) -> ServiceRequest:
    """Take a client's request for service; the same `form_key` gives the same request again.

    Raises NotAllowed, NothingDescribed, MachineUnnamed, PlaceNeeded, HalfAPoint, DayPassed, NotOfCustomer, FileRefused.
    """
    site = site or (machine.site if machine else None)
    require(rules.can_ask_service(by, customer.pk, site.pk if site else None))
    if asked := _asked_before(form_key, by):
        return asked
    problems = list(problems)
    require(bool(problems or description.strip()), else_=NothingDescribed())
    require(bool(machine or machine_described.strip()), else_=MachineUnnamed())
    require(bool(site or place_described.strip()), else_=PlaceNeeded())
    _check_point(latitude, longitude)
    require(wished_on is None or wished_on >= clock.today(), else_=DayPassed(field="wished_on"))
    check_belongs(customer.pk, machine=machine, site=site, contact=contact)
    now = clock.now()
    request = ServiceRequest(
        customer=customer,
        machine=machine,
        machine_described="" if machine else machine_described.strip()[:200],
        site=site,
        place_described=place_described.strip()[:200],
        latitude=latitude,
        longitude=longitude,
        contact=contact,
        service_type=service_type,
        description=description.strip(),
        priority=priority,
        wished_on=wished_on,
        respond_by=rules.respond_by(customer, priority, now),
        form_key=form_key,
        asked_by=by,
        created_at=now,
    )
    try:
        with transaction.atomic():
            _number(request)
    except IntegrityError:
        if asked := _asked_before(form_key, by):
            return asked
        raise
    request.problems.set(problems)
    _keep_files(files, request, by)
    trail.record(
        "orders.request_received", request, by=by, visibility="client", priority=priority, machine=request.shown_machine
    )
    tell_client(request, notices.request_received, request)
    return request


def _check_point(latitude: Decimal | None, longitude: Decimal | None) -> None:
    if (latitude is None) != (longitude is None):
        raise HalfAPoint(field="latitude" if latitude is None else "longitude")


def _asked_before(form_key: uuid.UUID | None, by: User) -> ServiceRequest | None:
    """What the same form brought before; somebody else's key opens nothing."""
    asked = ServiceRequest.objects.filter(form_key=form_key).first() if form_key else None
    require(asked is None or asked.asked_by_id == by.pk)
    return asked


def found_by(request: ServiceRequest) -> str:
    """The search text of a request: codes, machine, client, place."""
    machine = request.machine
    return search_text(
        request.code,
        machine or request.machine_described,
        machine.code if machine else "",
        machine.fleet_number if machine else "",
        request.customer.name,
        request.customer.trade_name,
        request.site.name if request.site else request.place_described,
    )


def _number(request: ServiceRequest) -> None:
    request.code = sequences.take("SOL")
    request.search = found_by(request)
    request.save(force_insert=True)


def _keep_files(uploads: Iterable[UploadedFile], request: ServiceRequest, by: User) -> None:
    try:
        attach(uploads, request, by=by)
    except FileRefused as refusal:
        raise FileRefused(str(refusal.message), field="files") from refusal
