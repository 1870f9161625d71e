"""A mixed flow of orders for the exchange, made beforehand so that only the exchange is timed."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.exchange import Exchange, Setup
from veighna_ext.exchange.listing import LISTING, listed
from veighna_ext.exchange.symbols import Symbol

START = 1_700_000_000_000_000
ACCOUNTS = 4
LEVELS = 200
"""Prices on each side over which new orders are spread."""
COMMIT_EVERY = 64
MIDDLE = LISTING["BTCUSDT"].base_price
TICK = LISTING["BTCUSDT"].tick
LOT = UNIT // 100


def symbol() -> Symbol:
    """BTCUSDT as listed, with self-trade prevention on and no limit on the number of open orders."""
    (found,) = listed(["BTCUSDT"])
    found.default_stp = enums.EXPIRE_MAKER
    found.filters.max_orders = 0
    return found


def opened(folder: Path) -> Exchange:
    """An exchange with a journal, and accounts that can pay for everything."""
    exchange = Exchange.open(folder, Setup((symbol(),), seed=1), START)
    funds = {"USDT": 50_000_000_000 * UNIT, "BTC": 500_000 * UNIT}
    for _ in range(ACCOUNTS - exchange.venue.last_account_id):
        exchange.submit(c.OpenAccount(START, funds, UNIT // 1000, UNIT // 1000))
    exchange.commit()
    return exchange


def limit(
    time: int, account: int, side: int, price: int, quantity: int, tif: int = enums.GTC
) -> c.PlaceOrder:
    """A limit order as a command."""
    return c.PlaceOrder(time, account, "BTCUSDT", c.OrderSpec(side, enums.LIMIT, quantity, price, tif))


def mixed_flow(
    count: int, placed: list[tuple[int, int]], last_id: int, *, seed: int = 1, levels: int = LEVELS
) -> list[c.Command]:
    """
    Half new limit orders, 35 % cancels of any order placed, 15 % orders that cross and take about one.

    `placed` holds the orders that can be cancelled, as (id, account), and is kept up to date.
    """
    dice = random.Random(seed)
    commands: list[c.Command] = []
    order_id = last_id
    for number in range(count):
        kind, time, account = dice.random(), START + number * 100, dice.randint(1, ACCOUNTS)
        side = dice.randrange(2)
        if kind < 0.5 or not placed:
            order_id += 1
            placed.append((order_id, account))
            commands.append(limit(time, account, side, away(dice, side, levels), LOT))
        elif kind < 0.85:
            place = dice.randrange(len(placed))
            placed[place], placed[-1] = placed[-1], placed[place]
            cancelled, owner = placed.pop()
            commands.append(c.CancelOrder(time, owner, "BTCUSDT", cancelled))
        else:
            order_id += 1
            through = MIDDLE + (levels if side == enums.BUY else -levels) * TICK
            commands.append(limit(time, account, side, through, LOT + LOT // 4, enums.IOC))
    return commands


def away(dice: random.Random, side: int, levels: int) -> int:
    """A price on its own side of the middle."""
    distance = dice.randint(1, levels) * TICK
    return MIDDLE - distance if side == enums.BUY else MIDDLE + distance


def carry_out(exchange: Exchange, commands: Iterable[c.Command]) -> tuple[float, int]:
    """Seconds for all commands, committed in groups, and how many were refused."""
    refused = 0
    submit = exchange.submit
    started = perf_counter()
    for number, command in enumerate(commands, 1):
        try:
            submit(command)
        except Refused:
            refused += 1
        if not number % COMMIT_EVERY:
            exchange.commit()
    exchange.commit()
    return perf_counter() - started, refused


def levels_for(orders: int) -> int:
    """Prices on each side so that a level holds about ten of so many orders."""
    return max(LEVELS, orders // 20)


def fill_book(exchange: Exchange, orders: int) -> list[tuple[int, int]]:
    """Rest some orders; their ids and accounts."""
    dice = random.Random(9)
    levels = levels_for(orders)
    placed = []
    for number in range(orders):
        side, account = dice.randrange(2), 1 + number % ACCOUNTS
        order = exchange.submit(limit(START, account, side, away(dice, side, levels), LOT))
        placed.append((order.id, account))
        if not number % 1024:
            exchange.commit()
    exchange.commit()
    return placed
