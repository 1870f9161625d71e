"""A question costs about the same however much the archive holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import pytest

from tests.exchange.archive.answers import list_or_refusal, order_or_refusal
from tests.exchange.archive.flows import LIST_NAMES, NAMES, archiving, drive, move_all, renaming_flow
from veighna_ext.exchange import queries
from veighna_ext.exchange.engine.accounts import Desk
from veighna_ext.exchange.exchange import Exchange

STEP = 10
"""SQLite's instructions between two counts."""
SIZES = 1000, 6000


@pytest.fixture(scope="module")
def exchanges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Exchange]]:
    """A small one and a large one, which begin alike."""
    found = []
    for commands in SIZES:
        exchange = archiving(tmp_path_factory.mktemp("archive"), kept=5, batch_size=1000, piece_size=200)
        drive(exchange, islice(renaming_flow(2), commands), commands)
        move_all(exchange)
        found.append(exchange)
    yield found
    for exchange in found:
        exchange.close()


def instructions(exchange: Exchange, ask: Callable[[Desk], object]) -> int:
    """How many of SQLite's instructions a question takes."""
    archive = exchange.closed_orders._archive
    assert archive is not None
    count = 0

    def tick() -> int:
        nonlocal count
        count += STEP
        return 0

    archive._reader.set_progress_handler(tick, STEP)
    ask(exchange.venue.desk(1, "BTCUSDT"))
    archive._reader.set_progress_handler(None, 0)
    return count


def early(desk: Desk) -> int:
    """The id of one of the first orders."""
    return queries.orders(desk, 20, 0)[-1].id


QUESTIONS: dict[str, Callable[[Desk], object]] = {
    "an order by its id": lambda desk: queries.order(desk, early(desk)),
    "an order by its name": lambda desk: [order_or_refusal(desk, client_id=name) for name in NAMES[:9]],
    "orders from an id on": lambda desk: queries.orders(desk, 20, early(desk)),
    "newest orders": lambda desk: queries.orders(desk, 100),
    "orders from a time on": lambda desk: queries.orders(
        desk, 20, start=queries.order(desk, early(desk)).time
    ),
    "orders before a time": lambda desk: queries.orders(desk, 20, end=queries.order(desk, early(desk)).time),
    "orders of a time": lambda desk: queries.orders(
        desk, 20, start=0, end=queries.order(desk, early(desk)).time
    ),
    "fills from an id on": lambda desk: queries.fills(desk, 20, queries.fills(desk, 20, 0)[-1].trade_id),
    "newest fills": lambda desk: queries.fills(desk, 100),
    "fills from a time on": lambda desk: queries.fills(desk, 20, start=queries.order(desk, early(desk)).time),
    "fills before a time": lambda desk: queries.fills(desk, 20, end=queries.fills(desk, 20, 0)[-1].time),
    "fills of orders": lambda desk: [
        queries.fills(desk, 20, order_id=order.id) for order in queries.orders(desk, 20, 0)
    ],
    "order lists from an id on": lambda desk: queries.order_lists(desk.account, 5, 1),
    "newest order lists": lambda desk: queries.order_lists(desk.account, 10),
    "order lists from a time on": lambda desk: queries.order_lists(desk.account, 5, start=0),
    "an order list by its name": lambda desk: [
        list_or_refusal(desk.account, client_id=name) for name in LIST_NAMES
    ],
    "prevented matches of orders": lambda desk: [
        queries.prevented_matches(desk, 20, order_id=order.id) for order in queries.orders(desk, 20, 0)
    ],
    "a prevented match": lambda desk: queries.prevented_matches(desk, 20, match_id=3),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_work_does_not_grow_with_the_archive(exchanges: list[Exchange], question: str) -> None:
    small, large = (instructions(exchange, QUESTIONS[question]) for exchange in exchanges)
    assert small > 0
    assert large < small * 1.6 + 100, f"{small} instructions became {large}"


def test_the_exchanges_are_of_different_size(exchanges: list[Exchange]) -> None:
    small, large = (
        sum(desk.moved.orders for desk in each.venue.account(1).desks.values()) for each in exchanges
    )
    assert large > 4 * small > 400
