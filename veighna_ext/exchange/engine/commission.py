"""Commissions paid in BNB: cheaper, and taken from the trader's BNB instead of from what was received."""

from __future__ import annotations

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.accounts import Desk
from veighna_ext.exchange.engine.market import Market, Treasury

BNB = "BNB"
DISCOUNT = UNIT // 4
"""The part of the commission that paying in BNB saves."""


class BnbCounter:
    """Knows the price of BNB in other assets, from the venue's own markets."""

    def __init__(self, markets: dict[str, Market], fees: Treasury) -> None:
        self._markets = markets
        self.fees = fees

    def in_bnb(self, asset: str, amount: int) -> int | None:
        """The discounted commission in BNB, or none where no market tells the price."""
        amount = amount * (UNIT - DISCOUNT) // UNIT
        if asset == BNB:
            return amount
        dollars: int | None = amount
        if asset != "USDT":
            direct = self._direct(asset, amount)
            if direct is not None:
                return direct
            price = self._price(asset + "USDT")
            dollars = amount * price // UNIT if price else None
        return None if dollars is None else self._direct("USDT", dollars)

    def _direct(self, asset: str, amount: int) -> int | None:
        price = self._price(BNB + asset)
        if price:
            return amount * UNIT // price
        price = self._price(asset + BNB)
        return amount * price // UNIT if price else None

    def _price(self, name: str) -> int:
        market = self._markets.get(name)
        return market.last_price if market else 0


def charge(market: Market, desk: Desk, side: int, commission: int) -> tuple[int, str]:
    """
    Take a commission from a trader who pays in BNB where possible; the amount taken and its asset.

    Without enough free BNB, without a price, or when BNB is what the order spends, the received asset
    pays in full.
    """
    symbol = market.symbol
    if side == enums.BUY:
        balance, fees, spent = desk.base, market.base_fees, symbol.quote
    else:
        balance, fees, spent = desk.quote, market.quote_fees, symbol.base
    counter = market.bnb
    if spent != BNB:
        in_bnb = counter.in_bnb(fees.asset, commission)
        bnb = desk.account.balance(BNB)
        if in_bnb is not None and bnb.free >= in_bnb:
            bnb.free -= in_bnb
            counter.fees.collected += in_bnb
            return in_bnb, BNB
    balance.free -= commission
    fees.collected += commission
    return commission, fees.asset
