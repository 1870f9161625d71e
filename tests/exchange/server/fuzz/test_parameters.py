"""Any parameters with any values, in any encoding, by each way: answered or refused, never anything else."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.access.signers import hmac_sender
from tests.exchange.server.fuzz.lines import Line, Response, frame
from tests.exchange.server.fuzz.settings import examples
from tests.exchange.server.process import Server, Trader, now_ms
from tests.exchange.server.shapes import stage
from veighna_ext.exchange.server.catalogue import OPERATIONS
from veighna_ext.exchange.server.operations import Operation

KEY = "fuzzed"
sign = hmac_sender("fuzzed-secret").sign

FITTING: dict[str, list[Any]] = {
    "symbol": ["BTCUSDT", "BNBUSDT", "ETHBTC"],
    "symbols": ['["BTCUSDT"]', '["BTCUSDT","BNBUSDT"]'],
    "interval": ["1s", "1m", "1h", "1d", "1M"],
    "side": ["BUY", "SELL"],
    "type": ["LIMIT", "MARKET", "LIMIT_MAKER", "STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "FULL", "MINI"],
    "timeInForce": ["GTC", "IOC", "FOK"],
    "quantity": ["1", "0.01", "0.5"],
    "price": ["40000", "39000.5", "41000"],
    "stopPrice": ["40000", "39000.5", "41000"],
    "cancelReplaceMode": ["STOP_ON_FAILURE", "ALLOW_FAILURE"],
    "newOrderRespType": ["ACK", "RESULT", "FULL"],
    "orderId": ["1", "2", "3"],
    "newQty": ["0.01"],
    "fromId": ["0", "1"],
    "limit": ["1", "5"],
    "timeZone": ["0", "+08:00", "-1:00"],
    "windowSize": ["1m", "1h", "7d"],
    "permissions": ["SPOT", '["SPOT","MARGIN"]'],
    "symbolStatus": ["TRADING", "HALT", "BREAK"],
}
"""Values that get a request past the first look."""
ENDINGS = ("side", "type", "timeInForce", "quantity", "price", "stopPrice")
ODD = [
    "", "0", "-1", "1", "-0", "+1", "1e5", "1E-8", ".5", "5.", "00001", "0.000000001",
    "0." + "0" * 30 + "1", "9223372036854775807", "9223372036854775808", "18446744073709551616",
    "9" * 20, "9" * 400, "NaN", "Infinity", "null", "true", "True", "TRUE", "false", "[]", "{}", "[[]]",
    '[""]', '["BTCUSDT","BTCUSDT"]', "['BTCUSDT']", '["BTCUSDT"', "[" * 500, "btcusdt", "BTC/USDT",
    "BTC USDT", "\0", "BTC\0USDT", "\x7f", "\u202e", "\ud7ff", "１２", "¹", "٣", "𝟙", "测试", "a" * 36,
    "a" * 37, "a" * 5000, "' OR 1=1 --", "../../etc/passwd", "%00", "%s%s%n", "{0.__class__}",
    "\r\nX-Injected: 1", "🚀", "0x10", "1_000", "1,000", " 1", "1 ", "1\n",
]  # fmt: skip


@st.composite
def sent_to(draw: st.DrawFn, operation: Operation) -> list[tuple[str, Any]]:
    """Parameters for an operation: mostly its own, mostly with a value, seldom a fitting one for all."""
    fits = draw(st.integers(0, 2))
    chosen = [
        each for each in operation.parameters.all if draw(st.integers(0, 9)) < (9 if each.mandatory else 2)
    ]
    sent = [(each.name, draw(_value(each.name, fits))) for each in chosen]
    if not draw(st.integers(0, 7)):
        sent.append((draw(st.sampled_from(ODD) | st.text(max_size=8)), draw(_value("", 0))))
    if sent and not draw(st.integers(0, 9)):
        sent.append(draw(st.sampled_from(sent)))
    return draw(st.permutations(sent))


def _value(name: str, fits: int) -> st.SearchStrategy[Any]:
    odd = st.sampled_from(ODD) | st.text(max_size=30) | st.integers().map(str)
    known = FITTING.get(name)
    if known is None:
        known = next((FITTING[end] for end in ENDINGS if name.lower().endswith(end.lower())), None)
    if known is None:
        return odd if fits < 2 else st.sampled_from(["1", "true", "BTCUSDT", "abc"])
    return st.sampled_from(known) if fits else st.sampled_from(known) | odd


def encoded(pair: tuple[str, Any], how: int) -> bytes:
    """A parameter as careful, careless and wrong clients write it."""
    name, value = pair
    if how == 0:
        text = f"{quote(name, safe='')}={quote(value, safe='')}"
    elif how == 1:
        text = f"{quote_plus(name)}={quote_plus(value)}"
    elif how == 2:
        text = "".join(f"%{byte:02x}" for byte in f"{name}={value}".encode()).replace("%3d", "=", 1)
    elif how == 3:
        text = f"{name}={quote(value, safe='')}%"
    else:
        text = f"{name}={quote(value, safe='')}%ff%fe"
    return text.encode("utf-8", "surrogatepass")


def check(response: Response, operation: Operation) -> None:
    """What came is Binance's, and does not cry for help."""
    assert response.headers["content-type"] == "application/json;charset=UTF-8"
    assert "x-injected" not in response.headers
    assert response.status < 500, (operation.path, response)
    if response.status != 200:
        assert {"code", "msg"} <= set(response.json) <= {"code", "msg", "data"}
        assert response.json["code"] < 0


REST = [operation for operation in OPERATIONS if operation.path]
METHODS = [operation for operation in OPERATIONS if operation.method]


@pytest.mark.parametrize("operation", REST, ids=lambda each: f"{each.verb} {each.path}")
@examples(25)
@given(data=st.data())
def test_any_parameters_by_rest(operation: Operation, fuzzed: Server, data: st.DataObject) -> None:
    pairs = data.draw(sent_to(operation))
    how = data.draw(st.sampled_from([0, 0, 0, 0, 0, 1, 2, 3, 4]))
    parts = [encoded(pair, how) for pair in pairs]
    in_query = data.draw(st.integers(0, len(parts))) if operation.verb != "GET" else len(parts)
    query, body = parts[:in_query], parts[in_query:]
    headers = {"X-MBX-APIKEY": KEY} if operation.is_signed or data.draw(st.booleans()) else {}
    if operation.is_signed:
        (query if data.draw(st.booleans()) else body if operation.verb != "GET" else query).append(
            b"timestamp=%d" % now_ms()
        )
        payload = b"&".join(query) + b"&".join(body)
        signature = b"signature=" + sign(payload).encode()
        # where the body is empty so far the signature goes on with the query
        (body or query).append(signature)
    target = operation.path.encode() + (b"?" + b"&".join(query) if query else b"")
    with Line(fuzzed) as line:
        check(line.ask(operation.verb, target, b"&".join(body), headers), operation)


JSON_VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.lists(st.text(max_size=8), max_size=3)
)


@pytest.mark.parametrize("operation", METHODS, ids=lambda each: each.method)
@examples(20)
@given(data=st.data())
def test_any_parameters_by_the_websocket_api(
    operation: Operation, fuzzed: Server, data: st.DataObject
) -> None:
    sent: dict[str, Any] = dict(data.draw(sent_to(operation)))
    for name in sent:
        if not data.draw(st.integers(0, 5)):
            sent[name] = data.draw(JSON_VALUES)
    if operation.is_signed:
        sent = _signed(fuzzed, sent)
    request = {"id": 1, "method": operation.method, "params": sent}
    with Line(fuzzed).upgrade("/ws-api/v3") as line:
        line.send(
            frame(json.dumps(request, ensure_ascii=data.draw(st.booleans())).encode("utf-8", "replace"))
        )
        line.send(frame(b'{"id":"after","method":"ping"}'))
        *answers, last = line.answers_until("after")
    assert last["status"] == 200
    answers = [answer for answer in answers if "event" not in answer]
    assert len(answers) == 1
    assert 200 <= answers[0]["status"] < 500, (operation.method, sent, answers[0])


def _cancel_replace(**more: Any) -> dict[str, Any]:
    return stage.limit("BUY", stage.FAR_BELOW, cancelReplaceMode="ALLOW_FAILURE", cancelOrderId=1, **more)


PROPER: dict[str, list[dict[str, Any]]] = {
    "order.place": [
        stage.limit("BUY", stage.BELOW),
        stage.limit("SELL", stage.MIDDLE, timeInForce="IOC", icebergQty=None),
        stage.order("BUY", "LIMIT_MAKER", price=stage.BELOW, icebergQty="0.005"),
        stage.order("BUY", "MARKET"),
        stage.order(
            "SELL", "STOP_LOSS_LIMIT", stopPrice=stage.BELOW, price=stage.FAR_BELOW, trailingDelta=100
        ),
        stage.order("BUY", "STOP_LOSS", trailingDelta=100),
        stage.limit("BUY", stage.MIDDLE, selfTradePreventionMode="DECREMENT"),
    ],
    "order.cancelReplace": [_cancel_replace(), _cancel_replace(newOrderRespType="ACK")],
    "order.amend.keepPriority": [{"symbol": stage.SYMBOL, "orderId": 1, "newQty": "0.005"}],
    "orderList.place.oco": [stage.oco(), stage.oco(belowTrailingDelta=100)],
    "orderList.place.oto": [stage.oto(), stage.oto(stage.MIDDLE)],
    "orderList.place.otoco": [stage.otoco(), stage.otoco(stage.MIDDLE)],
    "orderList.place": [stage.old_oco()],
    "order.cancel": [{"symbol": stage.SYMBOL, "orderId": 1}],
}
"""Requests that would be carried out as they are."""
LATEST = object()
"""Stands for the id of an order that was just placed."""
OTHER_NAMES = sorted({each.name for operation in OPERATIONS for each in operation.parameters.all})


@pytest.mark.parametrize("method", PROPER)
@examples(60)
@given(data=st.data())
def test_a_request_that_was_proper_once(method: str, fuzzed: Server, data: st.DataObject) -> None:
    sent = dict(data.draw(st.sampled_from(PROPER[method])))
    for name in ("orderId", "cancelOrderId"):
        if name in sent:
            sent[name] = LATEST
    for _ in range(data.draw(st.integers(0, 3))):
        name = data.draw(st.sampled_from(["symbol", *sent]) | st.sampled_from(OTHER_NAMES))
        how = data.draw(st.integers(0, 2))
        if how == 0:
            sent.pop(name, None)
        else:
            sent[name] = data.draw(_value(name, how))
    operation = next(each for each in OPERATIONS if each.method == method)
    with Trader(fuzzed, KEY, sign) as trader:
        for side in ("BUY", "SELL"):
            placed = trader.rest("POST /api/v3/order", **stage.limit(side, stage.MIDDLE))
        sent = {
            name: placed.json.get("orderId") if value is LATEST else value for name, value in sent.items()
        }
        answer = trader.rest(f"{operation.verb} {operation.path}", **sent)
        trader.rest("DELETE /api/v3/openOrders", symbol=stage.SYMBOL)
    assert answer.status < 500, (method, sent, answer)


def test_proper_requests_are_carried_out(fuzzed: Server) -> None:
    other = Trader(fuzzed, "other", hmac_sender("other-secret").sign)
    refused = []
    with Trader(fuzzed, KEY, sign) as trader, other:
        other.rest("POST /api/v3/order", **stage.limit("SELL", stage.MIDDLE))
        trader.rest("POST /api/v3/order", **stage.limit("BUY", stage.MIDDLE))
        for method, requests in PROPER.items():
            operation = next(each for each in OPERATIONS if each.method == method)
            for request in requests:
                latest = trader.rest("POST /api/v3/order", **stage.limit("BUY", stage.BELOW)).json["orderId"]
                known = {name: latest for name in ("orderId", "cancelOrderId") if name in request}
                answer = trader.rest(f"{operation.verb} {operation.path}", **(request | known))
                if answer.status != 200:
                    refused.append((method, request, answer.body))
                trader.rest("DELETE /api/v3/openOrders", symbol=stage.SYMBOL)
    assert not refused


def _signed(venue: Server, sent: dict[str, Any]) -> dict[str, Any]:
    with Trader(venue, KEY, sign) as trader:
        return trader.signed(sent)
