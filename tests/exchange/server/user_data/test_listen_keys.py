"""The retired listen keys, for clients that still ask for them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.venue import KEYS, Venue
from tests.exchange.server.ws_api.client import Client, payloads, take_key
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.server.operations import Operation, by_method
from veighna_ext.exchange.server.refusals import Refusal
from veighna_ext.exchange.server.streams.connection import Connection
from veighna_ext.exchange.server.streams.market import MarketStreams
from veighna_ext.exchange.server.user_data import UserData
from veighna_ext.exchange.server.user_data.listen_keys import PATH, ListenKeys

NO_SUCH_KEY = "-1125: This listenKey does not exist."


class Reader:
    """A client of the market streams."""

    def __init__(self, place: Place, path: str, **query: str) -> None:
        self._place = place
        self._written = b""
        self.connection: Connection = place.streams.join(self, path, query)

    def send(self, frame: bytes) -> None:
        """Frames go out."""
        self._written += frame

    def say(self, method: str, *params: str) -> None:
        """Send a message."""
        self._place.streams.follow(
            self.connection, json.dumps({"method": method, "params": params, "id": 1}).encode()
        )

    def heard(self) -> list[Any]:
        """All messages since last asked."""
        self._place.venue.live.flush()
        written, self._written = self._written, b""
        return [json.loads(each) for each in payloads(written)]


class Place:
    """A venue that still serves listen keys."""

    def __init__(self, valid_s: float = 3600.0) -> None:
        self.venue = Venue()
        self.user_data = UserData(self.venue.live)
        self.keys = ListenKeys(self.venue.live, self.user_data, valid_s=valid_s)
        self.streams = MarketStreams(self.venue.live, self.keys)
        self._methods: dict[str, Operation] = by_method(self.keys.operations())

    def start(self, account: int = 1) -> str:
        """Ask for a listen key."""
        key: str = self.venue.ask(self._methods["userDataStream.start"], account)["listenKey"]
        return key

    def keep(self, listen_key: str, account: int = 1) -> Any:
        """Keep a listen key alive."""
        return self.venue.ask(self._methods["userDataStream.ping"], account, listenKey=listen_key)

    def stop(self, listen_key: str, account: int = 1) -> Any:
        """Give a listen key back."""
        return self.venue.ask(self._methods["userDataStream.stop"], account, listenKey=listen_key)

    def deposit(self, account: int = 1) -> None:
        """Something happens to an account."""
        self.venue.live.submit(c.Deposit(self.venue.clock.now, account, "USDT", UNIT))


async def test_an_account_has_one_key_until_it_gives_it_back() -> None:
    place = Place()
    key = place.start()
    assert (len(key), key.isalnum()) == (64, True)
    assert place.start() == key
    assert place.start(2) != key
    assert place.stop(key) == {}
    assert place.start() != key


async def test_a_key_is_kept_only_by_its_account_and_while_it_is_valid() -> None:
    place = Place()
    key = place.start()
    assert place.keep(key) == {}
    for account, name in ((2, key), (1, "nonsense")):
        for ask in (place.keep, place.stop):
            with pytest.raises(Refusal, match=NO_SUCH_KEY):
                ask(name, account)
    place.stop(key)
    with pytest.raises(Refusal, match=NO_SUCH_KEY):
        place.keep(key)


async def test_the_methods_of_both_apis_are_those_of_old() -> None:
    place = Place()
    operations = place.keys.operations()
    assert [(each.verb, each.path, each.method, each.weight) for each in operations] == [
        ("POST", PATH, "userDataStream.start", 2),
        ("PUT", PATH, "userDataStream.ping", 2),
        ("DELETE", PATH, "userDataStream.stop", 2),
    ]
    assert all(each.needs_key and not each.is_signed for each in operations)


async def test_the_key_is_a_stream_whose_events_come_bare_or_with_its_name() -> None:
    place = Place()
    key = place.start()
    bare, wrapped = Reader(place, f"/ws/{key}"), Reader(place, "/stream", streams=key)
    place.deposit()
    update, positions = bare.heard()

    assert (update["e"], update["T"], positions["e"]) == (
        "balanceUpdate", START // 1000, "outboundAccountPosition",
    )  # fmt: skip
    assert wrapped.heard() == [{"stream": key, "data": update}, {"stream": key, "data": positions}]


async def test_a_key_can_be_subscribed_and_left_among_other_streams() -> None:
    place = Place()
    key, account = place.start(), place.venue.account
    reader = Reader(place, "/ws")
    reader.say("SUBSCRIBE", "btcusdt@trade", key)
    assert reader.heard() == [{"result": None, "id": 1}]
    assert account(1).is_listening
    place.deposit()
    assert [each["e"] for each in reader.heard()] == ["balanceUpdate", "outboundAccountPosition"]

    reader.say("UNSUBSCRIBE", key)
    reader.heard()
    assert not account(1).is_listening
    place.deposit()
    assert reader.heard() == []


async def test_times_are_in_the_unit_of_the_connection() -> None:
    place = Place()
    reader = Reader(place, f"/ws/{place.start()}", timeUnit="MICROSECOND")
    place.deposit()

    assert reader.heard()[0]["T"] == START


async def test_a_key_tells_of_its_own_account_alone() -> None:
    place = Place()
    first, second = Reader(place, f"/ws/{place.start(1)}"), Reader(place, f"/ws/{place.start(2)}")
    place.deposit(2)

    assert first.heard() == []
    assert len(second.heard()) == 2


async def test_unknown_keys_and_streams_are_silent() -> None:
    place = Place()
    reader = Reader(place, f"/ws/{'x' * 64}")
    place.start()
    place.deposit()

    assert reader.heard() == []
    place.streams.leave(reader.connection)


async def test_a_key_that_was_given_back_tells_no_more() -> None:
    place = Place()
    key = place.start()
    reader = Reader(place, f"/ws/{key}")
    place.stop(key)
    place.deposit()

    assert reader.heard() == []
    assert len(place.user_data) == 0
    place.streams.leave(reader.connection)


async def test_nothing_is_left_of_a_client_that_is_gone() -> None:
    place = Place()
    reader = Reader(place, f"/ws/{place.start()}")
    assert len(place.user_data) == 1
    place.streams.leave(reader.connection)

    assert len(place.user_data) == 0


async def test_a_key_ends_with_the_api_key_it_was_given_to() -> None:
    place = Place()
    key = place.start()
    reader = Reader(place, f"/ws/{key}")
    take_key(place.venue, 1, KEYS[1])
    place.deposit()

    assert reader.heard() == [{"e": "listenKeyExpired", "E": START // 1000, "listenKey": key}]
    assert len(place.user_data) == 0


async def test_a_key_nobody_keeps_alive_expires_and_says_so() -> None:
    place = Place(valid_s=0.0)
    key = place.start()
    reader = Reader(place, "/stream", streams=key)
    while place.venue.account(1).is_listening:
        await asyncio.sleep(0)

    expired = {"e": "listenKeyExpired", "E": START // 1000, "listenKey": key}
    assert reader.heard() == [{"stream": key, "data": expired}]
    with pytest.raises(Refusal, match=NO_SUCH_KEY):
        place.keep(key)


async def test_keeping_a_key_alive_moves_its_end() -> None:
    place = Place()
    key = place.start()
    loop = asyncio.get_running_loop()

    def end() -> float:
        timer = place.keys._by_name[key].end
        assert timer is not None
        assert not timer.cancelled()
        return timer.when() - loop.time()

    first = end()
    for renew in (lambda: place.keep(key), place.start):
        before = place.keys._by_name[key].end
        renew()
        assert before is not None
        assert before.cancelled()
        assert 3590 < end() <= 3600
    assert 3590 < first <= 3600


async def test_the_websocket_api_takes_the_key_from_the_request_without_a_signature() -> None:
    place = Place()
    client = Client(place.venue, place.user_data, methods=by_method(place.keys.operations()))
    answer = client.ask("userDataStream.start", apiKey=KEYS[1])
    key = answer["result"]["listenKey"]

    assert key == place.start()
    assert client.ask("userDataStream.ping", apiKey=KEYS[1], listenKey=key)["result"] == {}
    wrong = client.ask("userDataStream.ping", apiKey=KEYS[2], listenKey=key)
    assert (wrong["status"], wrong["error"]["code"]) == (400, -1125)
    assert client.ask("userDataStream.start")["error"]["code"] == -2014
    assert client.ask("userDataStream.stop", apiKey=KEYS[1], listenKey=key)["result"] == {}
