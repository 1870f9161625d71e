"""How requests of the WebSocket API are read, whatever comes, and how their ids come back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.ws_api.client import Client, Connect, connecting
from veighna_ext.exchange.server.ws_api import messages

BAD_ID = (
    "Invalid 'id' in JSON request; expected an integer, a string matching '^[a-zA-Z0-9-_]{1,36}$', or null."
)
BAD_METHOD = "Invalid 'method' in JSON request; expected a string."
BAD_PARAMS = "Invalid 'params' in JSON request; expected an object."
NO_JSON = "Invalid JSON Request"


@pytest.mark.parametrize(
    "message_id",
    [
        "1", "0", "-7", "9223372036854775807", "-9223372036854775808", "null", '"a"', '"' + "x" * 36 + '"',
        '"e2a85d9f-07a5-4f94-8d5f-789dc3deb097"', '"under_score-1"', '"\\u0041"',
    ],
)  # fmt: skip
def test_an_id_comes_back_byte_for_byte(client: Client, message_id: str) -> None:
    client.send(f'{{"id": {message_id} ,"method":"ping"}}')
    client.venue.live.flush()
    (answer,) = client.heard_bytes()

    assert answer.startswith(b'{"id":' + message_id.encode() + b',"status":200,"result":{}')


@pytest.mark.parametrize(
    "message_id",
    [
        "1.5", "1.0", "1e3", "true", "[1]", "{}", '""', '"' + "x" * 37 + '"', '"a b"', '"é"', '"a\\n"',
        '"1.5"', "9223372036854775808", "-9223372036854775809", "1" * 400,
    ],
)  # fmt: skip
def test_an_id_of_another_kind_is_refused_and_does_not_come_back(client: Client, message_id: str) -> None:
    client.send(f'{{"id":{message_id},"method":"ping"}}')

    assert client.heard() == [{"id": None, "status": 400, "error": {"code": -1135, "msg": BAD_ID}}]


@pytest.mark.parametrize(
    ("message", "message_id", "text"),
    [
        ("", None, NO_JSON),
        ("hello", None, NO_JSON),
        ("{", None, NO_JSON),
        ("[]", None, NO_JSON),
        ("7", None, NO_JSON),
        ('"ping"', None, NO_JSON),
        ("null", None, NO_JSON),
        ('{"id":1,"method":"ping"} {}', None, NO_JSON),
        ('{"id":1,"method":"ping","params":{"a":01}}', None, NO_JSON),
        ("{}", None, BAD_ID),
        ('{"method":"ping"}', None, BAD_ID),
        ('{"id":5}', 5, BAD_METHOD),
        ('{"id":null,"method":null}', None, BAD_METHOD),
        ('{"id":"x","method":1}', "x", BAD_METHOD),
        ('{"id":6,"method":"ping","params":[]}', 6, BAD_PARAMS),
        ('{"id":6,"method":"ping","params":"x"}', 6, BAD_PARAMS),
        ('{"id":6,"method":"ping","params":0}', 6, BAD_PARAMS),
    ],
)
def test_what_is_no_request_is_answered_with_what_is_wrong(
    client: Client, message: str, message_id: object, text: str
) -> None:
    client.send(message)

    assert client.heard() == [{"id": message_id, "status": 400, "error": {"code": -1135, "msg": text}}]


@pytest.mark.parametrize(
    "message",
    [
        b"\xff",
        b'{"id":1,"method":"\x80"}',
        b'{"id":1,"method":"ping","params":{"a":"\x80"}}',
        b'{"id":1,"method":"ping","params":{"\x80":1}}',
        b'{"id":1,"method":"ping","params":{"a":"\\ud800"}}',
        b'{"id":' + b"1" * 5000 + b',"method":"ping"}',
        b'{"id":1,"method":"ping","params":{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}}",
        b'{"id":' + b"[" * 20_000 + b"]" * 20_000 + b',"method":"ping"}',
    ],
)
def test_a_message_that_cannot_be_read_is_answered(client: Client, message: bytes) -> None:
    client.send(message)
    (answer,) = client.heard()

    assert (answer["id"], answer["status"], answer["error"]) == (None, 400, {"code": -1135, "msg": NO_JSON})


def test_a_connection_goes_on_after_a_message_that_is_none(client: Client) -> None:
    client.send("hello")
    client.heard()

    assert client.ask("ping")["status"] == 200


@pytest.mark.parametrize("params", ["", ',"params":{}', ',"params":null'])
def test_parameters_may_be_left_out(client: Client, params: str) -> None:
    client.send('{"id":1,"method":"ping"' + params + "}")

    assert client.heard()[0]["result"] == {}


def test_a_method_may_name_its_version(client: Client) -> None:
    assert client.ask("v3/ping")["result"] == {}


@pytest.mark.parametrize(
    "method", ["", "nix", "v3/", "v3/v3/ping", "v1/ping", "PING", "userDataStream.start"]
)
def test_an_unknown_method_is_not_supported(client: Client, method: str) -> None:
    answer = client.ask(method)

    assert (answer["status"], answer["error"]) == (
        400,
        {"code": -1020, "msg": "This operation is not supported."},
    )


def test_parameters_are_the_texts_rest_would_have_sent() -> None:
    message = (
        b'{"id":1,"method":"x","params":{"text":"a b","escaped":"\\u00e9\\"","number":17,"exact":0.10,'
        b'"tiny":1e-05,"yes":true,"no":false,"nothing":null,"empty":"","list":["A", "B"],"map":{"a": 1}}}'
    )

    assert messages.read(message) == (
        b"1",
        "x",
        {
            "text": "a b",
            "escaped": 'é"',
            "number": "17",
            "exact": "0.10",
            "tiny": "1e-05",
            "yes": "true",
            "no": "false",
            "empty": "",
            "list": '["A", "B"]',
            "map": '{"a": 1}',
        },
    )


def test_what_was_signed_is_sorted_by_name_and_leaves_the_signature_out() -> None:
    sent = {"symbol": "BTCUSDT", "apiKey": "k", "timestamp": "1", "signature": "s", "quantity": "1e-05"}

    assert messages.signed(sent) == b"apiKey=k&quantity=1e-05&symbol=BTCUSDT&timestamp=1"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
ALMOST = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "method": JSON | st.sampled_from(["ping", "time", "session.logon", "userDataStream.unsubscribe"]),
        "params": JSON | st.dictionaries(st.sampled_from(["apiKey", "signature", "timestamp", "x"]), JSON),
    },
)


@given(message=st.binary(max_size=60) | (JSON | ALMOST).map(lambda value: json.dumps(value).encode()))
def test_every_message_has_one_answer_and_none_is_an_error_of_the_venue(message: bytes) -> None:
    with connecting() as connect:
        client = connect()
        client.send(message)
        (answer,) = client.heard()

    assert answer["status"] in (200, 400, 401)
    assert ("result" in answer) == (answer["status"] == 200)


@given(params=st.dictionaries(st.text(max_size=6), st.text(max_size=6), max_size=5))
def test_texts_are_read_however_they_are_escaped(params: dict[str, str]) -> None:
    for as_ascii in (True, False):
        try:
            message = json.dumps({"id": 1, "method": "x", "params": params}, ensure_ascii=as_ascii).encode()
        except UnicodeEncodeError:
            continue
        _, _, sent = messages.read(message)
        assert sent == params


def test_limits_are_shown_in_answers_unless_the_url_or_the_request_says_no(
    connect: Connect,
) -> None:
    cases: list[tuple[bool, dict[str, Any], bool]] = [
        (True, {}, True),
        (True, {"returnRateLimits": False}, False),
        (True, {"returnRateLimits": "false"}, False),
        (False, {}, False),
        (False, {"returnRateLimits": True}, True),
        (False, {"returnRateLimits": False}, False),
    ]
    for by_url, params, expected in cases:
        client = connect(returns_rate_limits=by_url)
        assert ("rateLimits" in client.ask("time", **params)) is expected
        assert ("rateLimits" in client.ask("nix", **params)) is expected


def test_a_choice_about_limits_that_is_none_is_refused(client: Client) -> None:
    answer = client.ask("time", returnRateLimits="maybe")

    assert answer["error"]["code"] == -1130
    assert "rateLimits" in answer
