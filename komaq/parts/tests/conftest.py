import pytest

from komaq.parts import actions


@pytest.fixture
def store(nico):
    """The central store."""
    return actions.save_warehouse(code="ALM", name="Almacén central", kind="store", by=nico)


@pytest.fixture
def van(nico):
    """A technician's van."""
    return actions.save_warehouse(code="FUR1", name="Camioneta 1", kind="van", by=nico)


@pytest.fixture
def oil_filter(nico):
    """A part of which nothing is held yet."""
    return actions.create_part(brand="CAT", number="1R-0750", name="Filtro de petróleo", by=nico)
