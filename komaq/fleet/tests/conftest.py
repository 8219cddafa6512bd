"""What the tests of fleet begin from."""

import datetime
from decimal import Decimal

import pytest

from komaq.accounts.models import Grant
from komaq.core import clock
from komaq.core.models import Sequence
from komaq.fleet import actions

MORNING = datetime.datetime(2026, 11, 24, 7, 42, tzinfo=clock.LIMA)


@pytest.fixture(autouse=True)
def numbers_go_on(db):
    """The cast's machines hold the first numbers."""
    Sequence.objects.create(prefix="MAQ", year=clock.today().year, last=2)


@pytest.fixture
def morning():
    """It is Tuesday 24 November 2026, 07:42 in Lima."""
    with clock.travel(MORNING):
        yield MORNING


@pytest.fixture
def held(beto, tajo_sur):
    """Beto, held to Tajo Sur."""
    Grant.objects.filter(user=beto).update(scope_kind="site", scope_id=tajo_sur.pk)
    return beto


@pytest.fixture
def read(ana, morning):
    """`read(machine, "100", days_ago=1)` notes what its meter showed."""

    def record(machine, value, *, days_ago=0, by=ana, source="office", **more):
        moment = morning - datetime.timedelta(days=days_ago)
        return actions.record_reading(
            machine=machine, value=Decimal(value), read_at=moment, source=source, by=by, **more
        )

    return record
