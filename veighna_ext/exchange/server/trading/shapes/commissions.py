"""What an order would pay, as its test tells it."""

from __future__ import annotations

from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.accounts import Desk
from veighna_ext.exchange.engine.commission import BNB, DISCOUNT
from veighna_ext.exchange.server.trading.shapes.common import Shape
from veighna_ext.exchange.server.trading.shapes.texts import amount_text


def order_commissions(desk: Desk) -> Shape:
    """The rates of an order; nobody pays for being the buyer or the seller, nor any tax."""
    return {
        "standardCommissionForOrder": _rates(desk.maker_rate, desk.taker_rate),
        "specialCommissionForOrder": _rates(0, 0),
        "taxCommissionForOrder": _rates(0, 0),
        "discount": {
            "enabledForAccount": desk.account.pays_in_bnb,
            "enabledForSymbol": True,
            "discountAsset": BNB,
            # what is left to pay, not what is saved
            "discount": amount_text(UNIT - DISCOUNT),
        },
    }


def _rates(maker: int, taker: int) -> Shape:
    return {"maker": amount_text(maker), "taker": amount_text(taker)}
