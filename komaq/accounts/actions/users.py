"""Sign-in of a person: invited, stopped, let in again."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from komaq.accounts import notices, rules
from komaq.accounts.actions.guards import has_admin, keep_an_admin, one_at_a_time
from komaq.accounts.models import AccessKey, User
from komaq.core import clock, mail, trail
from komaq.core.action import action, lock
from komaq.core.refusals import Refusal, require


class NotYourself(Refusal):
    """An administrator who stops itself could not undo it."""

    message = _("You cannot stop your own access.")


class Stopped(Refusal):
    """The person may not sign in."""

    message = _("This access is stopped. Let the person in first.")


@action
def invite(*, user: User, by: User) -> None:
    """Send a link to choose a password. Raises NotAllowed, Stopped."""
    require(rules.can_manage_people(by))
    require(user.is_active, else_=Stopped())
    letter = notices.invitation(user, by_name=by.name)
    mail.queue(to=user.email, to_name=user.name, subject=letter.subject, text=letter.text, html=letter.html)
    trail.record("accounts.user_invited", user, by=by, email=user.email)


@action
def disable_user(*, user: User, reason: str, by: User) -> None:
    """Let somebody in no more: every open session ends with its next request, every key for ever.

    Again changes nothing. Raises NotAllowed, NotYourself, LastAdmin.
    """
    require(rules.can_manage_people(by))
    require(user.pk != by.pk, else_=NotYourself())
    one_at_a_time()
    held = has_admin()
    user = lock(user)
    if not user.is_active:
        return
    end_sessions(user, is_active=False)
    end_keys(user)
    keep_an_admin(held)
    trail.record("accounts.user_disabled", user, by=by, reason=reason)


@action
def enable_user(*, user: User, by: User) -> None:
    """Let somebody in again; it signs in anew. Again changes nothing. Raises NotAllowed."""
    require(rules.can_manage_people(by))
    if User.objects.filter(pk=user.pk, is_active=False, person__erased_at=None).update(is_active=True):
        trail.record("accounts.user_enabled", user, by=by)


@action
def end_other_sessions(*, user: User) -> User:
    """Sign the person out everywhere; the caller keeps the session it holds by the user given back."""
    end_sessions(user)
    user.refresh_from_db()
    trail.record("accounts.sessions_ended", user, by=user)
    return user


def end_sessions(user: User, **changes: object) -> None:
    """No session of the person's outlives this, nor revives later."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1, **changes)


def end_keys(user: User) -> None:
    """No program comes in as the person any more, also when the person is let in again."""
    AccessKey.objects.filter(user=user, ended_at=None).update(ended_at=clock.now())
