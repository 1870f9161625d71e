"""Market streams, each by the name the client asks for it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from tests.conformance.asserting import amount, no_complaints
from tests.conformance.marks import journey
from tests.conformance.players import Played
from tests.conformance.staging import SILENT

FIELDS = {
    "trade": {"e", "E", "s", "t", "p", "q", "T", "m", "M"},
    "aggTrade": {"e", "E", "s", "a", "p", "q", "f", "l", "T", "m", "M"},
    "kline": {"e", "E", "s", "k"},
    "24hrMiniTicker": {"e", "E", "s", "c", "o", "h", "l", "v", "q"},
    "24hrTicker": {
        "e", "E", "s", "p", "P", "w", "x", "c", "Q", "b", "B", "a", "A", "o", "h", "l", "v", "q", "O", "C",
        "F",
        "L", "n",
    },
    "1hTicker": {"e", "E", "s", "p", "P", "o", "h", "l", "c", "w", "v", "q", "O", "C", "F", "L", "n"},
    "avgPrice": {"e", "E", "s", "i", "w", "T"},
    "depthUpdate": {"e", "E", "s", "U", "u", "b", "a"},
    "bookTicker": {"u", "s", "b", "B", "a", "A"},
    "partial depth": {"lastUpdateId", "bids", "asks"},
}  # fmt: skip
FIELDS["4hTicker"] = FIELDS["1hTicker"]
CANDLE = {"t", "T", "s", "i", "f", "L", "o", "c", "h", "l", "v", "n", "x", "q", "V", "Q", "B"}


def kind_of(payload: dict[str, Any]) -> str:
    """The event's name; two of Binance's payloads have none."""
    if "e" in payload:
        return str(payload["e"])
    return "bookTicker" if "u" in payload else "partial depth"


def payloads(saw: Played) -> list[dict[str, Any]]:
    """Everything received in Binance's own shape."""
    found = []
    for step in saw.all("received"):
        for payload in step["payloads"]:
            found += payload if isinstance(payload, list) else [payload]
    return [payload for payload in found if isinstance(payload, dict) and kind_of(payload) in FIELDS]


@journey("streams")
def test_every_stream_speaks(saw: Played) -> None:
    counts = {step["stream"]: step["count"] for step in saw.all("received")}
    mute = [name for name, count in counts.items() if count < 2 and name.partition("@")[2] not in SILENT]
    assert not mute, counts
    assert saw.one("errors")["errors"] == []


@journey("streams")
def test_payloads_have_binances_fields(saw: Played, client: str) -> None:
    # ccxt passes on what came on some of its streams only
    kinds = {"trade", "24hrMiniTicker"} if client == "ccxt" else {"trade", "aggTrade", "kline", "24hrTicker"}
    seen = payloads(saw)
    assert kinds <= {kind_of(payload) for payload in seen}
    for payload in seen:
        if kind_of(payload) != "partial depth" or client != "ccxt":
            assert set(payload) == FIELDS[kind_of(payload)], payload
        if "k" in payload:
            assert set(payload["k"]) == CANDLE
            assert isinstance(payload["k"]["x"], bool)


@journey("streams")
def test_trades_come_in_order_without_a_hole(saw: Played) -> None:
    numbers = [trade["t"] for trade in payloads(saw) if kind_of(trade) == "trade"]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


@journey("streams")
def test_depth_updates_follow_each_other(saw: Played) -> None:
    for step in saw.all("received"):
        updates = [payload for payload in step["payloads"] if isinstance(payload, dict) and "U" in payload]
        for before, after in pairwise(updates):
            assert after["U"] == before["u"] + 1
        for update in updates:
            assert all(amount(quantity) >= 0 for side in "ab" for _price, quantity in update[side])


@journey("streams")
def test_a_stream_given_up_is_silent_and_the_others_go_on(saw: Played, client: str) -> None:
    if client == "python-binance":
        # it has a connection for each set of streams and closes it
        assert not saw.all("given_up")
        return
    step = saw.one("given_up")
    assert step["more"] == 0
    assert step["kept_more"] >= 3


@journey("streams")
def test_the_venue_lists_what_is_subscribed(saw: Played) -> None:
    subscribed = {step["stream"] for step in saw.all("received")}
    for step in saw.all("listed"):
        assert set(step["streams"]) == subscribed
    for step in saw.all("listed_after"):
        assert set(step["streams"]) == subscribed - {saw.one("given_up")["stream"]}


@journey("streams")
def test_the_client_finds_nothing_wrong(saw: Played) -> None:
    no_complaints(saw.complaints)
