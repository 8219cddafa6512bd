"""People of this room's tests."""

import datetime
import re

import pytest

from komaq.accounts.models import Area, Employee, Position
from komaq.core.models import OutgoingEmail

PASSWORD = "excavadora-336"


@pytest.fixture
def sales_post(db):
    """A post in another area."""
    area, _made = Area.objects.get_or_create(name="Comercial")
    return Position.objects.create(area=area, name="Asesora comercial", roles=["sales"])


@pytest.fixture
def clerk(tito):
    """Tito's employee."""
    return Employee.objects.get(person=tito.person)


@pytest.fixture
def log_in(client):
    """`log_in("a@b.c", "password", remember=True)` types it into the page."""

    def enter(email, password=PASSWORD, **more):
        return client.post("/cuentas/ingresar/", {"login": email, "password": password, **more})

    return enter


@pytest.fixture
def letters(db):
    """The letters in the outbox, newest last."""
    return lambda: list(OutgoingEmail.objects.order_by("id"))


@pytest.fixture
def link_in(letters):
    """The path of the link in the last letter."""
    return lambda: re.search(r"http://testserver(/\S+)", letters()[-1].text)[1]


@pytest.fixture
def tomorrow():
    from komaq.core import clock

    return clock.today() + datetime.timedelta(days=1)
