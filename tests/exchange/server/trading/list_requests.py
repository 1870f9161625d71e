"""Order lists as clients send them, around a last price of 40,000."""

from __future__ import annotations

from typing import Any

OCO: dict[str, Any] = {
    "symbol": "BTCUSDT",
    "side": "SELL",
    "quantity": "1",
    "aboveType": "LIMIT_MAKER",
    "abovePrice": "41000",
    "belowType": "STOP_LOSS_LIMIT",
    "belowPrice": "38000",
    "belowStopPrice": "39000",
    "belowTimeInForce": "GTC",
}
_WORKING: dict[str, Any] = {
    "symbol": "BTCUSDT",
    "workingType": "LIMIT",
    "workingSide": "BUY",
    "workingPrice": "39000",
    "workingQuantity": "1",
    "workingTimeInForce": "GTC",
}
OTO: dict[str, Any] = {**_WORKING, "pendingType": "MARKET", "pendingSide": "SELL", "pendingQuantity": "1"}
OTOCO: dict[str, Any] = {
    **_WORKING,
    "pendingSide": "SELL",
    "pendingQuantity": "1",
    "pendingAboveType": "LIMIT_MAKER",
    "pendingAbovePrice": "42000",
    "pendingBelowType": "STOP_LOSS_LIMIT",
    "pendingBelowPrice": "37000",
    "pendingBelowStopPrice": "38000",
    "pendingBelowTimeInForce": "GTC",
}
OPO: dict[str, Any] = {**_WORKING, "pendingType": "MARKET", "pendingSide": "SELL"}
OPOCO: dict[str, Any] = {name: value for name, value in OTOCO.items() if name != "pendingQuantity"}
OLD_OCO: dict[str, Any] = {
    "symbol": "BTCUSDT",
    "side": "SELL",
    "quantity": "1",
    "price": "41000",
    "stopPrice": "39000",
    "stopLimitPrice": "38000",
    "stopLimitTimeInForce": "GTC",
}
