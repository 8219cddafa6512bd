"""Keys for programs: tokens of the API and addresses of calendar feeds."""

import datetime
import secrets

from django.utils.translation import gettext_lazy as _

from komaq.accounts import notices
from komaq.accounts.actions.users import Stopped
from komaq.accounts.choices import KeyPurpose
from komaq.accounts.models import AccessKey, User
from komaq.accounts.queries.keys import digest_of, live_keys_of
from komaq.core import clock, mail, trail
from komaq.core.action import action, lock
from komaq.core.refusals import BadInput, Refusal, require

MOST = 20
LONGEST_DAYS = 730
PREFIXES = {KeyPurpose.API: "kmq_", KeyPurpose.CALENDAR: ""}
HINT = 8


class TooManyKeys(Refusal):
    """A person holds no more live keys than it can look after."""

    message = _("You have 20 live keys already. Take one away first.")


class NameNeeded(BadInput):
    """A key without a name tells nobody which program holds it."""

    message = _("Give it a name: the program or device that will use it.")
    field = "name"


class BadDays(BadInput):
    """A life that is over before it begins, or longer than two years."""

    message = _("Choose between 1 and 730 days.")
    field = "days"


@action
def make_key(
    *, user: User, purpose: str, name: str, by: User | None, can_write: bool = False, days: int | None = None
) -> tuple[AccessKey, str]:
    """A new key of a user and its secret, which nobody can read again. Without `days` it lives until taken away.

    The person learns of it by e-mail. `by` is the user itself, or None for the operator's command. Raises
    NotAllowed, Stopped, NameNeeded, BadDays, TooManyKeys.
    """
    name = mail.one_line(name)
    require(by is None or by.pk == user.pk)
    require(bool(name), else_=NameNeeded())
    require(days is None or 1 <= days <= LONGEST_DAYS, else_=BadDays())
    user = lock(user)
    require(user.is_active, else_=Stopped())
    require(live_keys_of(user).count() < MOST, else_=TooManyKeys())
    secret = PREFIXES[purpose] + secrets.token_urlsafe(32)
    now = clock.now()
    key = AccessKey.objects.create(
        user=user,
        purpose=purpose,
        name=name[:80],
        hint=secret[:HINT],
        digest=digest_of(secret),
        can_write=can_write and purpose == KeyPurpose.API,
        created_at=now,
        expires_at=now + datetime.timedelta(days=days) if days else None,
    )
    facts = {"key": key.pk, "purpose": purpose, "name": key.name, "scopes": key.scopes, "expires_at": key.expires_at}
    trail.record("accounts.key_made", user, by=by, **facts)
    letter = notices.key_made(key, by_operator=by is None)
    mail.queue(to=user.email, to_name=user.name, subject=letter.subject, text=letter.text, html=letter.html)
    return key, secret


@action
def end_key(*, key: AccessKey, by: User | None) -> AccessKey:
    """Take a key away; its next use fails. Again changes nothing.

    `by` is its user, or None for the operator's command. Raises NotAllowed.
    """
    require(by is None or by.pk == key.user_id)
    key = lock(key)
    if key.ended_at is None:
        key.ended_at = clock.now()
        key.save(update_fields=["ended_at"])
        trail.record("accounts.key_ended", key.user, by=by, key=key.pk, purpose=key.purpose, name=key.name)
    return key


def note_use(*, key: AccessKey) -> None:
    """Remember the day a key was last used. The first use of a day writes, the others cost nothing."""
    if key.used_on != clock.today():
        _note_use(key)


@action
def _note_use(key: AccessKey) -> None:
    AccessKey.objects.filter(pk=key.pk).update(used_on=clock.today())
