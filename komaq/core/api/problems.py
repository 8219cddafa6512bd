"""Every refusal and every fault as application/problem+json (RFC 9457)."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import BaseModel

from komaq.core.api.shapes import Fault, Problem, StaleProblem
from komaq.core.refusals import BadInput, NotAllowed, Refusal, Stale

T = TypeVar("T")
MEDIA_TYPE = "application/problem+json"


class FieldRefused(BadInput):
    """A value of the body that names nothing the user may use."""

    message = gettext_lazy("Not found.")


def problem(status: int, detail: str, errors: list[Fault] | None = None, **more: Any) -> HttpResponse:
    """The answer to a request that changes nothing. `more` are further members, `current` of a stale one."""
    facts = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": str(detail)}
    told = (StaleProblem if more else Problem)(**facts, errors=errors or [], **more)
    response = HttpResponse(told.model_dump_json(), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="komaq"'
    return response


def of_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """403 for a role, 422 for a value that cannot be right, 409 for how things stand."""
    if isinstance(refusal, NotAllowed):
        return problem(403, refusal.message)
    errors = [Fault(field=refusal.field, message=str(refusal.message))] if refusal.field else []
    return problem(422 if isinstance(refusal, BadInput) else 409, refusal.message, errors)


def of_stale(request: HttpRequest, stale: Stale) -> HttpResponse:
    """412 with the thing as it stands now, in the shape the door answers with."""
    shown = stale.current.model_dump(mode="json") if isinstance(stale.current, BaseModel) else {}
    return problem(412, stale.message, current=shown)


def of_values(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """404 for a path that cannot be, 400 for the query, 422 for the body; each fault with its field."""
    places = {each["loc"][0] for each in error.errors}
    if "path" in places:
        return problem(404, _("Not found."))
    faults = [Fault(field=_field(each["loc"]), message=_words(each)) for each in error.errors]
    return problem(400 if "query" in places else 422, _("Check the data you sent."), faults)


def _field(place: tuple) -> str:
    """Where the fault is, without the names of our own parameters: "technicians.0"."""
    inner = place[2:] if place[0] in {"body", "form"} and len(place) > 2 else place[1:]
    return ".".join(map(str, inner)) or "body"


def _words(fault: dict) -> str:
    """A fault in the user's language; what has no words of ours keeps the library's."""
    words = {
        "missing": _("This field is needed."),
        "extra_forbidden": _("There is no such field."),
        "enum": _("Choose one of the listed values."),
        "literal_error": _("Choose one of the listed values."),
        "string_type": _("Give text."),
        "string_too_long": _("This is too long."),
        "string_too_short": _("This is too short."),
        "string_pattern_mismatch": _("This does not have the right form."),
        "int_type": _("Give a whole number."),
        "int_parsing": _("Give a whole number."),
        "bool_type": _("Give true or false."),
        "list_type": _("Give a list."),
        "greater_than_equal": _("This is too small."),
        "less_than_equal": _("This is too large."),
        "year": _("That year cannot be meant."),
        "timezone_aware": _("Give the moment with its offset, for example 2026-11-28T08:00:00-05:00."),
        "text_expected": _("Give it as ISO 8601 text."),
        "id": _("Not found."),
    }
    return str(words.get(fault["type"], fault["msg"]))


def answer_with(api: NinjaAPI) -> None:
    """Let the API answer each kind of exception in this form; what is unknown stays the server's error."""
    handlers = {
        Refusal: of_refusal,
        Stale: of_stale,
        ValidationError: of_values,
        AuthenticationError: lambda request, error: problem(401, _("Sign in with a token.")),
        HttpError: lambda request, error: problem(error.status_code, error.message),
        Http404: lambda request, error: problem(404, _("Not found.")),
        RequestDataTooBig: lambda request, error: problem(413, _("That is more than may be sent at once.")),
        UnreadablePostError: lambda request, error: problem(400, _("The request broke off.")),
        SuspiciousOperation: lambda request, error: problem(400, _("The request cannot be read.")),
        PermissionDenied: lambda request, error: problem(403, _("Your role does not allow this.")),
        BadRequest: lambda request, error: problem(400, _("The request cannot be read.")),
    }
    for kind, handler in handlers.items():
        api.add_exception_handler(kind, handler)
    api._exception_handlers.pop(Exception, None)


def found(field: str, get: Callable[..., T], *args: Any) -> T:
    """What a key of the body names, by a query that keeps to the user's scope.

    Raises FieldRefused, the same for what is somebody else's and for what does not exist.
    """
    try:
        return get(*args)
    except Http404 as error:
        raise FieldRefused(field=field) from error
