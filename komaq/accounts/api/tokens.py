"""One's tokens: by what programs come in as oneself."""

import datetime
from typing import Annotated, Any, Literal, Self

from django.http import HttpRequest, HttpResponse
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts import actions, queries
from komaq.accounts.api.fields import Password, prove
from komaq.accounts.choices import KeyPurpose
from komaq.core.access import SIGNED_IN
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.shapes import Flag, Id, In, Key, Moment, Out, Query, Words, example
from komaq.core.lists import Page, Sort
from komaq.core.refusals import NotFound

doors = Doors(tags=["me"])
SORTS = {"newest": Sort("pk", descending=True)}
Days = Annotated[int, Field(ge=1, le=730, strict=True)]

TOKEN = {
    "id": "5",
    "name": "ERP de la mina",
    "hint": "kmq_Zk3x",
    "scopes": ["read"],
    "created_at": "2026-11-28T13:00:00Z",
    "expires_at": "2027-02-26T13:00:00Z",
    "used_on": None,
}


class TokenOut(Out):
    """A token as one sees it afterwards: never what lets one in."""

    model_config = example(**TOKEN)

    id: Id
    name: str
    hint: str = Field(description="How the token begins.")
    scopes: list[Literal["read", "write"]]
    created_at: Moment
    expires_at: Moment | None
    used_on: datetime.date | None

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        names = cls.model_fields.keys() - {"id", "token"}
        return cls(id=thing.pk, **{name: getattr(thing, name) for name in names})


class NewTokenOut(TokenOut):
    """A new token with its secret, this once."""

    model_config = example(**TOKEN, token="kmq_Zk3x…")  # noqa: S106  an example

    token: str | None = Field(None, description="The secret. Null when the answer is given again: nothing keeps it.")


class TokenIn(In):
    """What a program may do as oneself, and for how long."""

    model_config = example(name="ERP de la mina", can_write=False, days=90)

    name: Words(80, 1)
    can_write: Flag = False
    days: Days = 90
    password: Password = Field("", description="One's own, when one is signed in by a session.")


class TokensQuery(Query):
    """How to sort tokens."""

    sort: Literal["newest"] = "newest"


@doors.lists("/me/tokens", SIGNED_IN, TokenOut)
def list_tokens(request: HttpRequest, wanted: InQuery[TokensQuery]) -> Page:
    """One's tokens that still work."""
    return page_of(queries.live_keys_of(request.user, KeyPurpose.API), wanted, sorts=SORTS)


@doors.makes("/me/tokens", SIGNED_IN, NewTokenOut)
def make_token(request: HttpRequest, body: TokenIn) -> HttpResponse:
    """Make a token. Its secret stands in this answer alone."""
    user = request.user
    if "Authorization" not in request.headers:
        prove(request, body.password)
    facts = {"name": body.name, "can_write": body.can_write, "days": body.days}
    key, secret = actions.make_key(user=user, purpose=KeyPurpose.API, by=user, **facts)
    made = NewTokenOut.of(key, user)
    shown = made.model_copy(update={"token": secret})
    response = HttpResponse(shown.model_dump_json(), status=201, content_type="application/json")
    response["Cache-Control"] = "no-store"
    response.kept_content = made.model_dump_json().encode()
    return response


@doors.removes("/me/tokens/{key_id}", SIGNED_IN)
def end_token(request: HttpRequest, key_id: Key) -> None:
    """Take a token away: its next use fails."""
    key = queries.get_key(request.user, int(key_id))
    if key.purpose != KeyPurpose.API:
        raise NotFound
    actions.end_key(key=key, by=request.user)
