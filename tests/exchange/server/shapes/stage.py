"""Situations on the quiet server: orders that rest, trades that were made, lists that wait."""

from __future__ import annotations

import time
from typing import Any

from tests.exchange.server.shapes.asking import Asker

SYMBOL = "BTCUSDT"
QUANTITY = "0.01000000"
MIDDLE = "40000.00"
BELOW, FAR_BELOW = "39000.00", "38000.00"
ABOVE, FAR_ABOVE = "41000.00", "42000.00"


def order(side: str, kind: str, **more: Any) -> dict[str, Any]:
    """The parameters of an order; what is left out its type does not need."""
    sent = {"symbol": SYMBOL, "side": side, "type": kind, "quantity": QUANTITY, **more}
    if kind.endswith("LIMIT"):
        sent.setdefault("timeInForce", "GTC")
    return {name: value for name, value in sent.items() if value is not None}


def limit(side: str, price: str, **more: Any) -> dict[str, Any]:
    """The parameters of a limit order."""
    return order(side, "LIMIT", price=price, **more)


def resting(asker: Asker, side: str = "BUY", price: str | None = None, **more: Any) -> Any:
    """An order that stays in the book."""
    return asker.ask("order.place", **limit(side, price or (BELOW if side == "BUY" else ABOVE), **more))


def trade(maker: Asker, taker: Asker, price: str = MIDDLE, quantity: str = QUANTITY) -> Any:
    """A trade between two accounts; the last price is then this one."""
    maker.ask("order.place", **limit("SELL", price, quantity=quantity))
    return taker.ask("order.place", **limit("BUY", price, quantity=quantity))


def prevented(asker: Asker, mode: str = "EXPIRE_BOTH", **more: Any) -> tuple[Any, Any]:
    """An order of an account, and another one that would trade with it."""
    maker = resting(asker, "SELL", MIDDLE)
    return maker, asker.ask("order.place", **limit("BUY", MIDDLE, selfTradePreventionMode=mode, **more))


def oco(**more: Any) -> dict[str, Any]:
    """The parameters of a pair: sold higher, or at a loss."""
    return {
        "symbol": SYMBOL,
        "side": "SELL",
        "quantity": QUANTITY,
        "aboveType": "LIMIT_MAKER",
        "abovePrice": FAR_ABOVE,
        "belowType": "STOP_LOSS_LIMIT",
        "belowStopPrice": BELOW,
        "belowPrice": FAR_BELOW,
        "belowTimeInForce": "GTC",
        **more,
    }


def oto(price: str = BELOW, **more: Any) -> dict[str, Any]:
    """The parameters of an order that another one follows."""
    return {
        "symbol": SYMBOL,
        "workingType": "LIMIT",
        "workingSide": "BUY",
        "workingPrice": price,
        "workingQuantity": QUANTITY,
        "workingTimeInForce": "GTC",
        "pendingType": "LIMIT",
        "pendingSide": "SELL",
        "pendingPrice": FAR_ABOVE,
        "pendingQuantity": QUANTITY,
        "pendingTimeInForce": "GTC",
        **more,
    }


def otoco(price: str = BELOW, **more: Any) -> dict[str, Any]:
    """The parameters of an order that a pair follows."""
    working = {name: value for name, value in oto(price).items() if not name.startswith("pending")}
    pair = {name: value for name, value in oco().items() if name.startswith(("above", "below"))}
    return {
        **working,
        "pendingSide": "SELL",
        "pendingQuantity": QUANTITY,
        **{f"pending{name[0].upper()}{name[1:]}": value for name, value in pair.items()},
        **more,
    }


def old_oco(**more: Any) -> dict[str, Any]:
    """The parameters of a pair in the retired way."""
    return {
        "symbol": SYMBOL,
        "side": "SELL",
        "quantity": QUANTITY,
        "price": FAR_ABOVE,
        "stopPrice": BELOW,
        "stopLimitPrice": FAR_BELOW,
        "stopLimitTimeInForce": "GTC",
        **more,
    }


def opo(**more: Any) -> dict[str, Any]:
    """The parameters of an order that pays for another one."""
    return {name: value for name, value in oto(**more).items() if name != "pendingQuantity"}


def minutes_ago(minutes: int) -> int:
    """A time before now, in milliseconds."""
    return time.time_ns() // 1_000_000 - minutes * 60_000
