"""How suppliers come in, who have no account: a link lets them in to one thing of theirs.

The secret stands in the letter alone. Its opening exchanges it for a signed cookie that only pages below /proveedor/
receive; none of them has it in its address, is kept by a cache or tells others where one came from.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from komaq.core.access import PUBLIC, audience
from komaq.core.api.limits import address_of, wait_of
from komaq.supply import actions
from komaq.supply.choices import LinkPurpose
from komaq.supply.queries.links import link_behind, link_of

SALT = "supply.link"
COOKIES = {LinkPurpose.QUOTATION: "proveedor_solicitud", LinkPurpose.PURCHASE: "proveedor_orden"}
PAGES = {LinkPurpose.QUOTATION: "supply:answer", LinkPurpose.PURCHASE: "supply:order"}
PATH = "/proveedor/"


@audience(PUBLIC)
@require_safe
def enter(http: HttpRequest, secret: str) -> HttpResponse:
    """Exchange a link's secret for a cookie, and go on to what it opens."""
    if wait := wait_of("address", f"link:{address_of(http)}"):
        return _untold(_too_often(http, wait))
    link = link_behind(secret)
    if link is None:
        return _untold(closed(http))
    actions.note_opening(link=link)
    answer = redirect(PAGES[link.purpose])
    answer.set_cookie(
        COOKIES[link.purpose],
        signing.dumps([link.pk, link.digest], salt=SALT),
        expires=link.expires_at,
        path=PATH,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return _untold(answer)


def by_link(purpose: str) -> Callable:
    """A page for the holder of a link: the view gets the link; without a good one there is one same page."""

    def declare(view: Callable) -> Callable:
        @wraps(view)
        def door(http: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if wait := wait_of("address", f"link:{address_of(http)}"):
                return _unkept(_too_often(http, wait))
            link = _link_in(http, purpose)
            if link is None:
                return _unkept(closed(http))
            with translation.override(_language(http, link)):
                return _unkept(view(http, link, *args, **kwargs))

        return audience(PUBLIC)(door)

    return declare


def closed(http: HttpRequest) -> HttpResponse:
    """Unknown, ended and over look the same."""
    return render(http, "supply/closed.html", status=404)


def _link_in(http: HttpRequest, purpose: str) -> Any:
    try:
        key, digest = signing.loads(http.COOKIES.get(COOKIES[purpose], ""), salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    link = link_of(key, digest)
    return link if link and link.purpose == purpose else None


def _language(http: HttpRequest, link: Any) -> str:
    """The supplier's, unless the person chose another one here."""
    return http.LANGUAGE_CODE if "language" in http.COOKIES else link.supplier.language


def _too_often(http: HttpRequest, wait: int) -> HttpResponse:
    answer = render(http, "429.html", status=429)
    answer["Retry-After"] = str(wait)
    return answer


def _unkept(answer: HttpResponse) -> HttpResponse:
    """Nothing of these pages is kept or found."""
    add_never_cache_headers(answer)
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _untold(answer: HttpResponse) -> HttpResponse:
    """Nor does anybody hear of the address with the secret, not even we at the next page.

    The pages behind it say who sends a form (Origin), which a browser keeps to itself under this policy.
    """
    answer["Referrer-Policy"] = "no-referrer"
    return _unkept(answer)
