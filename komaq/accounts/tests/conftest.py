"""What this room's tests share."""

import datetime
import re

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher

from komaq.accounts.models import Area, Employee, Position
from komaq.core import clock, jobs
from komaq.core.models import OutgoingEmail

PASSWORD = "excavadora-336"


@pytest.fixture
def sales_post(db):
    """A post in another area."""
    area, _made = Area.objects.get_or_create(name="Comercial")
    return Position.objects.create(area=area, name="Asesora comercial", roles=["sales"])


@pytest.fixture
def clerk(tito):
    """Tito as an employee."""
    return Employee.objects.get(person=tito.person)


@pytest.fixture
def second_admin(alex):
    """Another administrator beside Alex."""
    area = Area.objects.get(name="Técnica")
    post = Position.objects.get(area=area, name="admin")

    def make(user):
        employee = Employee.objects.get(person=user.person)
        employee.position_changes.create(
            position=post, effective_on=clock.today(), reason="Apoyo", decided_at=clock.now()
        )
        user.__dict__.pop("roles", None)
        return user

    return make


@pytest.fixture
def log_in(client):
    """`log_in("a@b.c", "password", remember="on")` types it into the page."""

    def enter(email, password=PASSWORD, **more):
        return client.post("/cuentas/ingresar/", {"login": email, "password": password, **more})

    return enter


@pytest.fixture
def hashes(monkeypatch):
    """Every run of the password hasher, counted: what costs time in production."""
    counted = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *given: counted.append(1) or encode(*given))
    return counted


@pytest.fixture
def letters(db):
    """The letters written so far, the worker's included."""

    def read():
        jobs.load()
        jobs.work_off()
        return list(OutgoingEmail.objects.order_by("id"))

    return read


@pytest.fixture
def link_in(letters):
    """The path of the link in the last letter."""
    return lambda: re.search(r"http://testserver(/\S+)", letters()[-1].text)[1]


@pytest.fixture
def tomorrow(db):
    return clock.today() + datetime.timedelta(days=1)
