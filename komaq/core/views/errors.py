"""Pages that tell of trouble. They lean on as little as they can: the last one not even on the request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(http: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=400)


def forbidden(http: HttpRequest, exception: Exception) -> HttpResponse:
    return render(http, "403.html", status=403)


def not_found(http: HttpRequest, exception: Exception) -> HttpResponse:
    return render(http, "404.html", status=404)


def server_error(http: HttpRequest) -> HttpResponse:
    error_id = getattr(http, "request_id", "")
    return HttpResponse(render_to_string("500.html", {"error_id": error_id}), status=500)
