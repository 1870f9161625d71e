"""What clients ask of Binance's wallet: coins, fees, rights. Money comes and goes by control alone."""

from __future__ import annotations

from typing import Any

from veighna_ext.exchange.amounts import format_amount
from veighna_ext.exchange.engine.market import Market
from veighna_ext.exchange.server.account.status import balances, rates
from veighna_ext.exchange.server.operations import Call, Operation
from veighna_ext.exchange.server.parameters import (
    Parameters,
    last_moment,
    moment,
    number_up_to,
    optional,
    symbol,
    text,
    whole,
)


def _system(_call: Call) -> dict[str, Any]:
    return {"status": 0, "msg": "normal"}


def _coins(call: Call) -> list[dict[str, Any]]:
    """No coin has a network: nothing can be sent here or taken from here by one."""
    return [
        {
            "coin": asset,
            "depositAllEnable": False,
            "withdrawAllEnable": False,
            "name": asset,
            "free": format_amount(balance.free),
            "locked": format_amount(balance.locked),
            "freeze": "0",
            "withdrawing": "0",
            "ipoing": "0",
            "ipoable": "0",
            "storage": "0",
            "isLegalMoney": False,
            "trading": True,
            "networkList": [],
        }
        for asset, balance in balances(call)
    ]


def _no_transfers(_call: Call) -> list[dict[str, Any]]:
    return []


def _rate(units: int) -> str:
    """A rate without trailing zeros, as this answer has it."""
    return format_amount(units).rstrip("0").rstrip(".")


def _fees(call: Call) -> list[dict[str, str]]:
    asked = call.values["symbol"]
    markets: list[Market] = list(call.live.venue.markets.values()) if asked is None else [call.market()]
    found = []
    for market in markets:
        name = market.symbol.name
        maker, taker = rates(call.account, name)
        found.append({"symbol": name, "makerCommission": _rate(maker), "takerCommission": _rate(taker)})
    return found


def _key_rights(call: Call) -> dict[str, Any]:
    may_trade = call.account.keys.get(call.caller.api_key, False)
    return {
        "ipRestrict": False,
        # the venue does not keep when a key was made
        "createTime": 0,
        "enableReading": True,
        "enableWithdrawals": False,
        "enableInternalTransfer": False,
        "enableMargin": False,
        "enableFutures": False,
        "permitsUniversalTransfer": False,
        "enableVanillaOptions": False,
        "enableFixApiTrade": False,
        "enableFixReadOnly": False,
        "enableSpotAndMarginTrading": may_trade,
        "enablePortfolioMarginTrading": False,
    }


_PERIOD = (optional("startTime", moment), optional("endTime", last_moment))
_PAGE = (optional("offset", whole, default=0), optional("limit", number_up_to(1000), default=1000))

OPERATIONS = (
    Operation(_system, verb="GET", path="/sapi/v1/system/status"),
    Operation(_coins, verb="GET", path="/sapi/v1/capital/config/getall", is_signed=True),
    Operation(
        _no_transfers,
        verb="GET",
        path="/sapi/v1/capital/deposit/hisrec",
        parameters=Parameters(
            optional("includeSource", text),
            optional("coin", text),
            optional("status", whole),
            *_PERIOD,
            *_PAGE,
            optional("txId", text),
        ),
        is_signed=True,
    ),
    Operation(
        _no_transfers,
        verb="GET",
        path="/sapi/v1/capital/withdraw/history",
        parameters=Parameters(
            optional("coin", text),
            optional("withdrawOrderId", text),
            optional("status", whole),
            *_PAGE,
            optional("idList", text),
            *_PERIOD,
        ),
        is_signed=True,
    ),
    Operation(
        _fees,
        verb="GET",
        path="/sapi/v1/asset/tradeFee",
        parameters=Parameters(optional("symbol", symbol)),
        is_signed=True,
    ),
    Operation(_key_rights, verb="GET", path="/sapi/v1/account/apiRestrictions", is_signed=True),
)
