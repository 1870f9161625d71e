"""Anything as WebSocket frames: each message is answered, and each breach of the protocol has its code."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.fuzz.bystander import Bystander
from tests.exchange.server.fuzz.lines import BINARY, CLOSE, PING, PONG, TEXT, Line, frame
from tests.exchange.server.fuzz.settings import examples
from tests.exchange.server.process import Server

PROBE = "the-last-one"
PATHS = ["/ws-api/v3", "/ws", "/stream", "/ws/btcusdt@trade"]
LARGEST = 64 * 1024
LEGAL_CODES = {1000, 1001, 1002, 1003, 1005, 1007, 1008, 1009}

texts = st.sampled_from(
    ["", "ping", "time", "order.place", "SUBSCRIBE", "btcusdt@trade", "\0", "\ud800"]
) | st.text(max_size=20)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | texts
    | st.sampled_from([2**63, -(2**63) - 1, 10**400, 1e308]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)
NAMES = ["id", "method", "params", "result", "error", ""]
METHODS = [
    "ping", "depth", "order.place", "session.logon", "userDataStream.unsubscribe", "v3/time",
    "SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY", "GET_PROPERTY", "no.such",
]  # fmt: skip
requests = st.fixed_dictionaries(
    {},
    optional={
        "id": values,
        "method": st.sampled_from(METHODS) | values,
        "params": st.dictionaries(
            st.sampled_from(["symbol", "limit", "apiKey", "timestamp", "signature"]), values
        )
        | st.lists(values, max_size=5)
        | values,
    },
) | st.dictionaries(st.sampled_from(NAMES), values)


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """JSON of which something is missing, doubled or another thing."""
    text = json.dumps(draw(requests)).encode()
    place = draw(st.integers(0, len(text)))
    how = draw(st.integers(0, 3))
    if how == 0:
        return text[:place]
    if how == 1:
        return text[:place] + draw(st.binary(min_size=1, max_size=4)) + text[place:]
    if how == 2:
        return text[:place] + text[place:][::-1]
    return text + text


messages = (
    st.builds(lambda each: json.dumps(each).encode(), requests)
    | st.builds(lambda each: json.dumps(each).encode(), values)
    | broken()
    | st.binary(max_size=40)
    | st.sampled_from(
        [
            b"[" * 30_000,
            b'{"id":1,"method":"ping","params":' + b'{"a":' * 9_000 + b"1" + b"}" * 9_000 + b"}",
            b'{"id":' + b"9" * 5_000 + b',"method":"ping"}',
            b'{"id":"' + b"x" * 50_000 + b'","method":"ping"}',
            b'{"id":1,"method":"' + b"x" * 50_000 + b'"}',
            b'{"id":1,"id":2,"method":"ping","method":"time"}',
            b'{"id":1e3,"method":"ping"}',
            b'{"id":-0,"method":"ping"}',
            b'\xef\xbb\xbf{"id":1,"method":"ping"}',
            b'{"id":1,"method":"depth","params":{"symbol":"BTC\\u0000USDT"}}',
            b'{"id":1,"method":"depth","params":{"symbol":"\\ud800"}}',
            b'{"id":1,"method":"depth","params":{"limit":1' + b"0" * 5_000 + b"}}",
            b'{"id":1,"method":"SUBSCRIBE","params":["' + b'x","' * 5_000 + b'"]}',
        ]
    )
)


def probe(line: Line) -> list[Any]:
    """What came before a sensible request was answered; the last is that answer, or the code of the end."""
    line.send(frame(json.dumps({"id": PROBE, "method": "LIST_SUBSCRIPTIONS"}).encode()))
    return line.answers_until(PROBE)


def check_refusal(answer: dict[str, Any]) -> None:
    """A refusal has a code of Binance's, and a status that blames its sender."""
    if "error" in answer and "status" in answer:
        assert set(answer) <= {"id", "status", "error", "rateLimits"}
        assert 400 <= answer["status"] < 500
        assert answer["error"]["code"] < 0
        assert answer["error"]["msg"]
    elif "code" in answer:
        assert answer["code"] in range(5)
        assert answer["msg"]


@pytest.mark.parametrize("path", PATHS)
@examples(60)
@given(sent=st.lists(st.tuples(messages, st.sampled_from([TEXT, BINARY])), min_size=1, max_size=6))
def test_every_message_is_answered_once(path: str, fuzzed: Server, sent: list[tuple[bytes, int]]) -> None:
    with Line(fuzzed).upgrade(path) as line:
        for message, kind in sent:
            line.send(frame(message, kind))
        *answers, last = probe(line)
    assert last["id"] == PROBE
    events = [each for each in answers if isinstance(each, list) or "e" in each or "data" in each]
    answers = [each for each in answers if each not in events]
    assert len(answers) == len(sent)
    for answer in answers:
        check_refusal(answer)


@st.composite
def any_frame(draw: st.DrawFn) -> dict[str, Any]:
    """A frame that keeps to the protocol in most ways, but not in all."""
    return {
        "payload": draw(st.binary(max_size=200) | st.just(b"x" * 70_000)),
        "opcode": draw(st.sampled_from([0, TEXT, BINARY, CLOSE, PING, PONG, 3, 7, 11, 15])),
        "is_last": draw(st.booleans()),
        "reserved": draw(st.sampled_from([0, 0, 0, 0, 1, 2, 4, 7])),
        "is_masked": draw(st.sampled_from([True, True, True, False])),
    }


def breach(frames: list[dict[str, Any]]) -> bool | None:
    """Whether frames break the protocol; None where they leave a message unfinished or say goodbye."""
    size, is_open = 0, False
    for each in frames:
        opcode, payload, is_last = each["opcode"], each["payload"], each["is_last"]
        is_control = opcode >= CLOSE
        if each["reserved"] or opcode not in (0, TEXT, BINARY, CLOSE, PING, PONG):
            return True
        if is_control and (not is_last or len(payload) > 125):
            return True
        if opcode == CLOSE:
            return None
        if is_control:
            continue
        if (opcode == 0) != is_open:
            return True
        size = size + len(payload) if is_open else len(payload)
        if size >= LARGEST:
            return True
        is_open = not is_last
    return None if is_open else False


@pytest.mark.parametrize("path", PATHS[:2])
@examples(150)
@given(frames=st.lists(any_frame(), min_size=1, max_size=5))
def test_a_breach_of_the_protocol_ends_with_a_code(
    path: str, fuzzed: Server, frames: list[dict[str, Any]]
) -> None:
    expected = breach(frames)
    with Line(fuzzed).upgrade(path) as line:
        line.send(b"".join(frame(**each) for each in frames))
        if expected is None:
            # an unfinished message swallows the next one, and a goodbye is answered by another
            line.send(frame(b"\x03\xe8", CLOSE))
        last = probe(line)[-1]
    if expected is False:
        assert last == 1002 or last["id"] == PROBE
    else:
        assert last in LEGAL_CODES


@pytest.mark.parametrize("path", PATHS[:2])
@examples(60)
@given(pieces=st.lists(st.binary(max_size=30), max_size=6), payload=st.binary(max_size=125))
def test_a_message_in_pieces_is_one_message(
    path: str, fuzzed: Server, pieces: list[bytes], payload: bytes
) -> None:
    with Line(fuzzed).upgrade(path) as line:
        line.send(frame(b"{", is_last=False))
        for piece in pieces:
            line.send(frame(piece, 0, is_last=False) + frame(payload, PING))
        line.send(frame(b"", 0))
        line.send(frame(json.dumps({"id": PROBE, "method": "LIST_SUBSCRIPTIONS"}).encode()))
        pongs, came = 0, list[bytes]()
        while len(came) < 2:
            kind, told = line.message()
            if kind == PONG:
                assert told == payload
                pongs += 1
            elif kind == TEXT:
                came.append(told)
    assert pongs == len(pieces)


@pytest.mark.parametrize("path", PATHS)
@examples(60)
@given(data=st.binary(min_size=1, max_size=200))
def test_noise_after_the_handshake_harms_nobody(
    path: str, fuzzed: Server, bystander: Bystander, data: bytes
) -> None:
    with Line(fuzzed).upgrade(path) as line:
        line.send(data)
        line.no_more()
    bystander.is_served()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("size", [LARGEST, 10 * LARGEST, 2**32, 2**62, 2**64 - 1])
def test_a_message_that_is_too_large_is_refused_by_its_head(path: str, size: int, fuzzed: Server) -> None:
    with Line(fuzzed).upgrade(path) as line:
        line.send(frame(b"x" * 100, size=size))
        assert line.answers_until(PROBE)[-1] == 1009


@pytest.mark.parametrize("path", PATHS)
def test_pieces_that_are_too_large_together_are_refused(path: str, fuzzed: Server) -> None:
    with Line(fuzzed).upgrade(path) as line:
        line.send(frame(b"x" * 40_000, is_last=False))
        line.send(frame(b"x" * 40_000, 0, is_last=False))
        assert line.answers_until(PROBE)[-1] == 1009


@pytest.mark.parametrize("code", [0, 1, 999, 1000, 1004, 1005, 1006, 1015, 2999, 3000, 4999, 5000, 65535])
@pytest.mark.parametrize("reason", [b"", b"\xff", b"x" * 123])
def test_any_goodbye_is_answered_by_one(
    code: int, reason: bytes, fuzzed: Server, bystander: Bystander
) -> None:
    with Line(fuzzed).upgrade("/ws-api/v3") as line:
        line.send(frame(code.to_bytes(2, "big") + reason, CLOSE))
        assert line.answers_until(PROBE)[-1] in {*LEGAL_CODES, code if 1000 <= code < 5000 else 1002}
    bystander.is_served()


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-WebSocket-Key": ""},
        {"Sec-WebSocket-Key": "short"},
        {"Sec-WebSocket-Key": "\xff" * 24},
        {"Sec-WebSocket-Version": "12"},
        {"Sec-WebSocket-Version": ""},
        {"Connection": "close"},
        {"Upgrade": "h2c"},
    ],
    ids=str,
)
def test_a_handshake_that_is_none_is_refused(headers: dict[str, str], fuzzed: Server) -> None:
    proper = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "MDEyMzQ1Njc4OWFiY2RlZg==",
        "Sec-WebSocket-Version": "13",
    }
    with Line(fuzzed) as line:
        response = line.ask("GET", b"/ws-api/v3", headers=proper | headers)
    assert 400 <= response.status < 500
    assert response.json["code"] < 0
