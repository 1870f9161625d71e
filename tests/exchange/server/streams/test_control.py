"""Control messages: what is understood, and Binance's words for what is not."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.server.streams.watching import Watched
from veighna_ext.exchange.server.streams import control

EXPECTED = "expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`"
NO_ID = "Invalid request: request ID must be an unsigned integer"
TOO_MANY = "Invalid request: too many parameters"
NO_BOOLEAN = "Invalid value type: expected Boolean"
NO_NAME = "Invalid request: property name must be a string"


def code_of(message: bytes) -> int | None:
    """The code a message is refused with, if it is."""
    try:
        control.read(message)
    except control.BadRequest as refused:
        return refused.code
    return None


def refusal(message: bytes | dict[str, Any]) -> Any:
    """The answer to a message that is refused."""
    sent = message if isinstance(message, bytes) else json.dumps(message).encode()
    with pytest.raises(control.BadRequest) as refused:
        control.read(sent)
    return msgspec.json.decode(refused.value.answer())


@pytest.mark.parametrize(
    ("message", "code", "text"),
    [
        ({"method": "GET_PROPERTY", "params": ["colour"]}, 0, "Unknown property"),
        ({"method": "SET_PROPERTY", "params": ["colour", True]}, 0, "Unknown property"),
        ({"method": "SET_PROPERTY", "params": ["combined", "yes"]}, 1, NO_BOOLEAN),
        ({"method": "SET_PROPERTY", "params": ["combined", 1]}, 1, NO_BOOLEAN),
        ({"method": "SET_PROPERTY", "params": ["combined"]}, 1, NO_BOOLEAN),
        ({"method": "SET_PROPERTY", "params": [7, True]}, 2, NO_NAME),
        ({"method": "SET_PROPERTY"}, 2, NO_NAME),
        ({"method": "GET_PROPERTY", "params": []}, 2, NO_NAME),
        ({"method": "GET_PROPERTY", "params": ["combined", True]}, 2, TOO_MANY),
        ({"method": "SET_PROPERTY", "params": ["combined", True, 1]}, 2, TOO_MANY),
        ({"method": "LIST_SUBSCRIPTIONS", "params": ["a"]}, 2, TOO_MANY),
        ({"method": "SUBSCRIBE", "params": ["two words"]}, 2, "Invalid request: invalid stream"),
        ({"method": "SUBSCRIBE", "params": [7]}, 2,
         "Invalid request: invalid type: integer `7`, expected a string"),
        ({"method": "UNSUBSCRIBE", "params": "a@trade"}, 2,
         'Invalid request: invalid type: string "a@trade", expected a sequence'),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_request_is_said_in_binances_words(
    message: dict[str, Any], code: int, text: str
) -> None:
    answer = refusal({**message, "id": 5})
    assert (answer["code"], answer["msg"], answer["id"]) == (code, text, 5)


@pytest.mark.parametrize("message_id", [1.5, True, [1], {}, "x" * 37, "", "a b", 2**63, -(2**63) - 1])
def test_an_id_of_another_kind_is_refused(message_id: Any) -> None:
    answer = refusal({"method": "LIST_SUBSCRIPTIONS", "id": message_id})
    assert (answer["code"], answer["msg"]) == (2, NO_ID)
    assert "id" not in answer


def test_a_missing_id_is_refused() -> None:
    assert refusal({"method": "SUBSCRIBE", "params": ["a@trade"]})["msg"] == NO_ID


@pytest.mark.parametrize("message_id", [0, 7, -3, 2**63 - 1, None, "abc", "b7b2-4f_X", "x" * 36])
def test_the_answer_carries_the_id_as_it_was(market: Watched, message_id: Any) -> None:
    answer = market.connect().say({"method": "LIST_SUBSCRIPTIONS", "id": message_id})
    assert answer == {"result": [], "id": message_id}
    assert type(answer["id"]) is type(message_id)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (b'{"method": "SUBSCRIB", "id": 1}', f"unknown variant `SUBSCRIB`, {EXPECTED} at line 1 column 21"),
        (
            b'{"id": 1,\n "method":"subscribe"}',
            f"unknown variant `subscribe`, {EXPECTED} at line 2 column 21",
        ),
        (b'{"method":7,"id":1}', f"unknown variant `7`, {EXPECTED} at line 1 column 11"),
        (b'{"params":["a@trade"],"id":1}', "missing field `method` at line 1 column 29"),
        (b'["SUBSCRIBE"]', "invalid type: sequence, expected struct Request"),
        (b"1", "invalid type: integer `1`, expected struct Request"),
    ],
)
def test_a_method_that_is_none_is_named_with_its_place(message: bytes, text: str) -> None:
    answer = refusal(message)
    assert (answer["code"], answer["msg"]) == (2, "Invalid request: " + text)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (b"abc", "expected value at line 1 column 1"),
        (b'{"method":\n x}', "expected value at line 2 column 2"),
        (b'{"id":1} 2', "trailing characters at line 1 column 10"),
        (b'{"id":1', "EOF while parsing a value at line 1 column 7"),
        (b"", "EOF while parsing a value at line 1 column 0"),
        (b'{"id":NaN}', "expected value at line 1 column 1"),
    ],
)
def test_what_is_no_json_is_refused_with_the_place(message: bytes, text: str) -> None:
    answer = refusal(message)
    assert (answer["code"], answer["msg"]) == (3, "Invalid JSON: " + text)


def test_a_refusal_reads_bare_and_inside_error() -> None:
    error = {"code": 2, "msg": "Invalid request: too many parameters"}
    assert refusal({"method": "LIST_SUBSCRIPTIONS", "params": ["x"], "id": 4}) == {
        **error,
        "error": error,
        "id": 4,
    }


def test_deep_nesting_is_refused_like_any_bad_json() -> None:
    assert refusal(b"[" * 60_000)["code"] == 3


@settings(deadline=None)
@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_whatever_comes_is_a_request_or_is_refused(message: bytes) -> None:
    assert code_of(message) in (0, 1, 2, 3, None)


_VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("combined")


@settings(deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "method": st.sampled_from(control.METHODS) | _VALUES,
            "params": st.lists(_VALUES, max_size=3) | _VALUES,
            "id": _VALUES,
        },
    )
)
def test_whatever_fields_come_are_a_request_or_are_refused(sent: dict[str, Any]) -> None:
    code = code_of(json.dumps(sent).encode())
    assert code in (0, 1, 2, 3, None)
    if sent.get("method") not in control.METHODS or "id" not in sent:
        assert code in (2, 3)


def test_subscriptions_are_listed_in_their_order_and_once(market: Watched) -> None:
    client = market.connect("/ws/bnbusdt@trade")
    client.subscribe("btcusdt@depth", "bnbusdt@trade", "btcusdt@depth", "no_such@stream")
    listed = client.say({"method": "LIST_SUBSCRIPTIONS", "id": 3})
    assert listed == {"result": ["bnbusdt@trade", "btcusdt@depth", "no_such@stream"], "id": 3}
    client.unsubscribe("bnbusdt@trade", "never@asked")
    assert client.say({"method": "LIST_SUBSCRIPTIONS", "id": 4})["result"] == [
        "btcusdt@depth",
        "no_such@stream",
    ]


def test_a_refused_subscription_subscribes_to_nothing(market: Watched) -> None:
    client = market.connect()
    assert client.say({"method": "SUBSCRIBE", "params": ["btcusdt@trade", "a b"], "id": 1})["code"] == 2
    assert client.say({"method": "LIST_SUBSCRIPTIONS", "id": 2})["result"] == []


def test_a_connection_listens_to_no_more_than_1024_streams(market: Watched) -> None:
    client = market.connect()
    client.subscribe(*(f"coin{number}usdt@trade" for number in range(1023)))
    answer = client.say({"method": "SUBSCRIBE", "params": ["a@trade", "b@trade"], "id": 9})
    assert (answer["code"], answer["msg"], answer["id"]) == (4, "Too many subscriptions", 9)
    client.subscribe("a@trade", "a@trade", "coin7usdt@trade")
    assert len(client.say({"method": "LIST_SUBSCRIPTIONS", "id": 10})["result"]) == 1024


def test_a_url_may_not_name_more_than_1024_streams_either(market: Watched) -> None:
    client = market.connect("/stream", streams="/".join(f"coin{number}usdt@trade" for number in range(1025)))
    (answer,) = client.take()
    assert answer["code"] == 4
    assert client.say({"method": "LIST_SUBSCRIPTIONS", "id": 1})["result"] == []


@pytest.mark.parametrize(("path", "combined"), [("/", False), ("/ws", False), ("/stream", True)])
def test_the_path_decides_about_combining_until_the_client_does(
    market: Watched, path: str, combined: bool
) -> None:
    client = market.connect(path)
    assert client.say({"method": "GET_PROPERTY", "params": ["combined"], "id": 1}) == {
        "result": combined,
        "id": 1,
    }
    change = {"method": "SET_PROPERTY", "params": ["combined", not combined], "id": 2}
    assert client.say(change) == {"result": None, "id": 2}
    assert client.say({"method": "GET_PROPERTY", "params": ["combined"], "id": 3})["result"] is (not combined)
