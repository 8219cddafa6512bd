import pytest

from komaq.comms.notices import Fact, Notice


@pytest.fixture
def notice(carla, cat336):
    """`notice(...)` builds a notice about Carla's machine."""

    def build(**more):
        values = {
            "key": "test:1",
            "kind": "test.told",
            "person": carla.person,
            "subject": cat336,
            "title": "Su máquina está lista",
            "lines": ("Puede recogerla desde mañana.",),
            "facts": (Fact("Máquina", "CAT 336"),),
            "button": "Ver la máquina",
            "path": "/portal/maquinas/1/",
        }
        return Notice(**{**values, **more})

    return build
