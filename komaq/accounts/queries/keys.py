"""Keys of programs: whose they are and whom a secret lets in."""

import hashlib

from django.db.models import Q, QuerySet

from komaq.accounts.choices import KeyPurpose
from komaq.accounts.models import AccessKey, User
from komaq.core import clock
from komaq.core.refusals import NotFound


def digest_of(secret: str) -> str:
    """What is kept of a secret: it has 256 bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


def live_keys_of(user: User, purpose: str | None = None) -> QuerySet[AccessKey]:
    """The keys that still let somebody in as the user, the newest first."""
    rows = AccessKey.objects.filter(_live(), user=user).order_by("-id")
    return rows.filter(purpose=purpose) if purpose else rows


def get_key(user: User, key_id: int) -> AccessKey:
    """One of the user's own keys. Raises NotFound."""
    found = AccessKey.objects.filter(user=user, pk=key_id).select_related("user").first()
    if found is None:
        raise NotFound
    return found


def key_behind(secret: str, purpose: str) -> AccessKey | None:
    """The live key of this secret, with its active user and what the user may do.

    None for what is unknown, ended, expired, for another purpose, or of somebody who may not sign in.
    """
    rows = AccessKey.objects.filter(_live(), digest=digest_of(secret), purpose=purpose, user__is_active=True)
    return rows.select_related("user__person").first()


def may_write(key: AccessKey) -> bool:
    """Whether its program may change what its user may change; otherwise it only reads."""
    return key.can_write and key.purpose == KeyPurpose.API


def _live() -> Q:
    return Q(ended_at=None) & (Q(expires_at=None) | Q(expires_at__gt=clock.now()))
