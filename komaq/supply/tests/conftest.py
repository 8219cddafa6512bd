import datetime
from decimal import Decimal

import pytest

from komaq.core import clock
from komaq.core.models import ExchangeRate
from komaq.parts import actions as parts
from komaq.supply import actions
from komaq.supply.models import Supplier


@pytest.fixture
def store(nico):
    """The central store."""
    return parts.save_warehouse(code="ALM", name="Almacén central", kind="store", by=nico)


@pytest.fixture
def oil_filter(nico):
    return parts.create_part(brand="CAT", number="1R-0750", name="Filtro de petróleo", by=nico)


@pytest.fixture
def seal(nico):
    return parts.create_part(brand="Parker", number="ST-2204", name="Sello de cilindro", by=nico)


@pytest.fixture
def dollar(db):
    """The dollar of the day: S/ 3.75."""
    return ExchangeRate.objects.create(
        currency="USD",
        on=clock.today() - datetime.timedelta(days=1),
        sell=Decimal("3.75"),
        noted_at=clock.now(),
    )


@pytest.fixture
def ferreparts(db):
    """A supplier of ours."""
    return Supplier.objects.create(
        tax_id="20990000175",
        name="Ferreparts Importaciones S.A.C.",
        trade_name="Ferreparts",
        email="ventas@ferreparts.test",
        payment_terms="Factura a 30 días",
        created_at=clock.now(),
    )


@pytest.fixture
def buy(nico, ferreparts, store, dollar):
    """`buy((part, quantity, price), …)` is a draft of such lines in dollars, written by Nico."""

    def write(*lines, by=nico, currency="USD", needs=(), **more):
        given = [
            actions.PurchaseLineIn(part=part, quantity=Decimal(quantity), price=Decimal(price), needs=tuple(needs))
            for part, quantity, price in lines
        ]
        return actions.make_purchase(
            supplier=ferreparts, lines=given, currency=currency, deliver_to=store, by=by, **more
        )

    return write
