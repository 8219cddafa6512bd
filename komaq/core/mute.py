"""A restored copy is mute: it writes e-mails and sends none, until an operator lets it speak.

So a copy made to look something up, or to try a restoration, tells no client anything a second time.
"""

from komaq.core import clock
from komaq.core.models import Installation


def is_mute() -> bool:
    """Whether nothing may leave this copy."""
    return Installation.objects.exclude(muted_at=None).exists()


def mute(*, restored_from: str) -> None:
    """Let nothing leave this copy any more."""
    values = {"muted_at": clock.now(), "restored_from": restored_from[:200]}
    Installation.objects.update_or_create(pk=1, defaults=values)


def unmute() -> None:
    """Let this copy speak again; mail.send_waiting() takes up what was held back."""
    Installation.objects.update(muted_at=None)
