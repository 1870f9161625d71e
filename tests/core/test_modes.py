"""Only what is known to be harmless may look harmless."""

from __future__ import annotations

import pytest

from veighna_ext.core.modes import Mode, gateway_mode


@pytest.mark.parametrize(
    ("gateway", "setting", "mode"),
    [
        ("PAPER", {}, Mode.SIM),
        ("REPLAY", None, Mode.SIM),
        ("MOCK_BINANCE", {"Host": "127.0.0.1"}, Mode.MOCK),
        ("BINANCE_SPOT", {"Server": "REAL"}, Mode.LIVE),
        ("BINANCE_SPOT", {"Server": "TESTNET"}, Mode.TESTNET),
        ("BINANCE_SPOT", {}, Mode.LIVE),
        ("BINANCE_SPOT", None, Mode.LIVE),
        ("BINANCE_SPOT", {"API Key": "TESTNET", "Server": "REAL"}, Mode.LIVE),
        ("CTP", {"交易服务器": "tcp://180.0.0.1:10130"}, Mode.LIVE),
        ("CTP", {"柜台环境": "实盘"}, Mode.LIVE),
    ],
)
def test_the_mode_follows_from_gateway_and_setting(gateway: str, setting: dict | None, mode: Mode) -> None:
    assert gateway_mode(gateway, setting) is mode
