"""What happens around every request: an id, a language, the audience, refusals as answers."""

import re
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from komaq.core import access, action, refusals
from komaq.core.views.errors import bad_request, too_large

Respond = Callable[[HttpRequest], HttpResponse]
LANGUAGE_COOKIE = "language"
WRITE = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
LIBRARY_TABLES = ("django_session", "account_", "mfa_", "core_cache")


def request_id(respond: Respond) -> Respond:
    """Give the request an id that stands in every log line and in the answer."""

    def run(http: HttpRequest) -> HttpResponse:
        http.request_id = uuid.uuid4().hex[:16]
        with structlog.contextvars.bound_contextvars(request_id=http.request_id):
            response = respond(http)
        response["X-Request-ID"] = http.request_id
        return response

    return run


def language(respond: Respond) -> Respond:
    """Spanish first; the person's choice is remembered in a cookie."""

    def run(http: HttpRequest) -> HttpResponse:
        wished = http.COOKIES.get(LANGUAGE_COOKIE, settings.LANGUAGE_CODE)
        http.LANGUAGE_CODE = wished if wished in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(http.LANGUAGE_CODE):
            response = respond(http)
        response.headers.setdefault("Content-Language", http.LANGUAGE_CODE)
        return response

    return run


class audience:  # noqa: N801  named like its siblings in MIDDLEWARE
    """Let in only whom the view declares; what declares nothing is left to the login wall and to the suite."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, http: HttpRequest) -> HttpResponse:
        return self.respond(http)

    def process_view(self, http: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        who = getattr(view, "audience", None)
        if who is None:
            return None
        try:
            access.admit(who, http.user)
        except refusals.NotAllowed as refusal:
            return not_allowed(http, refusal)
        return None


def not_allowed(http: HttpRequest, refusal: refusals.NotAllowed) -> HttpResponse:
    """The page for colleagues who may not do this; it says why."""
    return render(http, "403.html", {"reason": refusal.message}, status=403)


class sound_body:  # noqa: N801  named like its siblings in MIDDLEWARE
    """Refuse a body larger than its sender may have before a byte is read, and one that was cut off.

    Only known people send files. Whoever reads a body cut off hears of it; reading for the form's token swallows
    that, so the view would be asked with an empty form.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, http: HttpRequest) -> HttpResponse:
        return self.respond(http) if self.fits(http) else too_large(http)

    def fits(self, http: HttpRequest) -> bool:
        size = http.META.get("CONTENT_LENGTH") or "0"
        if not size.isdecimal() or int(size) > settings.REQUEST_MAX_BYTES:
            return False
        return int(size) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE or http.user.is_authenticated

    def process_view(self, http: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if getattr(http.environ.get("wsgi.input"), "is_cut_off", False):
            return bad_request(http)
        return None


def private_pages(respond: Respond) -> Respond:
    """Pages of signed-in people are never kept by a cache."""

    def run(http: HttpRequest) -> HttpResponse:
        response = respond(http)
        if http.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    return run


class refusals_as_answers:  # noqa: N801  named like its siblings in MIDDLEWARE
    """A refusal of a bare button becomes a message on the page it came from; NotAllowed a 403 page."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, http: HttpRequest) -> HttpResponse:
        return self.respond(http)

    def process_exception(self, http: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, refusals.NotAllowed):
            return not_allowed(http, error)
        if not isinstance(error, refusals.Refusal):
            return None
        messages.error(http, str(error.message))
        return HttpResponseRedirect(came_from(http))


def came_from(http: HttpRequest) -> str:
    """The page of ours that sent the form, else the start page."""
    page = http.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, {http.get_host()}, require_https=http.is_secure())
    return page if ours else "/"


def writes_only_in_actions(respond: Respond) -> Respond:
    """Refuse what a request writes outside an action. Sessions and the sign-in library are excepted."""

    def guard(execute: Callable, sql: str, params: object, many: bool, context: dict) -> object:
        found = WRITE.match(sql)
        if found and not action.in_action() and not found[2].startswith(LIBRARY_TABLES):
            raise AssertionError(f"A request wrote to {found[2]} outside an action: {sql[:120]}")
        return execute(sql, params, many, context)

    def run(http: HttpRequest) -> HttpResponse:
        with connection.execute_wrapper(guard):
            return respond(http)

    return run
