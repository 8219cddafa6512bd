"""Pages that tell of trouble. They lean on as little as they can: the last ones not even on the request."""

import sys

from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from komaq.core.api.problems import problem
from komaq.core.faults import Fault, fault_of

API = "/api/"
COME_BACK_AFTER = "5"
"""Seconds after which it is worth asking again when the database was away."""


def bad_request(http: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if http.path.startswith(API):
        return problem(400, _("The request cannot be read."))
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(http: HttpRequest, exception: Exception) -> HttpResponse:
    return render(http, "403.html", status=403)


def not_found(http: HttpRequest, exception: Exception) -> HttpResponse:
    if http.path.startswith(API):
        return problem(404, _("Not found."))
    return render(http, "404.html", status=404)


def too_large(http: HttpRequest) -> HttpResponse:
    """More was sent than anybody may send; it was not read."""
    if http.path.startswith(API):
        return problem(413, _("That is more than may be sent at once."))
    return HttpResponse(render_to_string("413.html"), status=413)


def server_error(http: HttpRequest) -> HttpResponse:
    """What went wrong outside of every plan, wherever it was raised: full, away, cut off, or our failure."""
    error = sys.exc_info()[1]
    if isinstance(error, UnreadablePostError):
        return bad_request(http, error)
    fault = fault_of(error)
    if http.path.startswith(API):
        response = _told_to_programs(fault)
    elif fault:
        response = HttpResponse(render_to_string(f"{fault.value}.html"), status=fault.value)
    else:
        page = render_to_string("500.html", {"error_id": getattr(http, "request_id", "")})
        response = HttpResponse(page, status=500)
    if fault is Fault.DATABASE_AWAY:
        response["Retry-After"] = COME_BACK_AFTER
    response["Cache-Control"] = "no-store"
    return response


def _told_to_programs(fault: Fault | None) -> HttpResponse:
    """The same for programs (RFC 9457)."""
    status = fault.value if fault else 500
    details = {
        500: _("The failure is ours; nothing was saved."),
        503: _("The database does not answer; nothing was saved. Try again in a moment."),
        507: _("There is no room to save; nothing was changed."),
    }
    return problem(status, details[status])
