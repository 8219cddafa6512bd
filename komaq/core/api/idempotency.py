"""Requests that carry an idempotency key."""

import hashlib
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.errors import HttpError

from komaq.core.once import answer_once

HEADER = "Idempotency-Key"
FORM = re.compile(r"[\x21-\x7e]{1,200}")


def once(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a request; one with a key once, and then the same again. Raises OtherRequest, HttpError 400."""
    key = request.headers.get(HEADER)
    if key is None:
        return answer()
    if not FORM.fullmatch(key):
        raise HttpError(400, _("The idempotency key has 1 to 200 printable characters without spaces."))
    return answer_once(actor_id=request.user.pk, key=key, digest=digest_of(request), answer=answer)


def digest_of(request: HttpRequest) -> str:
    """What makes a request the same: method, path, query and content. Files count by their bytes."""
    parts = [request.method, request.get_full_path(), request.headers.get("If-Match", "")]
    if request.content_type == "multipart/form-data":
        parts += [f"{name}={values}" for name, values in sorted(request.POST.lists())]
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                parts.append(f"{name}:{file.name}:{hashlib.sha256(file.read()).hexdigest()}")
                file.seek(0)
    else:
        parts.append(hashlib.sha256(request.body).hexdigest())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
