"""Small exchanges for the tests: two symbols, two accounts, and a flow of commands that uses every kind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.exchange import Exchange, Setup
from veighna_ext.exchange.listing import listed

START = 1_700_000_000_000_000
SETUP = Setup(listed(["BTCUSDT", "BNBUSDT"]), seed=7)
MIDDLE = {"BTCUSDT": 40_000 * UNIT, "BNBUSDT": 600 * UNIT}
TICK = {symbol.name: symbol.filters.tick for symbol in SETUP.symbols}
FUNDS = {"USDT": 10_000_000 * UNIT, "BTC": 100 * UNIT, "BNB": 10_000 * UNIT}


def opened(folder: Path) -> Exchange:
    """The exchange in a folder, with two accounts if it is new."""
    exchange = Exchange.open(folder, SETUP, START)
    for _ in range(2 - exchange.venue.last_account_id):
        exchange.submit(c.OpenAccount(START, FUNDS, UNIT // 1000, UNIT // 1000))
    exchange.commit()
    return exchange


def whole_state(exchange: Exchange) -> bytes:
    """Everything the exchange knows."""
    return b"".join(exchange.state())


def flow(seed: int, first: int = 0) -> Iterator[c.Command]:
    """Endless commands of every kind that a venue meets: most are accepted, some are not."""
    dice = random.Random(seed)
    number = first
    while True:
        number += 1
        yield _command(dice, number)


def _command(dice: random.Random, number: int) -> c.Command:
    time = START + number * 50_000
    account = dice.choice((1, 2))
    symbol = dice.choice(("BTCUSDT", "BNBUSDT"))
    kind = dice.random()
    if kind < 0.5:
        return c.PlaceOrder(time, account, symbol, _order(dice, symbol, number))
    if kind < 0.7:
        return c.CancelOrder(time, account, symbol, order_id=dice.randrange(1, number + 2))
    if kind < 0.74:
        return c.AmendOrder(
            time, account, symbol, 10 * UNIT // 100, client_id=f"c{number - dice.randrange(1, 30)}"
        )
    if kind < 0.78:
        return c.CancelReplace(time, account, symbol, number // 2, "", _order(dice, symbol, number))
    if kind < 0.84:
        return _list(dice, time, account, symbol)
    if kind < 0.96:
        return _moves(dice, time, symbol)
    if kind < 0.98:
        return c.Deposit(time, account, "USDT", dice.choice((1, -1)) * dice.randrange(1, 1000) * UNIT)
    if kind < 0.985:
        return c.CancelAll(time, account, symbol)
    if kind < 0.99:
        return c.SetAccount(time, account, pays_in_bnb=dice.random() < 0.5)
    return c.SetRates(time, account, UNIT // 1000, UNIT // dice.choice((500, 1000)), symbol)


def _order(dice: random.Random, symbol: str, number: int) -> c.OrderSpec:
    side = dice.choice((enums.BUY, enums.SELL))
    middle, tick = MIDDLE[symbol], TICK[symbol]
    price = middle + dice.randrange(-40, 41) * tick * 10
    quantity = dice.randrange(1, 60) * UNIT // 100
    spec = c.OrderSpec(
        side, enums.LIMIT, quantity, price, client_id=f"c{number}", stp=dice.choice((-1, -1, 1, 2, 3, 4))
    )
    kind = dice.random()
    if kind < 0.15:
        spec = c.OrderSpec(side, enums.MARKET, quantity)
    elif kind < 0.2:
        spec = c.OrderSpec(side, enums.MARKET, quote_quantity=dice.randrange(10, 5000) * UNIT)
    elif kind < 0.3:
        spec.tif = dice.choice((enums.IOC, enums.FOK))
    elif kind < 0.4:
        spec.type = enums.LIMIT_MAKER
    elif kind < 0.5:
        spec.type = dice.choice((enums.STOP_LOSS_LIMIT, enums.TAKE_PROFIT_LIMIT))
        spec.stop_price = middle + dice.randrange(-60, 61) * tick * 10
        spec.trailing_delta = dice.choice((0, 0, 10, 25))
    elif kind < 0.55:
        spec.iceberg = max(quantity // 5 // 1_000_000 * 1_000_000, 1_000_000)
    return spec


def _list(dice: random.Random, time: int, account: int, symbol: str) -> c.PlaceList:
    middle, tick = MIDDLE[symbol], TICK[symbol]
    quantity = 5 * UNIT // 100
    far = dice.randrange(50, 90) * tick * 10
    above = c.OrderSpec(enums.SELL, enums.LIMIT_MAKER, quantity, middle + far)
    below = c.OrderSpec(enums.SELL, enums.STOP_LOSS, quantity, stop_price=middle - far)
    working = c.OrderSpec(enums.BUY, enums.LIMIT, quantity, middle - dice.randrange(-20, 20) * tick * 10)
    kind = dice.choice((enums.OCO, enums.OTO, enums.OTOCO))
    orders = {enums.OCO: [above, below], enums.OTO: [working, above], enums.OTOCO: [working, above, below]}[
        kind
    ]
    return c.PlaceList(time, account, symbol, kind, orders)


def _moves(dice: random.Random, time: int, symbol: str) -> c.MarketMoves:
    middle, tick = MIDDLE[symbol], TICK[symbol]
    quotes = [
        (
            side,
            middle + (1 if side else -1) * dice.randrange(1, 60) * tick * 10,
            dice.randrange(0, 200) * UNIT // 100,
        )
        for side in (enums.BUY, enums.SELL, enums.BUY, enums.SELL)
    ]
    hits = [(dice.choice((enums.BUY, enums.SELL)), dice.randrange(1, 100) * UNIT // 100, 0)]
    return c.MarketMoves(time, symbol, quotes, hits)
