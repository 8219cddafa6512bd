"""Doors are locked unless they say whom they are for.

Every view declares `@audience(...)`; the middleware lets nobody else in. Strangers to a page's world get 404,
colleagues without the role 403. What rows they see is the business of queries.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

from komaq.core.refusals import NotAllowed


@dataclass(frozen=True)
class Audience:
    """Who may open a door: anyone, anyone signed in, or the holders of some roles of one world."""

    name: str
    roles: frozenset[str] = frozenset()
    public: bool = False
    world: frozenset[str] = frozenset()

    def admits(self, user: Any) -> bool:
        if self.public:
            return True
        if not user.is_authenticated:
            return False
        return not self.roles or bool(self.roles & user.roles)

    def knows(self, user: Any) -> bool:
        """Whether the person lives in the world this door belongs to."""
        return user.is_authenticated and bool(self.world & user.roles)


PUBLIC = Audience("public", public=True)
SIGNED_IN = Audience("signed in")


def either(*several: Audience) -> Audience:
    """Whoever belongs to one of several audiences; both worlds may use the door of a program."""
    names = " or ".join(each.name for each in several)
    roles, world = (frozenset().union(*sets) for sets in zip(*((a.roles, a.world) for a in several), strict=True))
    return Audience(names, roles, world=world)


def audience(who: Audience) -> Callable:
    """Declare whom a view is for."""

    def declare(view: Callable) -> Callable:
        @wraps(view)
        def door(http: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            return view(http, *args, **kwargs)

        door.audience = who
        return login_not_required(door) if who.public else door

    return declare


def admit(who: Audience, user: Any) -> None:
    """Raise 404 for strangers and NotAllowed for colleagues outside the audience."""
    if who.admits(user):
        return
    if who.knows(user):
        raise NotAllowed
    raise Http404
