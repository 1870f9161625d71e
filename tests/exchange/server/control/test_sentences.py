"""Bad input is answered with one sentence that names the field and says what it takes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.server.control.outside import TOKEN, serving, serving_synthetic
from veighna_ext.exchange.server.control import requests
from veighna_ext.exchange.server.control.control import LARGEST_BODY
from veighna_ext.exchange.server.control.reading import allowed_in

AMOUNT = 'amount: a decimal number as text with at most 8 decimals, such as "100.5"'
ASSETS = "it has BNB, BTC, USDT"
LATENCY = (
    "latency_ms: milliseconds from 0 to 60000 added to every private request, or two such numbers "
    "between which it is drawn, the smaller one first"
)
MOMENT = (
    'time: milliseconds since 1970, or text such as "2025-01-31T08:30:00Z", in UTC where no zone is named'
)
SPEED = 'speed: tape seconds per real second, above 0 and at most 1000000, or "max" for all it can'
BAD = [
    ("/accounts/first-key/deposit", {"asset": "USDT", "amount": 100}, "amount", AMOUNT),
    ("/accounts/first-key/deposit", {"asset": "USDT", "amount": "-1"}, "amount", AMOUNT),
    ("/accounts/first-key/deposit", {"asset": "USDT", "amount": "1e5"}, "amount", AMOUNT),
    ("/accounts/first-key/deposit", {"asset": "USDT", "amount": "0.000000001"}, "amount", AMOUNT),
    ("/accounts/first-key/deposit", {"asset": "USDT", "amount": "1\n"}, "amount", "amount: '1\\n' is not"),
    ("/accounts/first-key/deposit", {"asset": "USDT", "amount": "0.0"}, "amount", "amount: above 0"),
    ("/accounts/first-key/deposit", {"asset": "USDT", "amount": "99999999999"}, "amount",
     "amount: at most 46116860184.27387904"),
    ("/accounts/first-key/deposit", {"amount": "1"}, "asset",
     "asset: missing; it takes the name of an asset in capitals, as text"),
    ("/accounts/first-key/deposit", {"asset": "usdt", "amount": "1"}, "asset",
     "asset: the name of an asset in"),
    ("/accounts/first-key/deposit", {"asset": "USD", "amount": "1"}, "asset",
     f"asset: 'USD' is no asset of this exchange; {ASSETS}"),
    ("/accounts/first-key/deposit", {"asset": "USDT", "amount": "1", "amuont": "2"}, "amuont",
     "amuont: not known here; known are asset, amount"),
    ("/accounts", {"balances": {"USDT": 5}}, "balances", "balances: an object of assets and amounts as text"),
    ("/accounts", {"balances": {"usd t": "5"}}, "balances",
     "balances: an object of assets and amounts as text"),
    ("/accounts", {"balances": ["USDT"]}, "balances", "balances: an object of assets and amounts as text"),
    ("/accounts", {"balances": {"LUNA": "5"}}, "balances",
     f"balances: 'LUNA' is no asset of this exchange; {ASSETS}"),
    ("/accounts", {"balances": {f"A{n}": "1" for n in range(300)}}, "balances",
     "balances: at most 200 assets"),
    ("/accounts", {"maker": "1.5"}, "maker", "maker: a decimal number as text from 0 to 1"),
    ("/accounts", {"taker": 0.001}, "taker", "taker: a decimal number as text from 0 to 1"),
    ("/accounts", {"apiKey": "a b"}, "apiKey", "apiKey: a text of 1 to 128 letters, digits, dots"),
    ("/accounts", {"secret": ""}, "secret", "secret: a text of 1 to 256 characters"),
    ("/accounts", {"publicKey": "hello"}, "publicKey", "publicKey: This is not PEM text: give an RSA key"),
    ("/accounts", {"publicKey": "-----BEGIN PRIVATE KEY-----"}, "publicKey",
     "publicKey: This is a private key"),
    ("/accounts", {"publicKey": "-----BEGIN PUBLIC KEY-----", "secret": "x"}, "secret",
     "secret: left out where a publicKey is sent"),
    ("/accounts", {"paysInBnb": "yes"}, "paysInBnb",
     "paysInBnb: true or false: whether commissions are paid"),
    ("/accounts", {"mayTrade": None}, "mayTrade", "mayTrade: true or false: whether the key may place"),
    ("/accounts/first-key/rights", {"tradeGroup": -2}, "tradeGroup",
     "tradeGroup: a whole number: accounts of"),
    ("/accounts/first-key/rates", {"maker": "0.1"}, "taker",
     "taker: missing; it takes a decimal number as text"),
    ("/accounts/first-key/rates", {"maker": "0", "taker": "0", "symbol": "XUSDT"}, "symbol",
     "symbol: 'XUSDT' is not listed here; /mock/v1/symbols lists what is"),
    ("/market/BTCUSDT", {"price": 64000}, "price", "price: the price to go to: a decimal number as text"),
    ("/market/BTCUSDT", {"mode": "frozen"}, "mode",
     'mode: "manual": the market maker leaves; "synthetic": it'),
    ("/market/BTCUSDT", {"volatility": -1}, "volatility", "volatility: a number from 0 to 100"),
    ("/market/BTCUSDT", {"trend": 11}, "trend", "trend: a number from -10 to 10"),
    ("/market/BTCUSDT", {"shock": -1}, "shock", "shock: a number from -0.99 to 100"),
    ("/market/BTCUSDT", {"shock": 0.1, "half_life_s": 0}, "half_life_s", "half_life_s: a number above 0"),
    ("/market/BTCUSDT", {"halt": "yes"}, "halt",
     "halt: true: nobody trades the symbol; false: it trades again"),
    ("/market/BTCUSDT", {}, None, "Nothing was asked: send at least one of price, mode, volatility, trend"),
    ("/faults", {"latency_ms": "5"}, "latency_ms", LATENCY),
    ("/faults", {"latency_ms": [5]}, "latency_ms", LATENCY),
    ("/faults", {"latency_ms": [5, 6, 7]}, "latency_ms", LATENCY),
    ("/faults", {"latency_ms": [5, "6"]}, "latency_ms", LATENCY),
    ("/faults", {"latency_ms": 60_001}, "latency_ms", LATENCY),
    ("/faults", {"latency_ms": [9, 5]}, "latency_ms",
     "latency_ms: two numbers from 0 to 60000, the smaller one"),
    ("/faults", {"latency_ms": [5, 60_001]}, "latency_ms",
     "latency_ms: two numbers from 0 to 60000, the smaller"),
    ("/faults", {"reject_rate": 1.5}, "reject_rate", "reject_rate: a number from 0 to 1"),
    ("/faults", {"error_rate": -0.1}, "error_rate", "error_rate: a number from 0 to 1"),
    ("/faults", {"drop_ws_every_s": -1}, "drop_ws_every_s", "drop_ws_every_s: seconds from 0 to 86400"),
    ("/faults", {"stale_md": 1}, "stale_md", "stale_md: true or false: whether market data stand still"),
    ("/faults", {"partial_fill_only": "x"}, "partial_fill_only", "partial_fill_only: true or false"),
    ("/faults", {"rate_limit_now": 0}, "rate_limit_now", "rate_limit_now: true or false"),
    ("/faults", {"account": "nobody"}, "account", "account: no account has the API key 'nobody'"),
    ("/faults", {"latency": 5}, "latency",
     "latency: not known here; known are account, latency_ms, reject_rate"),
    ("/replay", {}, "file", "file: missing; it takes the path of a tape"),
    ("/replay", {"file": "/no/such/tape"}, "file", "file: /no/such/tape: no such file"),
    ("/replay", {"file": "a\0b"}, "file", "file: "),
    ("/replay", {"file": "x", "start": -1}, "start",
     "start: milliseconds since 1970, from 0 to 253402300799999"),
    ("/replay", {"file": "x", "start": True}, "start", "start: milliseconds since 1970, or text such as"),
    ("/replay", {"file": "x", "start": "1969-12-31"}, "start", "start: a time since 1970"),
    ("/replay", {"file": "x", "speed": "fast"}, "speed", SPEED),
    ("/replay/seek", {"time": "yesterday"}, "time", MOMENT),
    ("/replay/seek", {"time": 10**30}, "time", "time: milliseconds since 1970, from 0 to 253402300799999"),
    ("/replay/speed", {}, "speed", f"speed: missing; it takes {SPEED.removeprefix('speed: ')}"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "body", "field", "sentence"), BAD)
async def test_a_bad_field_is_named_with_what_it_takes(
    path: str, body: dict[str, Any], field: str | None, sentence: str
) -> None:
    async with serving() as outside:
        before = b"".join(outside.exchange.state())
        status, message, named = await outside.refusal("POST", path, body)
        assert status == 400
        assert message.startswith(sentence)
        assert named == field
        assert b"".join(outside.exchange.state()) == before


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "The body is not JSON: Input data was truncated."),
        (b"{'a': 1}", "The body is not JSON: JSON is malformed: object keys must be strings"),
        (b"\xff\xfe", "The body is not JSON: "),
        (b'{"account": "\xff"}', "The body is not JSON: "),
        (b"[]", "The body must be a JSON object, such as {}."),
        (b"null", "The body must be a JSON object, such as {}."),
        (b"3", "The body must be a JSON object, such as {}."),
        (b'{"account":' * 100_00, "account: "),
    ],
)
async def test_what_is_no_json_object_is_told_so(body: bytes, sentence: str) -> None:
    async with serving() as outside:
        status, message, _ = await outside.refusal("POST", "/faults", body[:LARGEST_BODY])
        assert status == 400
        assert message.startswith(sentence)


@pytest.mark.parametrize(
    ("path", "field", "sentence"),
    [
        ("/accounts?limit=0", "limit", "limit: a whole number from 1 to 500: how many at most"),
        ("/accounts?limit=many", "limit", "limit: a whole number from 1 to 500: how many at most"),
        ("/accounts?after=-1", "after", "after: a whole number: accounts with higher ids are listed"),
        ("/accounts?page=2", "page", "page: not known here; known are after, limit"),
        ("/history?seconds=301", "seconds", "seconds: a whole number from 1 to 300: how many seconds back"),
    ],
)
async def test_bad_query_parameters_are_named(path: str, field: str, sentence: str) -> None:
    async with serving() as outside:
        assert await outside.refusal("GET", path) == (400, sentence, field)


async def test_what_is_sent_in_the_wrong_place_is_not_left_out_in_silence() -> None:
    async with serving() as outside:
        await outside.do("POST", "/faults", {"account": "second-key", "stale_md": True})
        meant = {"account": "first-key"}
        refusal = await outside.refusal("DELETE", "/faults", meant)
        assert refusal == (400, "account: not known here; this takes nothing", "account")
        refusal = await outside.refusal("POST", "/faults?account=first-key", {"stale_md": True})
        assert refusal == (400, "account: not known here; this takes nothing", "account")
        assert len(await outside.get("/faults")) == 1
        assert await outside.do("DELETE", "/faults", {}) == []


async def test_an_unknown_account_of_the_query_is_named() -> None:
    async with serving() as outside:
        refusal = await outside.refusal("DELETE", "/faults?account=nobody")
        assert refusal == (400, "account: no account has the API key 'nobody'", "account")


async def test_unknown_paths_methods_accounts_and_symbols_are_named() -> None:
    async with serving() as outside:
        assert await outside.refusal("GET", "/nothing") == (
            404,
            "There is no /nothing below /mock/v1; /mock/docs lists what there is.",
            None,
        )
        assert await outside.refusal("PUT", "/faults") == (
            405,
            "PUT is not possible here, only DELETE, GET, POST.",
            None,
        )
        assert await outside.refusal("GET", "/accounts/a%2Fb") == (
            404,
            "No account has the API key 'a/b'; /mock/v1/accounts lists those there are.",
            None,
        )
        status, message, _ = await outside.refusal("POST", "/market/XUSDT", {"halt": True})
        assert (status, message) == (404, "'XUSDT' is not listed here; /mock/v1/symbols lists what is.")


async def test_what_is_said_back_is_short() -> None:
    async with serving() as outside:
        for path in ("/accounts/" + "x" * 5000, "/market/" + "x" * 5000, "/" + "x" * 5000):
            assert len((await outside.refusal("GET", path))[1]) < 200
        assert len((await outside.refusal("POST", "/faults", {"x" * 5000: 1}))[1]) < 300


async def test_a_body_that_is_too_large_is_refused_however_it_comes() -> None:
    async with serving() as outside:
        sentence = f"The body is larger than {LARGEST_BODY} bytes."
        body = b'{"account": "' + b"x" * LARGEST_BODY + b'"}'
        assert await outside.refusal("POST", "/faults", body) == (413, sentence, None)
        chunks = f"{len(body):x}\r\n{body.decode()}\r\n0\r\n\r\n"
        status, answer = await outside.raw(
            f"POST /mock/v1/faults HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            + chunks
        )
        assert status == 413
        assert sentence in answer


async def test_what_makes_no_sense_in_a_synthetic_market_is_refused() -> None:
    async with serving_synthetic() as outside:
        path = "/market/BTCUSDT"
        refused = [
            ({"price": "0"}, 400, "price: from 0.01000000 to 10000000.00000000 in steps of 0.01000000"),
            (
                {"price": "64000.001"},
                400,
                "price: from 0.01000000 to 10000000.00000000 in steps of 0.01000000",
            ),
            ({"price": "0.01"}, 400, "price: within a factor of 22000 of the present one"),
            ({"price": "64000", "shock": 0.1}, 400, "shock: not together with price: each of them moves"),
            (
                {"half_life_s": 30, "trend": 0.1},
                400,
                "half_life_s: only together with shock, which it lets fade",
            ),
            (
                {"mode": "manual", "trend": 0.1},
                409,
                "trend: BTCUSDT is manual, its price is what accounts trade",
            ),
        ]
        for body, status, sentence in refused:
            before = b"".join(outside.exchange.state())
            refusal = await outside.refusal("POST", path, body)
            assert refusal[0] == status
            assert refusal[1].startswith(sentence)
            assert b"".join(outside.exchange.state()) == before


async def test_a_market_without_a_maker_cannot_be_moved_but_halted() -> None:
    async with serving() as outside:
        for body in ({"price": "64000"}, {"volatility": 2}, {"shock": 0.1}, {"mode": "synthetic"}):
            status, message, field = await outside.refusal("POST", "/market/BTCUSDT", body)
            assert (status, field) == (409, next(iter(body)))
            assert message.endswith(
                "BTCUSDT has no market maker, its price is what accounts trade at; "
                "start the exchange with --market synthetic for one"
            )
        assert (await outside.do("POST", "/market/BTCUSDT", {"halt": True}))["status"] == "HALT"
        assert (await outside.do("POST", "/market/BTCUSDT", {"mode": "manual"}))["source"]["kind"] == "manual"


def test_every_field_of_every_request_says_what_it_takes() -> None:
    kinds = [
        kind
        for kind in vars(requests).values()
        if isinstance(kind, type) and issubclass(kind, requests.Request)
    ]
    assert len(kinds) > 10
    for kind in kinds:
        assert all(allowed_in(kind).values())
