"""No page costs more than ten reads of the database, whoever opens it."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.architecture.conftest import doors

BUDGET = 10
OWN_WORDS = {"orders:field-visit-step": "?to=failed", "orders:field-move": "?to=paused"}


def costs_of(world):
    """(queries, address, person, statements) of every page each person of its audience can read."""
    for door in doors():
        path = door.path(world.own) + OWN_WORDS.get(door.name, "")
        for name, http in world.clients.items():
            if name != "anonymous" and not door.view.audience.admits(world.people[name]):
                continue
            with CaptureQueriesContext(connection) as captured:
                answer = http.get(path)
            if answer.status_code == 405:
                break
            if answer.status_code == 200:
                answer.getvalue()
                yield len(captured), door.name, name, [each["sql"] for each in captured]


def test_every_page_keeps_the_budget(world):
    costs = sorted(costs_of(world), key=lambda cost: cost[:3], reverse=True)
    import json
    json.dump(costs, open("/tmp/qb/costs.json", "w"))
    dearest = "\n".join(f"{count:3d} {address} ({name})" for count, address, name, _sql in costs[:5])
    print(f"The dearest pages:\n{dearest}")
    assert costs[0][0] <= BUDGET, dearest
