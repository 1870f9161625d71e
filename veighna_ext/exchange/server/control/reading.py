"""A body or a query becomes a request, or one sentence that names the field and what it takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

from veighna_ext.exchange.server.control.problems import Problem, wrong
from veighna_ext.exchange.server.control.requests import Request

Asked = TypeVar("Asked", bound=Request)

_FIELD = re.compile(r"`\$\.([A-Za-z_]+)")
_UNKNOWN = re.compile(r"unknown field `(.*)`", re.DOTALL)
_MISSING = re.compile(r"missing required field `(.*)`")
_LONGEST_ECHO = 60


def read_body(kind: type[Asked], body: bytes) -> Asked:
    """A JSON body; nothing at all counts as an object without fields."""
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise _problem(kind, str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Problem(f"The body is not JSON: {error}.") from None
    except RecursionError:
        raise Problem("The body is not JSON that can be read: it is nested too deeply.") from None


def read_query(kind: type[Asked], query: Mapping[str, str]) -> Asked:
    """The parameters after the question mark."""
    try:
        return msgspec.convert(dict(query), kind, strict=False)
    except msgspec.ValidationError as error:
        raise _problem(kind, str(error)) from None


def _problem(kind: type[Request], complaint: str) -> Problem:
    allowed = allowed_in(kind)
    if (unknown := _UNKNOWN.search(complaint)) is not None:
        name = shortened(unknown[1])
        return wrong(name, f"not known here; {_known(allowed)}")
    if (missing := _MISSING.search(complaint)) is not None:
        return wrong(missing[1], f"missing; it takes {allowed[missing[1]]}")
    if (field := _FIELD.search(complaint)) is not None:
        return wrong(field[1], allowed[field[1]])
    return Problem("The body must be a JSON object, such as {}.")


def _known(allowed: Mapping[str, str]) -> str:
    return f"known are {', '.join(allowed)}" if allowed else "this takes nothing"


def shortened(text: str) -> str:
    """What a sender wrote, short enough to be said back."""
    return text if len(text) <= _LONGEST_ECHO else text[:_LONGEST_ECHO] + "…"


@cache
def allowed_in(kind: type[Request]) -> dict[str, str]:
    """What each field of a request takes, by its name on the wire."""
    _, components = msgspec.json.schema_components([kind])
    properties: dict[str, dict[str, Any]] = components[kind.__name__]["properties"]
    return {name: schema["description"] for name, schema in properties.items()}
