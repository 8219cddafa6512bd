"""The API's own description (OpenAPI 3.1), completed with what every door shares, and its index for people."""

import json
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from komaq.core.api.problems import MEDIA_TYPE

PREFIX = "api/v1/"
IDEMPOTENCY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "schema": {"type": "string", "pattern": r"^[\x21-\x7e]{1,200}$"},
    "description": "The same key with the same request within 7 days gives the first answer again.",
}
IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string", "pattern": r'^(W/)?"[0-9]{1,9}"$'},
    "description": "The ETag of the version you read; 412 when somebody changed the thing meanwhile.",
    "example": '"3"',
}
ETAG = {"description": "The version, for If-Match.", "schema": {"type": "string"}}
RETRY_AFTER = {"description": "Seconds to wait.", "schema": {"type": "integer"}}
SECURITY = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "A token made in “my data” or by `komaq token create`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "The session of a page of ours; deeds also send X-CSRFToken.",
    },
}


def describe(api: NinjaAPI) -> dict[str, Any]:
    """The whole description as JSON values."""
    schema = OpenAPISchema(api, PREFIX)
    schema["components"]["securitySchemes"] = SECURITY
    schema["security"] = [{"token": []}, {"session": []}]
    schema["servers"] = [{"url": "/"}]
    for bound in api._get_bound_routers():
        for path_view in bound.path_operations.values():
            for operation in path_view.operations:
                _complete(schema, operation)
    return dict(schema)


def _complete(schema: OpenAPISchema, operation: Any) -> None:
    """Add to one operation: headers, media types of problems, examples."""
    told = _told(schema, operation)
    view = operation.view_func
    if told.get("description", "").rstrip(".") == told["summary"]:
        del told["description"]
    if "POST" in operation.methods:
        told["parameters"].append(IDEMPOTENCY)
    if view.versioned:
        told["parameters"].append(IF_MATCH)
    for parameter in told["parameters"]:
        parameter["schema"].pop("title", None)
    for status, response in told["responses"].items():
        _complete_response(schema, status, response)
    for content in told.get("requestBody", {}).get("content", {}).values():
        _add_example(schema, content)


def _told(schema: OpenAPISchema, operation: Any) -> dict[str, Any]:
    return next(
        each
        for methods in schema["paths"].values()
        for each in methods.values()
        if each["operationId"] == operation.operation_id
    )


def _complete_response(schema: OpenAPISchema, status: int, response: dict[str, Any]) -> None:
    content = response.get("content", {})
    if status >= 400:
        response["content"] = {MEDIA_TYPE: content["application/json"]}
    if status == 429:
        response["headers"] = {"Retry-After": RETRY_AFTER}
    for each in response.get("content", {}).values():
        _add_example(schema, each)
        if status < 300 and "version" in _resolved(schema, each["schema"]).get("properties", {}):
            response["headers"] = {"ETag": ETAG}


def _resolved(schema: OpenAPISchema, shape: dict[str, Any]) -> dict[str, Any]:
    """A shape by its reference; of one that may be left out, the shape that may be sent."""
    shape = next((each for each in shape.get("anyOf", ()) if "$ref" in each), shape)
    return schema.schemas[shape["$ref"].rpartition("/")[2]] if "$ref" in shape else shape


def _add_example(schema: OpenAPISchema, content: dict[str, Any]) -> None:
    """The example of a shape; a list's is a page with one row."""
    shape = _resolved(schema, content["schema"])
    if "examples" in shape:
        content["example"] = shape["examples"][0]
    elif items := shape.get("properties", {}).get("items"):
        content["example"] = {"items": _resolved(schema, items["items"]).get("examples", []), "next": None}


def index(description: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations by tag as the page for people shows them."""
    groups: dict[str, list] = {}
    for path, methods in description["paths"].items():
        for method, told in methods.items():
            entry = _entry(method, path, told)
            groups.setdefault(told["tags"][0], []).append(entry)
    return [{"tag": tag, "operations": operations} for tag, operations in groups.items()]


def _entry(method: str, path: str, told: dict[str, Any]) -> dict[str, Any]:
    """One operation: its parameters in words, what it takes and gives as examples."""
    status, answer = next(iter(told["responses"].items()))
    sent = next(iter(told.get("requestBody", {}).get("content", {}).values()), {})
    given = next(iter(answer.get("content", {}).values()), {})
    return {
        "method": method.upper(),
        "path": path.removeprefix("/" + PREFIX.rstrip("/")),
        "anchor": told["operationId"].replace("_", "-"),
        "summary": told["summary"],
        "description": told.get("description", ""),
        "parameters": [{"description": "", **each, "form": _form(each["schema"])} for each in told["parameters"]],
        "sends": _example_text(sent),
        "gets": _example_text(given),
        "status": status,
        "refusals": ", ".join(str(code) for code in sorted(map(int, told["responses"])) if code >= 400),
    }


def _form(shape: dict[str, Any]) -> str:
    """What a parameter looks like, in a few words."""
    choices = shape.get("enum")
    if choices:
        return " | ".join(map(str, choices))
    bounds = [f"{word} {shape[name]}" for name, word in (("minimum", "from"), ("maximum", "to")) if name in shape]
    return " ".join([shape.get("format") or shape.get("type", "text"), *bounds])


def _example_text(content: dict[str, Any]) -> str:
    return json.dumps(content["example"], ensure_ascii=False, indent=2) if "example" in content else ""
