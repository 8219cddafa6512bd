"""Who may sign in, for administrators."""

import datetime
from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts import actions, queries
from komaq.accounts.api.fields import Reason
from komaq.accounts.choices import ADMINS, Role
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.shapes import ABSENT, Id, In, Key, Moment, Out, Query, example
from komaq.core.lists import Page, Sort

doors = Doors(tags=["users"])
SORTS = {"name": Sort("person__sort_key"), "newest": Sort("created_at", descending=True)}


class UserOut(Out):
    """Somebody who may sign in, or might."""

    model_config = example(
        id="4",
        person="11",
        name="Carla Quispe",
        email="carla@andinos.example",
        is_active=True,
        world="client",
        roles=["customer_admin"],
        employee=None,
        customers=["7"],
        last_login="2026-11-28T13:00:00Z",
        created_at="2026-01-12T15:00:00Z",
    )

    id: Id
    person: Id
    name: str
    email: str = Field(description="The address it signs in with.")
    is_active: bool
    world: Literal["staff", "client"]
    roles: list[Role] = Field(description="What it holds today.")
    employee: Id | None
    customers: list[Id]
    last_login: datetime.datetime | None
    created_at: Moment

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        return cls(
            id=thing.pk,
            person=thing.person_id,
            world="staff" if thing.employee_id else "client",
            roles=sorted(thing.roles),
            employee=thing.employee_id,
            customers=sorted(thing.customer_ids),
            **{name: getattr(thing, name) for name in ("name", "email", "is_active", "last_login", "created_at")},
        )


class ReasonIn(In):
    """Why, in a few words."""

    model_config = example(reason="Ya no trabaja con el cliente.")

    reason: Reason


class UsersQuery(Query):
    """How to narrow and sort users."""

    q: str = Field("", max_length=80, description="Words: name, address.")
    world: Literal["staff", "client"] = ABSENT
    state: Literal["active", "disabled"] = ABSENT
    sort: Literal["name", "newest"] = "name"


@doors.lists("/users", ADMINS, UserOut)
def list_users(request: HttpRequest, wanted: InQuery[UsersQuery]) -> Page:
    """Everybody who may sign in, clients too."""
    rows = queries.filter_users(queries.users_for(request.user), **wanted.filters())
    return page_of(queries.with_grants(rows), wanted, sorts=SORTS)


@doors.reads("/users/{user_id}", ADMINS, UserOut)
def read_user(request: HttpRequest, user_id: Key) -> Any:
    """One user."""
    return queries.get_user(request.user, int(user_id))


@doors.does("/users/{user_id}/disable", ADMINS, UserOut)
def disable_user(request: HttpRequest, user_id: Key, body: ReasonIn) -> Any:
    """Let somebody in no more: sessions and tokens end at once."""
    user = queries.get_user(request.user, int(user_id))
    actions.disable_user(user=user, reason=body.reason, by=request.user)
    return queries.get_user(request.user, user.pk)


@doors.does("/users/{user_id}/enable", ADMINS, UserOut)
def enable_user(request: HttpRequest, user_id: Key) -> Any:
    """Let somebody in again; it signs in anew."""
    user = queries.get_user(request.user, int(user_id))
    actions.enable_user(user=user, by=request.user)
    return queries.get_user(request.user, user.pk)


@doors.does("/users/{user_id}/invite", ADMINS, UserOut)
def invite_user(request: HttpRequest, user_id: Key) -> Any:
    """Send a letter with a link to choose a password."""
    user = queries.get_user(request.user, int(user_id))
    actions.invite(user=user, by=request.user)
    return user
