"""What a person asked for about its own data: taken along, erased."""

from typing import Any, Literal, Self

from django.http import HttpRequest
from ninja import Query as InQuery
from pydantic import Field

from komaq.accounts import actions, queries
from komaq.accounts.api.fields import Password, prove
from komaq.core.access import SIGNED_IN
from komaq.core.api.doors import Doors
from komaq.core.api.pages import page_of
from komaq.core.api.shapes import Id, In, Moment, Out, Query, example
from komaq.core.lists import Page, Sort

doors = Doors(tags=["privacy-requests"])
SORTS = {"newest": Sort("pk", descending=True), "oldest": Sort("pk")}


class PrivacyOut(Out):
    """A request about one's data; each is done at once."""

    model_config = example(id="812", kind="export", done_at="2026-11-28T13:00:00Z", kept=[])

    id: Id
    kind: Literal["export", "erase"]
    done_at: Moment
    kept: list[str] = Field(description="What the law keeps after an erasure, in words.")

    @classmethod
    def of(cls, thing: Any, user: Any) -> Self:
        erased = thing.kind == queries.ERASED
        kept = queries.why_kept() if erased else []
        return cls(id=thing.pk, kind="erase" if erased else "export", done_at=thing.at, kept=kept)


class PrivacyIn(In):
    """To be forgotten; the password shows that it is really the person."""

    model_config = example(kind="erase", password="una frase larga")  # noqa: S106  an example

    kind: Literal["erase"]
    password: Password


class PrivacyQuery(Query):
    """How to sort requests."""

    sort: Literal["newest", "oldest"] = "newest"


@doors.lists("/privacy-requests", SIGNED_IN, PrivacyOut)
def list_privacy_requests(request: HttpRequest, wanted: InQuery[PrivacyQuery]) -> Page:
    """One's own requests. To take one's data along, read `/me/export`."""
    return page_of(queries.privacy_requests_of(request.user), wanted, sorts=SORTS)


@doors.makes("/privacy-requests", SIGNED_IN, PrivacyOut)
def ask_to_be_forgotten(request: HttpRequest, body: PrivacyIn) -> Any:
    """Be forgotten, at once and for ever.

    Data, access and tokens are gone with this answer; it says what the law keeps. Who works here is refused (409).
    """
    prove(request, body.password)
    actions.erase_person(person=request.user.person, by=request.user)
    return queries.privacy_requests_of(request.user).last()
