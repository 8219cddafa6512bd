"""Fields of several shapes here."""

import datetime
from typing import Annotated, Any, Literal

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field

from komaq.accounts import rules
from komaq.accounts.choices import Role, only
from komaq.core.api.gate import TooMany
from komaq.core.api.shapes import Words, as_words
from komaq.core.refusals import BadInput, require

READERS = only(Role.ADMIN, Role.MANAGER)
PERSON = ("given_names", "surnames", "email", "phone", "document_type", "document_number")
WAIT = 300

Document = Literal["", "1", "4", "7"]
"""1 DNI, 4 CE, 7 passport (SUNAT catalogue 06), or none."""
WorkDay = Annotated[
    datetime.date,
    BeforeValidator(as_words),
    Field(ge=datetime.date(1950, 1, 1), le=datetime.date(2099, 12, 31)),
]
Reason = Words(300, 1)
Password = Annotated[str, Field(max_length=128, strict=True)]


def personal(facts: dict[str, Any]) -> dict[str, Any]:
    """A person's data with its document in canonical form. Raises BadInput."""
    number = rules.clean_identity(facts.get("document_type", ""), facts.get("document_number", ""))
    return {**facts, "document_number": number}


def prove(request: HttpRequest, password: str) -> None:
    """Go on when the password is the user's own. Raises BadInput, and TooMany like the page one signs in by."""
    try:
        proven = bool(password) and get_adapter().reauthenticate(request.user, password)
    except ValidationError as error:
        raise TooMany(WAIT) from error
    require(proven, else_=BadInput(_("The password does not match."), field="password"))
