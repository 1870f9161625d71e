"""The messages of the WebSocket API: how requests are read and answers written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from veighna_ext.exchange.server.limits import OverLimit
from veighna_ext.exchange.server.refusals import Refusal, error_body

_encode = msgspec.json.Encoder().encode
NULL = b"null"


class _Request(msgspec.Struct):
    id: msgspec.Raw
    method: str
    params: dict[str, Any] | None = None


class _RawParameters(msgspec.Struct):
    params: dict[str, msgspec.Raw]


# numbers with a point or an exponent stay the text that came: it is what was signed
_decode = msgspec.json.Decoder(_Request, float_hook=str).decode
_decode_raw = msgspec.json.Decoder(_RawParameters).decode
_decode_object = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_decode_value = msgspec.json.Decoder(float_hook=str).decode
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)

_ID = "^[a-zA-Z0-9-_]{1,36}$"
_is_plain_id = re.compile(rb'-?[0-9]{1,18}|"[a-zA-Z0-9_-]{1,36}"|null').fullmatch
_is_id = re.compile(_ID).fullmatch
_LARGEST_ID = 2**63


class BadMessage(Exception):
    """A message that is no request; carries the answer to it."""

    def __init__(self, message: str, message_id: bytes = NULL) -> None:
        super().__init__(message)
        self.refusal = Refusal(-1135, message)
        self.message_id = message_id


def read(message: bytes) -> tuple[bytes, str, dict[str, str]]:
    """A request's id as it came, its method, and its parameters as REST would have sent them."""
    try:
        request = _decode(message)
        message_id = bytes(request.id)
        _check_id(message_id)
        params = request.params
        if not params:
            return message_id, request.method, {}
        texts = {name: value if type(value) is str else _text(value) for name, value in params.items()}
        if "" in texts.values():
            _complete(texts, params, message)
    except _UNREADABLE:
        raise _why_not(message) from None
    return message_id, request.method, texts


def _text(value: Any) -> str:
    return str(value) if type(value) is int else ""


def _complete(texts: dict[str, str], params: dict[str, Any], message: bytes) -> None:
    """What has no text yet is taken as it was written, and null is the same as nothing."""
    raw: dict[str, msgspec.Raw] = {}
    for name, value in params.items():
        if value is None:
            del texts[name]
        elif type(value) is not str and not texts[name]:
            raw = raw or _decode_raw(message).params
            texts[name] = bytes(raw[name]).decode()


def _check_id(message_id: bytes) -> None:
    if _is_plain_id(message_id):
        return
    value = _decode_value(message_id)
    # a number with a point would have come as text, too
    is_text = message_id[0] == ord('"') and _is_id(value)
    if not is_text and not (type(value) is int and -_LARGEST_ID <= value < _LARGEST_ID):
        raise _bad_id()


def _bad_id() -> BadMessage:
    # in no document; traders report it, with status 400, a null id and no rate limits
    return BadMessage(
        f"Invalid 'id' in JSON request; expected an integer, a string matching '{_ID}', or null."
    )


def _why_not(message: bytes) -> BadMessage:
    """What keeps a message from being a request."""
    try:
        parts = _decode_object(message)
        message_id = bytes(parts.get("id", b""))
        if not message_id:
            return _bad_id()
        _check_id(message_id)
        method = _decode_value(bytes(parts.get("method", NULL)))
        params = _decode_value(bytes(parts.get("params", b"{}")))
    except BadMessage as bad:
        return bad
    except _UNREADABLE:
        return BadMessage("Invalid JSON Request")
    if not isinstance(method, str):
        return BadMessage("Invalid 'method' in JSON request; expected a string.", message_id)
    if not isinstance(params, dict):
        return BadMessage("Invalid 'params' in JSON request; expected an object.", message_id)
    return BadMessage("Invalid JSON Request", message_id)


def signed(sent: Mapping[str, str]) -> bytes:
    """What the sender of these parameters has signed: all but the signature, by name, not percent-encoded."""
    return "&".join([f"{name}={sent[name]}" for name in sorted(sent) if name != "signature"]).encode()


def answer(message_id: bytes, result: Any, rate_limits: bytes) -> bytes:
    """The answer to a request that was carried out."""
    return b'{"id":%b,"status":200,"result":%b%b}' % (message_id, _encode(result), rate_limits)


def refused(message_id: bytes, refusal: Refusal, rate_limits: bytes, time_divisor: int = 1000) -> bytes:
    """The answer to a request that was not."""
    body = error_body(refusal)
    if isinstance(refusal, OverLimit):
        body["data"] = refusal.times(time_divisor)
    return b'{"id":%b,"status":%d,"error":%b%b}' % (message_id, refusal.status, _encode(body), rate_limits)
