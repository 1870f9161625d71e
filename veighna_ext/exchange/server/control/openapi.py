"""The OpenAPI document of the control API, made of the table that routes it."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

import msgspec

from veighna_ext import __version__
from veighna_ext.exchange.server.control import answers, requests
from veighna_ext.exchange.server.control.routes import BASE, PLACES, Route, places_in

ALWAYS = (400, 401, 403, 503)
"""The statuses of problems that any call may have."""
OF_BODIES = (408, 413, 415)
"""The statuses of problems that any call with a body may have."""
_REFERENCE = "#/components/schemas/{name}"


def openapi(routes: tuple[Route, ...]) -> dict[str, Any]:
    """The document."""
    kinds = [kind for route in routes for kind in (route.body, route.answer) if kind is not None]
    _, components = msgspec.json.schema_components([*kinds, answers.ProblemBody], ref_template=_REFERENCE)
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operation = _operation(route)
        paths.setdefault(BASE + route.path, {})[route.method.lower()] = operation
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Mock exchange: control API",
            "version": __version__,
            "description": "Accounts, markets, faults and replays of a running mock exchange. Every call "
            "needs its control token. Amounts are decimal numbers as text, so that they stay exact.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The control_token of the exchange's ready line.",
                }
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.path.split("/")[1]],
        "responses": {str(route.status): _response("Done.", _schema(route.answer))},
    }
    parameters = [
        {
            "name": place,
            "in": "path",
            "required": True,
            "description": PLACES[place],
            "schema": {"type": "string", "minLength": 1},
        }
        for place in places_in(route.path)
    ]
    if route.query is not None:
        parameters += _query_parameters(route.query)
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = {
            "required": bool(required_fields(route.body)),
            "content": {"application/json": {"schema": _schema(route.body)}},
        }
    statuses = {*ALWAYS, *route.refusals, *(OF_BODIES if route.body is not None else ())}
    problem = _schema(answers.ProblemBody)
    for status in sorted(statuses):
        operation["responses"][str(status)] = _response(HTTPStatus(status).phrase + ".", problem)
    return operation


def _query_parameters(kind: type[requests.Request]) -> list[dict[str, Any]]:
    schema = own_schema(kind)
    required = schema.get("required", ())
    return [
        {"name": name, "in": "query", "required": name in required, "schema": field}
        for name, field in schema["properties"].items()
    ]


def own_schema(kind: type[msgspec.Struct]) -> dict[str, Any]:
    """The schema of one struct, its fields by their names on the wire."""
    _, components = msgspec.json.schema_components([kind], ref_template=_REFERENCE)
    schema: dict[str, Any] = components[kind.__name__]
    return schema


def required_fields(kind: type[msgspec.Struct]) -> list[str]:
    """The fields that must be sent."""
    required: list[str] = own_schema(kind).get("required", [])
    return required


def _schema(kind: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_REFERENCE)
    return schema


def _response(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}
