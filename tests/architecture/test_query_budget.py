"""No page costs more than ten statements to the database, session, user and roles included, whoever opens it.

The world is filled with several rows of everything first: a statement for each row would break the budget.
"""

from decimal import Decimal

from django.db import connection
from django.test.utils import CaptureQueriesContext

from komaq.fleet.models import Machine
from komaq.orders import actions
from komaq.orders.models import Segment, ServiceOrder
from komaq.parts import actions as parts
from tests.architecture.conftest import doors, employee_of, work

OPERATORS = {"core:ready"}  # looks at the database itself
BUDGET, PAGES, ROWS = 10, 70, 6
# Pages that ask for the words of one step.
ASKED = {"orders:field-visit-step": "?to=failed", "orders:field-move": "?to=paused"}


def counted(http, path):
    """The answer and its statements; marks of a transaction ask the database nothing."""
    with CaptureQueriesContext(connection) as captured:
        answer = http.get(path)
        content = answer.getvalue()
    marks = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
    return answer.status_code, content, [each["sql"] for each in captured if not each["sql"].startswith(marks)]


def costs_of(world):
    """(statements, address, person) of every page and everybody of its audience who can read it.

    Each is opened before it is counted: who reads a personal record is noted once a day, by the first opening.
    """
    for door in doors():
        if door.name in OPERATORS:
            continue
        path = door.path(world.own) + ASKED.get(door.name, "")
        for name, http in world.clients.items():
            if name != "anonymous" and not door.view.audience.admits(world.people[name]):
                continue
            status = http.get(path).status_code
            if status == 405:
                break
            if status == 200:
                _status, _content, statements = counted(http, path)
                yield len(statements), door.name, name


def fill(world, site):
    """More orders of the machine, and more of everything on its first order."""
    people, machine = world.people, Machine.objects.get(pk=world.own["machine_id"])
    for number in range(ROWS):
        work(f"FILA{number}", machine, site, people["beto"], people["ana"], employee_of(people["tito"]), 10 + number)
    order = ServiceOrder.objects.get(pk=world.own["order_id"])
    store = parts.save_warehouse(code="PLAN", name="Almacén de la orden", kind="store", by=people["nico"])
    for number in range(ROWS):
        segment = actions.add_segment(
            order=order, title=f"Parte {number}", system="general", payer="client", by=people["ana"]
        )
        task = actions.add_task(segment=segment, title=f"Tarea {number}", by=people["ana"])
        actions.tick_task(task=task, done=True, by=people["tito"])
        actions.add_note(order=order, text=f"Nota {number}", by=people["tito"])
        part = parts.create_part(brand="CAT", number=f"9X-{number}", name=f"Sello {number}", by=people["nico"])
        actions.plan_part(segment=segment, part=part, quantity=Decimal(2), need_by=None, by=people["ana"])
        parts.receive_stock(part=part, warehouse=store, quantity=Decimal(1), unit_cost=Decimal(5), by=people["nico"])
    actions.cover_order(order=order, by=people["ana"])
    assert Segment.objects.filter(order=order).count() == ROWS + 1


def test_every_page_keeps_the_budget(world, tajo_sur, capsys):
    fill(world, tajo_sur)
    costs = sorted(costs_of(world), reverse=True)
    highest = {address: (count, name) for count, address, name in reversed(costs)}
    ranked = sorted(((count, address, name) for address, (count, name) in highest.items()), reverse=True)
    dearest = "\n".join(f"{count:3d} {address} ({name})" for count, address, name in ranked[:5])
    with capsys.disabled():
        print(f"\nThe dearest pages:\n{dearest}")  # noqa: T201  the report of the crawl
    assert costs[0][0] <= BUDGET, dearest
    assert len(ranked) > PAGES, "the crawl reads the pages of the product"
