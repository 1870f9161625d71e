"""Refusals: code and text, with the status that belongs to them, whichever way was asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conformance.venue import Venue
from tests.exchange.server.access.signers import hmac_sender
from tests.exchange.server.process import Talk, Trader, running
from tests.exchange.server.shapes import envelopes, stage
from tests.exchange.server.shapes.asking import ApiAsker, Asker, Refused, RestAsker
from tests.exchange.server.shapes.reading import read

REFUSALS: list[tuple[str, dict[str, Any], int]] = [
    ("depth", {}, -1102),
    ("depth", {"symbol": "NOSUCH"}, -1121),
    ("depth", {"symbol": "BTCUSDT", "unknown": "1"}, -1104),
    ("klines", {"symbol": "BTCUSDT", "interval": "7m"}, -1120),
    ("ticker", {"symbol": "BTCUSDT", "windowSize": "1d2h"}, -1130),
    ("order.place", stage.limit("BUY", "-1"), -1100),
    ("order.place", stage.limit("BUY", "0.000000001"), -1111),
    ("order.place", stage.limit("BUY", "39000.001"), -1013),
    ("order.place", stage.limit("BUY", stage.BELOW, quantity="0.00001"), -1013),
    ("order.place", stage.limit("HOLD", stage.BELOW), -1117),
    ("order.place", stage.limit("BUY", stage.BELOW, quantity="200"), -2010),
    ("order.status", {"symbol": "BTCUSDT", "orderId": 10**9}, -2013),
    ("order.status", {"symbol": "BTCUSDT"}, -1102),
    ("order.cancel", {"symbol": "BTCUSDT", "orderId": 10**9}, -2011),
    ("myTrades", {"symbol": "BTCUSDT", "fromId": 1, "startTime": 1}, -1128),
    ("referencePrice", {"symbol": "BTCUSDT"}, -2043),
]


@pytest.mark.parametrize(("method", "sent", "code"), REFUSALS, ids=lambda each: str(each)[:40])
def test_a_refusal_has_its_code_and_its_text(
    first: Asker, method: str, sent: dict[str, Any], code: int
) -> None:
    with pytest.raises(Refused) as refused:
        first.ask(method, **sent)
    assert (refused.value.code, refused.value.status) == (code, 400)


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/api/v3/nothing", 404),
        ("/api/v4/time", 404),
        ("/", 404),
        ("/api/v3/time?x", 400),
        ("/api/v3/order", 401),
    ],
)
def test_what_is_no_request_is_refused_in_json(quiet: Venue, target: str, status: int) -> None:
    somebody = Trader(quiet)
    answer = somebody.send("GET", target)
    somebody.close()
    assert answer.status == status
    read(answer.body, envelopes.Error)


@pytest.mark.parametrize("verb", ["PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_another_verb_is_refused_in_json(quiet: Venue, verb: str) -> None:
    somebody = Trader(quiet)
    answer = somebody.send(verb, "/api/v3/time")
    somebody.close()
    assert answer.status == 405
    read(answer.body, envelopes.Error)


@pytest.mark.parametrize("key", ["", "x", "k" * 64])
def test_an_unknown_key_is_refused_by_both_ways(quiet: Venue, key: str) -> None:
    stranger = Trader(quiet, key, hmac_sender("first-secret").sign)
    askers: list[Asker] = [RestAsker(stranger), ApiAsker(stranger)]
    for asker in askers:
        with pytest.raises(Refused) as refused:
            asker.ask("account.status")
        assert refused.value.code in (-2014, -2015)
        asker.close()


@pytest.mark.parametrize(
    "message",
    ["", "{", "[]", "1", '{"id":1}', '{"method":"time"}', '{"id":1.5,"method":"time"}',
     '{"id":{},"method":"time"}', '{"id":1,"method":5}', '{"id":1,"method":"time","params":[]}',
     '{"id":1,"method":"no.such"}', '{"id":1,"method":"time","params":{"x":null}}',
     '{"id":1,"method":"time","params":{"x":[1]}}'],
)  # fmt: skip
def test_what_is_no_message_is_refused_in_the_proper_form(quiet: Venue, message: str) -> None:
    talk = Talk(quiet)
    talk.line.send(message)
    raw = talk.receive()
    form = envelopes.Answered if b'"status":200' in raw else envelopes.Refused
    read(raw, form)
    talk.close()


@pytest.mark.parametrize(
    "message_id", ["", "x" * 37, "with space", "line\n", "\u00e9", 2**63, -(2**63) - 1, 1.5, [], {}]
)
@pytest.mark.parametrize("path", ["/ws-api/v3", "/ws"])
def test_an_id_that_is_none_is_refused(quiet: Venue, path: str, message_id: Any) -> None:
    talk = Talk(quiet, path)
    talk.line.send(json.dumps({"id": message_id, "method": "LIST_SUBSCRIPTIONS"}))
    answer = json.loads(talk.receive())
    assert "id" not in answer or answer["id"] is None
    assert answer["error"]["code"] in (-1135, 2)
    talk.close()


def test_a_ban_says_until_when(tmp_path: Any) -> None:
    with running(tmp_path, "--market", "manual", "--symbols", "BTCUSDT") as venue:
        asker = ApiAsker(Trader(venue))
        refusals: list[Refused] = []
        for _ in range(6000 // 250 + 110):
            try:
                asker.ask("depth", symbol="BTCUSDT", limit=5000)
            except Refused as refused:
                refusals.append(refused)
        assert {(each.code, each.status) for each in refusals} == {(-1003, 429), (-1003, 418)}
        assert all(each.data.retryAfter > each.data.serverTime for each in refusals)
        asker.close()
        somebody = Trader(venue)
        by_rest = somebody.send("GET", "/api/v3/time")
        somebody.close()
        assert by_rest.status == 418
        assert int(by_rest.headers["Retry-After"]) > 0
        read(by_rest.body, envelopes.Error)
