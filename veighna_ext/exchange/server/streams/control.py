"""The messages by which a client chooses its streams while it is connected, and their answers."""

from __future__ import annotations

import json
import re
from typing import Any, Final, NamedTuple

import msgspec

from veighna_ext.exchange.server.streams.names import is_well_formed

METHODS: Final = ("SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY")
COMBINED: Final = "combined"

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_is_id = re.compile(r"[a-zA-Z0-9_-]{1,36}").fullmatch
_METHOD = re.compile(r'"method"\s*:\s*("(?:[^"\\]|\\.)*"|[^\s,}]+)')
_NO_ID: Final = object()


class BadRequest(Exception):
    """A message that cannot be followed; carries the answer to it."""

    def __init__(self, code: int, message: str, message_id: Any = _NO_ID) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.message_id = message_id

    def answer(self) -> bytes:
        """
        The answer that says why.

        Binance documents the code and the text bare; on the wire they come inside `error`. Clients look for
        one or the other, so they find both.
        """
        error = {"code": self.code, "msg": self.message}
        body = error | {"error": error}
        if self.message_id is not _NO_ID:
            body["id"] = self.message_id
        return _encode(body)


def too_many(message_id: int | str | None) -> BadRequest:
    """More streams than one connection may listen to."""
    return BadRequest(4, "Too many subscriptions", message_id)


class Request(NamedTuple):
    """What a client wants, already checked."""

    method: str
    id: int | str | None
    params: list[Any]


def answer(message_id: int | str | None, result: Any = None) -> bytes:
    """The answer to a request that was followed; null where nothing was asked."""
    return _encode({"result": result, "id": message_id})


def read(message: bytes) -> Request:
    """The request in a message."""
    sent = _json(message)
    if not isinstance(sent, dict):
        raise _wrong_type(sent, "struct Request")
    message_id = sent.get("id", _NO_ID)
    known_id = message_id if _is_valid(message_id) else _NO_ID
    if "method" not in sent:
        raise BadRequest(2, f"Invalid request: missing field `method` {_end_of(message)}", known_id)
    method = sent["method"]
    if method not in METHODS:
        raise BadRequest(2, f"Invalid request: {_unknown(message, method)}", known_id)
    if known_id is _NO_ID:
        raise BadRequest(2, "Invalid request: request ID must be an unsigned integer")
    params = sent.get("params")
    if params is None:
        params = []
    if not isinstance(params, list):
        raise BadRequest(
            2, f"Invalid request: invalid type: {_kind_of(params)}, expected a sequence", message_id
        )
    _CHECKS[method](params, message_id)
    return Request(method, message_id, params)


def _json(message: bytes) -> Any:
    try:
        return _decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadRequest(3, f"Invalid JSON: {_what_is_wrong(message)}") from None
    except RecursionError:
        raise BadRequest(3, "Invalid JSON: recursion limit exceeded at line 1 column 128") from None


def _what_is_wrong(message: bytes) -> str:
    """What a strict reader stumbles over, and where; the fast one does not say it exactly."""
    text = message.decode(errors="replace")
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            return f"EOF while parsing a value {_at(text, len(text))}"
        what = "trailing characters" if error.msg == "Extra data" else "expected value"
        return f"{what} {_at(text, error.pos + 1)}"
    except (ValueError, RecursionError):
        # a number too long, or arrays too deep, also for this reader
        return f"number out of range {_at(text, len(text))}"
    return f"expected value {_at(text, 1)}"


def _at(text: str, count: int) -> str:
    """Where one is in a message after so many characters of it."""
    so_far = text[:count]
    line = so_far.count("\n") + 1
    column = count - so_far.rfind("\n") - 1
    return f"at line {line} column {column}"


def _unknown(message: bytes, method: Any) -> str:
    text = message.decode()
    found = _METHOD.search(text)
    sent = method if isinstance(method, str) else _encode(method).decode()
    expected = ", ".join(f"`{each}`" for each in METHODS)
    where = _at(text, found.end(1)) if found else _end_of(message)
    return f"unknown variant `{sent}`, expected one of {expected} {where}"


def _end_of(message: bytes) -> str:
    text = message.decode().rstrip()
    return _at(text, len(text))


def _wrong_type(sent: Any, expected: str, message_id: Any = _NO_ID) -> BadRequest:
    return BadRequest(2, f"Invalid request: invalid type: {_kind_of(sent)}, expected {expected}", message_id)


def _kind_of(value: Any) -> str:
    if isinstance(value, str):
        return f"string {_encode(value).decode()}"
    if isinstance(value, bool):
        return f"boolean `{str(value).lower()}`"
    if isinstance(value, int):
        return f"integer `{value}`"
    if isinstance(value, float):
        return f"floating point `{value}`"
    return "null" if value is None else "sequence" if isinstance(value, list) else "map"


def _is_valid(message_id: Any) -> bool:
    if isinstance(message_id, str):
        return _is_id(message_id) is not None
    if isinstance(message_id, int) and not isinstance(message_id, bool):
        return -(2**63) <= message_id < 2**63
    return message_id is None


def _check_names(params: list[Any], message_id: int | str | None) -> None:
    for name in params:
        if not isinstance(name, str):
            raise BadRequest(
                2, f"Invalid request: invalid type: {_kind_of(name)}, expected a string", message_id
            )
        if not is_well_formed(name):
            raise BadRequest(2, "Invalid request: invalid stream", message_id)


def _check_none(params: list[Any], message_id: int | str | None) -> None:
    if params:
        raise BadRequest(2, "Invalid request: too many parameters", message_id)


def _check_property(params: list[Any], message_id: int | str | None, most: int = 1) -> None:
    if len(params) > most:
        raise BadRequest(2, "Invalid request: too many parameters", message_id)
    if not params or not isinstance(params[0], str):
        raise BadRequest(2, "Invalid request: property name must be a string", message_id)
    if params[0] != COMBINED:
        raise BadRequest(0, "Unknown property", message_id)


def _check_value(params: list[Any], message_id: int | str | None) -> None:
    _check_property(params, message_id, 2)
    if len(params) < 2 or not isinstance(params[1], bool):
        raise BadRequest(1, "Invalid value type: expected Boolean", message_id)


_CHECKS = {
    "SUBSCRIBE": _check_names,
    "UNSUBSCRIBE": _check_names,
    "LIST_SUBSCRIPTIONS": _check_none,
    "SET_PROPERTY": _check_value,
    "GET_PROPERTY": _check_property,
}
