"""How often a token and an address may ask. Each web process counts for itself, so that asking costs no write."""

import math
import threading
import time
from collections import Counter

from django.conf import settings
from django.http import HttpRequest

WINDOW = 60.0


class Window:
    """Counts of the running minute and of the one before: together they tell how many came in the last 60 seconds.

    The minute before weighs as much as of it still lies within those 60 seconds. Memory is bounded by who asked
    within two minutes.
    """

    def __init__(self) -> None:
        self.guard = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.minute, self.now, self.before = 0, Counter(), Counter()

    def wait_of(self, who: tuple[str, str], most: int, moment: float) -> int:
        """Count a request: 0 when it may go on, else the seconds after which the next one may."""
        with self.guard:
            minute, passed = divmod(moment, WINDOW)
            self._turn(int(minute))
            fading = self.before[who] * (1 - passed / WINDOW)
            if self.now[who] + fading < most:
                self.now[who] += 1
                return 0
            return math.floor(self._until_room(who, most, passed)) + 1

    def _turn(self, minute: int) -> None:
        if minute == self.minute:
            return
        self.before = self.now if minute == self.minute + 1 else Counter()
        self.minute, self.now = minute, Counter()

    def _until_room(self, who: tuple[str, str], most: int, passed: float) -> float:
        """Seconds until the counts have faded below `most`."""
        if self.now[who] < most:
            return WINDOW * (1 - (most - self.now[who]) / self.before[who]) - passed
        return WINDOW - passed


_window = Window()


def wait_of(kind: str, who: str) -> int:
    """Count a request of `who`: 0 when it may go on, else the seconds after which it may."""
    return _window.wait_of((kind, who), settings.API_PER_MINUTE[kind], time.time())


def address_of(http: HttpRequest) -> str:
    """Who asks: the peer, or what our own proxy says of it. What a client writes into the header counts for nothing."""
    if settings.SECURE_PROXY_SSL_HEADER:
        told = http.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return told or http.META.get("REMOTE_ADDR", "")
    return http.META.get("REMOTE_ADDR", "")


def forget() -> None:
    """Begin to count anew: for tests."""
    _window.forget()
