import datetime
from collections import defaultdict

from komaq.accounts.models import Employee
from komaq.core import clock


class Diary:
    """Who is free when, so that history never books anybody twice."""

    def __init__(self, technicians: list[Employee]) -> None:
        self.technicians = technicians
        self.taken: dict[int, set[datetime.date]] = defaultdict(set)

    def block(self, technician: Employee, first: datetime.date, days: int) -> None:
        self.taken[technician.pk] |= {first + datetime.timedelta(days=day) for day in range(days)}

    def book(self, after: datetime.date, days: int, turn: int) -> tuple[Employee, datetime.datetime, datetime.datetime]:
        """The first technician, starting with number `turn`, who is free for `days` days from some working day on."""
        first = after
        while True:
            first += datetime.timedelta(days=1)
            if first.weekday() == 6:
                continue
            wanted = {first + datetime.timedelta(days=day) for day in range(days)}
            for step in range(len(self.technicians)):
                technician = self.technicians[(turn + step) % len(self.technicians)]
                if not wanted & self.taken[technician.pk]:
                    self.taken[technician.pk] |= wanted
                    last = first + datetime.timedelta(days=days - 1)
                    return technician, clock.lima(first, 8), clock.lima(last, 17)
