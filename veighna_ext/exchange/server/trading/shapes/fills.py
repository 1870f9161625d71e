"""Fills: of an order that was just placed, and as an account's trades."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.engine.market import PreventedMatch
from veighna_ext.exchange.engine.order import Fill
from veighna_ext.exchange.server.trading.shapes.common import Shape, list_id
from veighna_ext.exchange.server.trading.shapes.texts import amount_text


def immediate_fills(fills: list[Fill]) -> list[Shape]:
    """What an order traded when it came."""
    return [
        {
            "price": amount_text(fill.price),
            "qty": amount_text(fill.quantity),
            "commission": amount_text(fill.commission),
            "commissionAsset": fill.commission_asset,
            "tradeId": fill.trade_id,
        }
        for fill in fills
    ]


def account_trade(fill: Fill, divisor: int) -> Shape:
    """A fill as one of its account's trades."""
    order = fill.order
    return {
        "symbol": order.desk.market.symbol.name,
        "id": fill.trade_id,
        "orderId": order.id,
        "orderListId": list_id(order.conditions),
        "price": amount_text(fill.price),
        "qty": amount_text(fill.quantity),
        "quoteQty": amount_text(fill.quote_quantity),
        "commission": amount_text(fill.commission),
        "commissionAsset": fill.commission_asset,
        "time": fill.time // divisor,
        "isBuyer": order.side == enums.BUY,
        "isMaker": fill.is_maker,
        "isBestMatch": True,
    }


def prevented_match(match: PreventedMatch, divisor: int) -> Shape:
    """A trade between orders of one trader that was not made."""
    symbol = match.taker.desk.market.symbol.name
    shape: Shape = {
        "symbol": symbol,
        "preventedMatchId": match.id,
        "takerOrderId": match.taker.id,
        "makerSymbol": symbol,
        "makerOrderId": match.maker.id,
        "tradeGroupId": match.trade_group,
        "selfTradePreventionMode": enums.STP_MODES[match.mode],
        "price": amount_text(match.price),
    }
    if match.taker_quantity:
        shape["takerPreventedQuantity"] = amount_text(match.taker_quantity)
    if match.maker_quantity:
        shape["makerPreventedQuantity"] = amount_text(match.maker_quantity)
    shape["transactTime"] = match.time // divisor
    return shape
