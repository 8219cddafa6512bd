"""What a dollar cost in soles: noted every Monday for a year, and on each of the last days."""

import datetime
import random
from decimal import Decimal

from komaq.config.demo.people import Staff
from komaq.config.demo.stage import Story
from komaq.core import clock
from komaq.supply import actions

DAYS = 399
LOWEST, HIGHEST = Decimal("3.380"), Decimal("3.790")


def told(staff: Staff, dice: random.Random) -> Story:
    """The rate wanders a little from week to week."""
    rate = Decimal("3.612")
    for ago in range(DAYS, -1, -1):
        day = clock.today() - datetime.timedelta(days=ago)
        if ago != DAYS and day.weekday() != 0 and ago > 9:
            continue
        rate = min(max(rate + Decimal(dice.randrange(-22, 22)) / 1000, LOWEST), HIGHEST)
        yield (moment := min(clock.lima(day, 8, 5), clock.now()))
        with clock.travel(moment):
            actions.note_rate(currency="USD", sell=rate, by=staff.fina)
