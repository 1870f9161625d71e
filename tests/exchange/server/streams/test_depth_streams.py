"""The book, whole and in part."""

from __future__ import annotations

import contextlib
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.exchanges import flow
from tests.exchange.server.streams.local_book import LocalBook, snapshot
from tests.exchange.server.streams.watching import Client, Watched, watching
from veighna_ext.exchange import enums
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.faults import Faults

NAMES = ("btcusdt@depth@100ms", "btcusdt@depth", "btcusdt@depth@1000ms")


def test_changes_follow_each_other_without_a_gap(market: Watched) -> None:
    client = market.listen("btcusdt@depth@100ms")
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "2"), (enums.SELL, "40010", "3"))
    market.beat()
    market.beat()
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "0"), (enums.BUY, "39980", "1"))
    market.beat()
    first, second = client.take()
    assert (first["U"], first["u"]) == (1, 2)
    assert first["b"] == [["39990.00000000", "2.00000000"]]
    assert first["a"] == [["40010.00000000", "3.00000000"]]
    assert (second["U"], second["u"]) == (3, 4)
    assert second["b"] == [["39990.00000000", "0.00000000"], ["39980.00000000", "1.00000000"]]
    assert second["a"] == []


def test_once_a_second_all_changes_of_the_second_come_joined(market: Watched) -> None:
    slow, fast = market.listen("btcusdt@depth"), market.listen("btcusdt@depth@100ms")
    for quantity in range(1, 31):
        market.venue.quotes("BTCUSDT", (enums.BUY, "39990", str(quantity)))
        market.beat()
    assert len(fast.take()) == 30
    told = slow.take()
    assert len(told) == 3
    assert [event["U"] for event in told[1:]] == [event["u"] + 1 for event in told[:-1]]
    assert all(len(event["b"]) == 1 for event in told)


def test_another_listener_does_not_break_the_chain_of_the_first(market: Watched) -> None:
    client = market.listen("btcusdt@depth@100ms")
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "2"))
    market.beat()
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "3"))
    other = market.listen("btcusdt@depth")
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "4"))
    other.leave()
    market.beat()
    assert [(event["U"], event["u"]) for event in client.take()] == [(1, 1), (2, 3)]


def test_who_listens_again_sees_that_changes_are_missing(market: Watched) -> None:
    client = market.listen("btcusdt@depth@100ms")
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "2"))
    market.beat()
    (before,) = client.take()
    client.unsubscribe("btcusdt@depth@100ms")
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "3"))
    client.subscribe("btcusdt@depth@100ms")
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "4"))
    market.beat()
    (after,) = client.take()
    assert after["U"] == before["u"] + 2


def test_a_snapshot_asked_for_after_the_answer_to_a_subscription_fits_its_first_event(
    market: Watched,
) -> None:
    client = market.connect()
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "2"))
    client.subscribe("btcusdt@depth@100ms")
    answer = snapshot(market.venue)
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "3"))
    market.beat()
    (event,) = client.take()
    assert event["U"] - 1 <= answer["lastUpdateId"] <= event["u"] - 1


def test_the_best_levels_come_to_newcomers_and_after_changes(market: Watched) -> None:
    bids = [(enums.BUY, str(39000 - number), "1") for number in range(30)]
    market.venue.quotes("BTCUSDT", *bids, (enums.SELL, "40010", "3"))
    client = market.listen("btcusdt@depth20@100ms")
    market.beat(5)
    (event,) = client.take()
    assert event["lastUpdateId"] == 31
    assert event["bids"] == [[f"{39000 - number}.00000000", "1.00000000"] for number in range(20)]
    assert event["asks"] == [["40010.00000000", "3.00000000"]]
    other = market.listen("btcusdt@depth20@100ms")
    market.beat(5)
    assert client.take() == []
    assert other.take() == [event]
    market.venue.quotes("BTCUSDT", (enums.SELL, "40010", "2"))
    market.beat(5)
    assert client.take() == other.take() != []


def test_an_empty_book_is_told_too(market: Watched) -> None:
    client = market.listen("btcusdt@depth5@100ms")
    market.beat()
    assert client.take() == [{"lastUpdateId": 0, "bids": [], "asks": []}]


@pytest.mark.parametrize(("name", "events"), [("depth5@100ms", 20), ("depth5", 2), ("depth5@1000ms", 2)])
def test_the_best_levels_come_at_the_speed_asked_for(market: Watched, name: str, events: int) -> None:
    client = market.listen(f"btcusdt@{name}")
    for quantity in range(1, 21):
        market.venue.quotes("BTCUSDT", (enums.BUY, "39990", str(quantity)))
        market.beat()
    assert len(client.take()) == events


def test_changes_are_told_only_when_they_are_on_disk(market: Watched) -> None:
    told_before_disk: list[Any] = []
    client = market.listen("btcusdt@depth@100ms", "btcusdt@trade")
    commit = market.venue.exchange.commit

    def look_then_commit() -> None:
        told_before_disk.extend(client.take())
        commit()

    market.venue.exchange.commit = look_then_commit  # type: ignore[method-assign]
    market.venue.quotes("BTCUSDT", (enums.SELL, "40000", "1"))
    market.venue.hit("BTCUSDT", enums.BUY, "0.5")
    market.beat()
    assert told_before_disk == []
    assert [event["e"] for event in client.take()] == ["trade", "depthUpdate"]


def test_after_stale_market_data_the_chain_goes_on_and_trades_are_missing(market: Watched) -> None:
    client = market.listen("btcusdt@depth@100ms", "btcusdt@trade", "btcusdt@bookTicker")
    market.trade("40000")
    market.beat()
    before = client.take()
    market.venue.live.faults.set(Faults(stale_md=True))
    market.trade("40001")
    market.venue.quotes("BTCUSDT", (enums.BUY, "39990", "2"))
    market.pass_time(3)
    assert client.take() == []
    assert client.say({"method": "LIST_SUBSCRIPTIONS", "id": 1})["id"] == 1
    market.venue.live.faults.clear()
    market.trade("40002")
    market.beat()
    after = client.take()
    assert [event["t"] for event in before + after if event.get("e") == "trade"] == [0, 2]
    chain = [event for event in before + after if event.get("e") == "depthUpdate"]
    assert chain[1]["U"] == chain[0]["u"] + 1
    assert after[1]["b"] == "39990.00000000"


class Follower:
    """A client that keeps a book whenever it listens, and forgets it when it does not."""

    def __init__(self, market: Watched, name: str) -> None:
        self.name = name
        self.client: Client = market.connect()
        self.book: LocalBook | None = None
        self._market = market

    def subscribe(self) -> None:
        """Begin a new book."""
        if self.book is None:
            self.hear()
            self.client.subscribe(self.name)
            self.book = LocalBook()

    def unsubscribe(self) -> None:
        """Listen no more."""
        if self.book is not None:
            self.hear()
            self.client.unsubscribe(self.name)
            self.book = None

    def reconnect(self) -> None:
        """Begin again on another connection."""
        self.client.leave()
        self.client, self.book = self._market.connect("/ws/" + self.name), LocalBook()

    def load(self) -> None:
        """Ask for a snapshot."""
        if self.book is not None and not self.book.is_in_step:
            self.hear()
            self.book.load(snapshot(self._market.venue))

    def hear(self) -> None:
        """Apply what came."""
        for event in self.client.take():
            assert self.book is not None
            self.book.hear(event)


ACTIONS = st.one_of(
    st.tuples(st.just("happen"), st.integers(1, 12)),
    st.tuples(st.just("beat"), st.integers(1, 11)),
    st.tuples(st.sampled_from(["subscribe", "unsubscribe", "reconnect", "load", "load"]), st.integers(0, 2)),
    st.tuples(st.just("stale"), st.integers(0, 1)),
)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10_000), st.lists(ACTIONS, min_size=5, max_size=60))
def test_a_book_kept_from_the_stream_is_the_venues_book(seed: int, actions: list[tuple[str, int]]) -> None:
    with watching() as market:
        commands = flow(seed)
        followers = [Follower(market, name) for name in NAMES]
        followers[0].subscribe()
        for action, number in [*actions, ("stale", 0), ("beat", 10)]:
            if action == "happen":
                for command in islice(commands, number):
                    market.venue.clock.now = command.time
                    with contextlib.suppress(Refused):
                        market.venue.exchange.submit(command)
            elif action == "beat":
                market.beat(number)
            elif action == "stale":
                market.venue.live.faults.set(Faults(stale_md=bool(number)))
            else:
                getattr(followers[number], action)()
            for follower in followers:
                follower.hear()
        present = snapshot(market.venue)
        for follower in followers:
            book = follower.book
            if book is not None and book.is_in_step:
                assert book.update_id == present["lastUpdateId"]
                assert book.bids == dict(map(tuple, present["bids"]))
                assert book.asks == dict(map(tuple, present["asks"]))
