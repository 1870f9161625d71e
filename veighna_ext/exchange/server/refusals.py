"""Why a request is refused, with the HTTP status and the JSON that tell its sender."""

from __future__ import annotations

from typing import Any

import msgspec

from veighna_ext.exchange.errors import Refused

_STATUSES = {
    -1000: 500, -1001: 500, -1006: 504, -1007: 504, -1008: 503, -1003: 429, -1015: 429, -1002: 401,
    -2014: 401, -2015: 401, -2021: 409,
}  # fmt: skip
"""HTTP statuses of the codes that are not plain bad requests."""


class Refusal(Refused):
    """A request that changed nothing; what only the network knows about it comes along."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        status: int | None = None,
        retry_after: int | None = None,
        data: Any | None = None,
    ) -> None:
        super().__init__(code, message)
        self.status = _STATUSES.get(code, 400) if status is None else status
        self.retry_after = retry_after
        """Seconds after which the client may come back."""
        self.data = data


def as_refusal(refused: Refused) -> Refusal:
    """A refusal of the engine as the network tells it."""
    return refused if isinstance(refused, Refusal) else Refusal(refused.code, refused.message)


def error_body(refusal: Refusal) -> dict[str, Any]:
    """The error object of REST bodies and of WebSocket API answers."""
    body = {"code": refusal.code, "msg": refusal.message}
    if refusal.data is not None:
        body["data"] = refusal.data
    return body


def error_json(refusal: Refusal) -> bytes:
    """The body of a refused REST request."""
    return msgspec.json.encode(error_body(refusal))


def malformed(name: str) -> Refusal:
    """A parameter that had to be there was not, or could not be read."""
    return Refusal(-1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")


def neither(name: str, other: str) -> Refusal:
    """One of two parameters had to be sent."""
    return Refusal(-1102, f"Param '{name}' or '{other}' must be sent, but both were empty/null!")


def empty(name: str) -> Refusal:
    """A parameter was sent without a value."""
    return Refusal(-1105, f"Parameter '{name}' was empty.")


def not_required(name: str) -> Refusal:
    """A parameter does not belong to this kind of request."""
    return Refusal(-1106, f"Parameter '{name}' sent when not required.")


def unread(read: int, sent: int) -> Refusal:
    """More parameters came than this request has."""
    return Refusal(
        -1104, f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'."
    )


def too_many(expected: int, received: int) -> Refusal:
    """More parameters came than this request could have."""
    return Refusal(-1101, f"Too many parameters; expected '{expected}' and received '{received}'.")


def overflowed(name: str) -> Refusal:
    """A number larger than the venue counts."""
    return Refusal(-1108, f"Parameter '{name}' overflowed.")


def duplicated() -> Refusal:
    """A parameter came twice."""
    return Refusal(-1101, "Duplicate values for a parameter detected.")


def illegal(name: str, legal: str) -> Refusal:
    """A value with characters it cannot have."""
    return Refusal(-1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'.")


def invalid(name: str) -> Refusal:
    """A value of the right form that means nothing here."""
    return Refusal(-1130, f"Data sent for parameter '{name}' is not valid.")


def too_precise(name: str) -> Refusal:
    """More decimals than the venue keeps."""
    return Refusal(-1111, f"Parameter '{name}' has too much precision.")


def bad_combination() -> Refusal:
    """Optional parameters that do not go together."""
    return Refusal(-1128, "Combination of optional parameters invalid.")
