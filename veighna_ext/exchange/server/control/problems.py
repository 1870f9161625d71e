"""Why a control request is refused: an HTTP status and one sentence for whoever sent it."""

from __future__ import annotations


class Problem(Exception):
    """A request that changed nothing."""

    def __init__(self, message: str, field: str | None = None, *, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.status = status
        self.headers: dict[str, str] = {}


def wrong(field: str, allowed: str) -> Problem:
    """A value that is not what its field takes."""
    return Problem(f"{field}: {allowed}", field)


def not_found(message: str) -> Problem:
    """What the path names is not there."""
    return Problem(message, status=404)


def conflict(message: str, field: str | None = None) -> Problem:
    """Nothing is wrong with the request, but it makes no sense as things are."""
    return Problem(message, field, status=409)
