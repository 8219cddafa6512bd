"""Requests, orders and visits in the states that tests begin from."""

import datetime
import importlib
import itertools
from decimal import Decimal

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from komaq.accounts.models import Employee
from komaq.core import clock
from komaq.orders import actions, queries
from komaq.orders.choices import OrderStatus, Priority, VisitKind
from komaq.orders.models import Problem, Segment, ServiceOrder
from komaq.parts import actions as stock
from komaq.parts.models import Reservation

MORNING = datetime.datetime(2026, 11, 24, 7, 42, tzinfo=clock.LIMA)


@pytest.fixture
def morning():
    """It is Tuesday 24 November 2026, 07:42 in Lima."""
    with clock.travel(MORNING):
        yield MORNING


@pytest.fixture
def catalogue(db):
    """The service types and problems of a fresh database, also after a test that emptied the tables."""
    importlib.import_module("komaq.orders.migrations.0002_catalogue").fill(apps, None)


@pytest.fixture
def paper():
    """`paper("informe.pdf")` is a small PDF as a browser sends it."""

    def make(name="informe.pdf", content=b"%PDF-1.7 nothing"):
        return SimpleUploadedFile(name, content)

    return make


def employee_of(user):
    return Employee.objects.get(person=user.person)


@pytest.fixture
def tito_at_work(tito):
    return employee_of(tito)


@pytest.fixture
def rosa_at_work(rosa):
    return employee_of(rosa)


@pytest.fixture
def ask(catalogue):
    """`ask(user, machine)` asks for service as a client does."""

    def make(user, machine, **more):
        given = {
            "contact": machine.customer.contacts.get(person=user.person),
            "problems": list(Problem.objects.filter(code="hidraulico-lento")),
            "description": "Sin fuerza en brazo y giro desde ayer.",
            "priority": Priority.HIGH,
            "place_described": "" if machine.site_id else "Km 84 de la vía a Espinar",
        }
        return actions.ask_service(customer=machine.customer, machine=machine, by=user, **(given | more))

    return make


@pytest.fixture
def pending_request(ask, carla, cat336):
    """Carla's request for the CAT 336, not yet decided."""
    return ask(carla, cat336)


@pytest.fixture
def open_order(pending_request, ana):
    """The order that Ana made of Carla's request."""
    return actions.accept_request(request=pending_request, by=ana)


@pytest.fixture
def other_order(ask, omar, volvo480, ana):
    """An order of another client."""
    return actions.accept_request(request=ask(omar, volvo480), title="Fuga en cilindro de balde", by=ana)


@pytest.fixture
def in_status(open_order):
    """`in_status("paused")` puts the open order there without walking, for tests of the step that follows."""

    def put(status, **more):
        now = clock.now()
        reached = {
            OrderStatus.COMPLETED: {"completed_at": now},
            OrderStatus.VERIFIED: {"completed_at": now, "verified_at": now},
            OrderStatus.CLOSED: {"completed_at": now, "verified_at": now, "closed_at": now},
        }
        values = {"status": status, "status_since": now, **reached.get(status, {}), **more}
        ServiceOrder.objects.filter(pk=open_order.pk).update(**values)
        open_order.refresh_from_db()
        return open_order

    return put


@pytest.fixture
def plan(ana):
    """`plan(order, [tito], kind=…)` plans a visit of four hours, each a day after the last unless told."""
    following = itertools.count()

    def make(order, technicians, *, kind=VisitKind.REPAIR, starts_at=None, hours=4, by=None, **more):
        start = starts_at or clock.now() + datetime.timedelta(days=1 + next(following))
        people = [employee_of(each) for each in technicians]
        return actions.plan_visit(
            order=order,
            kind=kind,
            starts_at=start,
            ends_at=start + datetime.timedelta(hours=hours),
            technicians=people,
            lead=people[0] if people else None,
            by=by or ana,
            **more,
        )

    return make


@pytest.fixture
def store(nico):
    """The central store."""
    return stock.save_warehouse(code="ALM", name="Almacén central", kind="store", by=nico)


@pytest.fixture
def van_of_tito(nico, tito):
    """Tito's van."""
    return stock.save_warehouse(code="FUR1", name="Camioneta 1", kind="van", keeper=employee_of(tito), by=nico)


@pytest.fixture
def oil_filter(nico):
    """A part of which nothing is held yet."""
    return stock.create_part(brand="CAT", number="1R-0750", name="Filtro de petróleo", by=nico)


@pytest.fixture
def arrives(nico, store):
    """`arrives(part, 3)` takes stock in."""

    def receive(part, quantity, warehouse=None):
        stock.receive_stock(
            part=part, warehouse=warehouse or store, quantity=Decimal(quantity), unit_cost=Decimal(10), by=nico
        )

    return receive


def needs(order, part, quantity=1, *, by, **more):
    segment = Segment.objects.get(order=order, is_default=True)
    given = {"need_by": None, "note": ""} | more
    return actions.plan_part(segment=segment, part=part, quantity=Decimal(quantity), by=by, **given)


def line_of(planned):
    return queries.planned_part_line(planned)


def held_for(planned):
    rows = Reservation.objects.filter(source_kind="orders.plannedpart", source_id=str(planned.pk), state="held")
    return sum((each.quantity for each in rows), Decimal(0))


def status_of(order):
    return ServiceOrder.objects.get(pk=order.pk).status


def put(order, status, **more):
    ServiceOrder.objects.filter(pk=order.pk).update(status=status, **more)
    order.refresh_from_db()
    return order
