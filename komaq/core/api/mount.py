"""From the rooms' doors to addresses."""

from collections.abc import Iterable

from django.urls import URLPattern, path
from ninja import NinjaAPI
from ninja.utils import normalize_path, replace_path_param_notation

from komaq.core.api.doors import Doors
from komaq.core.api.gate import TooMany, gate, retry_after
from komaq.core.api.parser import StrictParser
from komaq.core.api.problems import answer_with


def make_api(rooms: Iterable[Doors], *, title: str, version: str, description: str) -> NinjaAPI:
    """One API from the doors of every room."""
    api = NinjaAPI(
        title=title,
        version=version,
        description=description,
        docs_url=None,
        openapi_url=None,
        urls_namespace="api",
        parser=StrictParser(),
    )
    answer_with(api)
    api.add_exception_handler(TooMany, retry_after)
    for doors in rooms:
        api.add_router("", doors)
    return api


def addresses(api: NinjaAPI) -> list[URLPattern]:
    """One address per path, each behind the gate."""
    return [
        path(
            normalize_path(replace_path_param_notation(route)).lstrip("/"),
            gate(api, path_view),
            name=path_view.operations[0].operation_id.replace("_", "-"),
        )
        for bound in api._get_bound_routers()
        for route, path_view in bound.path_operations.items()
    ]
