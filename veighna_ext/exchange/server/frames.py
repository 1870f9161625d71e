"""WebSocket frames as bytes, built once however many connections they go to."""

from __future__ import annotations

_SHORT = 126
_LONG = 1 << 16


def text(payload: bytes) -> bytes:
    """A whole text message of a server."""
    return _frame(b"\x81", payload)


def ping(payload: bytes) -> bytes:
    """A ping; whoever gets it answers with the same payload."""
    return _frame(b"\x89", payload)


def pong(payload: bytes) -> bytes:
    """The answer to a ping."""
    return _frame(b"\x8a", payload)


def close(code: int, reason: str = "") -> bytes:
    """The end of a connection, with its reason cut to what a control frame can hold."""
    if not code:
        return _frame(b"\x88", b"")
    text_bytes = reason.encode()[:123].decode(errors="ignore").encode()
    return _frame(b"\x88", code.to_bytes(2, "big") + text_bytes)


def _frame(opcode: bytes, payload: bytes) -> bytes:
    size = len(payload)
    if size < _SHORT:
        return b"%b%c%b" % (opcode, size, payload)
    if size < _LONG:
        return b"%b\x7e%b%b" % (opcode, size.to_bytes(2, "big"), payload)
    return b"%b\x7f%b%b" % (opcode, size.to_bytes(8, "big"), payload)
