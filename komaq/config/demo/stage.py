import datetime
import heapq
from collections.abc import Iterator
from itertools import count

from komaq.core import clock

Story = Iterator[datetime.datetime]
"""Tells itself step by step: before each step it yields the moment of it."""


class Stage:
    """Stories told side by side: whatever happens first is told first, so that books and codes count upwards."""

    def __init__(self) -> None:
        self.waiting: list[tuple[datetime.datetime, int, Story]] = []
        self.turns = count()

    def add(self, story: Story) -> None:
        """Let a story begin when its first step is due, another one's or its own; what is still to come is not told."""
        moment = next(story, None)
        if moment is not None and moment <= clock.now():
            heapq.heappush(self.waiting, (moment, next(self.turns), story))

    def play(self) -> None:
        """Tell all of them to the end, or as far as they have come today."""
        while self.waiting:
            _moment, _turn, story = heapq.heappop(self.waiting)
            self.add(story)
