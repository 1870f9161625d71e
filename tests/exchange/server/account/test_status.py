"""What an account owns, may do, pays and has left of its limits."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.server.account.asking import ROUTES, ask
from tests.exchange.server.venue import RATE, Venue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.listing import LIMITS
from veighna_ext.exchange.server.account import OPERATIONS
from veighna_ext.exchange.server.operations import by_method

STATUS, COMMISSION = "/api/v3/account", "/api/v3/account/commission"
COUNTS, FILTERS = "/api/v3/rateLimit/order", "/api/v3/myFilters"
NOTHING = {"maker": "0.00000000", "taker": "0.00000000", "buyer": "0.00000000", "seller": "0.00000000"}


def balance(venue: Venue, asset: str, number: int = 1, **sent: Any) -> tuple[str, str] | None:
    """An asset as the account status tells it: free and locked."""
    for each in ask(venue, STATUS, number, **sent)["balances"]:
        if each["asset"] == asset:
            assert list(each) == ["asset", "free", "locked"]
            return each["free"], each["locked"]
    return None


def test_an_account_tells_everything_documented(venue: Venue) -> None:
    told = ask(venue, STATUS)
    balances = told.pop("balances")
    assert told == {
        "makerCommission": 10,
        "takerCommission": 10,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": NOTHING | {"maker": "0.00100000", "taker": "0.00100000"},
        "canTrade": True,
        "canWithdraw": True,
        "canDeposit": True,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": venue.clock.now // 1000,
        "accountType": "SPOT",
        "permissions": ["SPOT"],
        "uid": 1,
    }
    assert list(told) == [
        "makerCommission", "takerCommission", "buyerCommission", "sellerCommission", "commissionRates",
        "canTrade", "canWithdraw", "canDeposit", "brokered", "requireSelfTradePrevention", "preventSor",
        "updateTime", "accountType", "permissions", "uid",
    ]  # fmt: skip
    assert [each["asset"] for each in balances] == ["BNB", "BTC", "USDT"]


def test_an_account_tells_its_trade_group_if_it_has_one(venue: Venue) -> None:
    venue.exchange.submit(c.SetAccount(venue.clock.now, 1, trade_group=7))
    assert ask(venue, STATUS)["tradeGroupId"] == 7
    assert "tradeGroupId" not in ask(venue, STATUS, 2)


def test_what_an_order_holds_is_locked_until_it_is_canceled(venue: Venue) -> None:
    order = c.OrderSpec(enums.BUY, enums.LIMIT, UNIT // 2, 40_000 * UNIT)
    placed = venue.exchange.submit(c.PlaceOrder(venue.clock.now, 1, "BTCUSDT", order))
    assert balance(venue, "USDT") == ("9980000.00000000", "20000.00000000")
    venue.exchange.submit(c.CancelOrder(venue.clock.now, 1, "BTCUSDT", placed.id))
    assert balance(venue, "USDT") == ("10000000.00000000", "0.00000000")


def test_a_trade_moves_money_and_the_time_of_the_update(venue: Venue) -> None:
    venue.quotes("BTCUSDT", (enums.SELL, "40000", "1"))
    venue.clock.now += 5_000_000
    order = c.OrderSpec(enums.BUY, enums.MARKET, UNIT)
    venue.exchange.submit(c.PlaceOrder(venue.clock.now, 1, "BTCUSDT", order))
    assert balance(venue, "USDT") == ("9960000.00000000", "0.00000000")
    assert balance(venue, "BTC") == ("100.99900000", "0.00000000")
    assert ask(venue, STATUS)["updateTime"] == venue.clock.now // 1000
    assert balance(venue, "BTC", 2) == ("100.00000000", "0.00000000")


def test_the_fill_of_an_older_order_is_an_update(venue: Venue) -> None:
    for price in (40_000, 30_000):
        order = c.OrderSpec(enums.BUY, enums.LIMIT, UNIT, price * UNIT)
        venue.exchange.submit(c.PlaceOrder(venue.clock.now, 1, "BTCUSDT", order))
    venue.clock.now += 7_000_000
    venue.hit("BTCUSDT", enums.SELL, "1")
    assert ask(venue, STATUS)["updateTime"] == venue.clock.now // 1000


def test_zero_balances_can_be_left_out(venue: Venue) -> None:
    venue.exchange.submit(c.Deposit(venue.clock.now, 1, "BNB", -10_000 * UNIT))
    assert balance(venue, "BNB") == ("0.00000000", "0.00000000")
    assert balance(venue, "BNB", omitZeroBalances=False) == ("0.00000000", "0.00000000")
    assert balance(venue, "BNB", omitZeroBalances=True) is None
    assert balance(venue, "BTC", omitZeroBalances=True) is not None


def test_an_asset_nobody_trades_here_shows_where_it_is_owned(venue: Venue) -> None:
    venue.exchange.submit(c.Deposit(venue.clock.now, 1, "EUR", UNIT))
    assert balance(venue, "EUR") == ("1.00000000", "0.00000000")
    assert balance(venue, "EUR", 2) is None


def test_an_account_without_rights_says_so(venue: Venue) -> None:
    venue.exchange.submit(c.SetAccount(venue.clock.now, 1, can_trade=False, can_withdraw=False))
    told = ask(venue, STATUS)
    assert (told["canTrade"], told["canWithdraw"], told["canDeposit"]) == (False, False, True)


def test_commissions_are_those_of_the_symbol(venue: Venue) -> None:
    venue.exchange.submit(c.SetRates(venue.clock.now, 1, 0, 4 * RATE, "BNBUSDT"))
    venue.exchange.submit(c.SetAccount(venue.clock.now, 1, pays_in_bnb=True))
    assert ask(venue, COMMISSION, symbol="BTCUSDT") == {
        "symbol": "BTCUSDT",
        "standardCommission": NOTHING | {"maker": "0.00100000", "taker": "0.00100000"},
        "specialCommission": NOTHING,
        "taxCommission": NOTHING,
        "discount": {
            "enabledForAccount": True,
            "enabledForSymbol": True,
            "discountAsset": "BNB",
            "discount": "0.75000000",
        },
    }
    standard = ask(venue, COMMISSION, symbol="BNBUSDT")["standardCommission"]
    assert standard == NOTHING | {"taker": "0.00400000"}
    assert ask(venue, COMMISSION, 2, symbol="BNBUSDT")["discount"]["enabledForAccount"] is False


def test_the_discount_told_is_the_one_taken(venue: Venue) -> None:
    venue.exchange.submit(c.SetAccount(venue.clock.now, 1, pays_in_bnb=True))
    venue.quotes("BNBUSDT", (enums.SELL, "600", "10"), (enums.BUY, "599", "10"))
    venue.hit("BNBUSDT", enums.BUY, "1")
    order = c.OrderSpec(enums.SELL, enums.MARKET, 6 * UNIT // 10)
    # BNB spent cannot pay its own commission: so the commission of a sale of BTC
    venue.quotes("BTCUSDT", (enums.BUY, "10000", "1"))
    venue.exchange.submit(c.PlaceOrder(venue.clock.now, 1, "BTCUSDT", order))
    told = ask(venue, COMMISSION, symbol="BTCUSDT")
    # 6000 USDT at 0.001 are 6 USDT, 0.01 BNB before the discount
    assert told["discount"]["discount"] == "0.75000000"
    assert balance(venue, "BNB") == ("9999.99250000", "0.00000000")


def test_order_counts_are_the_accounts_own(venue: Venue) -> None:
    venue.orders.add(1, 3, venue.live.real_now())
    told = ask(venue, COUNTS)
    assert told == [
        {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 50, "count": 3},
        {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 160000, "count": 3},
    ]
    assert [each["count"] for each in ask(venue, COUNTS, 2)] == [0, 0]


def test_filters_are_the_symbols_and_the_exchanges(venue: Venue) -> None:
    venue.exchange.submit(c.SetLimits(venue.clock.now, LIMITS))
    told = ask(venue, FILTERS, symbol="BTCUSDT")
    assert list(told) == ["exchangeFilters", "symbolFilters", "assetFilters"]
    assert told["exchangeFilters"][0] == {"filterType": "EXCHANGE_MAX_NUM_ORDERS", "maxNumOrders": 1000}
    assert {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 20} in told["symbolFilters"]
    assert told["assetFilters"] == []


@pytest.mark.parametrize("path", [COMMISSION, FILTERS])
def test_a_symbol_is_needed_and_must_be_listed(venue: Venue, path: str) -> None:
    with pytest.raises(Refused, match="-1121: Invalid symbol"):
        ask(venue, path, symbol="NOSUCH")
    with pytest.raises(Refused, match="-1102: Mandatory parameter 'symbol' was not sent"):
        ask(venue, path)


def test_what_is_asked_costs_what_is_documented_and_needs_a_signature() -> None:
    found = {each.path: (name, each.weight, each.is_signed) for name, each in by_method(OPERATIONS).items()}
    assert found == {
        STATUS: ("account.status", 20, True),
        COMMISSION: ("account.commission", 20, True),
        COUNTS: ("account.rateLimits.orders", 40, True),
        FILTERS: ("myFilters", 40, True),
    }
    assert all(list(verbs) == ["GET"] for verbs in ROUTES.values())
