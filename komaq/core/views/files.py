"""Private files, served only to those who may see what they belong to."""

import uuid

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from komaq.core import files
from komaq.core.access import SIGNED_IN, audience

SEALED = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


@audience(SIGNED_IN)
@require_safe
def file(http: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """The file itself: photos are shown, documents downloaded."""
    return _served(http, attachment_id, small=False)


@audience(SIGNED_IN)
@require_safe
def thumbnail(http: HttpRequest, attachment_id: uuid.UUID) -> HttpResponse:
    """A photo in small."""
    return _served(http, attachment_id, small=True)


def _served(http: HttpRequest, attachment_id: uuid.UUID, *, small: bool) -> HttpResponse:
    attachment = files.get_attachment(http.user, attachment_id)
    content = files.content_of(attachment, small=small)
    if content is None:
        response = render(http, "core/pending.svg", content_type="image/svg+xml")
    else:
        response = FileResponse(
            content,
            as_attachment=not attachment.is_image,
            filename=attachment.shown_name,
            content_type=attachment.content_type,
        )
    for name, value in SEALED.items():
        response.headers[name] = value
    return response
