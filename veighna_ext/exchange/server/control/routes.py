"""The table of control calls: what is routed, read and documented is this and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from veighna_ext.exchange.server.control.problems import Problem, not_found
from veighna_ext.exchange.server.control.reading import shortened
from veighna_ext.exchange.server.control.requests import Request

BASE: Final = "/mock/v1"
PLACES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "key": "An API key of the account meant.",
        "symbol": "A symbol of the exchange, such as BTCUSDT.",
        "other": "The API key meant.",
    }
)
"""What stands in braces in a path."""


@dataclass(frozen=True)
class Route:
    """One control call."""

    method: str
    path: str
    """Below the base; names in braces are handed to `run`."""
    summary: str
    answer: type[msgspec.Struct] | Any
    run: Callable[..., Awaitable[Any]]
    """Gets what the path's braces stand for, then the body or the query where there is one."""
    body: type[Request] | None = None
    query: type[Request] | None = None
    status: int = 200
    refusals: tuple[int, ...] = ()
    """The statuses of its own problems, besides those every call may have."""

    @property
    def name(self) -> str:
        """What the documents call it: the name of the function that runs it."""
        return getattr(self.run, "__name__", "").lstrip("_")


class Routes:
    """Finds the call of a request."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self.all = routes
        self._by_shape: dict[tuple[str, ...], dict[str, Route]] = {}
        for route in routes:
            shape = tuple("" if part.startswith("{") else part for part in route.path.split("/")[1:])
            self._by_shape.setdefault(shape, {})[route.method] = route

    def find(self, method: str, raw_path: str) -> tuple[Route, list[str]]:
        """The call of a method and a path below the base, and what stands in the path's braces."""
        parts = raw_path.split("/")[1:]
        for shape, by_method in self._by_shape.items():
            if len(shape) != len(parts) or any(
                want not in ("", part) for want, part in zip(shape, parts, strict=True)
            ):
                continue
            route = by_method.get("GET" if method == "HEAD" else method)
            if route is None:
                raise _not_allowed(method, by_method)
            return route, [unquote(part) for want, part in zip(shape, parts, strict=True) if not want]
        raise not_found(
            f"There is no {shortened(unquote(raw_path))} below {BASE}; /mock/docs lists what there is."
        )


def places_in(path: str) -> list[str]:
    """The names in braces in a path."""
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _not_allowed(method: str, by_method: Mapping[str, Route]) -> Problem:
    allowed = ", ".join(sorted(by_method))
    problem = Problem(f"{shortened(method)} is not possible here, only {allowed}.", status=405)
    problem.headers["Allow"] = allowed
    return problem
