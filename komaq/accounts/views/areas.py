"""Areas, their positions and the roles these grant."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from komaq.accounts import actions, queries
from komaq.accounts.choices import ADMINS
from komaq.accounts.forms import AreaForm, PositionForm
from komaq.core.access import audience
from komaq.core.web import redirect_to, submit


@audience(ADMINS)
@require_safe
def areas(http: HttpRequest) -> HttpResponse:
    return render(http, "accounts/areas.html", {"areas": queries.areas_with_headcount()})


@audience(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def area_new(http: HttpRequest) -> HttpResponse:
    return _area(http, None)


@audience(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def area_edit(http: HttpRequest, area_id: int) -> HttpResponse:
    return _area(http, queries.get_area(area_id))


def _area(http: HttpRequest, area: Any) -> HttpResponse:
    initial = {"name": area.name, "is_open": area.is_open} if area else {"is_open": True}
    form = AreaForm(http.POST or None, initial=initial)
    answer = submit(
        http,
        form,
        lambda **data: actions.save_area(area=area, by=http.user, **data),
        done=lambda _area: redirect_to(http, "accounts:areas", message=_("Saved.")),
    )
    return answer or render(http, "accounts/area.html", {"form": form, "area": area})


@audience(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def position_new(http: HttpRequest) -> HttpResponse:
    return _position(http, None)


@audience(ADMINS)
@require_http_methods(["GET", "HEAD", "POST"])
def position_edit(http: HttpRequest, position_id: int) -> HttpResponse:
    return _position(http, queries.get_position(position_id))


def _position(http: HttpRequest, position: Any) -> HttpResponse:
    names = ("area", "name", "roles", "is_open")
    initial = {name: getattr(position, name) for name in names} if position else {"is_open": True}
    form = PositionForm(http.POST or None, initial=initial)
    answer = submit(
        http,
        form,
        lambda **data: actions.save_position(position=position, by=http.user, **data),
        done=lambda _position: redirect_to(http, "accounts:areas", message=_("Saved.")),
    )
    return answer or render(http, "accounts/position.html", {"form": form, "position": position})
