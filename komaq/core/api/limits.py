"""How often a token and an address may ask. Each web process counts for itself, so that asking costs no write."""

import math
import time

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

_counts = MovingWindowRateLimiter(MemoryStorage())


def wait_of(kind: str, who: str) -> int:
    """Count a request of `who`: 0 when it may go on, else the seconds after which it may."""
    limit = RateLimitItemPerMinute(settings.API_PER_MINUTE[kind], namespace=kind)
    if _counts.hit(limit, who):
        return 0
    window = _counts.get_window_stats(limit, who)
    return max(1, math.ceil(window.reset_time - time.time()))


def address_of(http: HttpRequest) -> str:
    """Who asks: the peer, or what our own proxy says of it. What a client writes into the header counts for nothing."""
    if settings.SECURE_PROXY_SSL_HEADER:
        told = http.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
        return told or http.META.get("REMOTE_ADDR", "")
    return http.META.get("REMOTE_ADDR", "")


def forget() -> None:
    """Begin to count anew: for tests."""
    _counts.storage.reset()
