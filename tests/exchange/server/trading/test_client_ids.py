"""Ids that the network gives to what its senders do not name."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path

from tests.exchange.exchanges import SETUP, START
from tests.exchange.server.trading.asking import Trader
from tests.exchange.server.trading.list_requests import OTO
from tests.exchange.server.venue import open_venue
from veighna_ext.exchange.exchange import Exchange
from veighna_ext.exchange.server.trading.client_ids import new_client_id


def test_ids_are_22_letters_and_digits_and_never_the_same() -> None:
    made = [new_client_id() for _ in range(10_000)]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch("[0-9A-Za-z]{22}", each) for each in made)


def test_ids_that_follow_each_other_do_not_begin_alike() -> None:
    first, second = new_client_id(), new_client_id()
    assert first[0] != second[0]


def test_a_restart_gives_everything_back_under_the_names_it_was_answered_with(tmp_path: Path) -> None:
    exchange = Exchange.open(tmp_path, SETUP, START)
    with open_venue(exchange) as venue:
        trader = Trader(venue, 1)
        order = trader.limit("BUY", "40000")["clientOrderId"]
        pair = trader.ask("orderList.place.oto", **OTO)
    exchange.close()

    with closing(Exchange.open(tmp_path, SETUP, START)) as again:
        desk = again.venue.desk(1, "BTCUSDT")
        assert pair["listClientOrderId"] in desk.account.lists_by_client_id
        assert {order, *(each["clientOrderId"] for each in pair["orders"])} == set(desk.by_client_id)
