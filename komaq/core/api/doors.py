"""Doors of the API: each declares method, path, audience and the shape of its answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Router
from pydantic import BaseModel

from komaq.core.access import Audience
from komaq.core.api.shapes import Listed, Out, Problem, StaleProblem
from komaq.core.refusals import Stale

ALWAYS = (400, 401, 403, 404, 409, 429, 500, 503, 507)
WITH_BODY = (413, 415, 422)
VERSIONED = (428,)


class Doors(Router):
    """The operations of a room. A view answers with a thing or a page of things; the door gives it its shape."""

    def lists(self, path: str, audience: Audience, item: type[Out], **more: Any) -> Callable:
        """GET a page of a list: the view gives a `lists.Page`."""
        return self._door("GET", path, audience, Listed[item], item=item, **more)

    def reads(self, path: str, audience: Audience, answer: type[Out], **more: Any) -> Callable:
        """GET one thing."""
        return self._door("GET", path, audience, answer, **more)

    def gives(self, path: str, audience: Audience, content_type: str, **more: Any) -> Callable:
        """GET a file of one content type: the view gives the `HttpResponse`."""
        binary = {"schema": {"type": "string", "format": "binary"}}
        told = {"responses": {200: {"content": {content_type: binary}}}}
        return self._door("GET", path, audience, None, openapi_extra=told, **more)

    def makes(self, path: str, audience: Audience, answer: type[Out], **more: Any) -> Callable:
        """POST a new thing: 201."""
        return self._door("POST", path, audience, answer, status=201, **more)

    def does(
        self, path: str, audience: Audience, answer: type[Out], *, versioned: bool = False, **more: Any
    ) -> Callable:
        """POST a deed on a thing; a `versioned` one needs If-Match and finds its number in `request.version`."""
        return self._door("POST", path, audience, answer, versioned=versioned, **more)

    def changes(self, path: str, audience: Audience, answer: type[Out], **more: Any) -> Callable:
        """PATCH a thing: needs If-Match, its number is `request.version`."""
        return self._door("PATCH", path, audience, answer, versioned=True, **more)

    def removes(self, path: str, audience: Audience, **more: Any) -> Callable:
        """DELETE a thing: 204."""
        return self._door("DELETE", path, audience, None, status=204, **more)

    def _door(
        self,
        method: str,
        path: str,
        audience: Audience,
        answer: type[BaseModel] | None,
        *,
        status: int = 200,
        item: type[Out] | None = None,
        versioned: bool = False,
        **more: Any,
    ) -> Callable:
        def declare(view: Callable) -> Callable:
            @wraps(view)
            def door(request: HttpRequest, **given: Any) -> HttpResponseBase:
                try:
                    return _answered(request, view(request, **given), answer, item, status)
                except Stale as stale:
                    stale.current = answer.of(stale.current, request.user)
                    raise

            door.audience = audience
            door.versioned = versioned
            shapes = {status: answer, **_refusals(method, versioned)}
            summary, _dot, rest = (view.__doc__ or "").partition("\n")
            told = {"summary": summary.rstrip("."), "description": rest.strip(), **more}
            self.api_operation([method], path, response=shapes, operation_id=view.__name__, **told)(door)
            return door

        return declare


def _refusals(method: str, versioned: bool) -> dict[int, type[Problem]]:
    codes = [*ALWAYS, *(WITH_BODY if method in {"POST", "PATCH", "PUT"} else ())]
    refusals: dict[int, type[Problem]] = dict.fromkeys([*codes, *(VERSIONED if versioned else ())], Problem)
    return {**refusals, 412: StaleProblem} if versioned else refusals


def _answered(
    request: HttpRequest, result: Any, answer: type[BaseModel] | None, item: type[Out] | None, status: int
) -> HttpResponseBase:
    """The result in its shape; a shape with a version is marked by an ETag."""
    if isinstance(result, HttpResponseBase):
        return result
    if answer is None:
        return HttpResponse(status=status)
    if item:
        shaped: BaseModel = answer(items=[item.of(each, request.user) for each in result.items], next=result.next)
    else:
        shaped = result if isinstance(result, answer) else answer.of(result, request.user)
    response = HttpResponse(shaped.model_dump_json(), status=status, content_type="application/json")
    version = getattr(shaped, "version", None)
    if version is not None:
        response["ETag"] = f'"{version}"'
    return response
