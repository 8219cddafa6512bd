"""Nobody reads a row outside their scope (PRV-1): words that only foreign things carry never reach a page.

Everything of Andinos is named ZORZAL, of Illapa QUETZAL; TUCAN is Andinos' order that Tito is not sent to.
"""

import pytest

from tests.architecture.conftest import FOREIGN, OTHER, OWN, doors

PEOPLE_OF_ILLAPA = ["Omar", "Lazo", "illapa", "20990000027"]
PEOPLE_OF_ANDINOS = ["Carla", "Quispe", "Beto", "Huamán", "andinos", "20990000019"]
LOOKING_FOR = [OWN, FOREIGN, OTHER, "OS-", "Bomba", "20990000027", "Lazo", "EC480D", "000003"]


def addresses(world):
    """Every address one may call, with every search and filter that could reach foreign rows."""
    for door in doors():
        # the styleguide shows the cast; the others tell whoever holds their address
        if door.name in {"core:styleguide", "orders:feed", "supply:link"}:
            continue
        yield door.path(world.own)
        if door.names:
            yield door.path(world.foreign)
            continue
        path = door.path({})
        yield from (f"{path}?q={words}" for words in LOOKING_FOR)
        yield f"{path}?customer={world.foreign['customer_id']}&machine={world.foreign['machine_id']}"
        yield f"{path}?site={world.foreign['site_id']}&technician={world.foreign['employee_id']}"


def leaks(world, name, words):
    """Where somebody meets one of the words. What it asked for itself, which pages repeat, does not count."""
    found, opened = [], 0
    for path in addresses(world):
        answer = world.clients[name].get(path)
        text = answer.getvalue().decode(errors="replace")
        opened += answer.status_code == 200
        found += [f"{name} reads {word} at {path}" for word in words if word in text and word not in path]
    assert opened > 20 or name == "anonymous"
    return found


@pytest.mark.parametrize("name", ["carla", "beto"])
def test_a_client_never_meets_another_company(world, name):
    assert leaks(world, name, [FOREIGN, *PEOPLE_OF_ILLAPA]) == []


def test_nor_the_other_way_round(world):
    assert leaks(world, "omar", [OWN, OTHER, *PEOPLE_OF_ANDINOS]) == []


def test_a_technician_meets_only_the_orders_it_is_sent_to(world):
    assert leaks(world, "tito", [FOREIGN, OTHER, *PEOPLE_OF_ILLAPA]) == []


def test_the_system_administrator_meets_no_business_data(world):
    assert leaks(world, "alex", [f"Bomba {OWN}", f"Fuga {OWN}", f"{OWN}-1", f"Obra {OWN}", f"Bomba {FOREIGN}"]) == []


def test_a_stranger_meets_nothing(world):
    assert leaks(world, "anonymous", [OWN, FOREIGN, OTHER, "Carla", "Omar", "Salas"]) == []


@pytest.mark.parametrize("name", ["ana", "lola", "nico", "fina", "gina"])
def test_the_office_meets_both(world, name):
    """The words do stand on pages, so that their absence elsewhere says something."""
    text = world.clients[name].get("/app/ordenes/").content.decode()
    assert OWN in text
    assert FOREIGN in text


def test_each_client_meets_its_own(world):
    assert OWN in world.clients["beto"].get("/portal/").content.decode()
    assert FOREIGN in world.clients["omar"].get("/portal/").content.decode()
    assert OWN in world.clients["tito"].get("/campo/").content.decode()
