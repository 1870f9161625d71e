"""Clients of a larger exchange find what they look for while they connect: the truth about a small one."""

from __future__ import annotations

import pytest

from tests.exchange.server.account.asking import ROUTES, ask
from tests.exchange.server.venue import KEYS, RATE, Venue
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import UNIT


@pytest.mark.parametrize("path", ["/fapi/v1/exchangeInfo", "/dapi/v1/exchangeInfo"])
def test_there_are_no_futures(venue: Venue, path: str) -> None:
    told = ask(venue, path, 0)
    assert told["symbols"] == []
    assert told["serverTime"] == venue.clock.now // 1000


@pytest.mark.parametrize("path", ["/sapi/v1/margin/allPairs", "/sapi/v1/margin/isolated/allPairs"])
def test_there_is_no_margin_whether_or_not_the_client_signs(venue: Venue, path: str) -> None:
    assert ask(venue, path, 0) == []
    assert ask(venue, path, 0, symbol="BTCUSDT") == []
    assert ask(venue, path, 0, timestamp=1, recvWindow=10_000, signature="beef") == []


def test_the_system_is_up(venue: Venue) -> None:
    assert ask(venue, "/sapi/v1/system/status", 0) == {"status": 0, "msg": "normal"}


def test_coins_are_those_of_the_account_and_travel_by_no_network(venue: Venue) -> None:
    venue.exchange.submit(c.Deposit(venue.clock.now, 1, "EUR", UNIT // 2))
    coins = {each["coin"]: each for each in ask(venue, "/sapi/v1/capital/config/getall")}
    assert list(coins) == ["BNB", "BTC", "EUR", "USDT"]
    assert coins["EUR"] == {
        "coin": "EUR",
        "depositAllEnable": False,
        "withdrawAllEnable": False,
        "name": "EUR",
        "free": "0.50000000",
        "locked": "0.00000000",
        "freeze": "0",
        "withdrawing": "0",
        "ipoing": "0",
        "ipoable": "0",
        "storage": "0",
        "isLegalMoney": False,
        "trading": True,
        "networkList": [],
    }


@pytest.mark.parametrize("path", ["/sapi/v1/capital/deposit/hisrec", "/sapi/v1/capital/withdraw/history"])
def test_no_coin_ever_came_or_went_by_a_network(venue: Venue, path: str) -> None:
    assert ask(venue, path, coin="USDT", startTime=1, endTime=2, limit=100, offset=0) == []


def test_fees_are_those_the_account_pays(venue: Venue) -> None:
    venue.exchange.submit(c.SetRates(venue.clock.now, 1, 0, 3 * RATE // 4, "BNBUSDT"))
    usual = {"symbol": "BTCUSDT", "makerCommission": "0.001", "takerCommission": "0.001"}
    special = {"symbol": "BNBUSDT", "makerCommission": "0", "takerCommission": "0.00075"}
    assert ask(venue, "/sapi/v1/asset/tradeFee") == [usual, special]
    assert ask(venue, "/sapi/v1/asset/tradeFee", symbol="BNBUSDT") == [special]


def test_a_key_may_do_what_it_was_allowed(venue: Venue) -> None:
    path = "/sapi/v1/account/apiRestrictions"
    told = ask(venue, path)
    assert told["enableSpotAndMarginTrading"] is True
    assert {name for name, allowed in told.items() if allowed} == {
        "enableReading",
        "enableSpotAndMarginTrading",
    }
    venue.exchange.submit(c.SetKey(venue.clock.now, 1, KEYS[1], may_trade=False))
    assert ask(venue, path)["enableSpotAndMarginTrading"] is False


def test_what_belongs_to_an_account_needs_a_signature() -> None:
    signed = {path for path, verbs in ROUTES.items() if verbs["GET"].is_signed and "/sapi/" in path}
    assert signed == {
        "/sapi/v1/capital/config/getall",
        "/sapi/v1/capital/deposit/hisrec",
        "/sapi/v1/capital/withdraw/history",
        "/sapi/v1/asset/tradeFee",
        "/sapi/v1/account/apiRestrictions",
    }
