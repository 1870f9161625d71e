"""An account's money, rights, commissions and limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from veighna_ext.exchange.amounts import UNIT, format_amount
from veighna_ext.exchange.engine.accounts import NO_TRADE_GROUP, Account, Balance
from veighna_ext.exchange.engine.commission import BNB, DISCOUNT
from veighna_ext.exchange.server.limits import LimitUse
from veighna_ext.exchange.server.market_data.choosing import SYMBOL
from veighna_ext.exchange.server.market_data.exchange_info import OURS, exchange_filters
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import Parameters, flag, optional
from veighna_ext.exchange.symbols import filters_as_info

_NOTHING = Balance()
_BASIS_POINT = UNIT // 10_000


def balances(call: Call) -> list[tuple[str, Balance]]:
    """What the account has of every asset there is here."""
    owned = call.account.balances
    return [(asset, owned.get(asset, _NOTHING)) for asset in sorted({*call.live.venue.treasuries, *owned})]


def rates(account: Account, symbol: str) -> tuple[int, int]:
    """What the account pays as a maker and as a taker on a symbol."""
    return account.special_rates.get(symbol, (account.maker_rate, account.taker_rate))


def _commission(maker: int = 0, taker: int = 0) -> dict[str, str]:
    """Rates as Binance lists them; nobody pays for being the buyer or the seller."""
    nothing = format_amount(0)
    return {
        "maker": format_amount(maker),
        "taker": format_amount(taker),
        "buyer": nothing,
        "seller": nothing,
    }


def _last_update(account: Account) -> int:
    """When its money last moved, as far as transfers, trades and the newest orders tell."""
    latest = account.updated
    for desk in account.desks.values():
        if desk.orders:
            latest = max(latest, desk.orders[-1].updated)
        if desk.fills:
            latest = max(latest, desk.fills[-1].time)
    return latest


def _status(call: Call) -> dict[str, Any]:
    account = call.account
    omits_zeros = call.values["omitZeroBalances"]
    group = account.trade_group
    return {
        "makerCommission": account.maker_rate // _BASIS_POINT,
        "takerCommission": account.taker_rate // _BASIS_POINT,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": _commission(account.maker_rate, account.taker_rate),
        "canTrade": account.can_trade,
        "canWithdraw": account.can_withdraw,
        "canDeposit": account.can_deposit,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": call.time(_last_update(account)),
        "accountType": OURS,
        "balances": [
            {"asset": asset, "free": format_amount(balance.free), "locked": format_amount(balance.locked)}
            for asset, balance in balances(call)
            if balance.total or not omits_zeros
        ],
        "permissions": [OURS],
        **({} if group == NO_TRADE_GROUP else {"tradeGroupId": group}),
        "uid": account.id,
    }


def _commissions(call: Call) -> dict[str, Any]:
    symbol = call.market().symbol.name
    return {
        "symbol": symbol,
        "standardCommission": _commission(*rates(call.account, symbol)),
        "specialCommission": _commission(),
        "taxCommission": _commission(),
        "discount": {
            "enabledForAccount": call.account.pays_in_bnb,
            "enabledForSymbol": True,
            "discountAsset": BNB,
            # what is left to pay, not what is saved
            "discount": format_amount(UNIT - DISCOUNT),
        },
    }


def _order_counts(call: Call) -> Sequence[LimitUse]:
    return call.order_counts.uses(call.account.id, call.live.real_now())


def _filters(call: Call) -> dict[str, Any]:
    return {
        "exchangeFilters": exchange_filters(call.live.venue.limits),
        "symbolFilters": filters_as_info(call.market().symbol.filters),
        "assetFilters": [],
    }


OPERATIONS = (
    Operation(
        _status,
        "account.status",
        "GET",
        "/api/v3/account",
        Parameters(optional("omitZeroBalances", flag, default=False)),
        weight=20,
        is_signed=True,
    ),
    Operation(
        _commissions,
        "account.commission",
        "GET",
        "/api/v3/account/commission",
        Parameters(SYMBOL),
        weight=20,
        is_signed=True,
    ),
    Operation(
        _order_counts,
        "account.rateLimits.orders",
        "GET",
        "/api/v3/rateLimit/order",
        weight=40,
        is_signed=True,
    ),
    Operation(
        _filters, "myFilters", "GET", "/api/v3/myFilters", Parameters(SYMBOL), weight=40, is_signed=True
    ),
)
