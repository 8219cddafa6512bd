"""For the machines that watch: does the process answer, and can it work?"""

import logging

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from komaq.core import mute, readiness
from komaq.core.access import PUBLIC, audience

log = logging.getLogger(__name__)


@audience(PUBLIC)
@require_safe
@never_cache
def health(http: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@audience(PUBLIC)
@require_safe
@never_cache
def ready(http: HttpRequest) -> HttpResponse:
    """Whether requests should come here, and whether the copy is mute. Of a failure only the log says why."""
    try:
        faults = readiness.faults()
        told = "ok, mute" if not faults and mute.is_mute() else "ok"
    except Error as error:
        faults = [f"the database does not answer: {error}"]
    if faults:
        log.warning("not ready: %s", "; ".join(faults))
        return HttpResponse("fail", content_type="text/plain", status=503)
    return HttpResponse(told, content_type="text/plain")
