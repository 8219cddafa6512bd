import datetime
import random
from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import transaction
from django.db.models import F

from komaq.config.demo import catalogue, clients, machines, orders, people, rates, suppliers
from komaq.config.demo.diary import Diary
from komaq.config.demo.market import Market
from komaq.config.demo.shelves import Shelves
from komaq.config.demo.stage import Stage
from komaq.config.demo.tenders import Tenders
from komaq.core import clock
from komaq.core.action import lawful
from komaq.core.models import Job, JobState, MailState, OutgoingEmail
from komaq.fleet.models import Machine
from komaq.supply import actions as supply

SEED = 2026


def build(say: Callable[[str], None]) -> None:
    """Fill an empty database: one transaction, every past e-mail already sent."""
    dice = random.Random(SEED)  # noqa: S311  a story, not a secret
    with lawful(), transaction.atomic():
        with _days_ago(600):
            say("company: areas, positions, 14 employees")
            staff = people.hire(dice)
            say("12 customers with sites, contacts and people")
            customers = clients.sign_up(dice)
        say("60 machines with their meters")
        fleet = machines.deliver(customers, dice)
        say("400 parts, 4 warehouses, 10 suppliers")
        world = _equip(staff, customers, fleet, dice, say)
        say("18 months of requests, orders and visits, a year of stock and purchases")
        for story in orders.unfold(world):
            world.stage.add(story)
        world.stage.play()
        supply.tell_late_lines()
        _settle_the_past()


def _equip(
    staff: people.Staff,
    customers: list[clients.Client],
    fleet: list[Machine],
    dice: random.Random,
    say: Callable[[str], None],
) -> orders.World:
    """The catalogue, what lies on the shelves and whom it is bought of, a year ago; and what became of it since."""
    with _days_ago(400):
        parts = catalogue.print_catalogue(staff.nico, dice)
        shelves = Shelves(staff, parts, dice)
        shelves.open()
        sellers = suppliers.meet(staff.nico, parts, dice)
    market, stage = Market(staff, sellers, shelves, dice), Stage()
    for story in (rates.told(staff, dice), shelves.live(380), market.get_dearer(), *market.by_calendar()):
        stage.add(story)
    for story in Tenders(market, stage).by_calendar():
        stage.add(story)
    suppliers.file_papers(sellers, staff.nico, dice)
    by_key = {client.customer.pk: client for client in customers}
    return orders.World(staff, by_key, fleet, dice, Diary(staff.technicians), stage, market, parts, say)


def _days_ago(days: int) -> AbstractContextManager:
    return clock.travel(clock.lima(clock.today() - datetime.timedelta(days=days), 9))


def _settle_the_past() -> None:
    """What history would have sent was sent; what it would have run is done."""
    OutgoingEmail.objects.update(state=MailState.SENT, sent_at=F("created_at"), attempts=1)
    Job.objects.filter(state=JobState.READY).update(state=JobState.DONE, finished_at=F("created_at"), attempts=1)
