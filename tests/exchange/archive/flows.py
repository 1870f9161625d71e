"""Flows of commands that try an archive: names used again and again, orders renamed, self-trades."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from tests.exchange.exchanges import FUNDS, SETUP, START, flow
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.engine.accounts import HOUSE
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.exchange import Exchange

NAMES = [f"n{number}" for number in range(60)]
LIST_NAMES = [f"l{number}" for number in range(12)]
GROUP = 4


def never_archiving() -> Exchange:
    """An exchange in memory that keeps everything there."""
    exchange = Exchange.in_memory(SETUP, START)
    _prepare(exchange)
    return exchange


def archiving(folder: Path | None, kept: int = 30, batch_size: int = 7, piece_size: int = 5) -> Exchange:
    """An exchange that keeps next to nothing in memory; in a folder, or without one."""
    exchange = Exchange.in_memory(SETUP, START) if folder is None else Exchange.open(folder, SETUP, START)
    exchange.closed_orders.kept = kept
    exchange.closed_orders.batch_size = batch_size
    exchange.closed_orders.piece_size = piece_size
    _prepare(exchange)
    return exchange


def _prepare(exchange: Exchange) -> None:
    """Two traders of one trade group."""
    for number in range(exchange.venue.last_account_id + 1, 3):
        exchange.submit(c.OpenAccount(START, FUNDS, UNIT // 1000, UNIT // 1000))
        exchange.submit(c.SetAccount(START, number, trade_group=GROUP))
    exchange.commit()


def renaming_flow(seed: int, first: int = 0) -> Iterator[c.Command]:
    """The exchanges' common flow, with few names for many orders and lists."""
    dice = random.Random(seed)
    for command in flow(seed, first):
        if isinstance(command, c.PlaceOrder):
            command.order.client_id = dice.choice(NAMES)
        elif isinstance(command, c.CancelReplace):
            command.order.client_id = dice.choice((*NAMES, ""))
        elif isinstance(command, c.PlaceList):
            command.list_client_id = dice.choice(LIST_NAMES)
        elif isinstance(command, c.AmendOrder):
            command.client_id = dice.choice(NAMES)
            command.quantity = dice.randrange(1, 40) * UNIT // 100
            command.new_client_id = dice.choice((*NAMES, ""))
        elif isinstance(command, c.SetAccount):
            command.trade_group = GROUP
        elif isinstance(command, c.CancelOrder) and dice.random() < 0.2:
            command.order_id, command.client_id = -1, dice.choice(NAMES)
        yield command


def send(exchange: Exchange, command: c.Command) -> tuple[int, str] | None:
    """Have a command carried out; why it was refused, if it was."""
    try:
        exchange.submit(command)
    except Refused as refusal:
        return refusal.code, refusal.message
    return None


def drive(exchange: Exchange, commands: Iterator[c.Command], count: int) -> None:
    """Have some commands of a flow carried out, whatever comes of them."""
    for command in islice(commands, count):
        send(exchange, command)
    exchange.commit()


def move_all(exchange: Exchange) -> None:
    """Let everything leave memory that may."""
    while exchange.tidy(waits=True):
        pass


def in_memory(exchange: Exchange) -> tuple[int, int]:
    """How many closed orders and fills an exchange still has in memory."""
    desks = [
        desk
        for account in exchange.venue.accounts.values()
        for desk in account.desks.values()
        if account.id != HOUSE
    ]
    return sum(len(desk.orders) - len(desk.open) for desk in desks), sum(len(desk.fills) for desk in desks)


def limit(
    time: int, account: int, side: int, price: int, quantity: int = UNIT // 100, name: str = ""
) -> c.PlaceOrder:
    """A limit order for bitcoin."""
    spec = c.OrderSpec(side, enums.LIMIT, quantity, price * UNIT, client_id=name)
    return c.PlaceOrder(time, account, "BTCUSDT", spec)
