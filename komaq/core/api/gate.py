"""The gate every request of a program passes: limits, sign-in, scope, audience, version, idempotency."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError
from ninja.operation import Operation, PathView
from ninja.utils import check_csrf

from komaq.core import access, registry
from komaq.core.api import idempotency, limits
from komaq.core.api.problems import FieldRefused, problem

SAFE = {"GET", "HEAD", "OPTIONS"}
BODY_METHODS = {"POST", "PATCH", "PUT"}
ETAG = re.compile(r'(?:W/)?"([^"]{1,80})"')
CONTENT_TYPES = {"body": "application/json", "form": "multipart/form-data", "file": "multipart/form-data"}


class TooMany(HttpError):
    """Asked more often than allowed; `wait` seconds until the next may come."""

    def __init__(self, wait: int) -> None:
        self.wait = wait
        super().__init__(429, _("Too many requests. Wait and try again."))


def gate(api: NinjaAPI, path_view: PathView) -> Callable[..., HttpResponseBase]:
    """The Django view of a path of the API."""
    pass_on = path_view.get_view()

    def enter(request: HttpRequest, **names: str) -> HttpResponseBase:
        operation = path_view._find_operation(request)
        try:
            if operation is None:
                return _not_allowed(path_view)
            _count("address", limits.address_of(request))
            _sign_in(request)
        except Exception as error:  # noqa: BLE001  the API's own handlers know which is whose
            return api.on_exception(request, error)
        with translation.override(_language(request)):
            try:
                _check(request, operation)
                answer = partial(pass_on, request, **names)
                return idempotency.once(request, answer) if request.method == "POST" else answer()
            except Exception as error:  # noqa: BLE001  as above, but in the person's language
                return api.on_exception(request, error)

    enter.csrf_exempt = True
    enter.login_required = False
    enter.audience = access.PUBLIC
    enter.path_view = path_view
    return enter


def _not_allowed(path_view: PathView) -> HttpResponse:
    methods = sorted({method for operation in path_view.operations for method in operation.methods})
    response = problem(405, _("This address does not take that method."))
    response["Allow"] = ", ".join(methods)
    return response


def _count(kind: str, who: str) -> None:
    if wait := limits.wait_of(kind, who):
        raise TooMany(wait)


def _sign_in(request: HttpRequest) -> None:
    """By token, else by the session of a page of ours, whose deeds must carry the CSRF token."""
    header = request.headers.get("Authorization")
    if header is None:
        if not request.user.is_authenticated:
            raise AuthenticationError
        if request.method not in SAFE and check_csrf(request):
            raise HttpError(403, _("The form's own token is missing: send X-CSRFToken."))
        _count("token", f"user:{request.user.pk}")
        return
    scheme, _space, secret = header.partition(" ")
    holder = registry.holder_of(secret.strip()) if scheme.lower() == "bearer" else None
    if holder is None:
        raise AuthenticationError
    request.user = holder.user
    _count("token", holder.name)
    if request.method not in SAFE and not holder.may_write:
        raise HttpError(403, _("This token may only read."))


def _language(request: HttpRequest) -> str:
    """What the program asks for, else the person's own."""
    if "Accept-Language" in request.headers:
        return translation.get_language_from_request(request)
    person = getattr(request.user, "person", None)
    return person.language if person else settings.LANGUAGE_CODE


def _check(request: HttpRequest, operation: Operation) -> None:
    """Audience, query, kind of content and version, before anything is read."""
    view = operation.view_func
    access.admit(view.audience, request.user)
    _check_query(request, operation)
    if request.method in BODY_METHODS:
        _check_content(request, operation)
        _check_form(request, operation)
    request.version = _version(request) if view.versioned else None


def _check_query(request: HttpRequest, operation: Operation) -> None:
    """No parameter we do not know, none twice, none that no database keeps."""
    known = {
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    }
    for name, values in request.GET.lists():
        if name not in known:
            raise HttpError(400, _("There is no parameter %(name)s here.") % {"name": name[:40]})
        if len(values) > 1 or "\0" in values[0]:
            raise HttpError(400, _("The parameter %(name)s cannot be read.") % {"name": name})


def _check_content(request: HttpRequest, operation: Operation) -> None:
    sources = [model.__ninja_param_source__ for model in operation.models]
    wanted = {CONTENT_TYPES[source] for source in sources if source in CONTENT_TYPES}
    sent = int(request.headers.get("Content-Length") or 0)
    if wanted and sent and request.content_type not in wanted:
        raise HttpError(415, _("Send %(type)s.") % {"type": " / ".join(wanted)})


def _check_form(request: HttpRequest, operation: Operation) -> None:
    """No field of a form that we do not know: what is not read is refused, never dropped."""
    models = {model.__ninja_param_source__: model for model in operation.models}
    if not models.keys() & {"form", "file"}:
        return
    fields = models["form"].__ninja_flatten_map__ if "form" in models else {}
    files = models["file"].model_fields if "file" in models else {}
    for name in [*(request.POST.keys() - fields.keys()), *(request.FILES.keys() - files.keys())]:
        raise FieldRefused(_("There is no such field."), field=name[:80])


def _version(request: HttpRequest) -> int:
    """The version If-Match names; 0, which no thing has, for a mark that was never ours."""
    header = request.headers.get("If-Match")
    if header is None:
        raise HttpError(428, _("Send If-Match with the ETag of the version you read."))
    found = ETAG.fullmatch(header.strip())
    if not found:
        raise HttpError(400, _("If-Match takes one ETag."))
    number = found[1]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0


def retry_after(request: HttpRequest, error: Any) -> HttpResponse:
    """The answer to too many requests."""
    response = problem(429, error.message)
    response["Retry-After"] = str(error.wait)
    return response
