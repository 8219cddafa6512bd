import datetime
import random
from collections.abc import Callable

from django.db import transaction
from django.db.models import F

from komaq.config.demo import clients, machines, orders, people
from komaq.core import clock
from komaq.core.action import lawful
from komaq.core.models import Job, JobState, MailState, OutgoingEmail

SEED = 2026


def build(say: Callable[[str], None]) -> None:
    """Fill an empty database: one transaction, every past e-mail already sent."""
    dice = random.Random(SEED)  # noqa: S311  a story, not a secret
    with lawful(), transaction.atomic():
        with clock.travel(clock.lima(clock.today() - datetime.timedelta(days=600), 9)):
            say("company: areas, positions, 14 employees")
            staff = people.hire(dice)
            say("12 customers with sites, contacts and people")
            customers = clients.sign_up(dice)
        say("60 machines with their meters")
        fleet = machines.deliver(customers, dice)
        say("18 months of requests, orders and visits")
        orders.tell(staff, customers, fleet, dice, say)
        _settle_the_past()


def _settle_the_past() -> None:
    """What history would have sent was sent; what it would have run is done."""
    OutgoingEmail.objects.update(state=MailState.SENT, sent_at=F("created_at"), attempts=1)
    Job.objects.filter(state=JobState.READY).update(state=JobState.DONE, finished_at=F("created_at"), attempts=1)
