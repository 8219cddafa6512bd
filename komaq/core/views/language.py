"""The language a person chose, remembered for a year."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from komaq.core.access import PUBLIC, audience
from komaq.core.middleware import LANGUAGE_COOKIE, came_from

YEAR = 365 * 24 * 3600


@audience(PUBLIC)
@require_POST
def choose_language(http: HttpRequest) -> HttpResponse:
    response = HttpResponseRedirect(came_from(http))
    wished = http.POST.get("language", "")
    if wished in dict(settings.LANGUAGES):
        response.set_cookie(
            LANGUAGE_COOKIE, wished, max_age=YEAR, samesite="Lax", httponly=True, secure=http.is_secure()
        )
    return response
