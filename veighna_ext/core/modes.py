"""Which of the trading modes a gateway is in: whether an order sent there can cost money."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any


class Mode(enum.Enum):
    """From no risk at all to real money."""

    SIM = "SIM"
    MOCK = "MOCK"
    TESTNET = "TESTNET"
    LIVE = "LIVE"


SIMULATED = frozenset({"PAPER", "REPLAY"})
MOCKED = frozenset({"MOCK_BINANCE"})
_PRACTICE_WORDS = ("TESTNET", "SIM", "DEMO", "PAPER", "测试", "仿真", "模拟")
_SERVER_FIELDS = ("server", "服务器", "environment", "环境")


def gateway_mode(gateway_name: str, setting: Mapping[str, Any] | None) -> Mode:
    """The mode of a gateway connected with `setting`; anything not known to be harmless counts as LIVE."""
    if gateway_name in SIMULATED:
        return Mode.SIM
    if gateway_name in MOCKED:
        return Mode.MOCK
    for field, value in (setting or {}).items():
        if field.lower() in _SERVER_FIELDS and any(word in str(value).upper() for word in _PRACTICE_WORDS):
            return Mode.TESTNET
    return Mode.LIVE
