"""The cast and the guard rails of every test."""

import contextvars
import datetime
import json
import socket
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation.reloader import translation_file_changed

from komaq.accounts.actions import make_key
from komaq.accounts.choices import KeyPurpose, Role, ScopeKind
from komaq.accounts.models import Area, Employee, Grant, Person, Position, PositionChange, User
from komaq.config import messages
from komaq.core import clock, jobs, triggers
from komaq.core.api import limits
from komaq.core.search import search_text, sort_key
from komaq.customers.choices import CustomerKind
from komaq.customers.models import Contact, Customer, Site
from komaq.fleet.models import Machine, MachineModel

BORN_WITH = []
LEAN_ON_THE_ENGINE = {"at_once", "database_url", "queries_of", "rounds"}
PASSWORD = "excavadora-336"  # noqa: S105  the cast's password


def pytest_configure():
    """Pages under test speak the Spanish of the text files as they are now, whatever was read of them until here."""
    if messages.compile_all():
        translation_file_changed(sender=None, file_path=Path("django.mo"))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """A test that commits keeps what migrations filled in for the tests after it, and runs on every engine.

    So do those that race, that start programs of their own or that count statements: what they prove differs by engine.
    """
    for item in items:
        marker = item.get_closest_marker("django_db")
        commits = marker and marker.kwargs.get("transaction")
        if commits:
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True), append=False)
        if commits or LEAN_ON_THE_ENGINE & set(item.fixturenames):
            item.add_marker(pytest.mark.db)


@pytest.fixture(scope="session", autouse=True)
def closed_network():
    """Tests talk to loopback only."""
    connect = socket.socket.connect

    def guarded(self, address):
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in {
            "127.0.0.1",
            "localhost",
            "::1",
        }:
            raise AssertionError(f"A test wanted to reach {address}.")
        return connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, and what migrations wrote into it."""
    with django_db_blocker.unblock():
        rows = json.loads(connection.creation.serialize_db_to_string())
    remade_by_flush = ("contenttypes.", "auth.")
    BORN_WITH.append(json.dumps([row for row in rows if not row["model"].startswith(remade_by_flush)]))


@pytest.fixture(scope="session", autouse=True)
def flush_lifts_triggers():
    """Transactional tests empty tables that refuse it otherwise; guards and catalogue come back after the flush."""
    from django.test import TransactionTestCase  # noqa: PLC0415  after Django's set-up

    original = TransactionTestCase._fixture_teardown

    def teardown(self):
        if connection.connection is not None and not connection.is_usable():
            connection.close()  # what one test broke is not the next one's fault
        with triggers.lifted():
            original(self)
        connection.creation.deserialize_db_from_string(BORN_WITH[0])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
        yield


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    """Every test keeps its files in a folder of its own."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": settings.MEDIA_ROOT},
        },
    }


@pytest.fixture
def database_url():
    """The address of the database under test, for programs that a test starts."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    user, password, host = (quote(known[name], safe="") for name in ("USER", "PASSWORD", "HOST"))
    return f"postgresql://{user}:{password}@{host}:{known['PORT'] or 5432}/{known['NAME']}"


@pytest.fixture
def cache_table(db):
    call_command("createcachetable", verbosity=0)


def make_person(given_names, surnames, **more):
    return Person.objects.create(
        given_names=given_names,
        surnames=surnames,
        created_at=clock.now(),
        search=search_text(given_names, surnames),
        sort_key=sort_key(f"{surnames} {given_names}"),
        **more,
    )


def make_user(person, email):
    user = User(person=person, email=email, created_at=clock.now())
    user.set_password(PASSWORD)
    user.save()
    user.emailaddress_set.create(email=email, verified=True, primary=True)
    return user


def make_staff(given_names, surnames, email, *roles):
    area, _made = Area.objects.get_or_create(name="Técnica")
    position, _made = Position.objects.get_or_create(area=area, name="+".join(roles), defaults={"roles": list(roles)})
    person = make_person(given_names, surnames)
    employee = Employee.objects.create(person=person, hired_on=datetime.date(2024, 1, 2))
    PositionChange.objects.create(
        employee=employee,
        position=position,
        effective_on=datetime.date(2024, 1, 2),
        reason="Ingreso",
        decided_at=clock.now(),
    )
    return make_user(person, email)


def make_customer(name, ruc):
    return Customer.objects.create(
        kind=CustomerKind.COMPANY,
        tax_id_type="6",
        tax_id=ruc,
        name=name,
        search=search_text(name, ruc),
        sort_key=sort_key(name),
        created_at=clock.now(),
    )


def make_client(given_names, surnames, email, customer, role):
    person = make_person(given_names, surnames, email=email, phone="+51987654321")
    Contact.objects.create(customer=customer, person=person, created_at=clock.now())
    user = make_user(person, email)
    Grant.objects.create(
        user=user,
        role=role,
        customer_id=customer.pk,
        scope_kind=ScopeKind.CUSTOMER,
        scope_id=customer.pk,
        given_at=clock.now(),
    )
    return user


@pytest.fixture
def ana(db):
    """Plans: supervisor."""
    return make_staff("Ana", "Salas", "ana@komaq.test", Role.SUPERVISOR)


@pytest.fixture
def tito(db):
    """Repairs: technician."""
    return make_staff("Tito", "Ccori", "tito@komaq.test", Role.TECHNICIAN)


@pytest.fixture
def rosa(db):
    """Repairs too: a second technician."""
    return make_staff("Rosa", "Mamani", "rosa@komaq.test", Role.TECHNICIAN)


@pytest.fixture
def lola(db):
    """Sells."""
    return make_staff("Lola", "Paredes", "lola@komaq.test", Role.SALES)


@pytest.fixture
def nico(db):
    """Keeps the store: logistics."""
    return make_staff("Nico", "Arce", "nico@komaq.test", Role.LOGISTICS)


@pytest.fixture
def fina(db):
    """Invoices: finance."""
    return make_staff("Fina", "Rojas", "fina@komaq.test", Role.FINANCE)


@pytest.fixture
def gina(db):
    """Manages."""
    return make_staff("Gina", "Torres", "gina@komaq.test", Role.MANAGER)


@pytest.fixture
def alex(db):
    """Administers the system, without right to business data."""
    return make_staff("Alex", "Núñez", "alex@komaq.test", Role.ADMIN)


@pytest.fixture
def andinos(db):
    """The client company of Carla and Beto."""
    return make_customer("Contratistas Andinos del Sur S.A.C.", "20990000019")


@pytest.fixture
def illapa(db):
    """Another client company: Omar's."""
    return make_customer("Movimiento de Tierras Illapa S.R.L.", "20990000027")


@pytest.fixture
def carla(andinos):
    """Administers the client company Andinos."""
    return make_client("Carla", "Quispe", "carla@andinos.test", andinos, Role.CUSTOMER_ADMIN)


@pytest.fixture
def beto(andinos):
    """Carla's operator: asks for service."""
    return make_client("Beto", "Huamán", "beto@andinos.test", andinos, Role.CUSTOMER_MEMBER)


@pytest.fixture
def omar(illapa):
    """Administers another client company."""
    return make_client("Omar", "Lazo", "omar@illapa.test", illapa, Role.CUSTOMER_ADMIN)


@pytest.fixture
def tajo_sur(andinos):
    return Site.objects.create(customer=andinos, name="Tajo Sur", kind="mine", place="Espinar, Cusco", altitude_m=4120)


@pytest.fixture
def cat336(andinos, tajo_sur):
    """A machine of Andinos."""
    model, _made = MachineModel.objects.get_or_create(brand="CAT", name="336", defaults={"type": "excavator"})
    return Machine.objects.create(
        code="MAQ-2026-000001",
        customer=andinos,
        site=tajo_sur,
        model=model,
        serial="DKS01874",
        search=search_text("CAT 336 DKS01874 Andinos"),
        sort_key=sort_key("CAT 336"),
        created_at=clock.now(),
    )


@pytest.fixture
def volvo480(illapa):
    """A machine of Illapa."""
    model, _made = MachineModel.objects.get_or_create(brand="Volvo", name="EC480D", defaults={"type": "excavator"})
    return Machine.objects.create(
        code="MAQ-2026-000002",
        customer=illapa,
        model=model,
        serial="VCEC480DL4417",
        search=search_text("Volvo EC480D VCEC480DL4417 Illapa"),
        sort_key=sort_key("Volvo EC480D"),
        created_at=clock.now(),
    )


@pytest.fixture
def sign_in(client):
    """`sign_in(user)` gives the HTTP client with that person's session."""

    def enter(user):
        client.force_login(user)
        return client

    return enter


@pytest.fixture
def run_jobs(db):
    """Let the worker run what is due."""
    return jobs.work_off


@pytest.fixture
def queries_of():
    """`queries_of(call)` counts the SQL statements of a call."""

    def count(call):
        with CaptureQueriesContext(connection) as captured:
            call()
        return len(captured)

    return count


@pytest.fixture
def rounds(request):
    """How often to run a race: `--rounds`."""
    return request.config.option.rounds


@pytest.fixture
def at_once():
    """`at_once([call, …])` runs calls in threads that start together; each result, or the exception it raised."""

    def run(calls):
        start, results = threading.Barrier(len(calls)), [None] * len(calls)

        def work(place, call):
            start.wait()
            try:
                results[place] = call()
            except Exception as error:  # noqa: BLE001  the test looks at it
                results[place] = error
            finally:
                connection.close()

        threads = [
            threading.Thread(target=contextvars.copy_context().run, args=(work, place, call))
            for place, call in enumerate(calls)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run


@pytest.fixture
def program(client):
    """`program(user)` gives a function that calls the API with a token of the user's, the limits counted anew."""
    limits.forget()

    def of(user, *, can_write=True):
        _key, secret = make_key(user=user, purpose=KeyPurpose.API, name="Prueba", can_write=can_write, by=user)

        def call(method, path, body=None, **headers):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            content = body if isinstance(body, bytes | str) else json.dumps(body)
            return client.generic(
                method,
                path,
                "" if body is None else content,
                content_type=sent.pop("Content-Type", "application/json"),
                headers={"Authorization": f"Bearer {secret}", **sent},
            )

        return call

    return of


def pytest_terminal_summary(terminalreporter):
    """Say how many cells of the access matrix were opened."""
    passed = terminalreporter.getreports("passed")
    cells = sum(value for report in passed for name, value in report.user_properties if name == "cells")
    if cells:
        terminalreporter.write_line(f"access matrix: {cells} cells opened")
