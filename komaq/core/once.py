"""What is sent twice counts once: key, effect and answer commit together or not at all."""

import datetime
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from komaq.core import clock, jobs
from komaq.core.action import action
from komaq.core.models import KeptAnswer
from komaq.core.refusals import BadInput

KEPT = datetime.timedelta(days=7)
AGAIN = "Idempotency-Replayed"
NOBODY = 0


class OtherRequest(BadInput):
    """The key was used before, for something else."""

    message = _("This idempotency key was used for another request.")


class Unkept(Exception):
    """The answer changed nothing: nothing is kept and the key may be used again."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response
        super().__init__()


def answer_once(*, actor_id: int, key: str, digest: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to a request with a key: the first one again for the same `digest` within seven days.

    Only answers that changed something are kept: a refused request can be mended and sent again under its key.
    An answer with a secret names in `kept_content` what may be kept of it. Raises OtherRequest.
    """
    try:
        return _first_or_again(actor_id=actor_id, key=key, digest=digest, answer=answer)
    except Unkept as unkept:
        return unkept.response


@action
def _first_or_again(*, actor_id: int, key: str, digest: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    kept, is_first = _take(actor_id, key, digest)
    if not is_first:
        return _again(kept, digest)
    response = answer()
    if response.status_code >= 400:
        raise Unkept(response)
    content = getattr(response, "kept_content", response.content)
    kept.status, kept.body = response.status_code, content.decode()
    kept.etag = response.headers.get("ETag", "")
    kept.save()
    return response


def _take(actor_id: int, key: str, digest: str) -> tuple[KeptAnswer, bool]:
    """The row of the key, and whether it is ours to fill; whoever comes second waits here for the first."""
    KeptAnswer.objects.filter(actor_id=actor_id, key=key, created_at__lt=clock.now() - KEPT).delete()
    facts = {"digest": digest, "created_at": clock.now()}
    return KeptAnswer.objects.get_or_create(actor_id=actor_id, key=key, defaults=facts)


def _again(kept: KeptAnswer, digest: str) -> HttpResponse:
    if kept.digest != digest:
        raise OtherRequest
    response = HttpResponse(kept.body, status=kept.status, content_type="application/json")
    response[AGAIN] = "true"
    if kept.etag:
        response["ETag"] = kept.etag
    return response


@action
def form_once(*, form_key: Any, do: Callable[..., Any], given: dict[str, Any]) -> Any | None:
    """Do what a form asks for, once however often it is sent; None the second time."""
    _kept, is_first = _take(NOBODY, f"form:{form_key}", "")
    return do(**given) if is_first else None


@jobs.job("core.forget_kept_answers", every_minutes=24 * 60)
def forget_kept_answers() -> None:
    """Drop what is older than the seven days a key is remembered."""
    KeptAnswer.objects.filter(created_at__lt=clock.now() - KEPT).delete()
