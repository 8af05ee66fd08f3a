"""The OpenAPI document, made from the same endpoint table and models that check requests."""

import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from ion_mentoring import __version__
from ion_mentoring.handlers.web.call import Deferred, Endpoint
from ion_mentoring.handlers.web.responses import v1_error_form

REFERENCE: Final = "#/components/schemas/{model}"


STREAM: Final = (
    'event: routing\nid: 5f2c.1\ndata: {"persona_used": "Lua", "resonance_key": "...", "routing": {}}\n\n'
    'event: delta\nid: 5f2c.2\ndata: {"text": "That sounds "}\n\n'
    'event: done\nid: 5f2c.3\ndata: {"success": true, "content": "That sounds ..."}\n\n'
)
TEXT: Final = {"schema": {"type": "string"}}
LAST_EVENT_ID: Final = {
    "name": "Last-Event-ID",
    "in": "header",
    "description": "The id of the last event that came before a stream was lost: the rest of it follows.",
    "schema": {"type": "string"},
}
IDEMPOTENCY_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "For 24 hours the same request under the same key is done once, and answered alike.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
}


class ErrorDetail(TypedDict):
    """The details of an error: a stable code, a text for people, the field's path, the rule or the allowed values."""

    code: str
    message: str
    field: str | None
    details: dict[str, Any]


class ErrorView(TypedDict):
    """Every error of v2 has this form."""

    success: bool
    error: ErrorDetail
    request_id: str
    timestamp: str


class V1ErrorView(TypedDict):
    """Every error of v1 has this form."""

    detail: Any


def document(endpoints: tuple[Endpoint, ...]) -> dict[str, Any]:
    """The OpenAPI 3.1 document of these endpoints."""
    schemas: dict[str, Any] = {}
    paths: dict[str, Any] = {}
    for endpoint in endpoints:
        if endpoint.documented:
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ION Mentoring",
            "version": __version__,
            "description": "People ask for help at work and in learning; the right mentor answers.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
                "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
        },
    }


def _operation(endpoint: Endpoint, schemas: dict[str, Any]) -> dict[str, Any]:
    error = V1ErrorView if endpoint.error_form is v1_error_form else ErrorView
    operation: dict[str, Any] = {
        "summary": endpoint.summary,
        "operationId": re.sub(r"\W+", "_", f"{endpoint.method.lower()}{endpoint.path}").strip("_"),
        "tags": ["v1" if endpoint.error_form is v1_error_form else "v2"],
        "responses": {
            str(endpoint.status): _content("As asked", _schema(endpoint.gives or dict[str, Any], schemas)),
            "default": _content("What went wrong", _schema(error, schemas)),
        },
    }
    if endpoint.error_form is v1_error_form:
        operation["deprecated"] = True
    operation["security"] = []  # open, and said so
    if not endpoint.allows.anyone:
        operation["security"] = [{"apiKey": []}, {"bearer": []}]
        operation["description"] = f"For: {', '.join(sorted(endpoint.allows.roles))}."
    if endpoint.takes:
        operation["requestBody"] = {"required": True, **_content(None, _schema(endpoint.takes, schemas))}
    if endpoint.bodies:
        operation["requestBody"] = {"required": True, "content": _bodies(endpoint.bodies, schemas)}
    operation["responses"][str(endpoint.status)]["content"] |= dict.fromkeys(endpoint.also_gives, TEXT)
    if endpoint.streams:
        operation["responses"]["200"]["content"]["text/event-stream"] = {"schema": {"type": "string"}, "example": STREAM}
        operation["responses"]["204"] = {"description": "The stream of that Last-Event-ID had ended: nothing more is to come."}
    if parameters := _parameters(endpoint):
        operation["parameters"] = parameters
    return operation


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    """The parameters of an endpoint beside its body: in its path, its query string and its headers."""
    in_path = {name: {"type": "string"} for name in re.findall(r"{(\w+)}", endpoint.path)}
    return [
        *_parameter("path", in_path),
        *_parameter("query", endpoint.query),
        *([LAST_EVENT_ID] if endpoint.streams else []),
        *([IDEMPOTENCY_KEY] if endpoint.stores else []),
    ]


def _parameter(place: str, schemas: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Parameters of a place; one whose schema has a default may be left out."""
    return [
        {"name": name, "in": place, "required": "default" not in schema, "schema": _without_null(schema)}
        for name, schema in schemas.items()
    ]


def _without_null(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without a default that is null, which would not fit its type."""
    return {name: value for name, value in schema.items() if name != "default" or value is not None}


def _bodies(kinds: Mapping[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    return {kind: {"schema": _schema(model, schemas)} if model else TEXT for kind, model in kinds.items()}


def _content(description: str | None, schema: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = {"content": {"application/json": {"schema": schema}}}
    return content if description is None else {"description": description, **content}


def _schema(model: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    """A model's schema with its parts moved to the shared components."""
    model = model.get() if isinstance(model, Deferred) else model
    schema = TypeAdapter(model).json_schema(ref_template=REFERENCE)
    schemas.update(schema.pop("$defs", {}))
    if schema.get("type") != "object" or "title" not in schema:
        return schema
    schemas[schema["title"]] = schema
    return {"$ref": REFERENCE.format(model=schema["title"])}
