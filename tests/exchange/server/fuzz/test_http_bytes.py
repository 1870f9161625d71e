"""Anything as HTTP: answered, or refused in JSON with a status that blames its sender."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.fuzz.bystander import Bystander
from tests.exchange.server.fuzz.lines import ANSWER_WITHIN_S, Line, Response
from tests.exchange.server.fuzz.settings import NIGHTLY, examples
from tests.exchange.server.process import Server

PROPER = b"GET /api/v3/time HTTP/1.1\r\nHost: localhost\r\n\r\n"

TOKENS = [
    b"GET", b"POST", b"PUT", b"DELETE", b"HEAD", b"OPTIONS", b"TRACE", b"CONNECT", b"PATCH", b"get",
    b"G E T", b"", b"\x00", b"PRI",
]  # fmt: skip
TARGETS = [
    b"/api/v3/time", b"/api/v3/depth?symbol=BTCUSDT", b"/", b"*", b"//", b"/..", b"/%2e%2e/x",
    b"http://other/api/v3/time", b"localhost:80", b"/api/v3/time#x", b"/api/v3/\xff", b"/api/v3/time?%",
    b"/api/v3/time?\xff=\xfe", b"/" + b"a" * 9000, b"/api/v3/depth?" + b"symbol=BTCUSDT&" * 700,
    b"/mock/v1/status", b"/mock/../api/v3/time", b"/api/v3/time?a=%00",
]  # fmt: skip
VERSIONS = [
    b"HTTP/1.1", b"HTTP/1.0", b"HTTP/0.9", b"HTTP/2.0", b"HTTP/1.1 ", b"", b"HTTP/1.9", b"http/1.1",
    b"HTTP/99.9",
]  # fmt: skip
HEADERS = [
    b"Host: localhost", b"Host:", b"Host: a\r\nHost: b", b"Content-Length: 0", b"Content-Length: 5",
    b"Content-Length: -1", b"Content-Length: 1e3", b"Content-Length: 99999999999999999999",
    b"Content-Length: 5, 5", b"Content-Length: 5\r\nContent-Length: 6", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip", b"Transfer-Encoding: chunked\r\nContent-Length: 5",
    b"Transfer-Encoding: chunked, chunked", b"Expect: 100-continue", b"Expect: nothing",
    b"Connection: close", b"Connection: upgrade", b"Upgrade: h2c", b"Upgrade: websocket",
    b"Content-Encoding: gzip", b"Content-Encoding: deflate", b"Accept-Encoding: br",
    b"X-MBX-APIKEY: \xff", b"X-MBX-TIME-UNIT: nothing", b" Folded: x", b"No-Colon", b": empty",
    b"Bad Name: x", b"X-Long: " + b"y" * 9000, b"X-Nul: \x00",
    b"Content-Type: application/x-www-form-urlencoded", b"Content-Type: multipart/form-data; boundary=x",
    b"Content-Type: text/plain; charset=utf-7",
]  # fmt: skip
BODIES = [
    b"", b"x=1&y", b"5\r\nhello\r\n0\r\n\r\n", b"zz\r\nhello\r\n0\r\n\r\n", b"0\r\n\r\n",
    b"ffffffffffffffff\r\nx", b"-5\r\nhello\r\n", b"\x1f\x8b\x08\x00garbage",
]  # fmt: skip
tokens = st.sampled_from(TOKENS) | st.binary(max_size=12)
targets = st.sampled_from(TARGETS) | st.binary(max_size=30)
versions = st.sampled_from(VERSIONS) | st.binary(max_size=10)
headers = st.sampled_from(HEADERS) | st.binary(max_size=30)
bodies = st.sampled_from(BODIES) | st.binary(max_size=40)


@st.composite
def almost_http(draw: st.DrawFn) -> bytes:
    """Something like a request."""
    first = b" ".join([draw(tokens), draw(targets), draw(versions)])
    lines = draw(st.lists(headers, max_size=6))
    return b"\r\n".join([first, *lines, b"", draw(bodies)])


def check(responses: list[Response]) -> None:
    """Refused or answered, never broken."""
    for response in responses:
        assert response.status == 100 or 200 <= response.status < 500
        kind = response.headers.get("content-type", "")
        if response.status >= 400 and "json" in kind and response.body:
            assert {"code", "error"} & set(response.json)


@examples(800)
@given(requests=st.lists(almost_http(), min_size=1, max_size=3))
def test_almost_http_is_answered_or_refused(fuzzed: Server, requests: list[bytes]) -> None:
    with Line(fuzzed) as line:
        line.send(b"".join(requests))
        check(line.responses())


@examples(200)
@given(data=st.binary(min_size=1, max_size=300))
def test_noise_is_refused(fuzzed: Server, data: bytes) -> None:
    with Line(fuzzed) as line:
        line.send(data + b"\r\n\r\n")
        check(line.responses())


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"x" * 300,
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET /api/v3/time HTTP/1.1\r\nHost: localhost\r\nNo colon here\r\n\r\n",
        b"GET /api/v3/time HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n",
        b"GET /api/v3/time HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /api/v3/order HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nnothing\r\n",
        b"GET /api/v3/time HTTP/3.0\r\nHost: localhost\r\n\r\n",
        b"\x00\x00\x00\x00\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told_so(data: bytes, fuzzed: Server, bystander: Bystander) -> None:
    with Line(fuzzed) as line:
        line.send(data)
        responses = line.responses()
    assert [response.status for response in responses] == [400]
    assert responses[0].json["code"] < 0
    bystander.is_served()


@pytest.mark.parametrize(
    "head",
    [
        b"GET /api/v3/time?" + b"x" * 100_000 + b" HTTP/1.1\r\n",
        b"GET /api/v3/time HTTP/1.1\r\nX-Long: " + b"x" * 100_000 + b"\r\n",
        b"GET /api/v3/time HTTP/1.1\r\n"
        + b"".join(b"X-Header-%d: x\r\n" % number for number in range(20_000)),
    ],
    ids=["target", "one header", "many headers"],
)
def test_a_head_without_end_is_refused_before_it_ends(
    head: bytes, fuzzed: Server, bystander: Bystander
) -> None:
    with Line(fuzzed) as line:
        line.send(head)
        response = line.response()
    assert response is not None
    assert response.status in (400, 414, 431)
    assert response.json["code"] < 0
    bystander.is_served()


def test_a_body_that_says_it_is_too_large_is_refused_before_it_comes(
    fuzzed: Server, bystander: Bystander
) -> None:
    with Line(fuzzed) as line:
        line.send(
            b"POST /api/v3/order HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\nsymbol="
        )
        response = line.response()
    assert response is not None
    assert response.status == 413
    assert response.json["code"] < 0
    bystander.is_served()


def test_a_body_in_pieces_without_end_is_refused(fuzzed: Server, bystander: Bystander) -> None:
    piece = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with Line(fuzzed) as line:
        line.send(b"POST /api/v3/order HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(100):
            line.send(piece)
        response = line.response()
    assert response is not None
    assert response.status == 413
    bystander.is_served()


def test_a_compressed_body_is_not_blown_up(fuzzed: Server, bystander: Bystander) -> None:
    bomb = zlib.compress(b"symbol=BTCUSDT&" * 4_000_000, 9)
    for encoding in ("deflate", "gzip", "br", "zstd"):
        with Line(fuzzed) as line:
            response = line.ask("POST", b"/api/v3/order", bomb, {"Content-Encoding": encoding})
        assert 400 <= response.status < 500
    bystander.is_served()


@pytest.mark.parametrize("how_many", [2, 50, 2000])
def test_requests_sent_ahead_are_answered_in_their_order(how_many: int, fuzzed: Server) -> None:
    with Line(fuzzed) as line:
        for number in range(how_many):
            # every other one is refused
            limit = b"5" if number % 2 else b"0"
            line.send(b"GET /api/v3/depth?symbol=BTCUSDT&limit=%b HTTP/1.1\r\nHost: x\r\n\r\n" % limit)
        statuses = []
        for _ in range(how_many):
            response = line.response()
            assert response is not None
            statuses.append(response.status)
    assert statuses == [200 if number % 2 else 400 for number in range(how_many)]


@pytest.mark.parametrize("protocol", ["h2c", "TLS/1.0", "websocket"])
@pytest.mark.parametrize("connection", ["keep-alive", "Upgrade", "Upgrade, HTTP2-Settings"])
def test_an_offer_to_speak_another_protocol_is_ignored(
    protocol: str, connection: str, fuzzed: Server
) -> None:
    with Line(fuzzed) as line:
        for _ in range(3):
            headers = {"Upgrade": protocol, "Connection": connection}
            assert line.ask("GET", b"/api/v3/time", headers=headers).status == 200


@pytest.mark.nightly
@pytest.mark.skipif(not NIGHTLY, reason="it takes as long as the server waits for a body")
@pytest.mark.parametrize("rest", [b"nothing\r\n", b"-1\r\n", b"ffffffffffffffffff\r\n", b"1\r\nxx\r\n"])
def test_a_body_that_goes_wrong_on_its_way_is_refused(
    rest: bytes, fuzzed: Server, bystander: Bystander
) -> None:
    head = b"POST /api/v3/order HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with Line(fuzzed, 2 * ANSWER_WITHIN_S) as line:
        line.send(head + b"3\r\nx=1\r\n")
        bystander.is_served()
        line.send(rest)
        response = line.response()
    assert response is not None
    assert response.status in (400, 408)
    assert response.json["code"] < 0


@pytest.mark.parametrize("sent", [b"", b"x=", b"GET"])
def test_whoever_leaves_in_the_middle_of_it_is_forgotten(
    sent: bytes, fuzzed: Server, bystander: Bystander
) -> None:
    heads = (
        b"POST /api/v3/order HTTP/1.1\r\nContent-Length: 100\r\n\r\n",
        b"GET /api/v3/time HTTP/1.1\r\n",
        b"",
    )
    for head in heads:
        with Line(fuzzed) as line:
            line.send(head + sent)
            bystander.is_served()
        bystander.is_served()


def test_a_connection_is_kept_after_a_refusal(fuzzed: Server) -> None:
    with Line(fuzzed) as line:
        for target, status in ((b"/api/v3/depth", 400), (b"/nothing", 404), (b"/api/v3/time", 200)):
            assert line.ask("GET", target).status == status
        assert line.ask("DELETE", b"/api/v3/time", b"symbol=BTCUSDT").status == 405
        assert line.ask("POST", b"/api/v3/order", b"\xff" * 1000).status in (400, 401)
        assert line.ask("GET", b"/api/v3/time", b"a body that nobody expects").status in (200, 400)
        assert line.ask("GET", b"/api/v3/time").status == 200


def test_a_head_is_answered_without_a_body(fuzzed: Server) -> None:
    with Line(fuzzed) as line:
        line.send(b"HEAD /api/v3/time HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        data = b""
        while piece := line.socket.recv(65536):
            data += piece
    assert data.partition(b"\r\n\r\n")[2] == b""
    assert data.startswith(b"HTTP/1.1 ")


def test_a_proper_request_among_others_is_answered(fuzzed: Server) -> None:
    with Line(fuzzed) as line:
        line.send(PROPER * 3)
        assert [response.status for response in line.responses()] == [200] * 3
