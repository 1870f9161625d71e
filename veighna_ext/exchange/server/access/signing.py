"""What a sender signed, made again from exactly the bytes that came."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote

import msgspec

from veighna_ext.exchange.server.access import errors

_NAME = b"signature="
_INNER_NAME = b"&signature="
_QUOTE = ord('"')

_decode_string = msgspec.json.Decoder(str).decode


def rest_payload(query: bytes, body: bytes) -> tuple[bytes, str]:
    """
    What was signed of a REST request, and the signature, "" where none was sent.

    Signed is the query string and then the body, nothing between them, without the signature's own parameter.
    """
    query, signature = _without_signature(query)
    if signature is None:
        body, signature = _without_signature(body)
    payload = query + body
    # whoever signed such text did not percent-encode it first, as Binance demands since 2026
    if not payload.isascii():
        raise errors.bad_signature()
    return payload, unquote(signature.decode("latin-1")) if signature else ""


def ws_payload(parameters: Mapping[str, bytes]) -> bytes:
    """What was signed of a WebSocket API request, from the JSON of each parameter as it was sent."""
    names = sorted(parameters)
    payload = b"&".join(
        [
            name.encode() + b"=" + (token[1:-1] if (token := parameters[name])[0] == _QUOTE else token)
            for name in names
            if name != "signature"
        ]
    )
    # hardly any client escapes anything, and looking once costs less than looking at each
    if b"\\" in payload:
        payload = b"&".join(
            [name.encode() + b"=" + _plain(parameters[name]) for name in names if name != "signature"]
        )
    return payload


def _plain(token: bytes) -> bytes:
    if token[0] != _QUOTE:
        return token
    try:
        return _decode_string(token).encode()
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise errors.bad_signature() from error


def _without_signature(part: bytes) -> tuple[bytes, bytes | None]:
    if part.startswith(_NAME):
        value, _, rest = part[len(_NAME) :].partition(b"&")
        return rest, value
    start = part.find(_INNER_NAME)
    if start < 0:
        return part, None
    value, and_more, rest = part[start + len(_INNER_NAME) :].partition(b"&")
    return part[:start] + and_more + rest, value
