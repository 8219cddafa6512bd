"""Addresses that behave badly, for the tests of the middleware."""

from django.http import HttpResponse
from django.urls import include, path

from komaq.core.access import PUBLIC, SIGNED_IN, Audience, audience
from komaq.core.action import action
from komaq.core.models import Sequence
from komaq.core.refusals import NotAllowed, NotFound, Refusal

SUPERVISORS = Audience("supervisors", frozenset({"supervisor"}), world=frozenset({"supervisor", "sales", "admin"}))


@audience(PUBLIC)
def refuse(http):
    raise Refusal("El pedido ya se decidió.")


@audience(SIGNED_IN)
def forbid(http):
    raise NotAllowed


@audience(SIGNED_IN)
def lose(http):
    raise NotFound


@audience(SUPERVISORS)
def plan(http):
    return HttpResponse("plan")


@audience(PUBLIC)
def write(http):
    Sequence.objects.create(prefix="X", year=2026)
    return HttpResponse("written")


@audience(PUBLIC)
def write_lawfully(http):
    action(Sequence.objects.create)(prefix="X", year=2026)
    return HttpResponse("written")


@audience(PUBLIC)
def break_down(http):
    raise RuntimeError("clave secreta en la traza")


def undeclared(http):
    return HttpResponse("nobody said whom this is for")


urlpatterns = [
    path("prueba/rechazo/", refuse),
    path("prueba/prohibido/", forbid),
    path("prueba/perdido/", lose),
    path("prueba/plan/", plan),
    path("prueba/escribe/", write),
    path("prueba/escribe-bien/", write_lawfully),
    path("prueba/rompe/", break_down),
    path("prueba/nadie/", undeclared),
    path("", include("komaq.config.urls")),
]
handler400 = "komaq.core.views.errors.bad_request"
handler403 = "komaq.core.views.errors.forbidden"
handler404 = "komaq.core.views.errors.not_found"
handler500 = "komaq.core.views.errors.server_error"
