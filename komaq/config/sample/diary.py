"""Who is free when: one number for each day, a bit for each technician."""

from collections import defaultdict

from komaq.config.sample import moments


class Diary:
    """Books technicians so that none is in two places."""

    def __init__(self, technicians: int) -> None:
        self.everybody = (1 << technicians) - 1
        self.taken: dict[int, int] = defaultdict(int)

    def book(self, first: int, days: int, heads: int) -> tuple[int, list[int]]:
        """The first working day from `first` on with so many people free for so many days, and who they are."""
        day = first
        while True:
            free = self.everybody
            for each in range(day, day + days):
                free &= ~self.taken[each]
            if not moments.is_sunday(day) and free.bit_count() >= heads:
                return day, self._take(day, days, heads, free)
            day += 1

    def _take(self, day: int, days: int, heads: int, free: int) -> list[int]:
        who, bits = [], 0
        for _head in range(heads):
            lowest = free & -free
            free ^= lowest
            bits |= lowest
            who.append(lowest.bit_length() - 1)
        for each in range(day, day + days):
            self.taken[each] |= bits
        return who

    def forget(self, before: int) -> None:
        """Days that nobody will book any more."""
        for day in [each for each in self.taken if each < before]:
            del self.taken[day]
