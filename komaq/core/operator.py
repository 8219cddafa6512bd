"""In whose name a command acts: the trail never says "somebody"."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandError

from komaq.core import registry
from komaq.core.refusals import NotAllowed


def who(email: str | None, may: Callable[[Any], bool], *, anyone: bool = False) -> Any:
    """The user of that address, or the only one of the staff who may; with `anyone` the first of several.

    Raises CommandError: nobody has the address, the person may not (1), or several might be meant (2).
    """
    if email:
        return _named(email, may)
    able = [user for people in registry.staff for user in people() if may(user)]
    if not able:
        raise CommandError("Nobody of the staff may do this; give somebody a position that allows it.", returncode=1)
    if len(able) > 1 and not anyone:
        names = ", ".join(user.email for user in able[:5])
        raise CommandError(f"Several people may do this: say in whose name, --by EMAIL ({names}).", returncode=2)
    return able[0]


def _named(email: str, may: Callable[[Any], bool]) -> Any:
    users = get_user_model()._default_manager.filter(is_active=True)
    user = users.filter(email=email.strip().lower()).first()
    if user is None:
        raise CommandError(f"Nobody signs in with {email}.", returncode=2)
    if not may(user):
        raise CommandError(f"{user.email}: {NotAllowed.message}", returncode=1)
    return user
