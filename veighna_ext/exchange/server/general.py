"""Operations that ask nothing of the markets."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange.server.operations import Call, Operation


def _ping(_: Call) -> dict[str, Any]:
    return {}


def _time(call: Call) -> dict[str, Any]:
    return {"serverTime": call.time(call.now)}


OPERATIONS = (
    Operation(_ping, "ping", "GET", "/api/v3/ping"),
    Operation(_time, "time", "GET", "/api/v3/time"),
)
