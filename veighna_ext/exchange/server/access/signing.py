"""What a sender signed, made again from exactly the bytes that came."""

from __future__ import annotations

from urllib.parse import unquote

from veighna_ext.exchange.server.access import errors

_NAME = b"signature="
_INNER_NAME = b"&signature="


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


def _without_signature(part: bytes) -> tuple[bytes, bytes | None]:
    if part.startswith(_NAME):
        value, _, rest = part[len(_NAME) :].partition(b"&")
        return rest, value
    start = part.find(_INNER_NAME)
    if start < 0:
        return part, None
    value, and_more, rest = part[start + len(_INNER_NAME) :].partition(b"&")
    return part[:start] + and_more + rest, value
