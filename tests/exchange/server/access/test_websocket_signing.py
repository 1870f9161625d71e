"""What was signed of a WebSocket API request is found again from its JSON, as its sender wrote it."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.access.signers import SECRET, hmac_sender, senders
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.access import HmacCredential
from veighna_ext.exchange.server.access.errors import bad_signature
from veighna_ext.exchange.server.access.signing import ws_payload

HMAC_KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
ORDER = """{
    "symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01000000",
    "price": "52000.00", "recvWindow": 100, "timestamp": 1645423376532, "apiKey": "%s", "signature": "%s"
}"""
WIDE_ORDER = """{
    "symbol": "１２３４５６", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1.00000000",
    "price": "0.10000000", "recvWindow": 5000, "timestamp": 1645423376532, "apiKey": "%s", "signature": "%s"
}"""

values = st.text(max_size=12) | st.integers(-(10**30), 10**30) | st.booleans() | st.none()
names = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1).filter("signature".__ne__)
requests = st.dictionaries(names, values, max_size=10)


def tokens(text: str) -> dict[str, bytes]:
    """The parameters of a request, each as its JSON text."""
    raw = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    return {name: bytes(token) for name, token in raw.items()}


def told(value: object) -> str:
    """A value as its sender puts it into what it signs: text as it is, anything else as JSON writes it."""
    return value if isinstance(value, str) else json.dumps(value)


@pytest.mark.parametrize(
    ("order", "signature"),
    [
        (ORDER, "aa1b5712c094bc4e57c05a1a5c1fd8d88dcd628338ea863fec7b88e59fe2db24"),
        (WIDE_ORDER, "b33892ae8e687c939f4468c6268ddd4c40ac1af18ad19a064864c47bae0752cd"),
    ],
)
def test_the_documents_orders_are_let_in(order: str, signature: str) -> None:
    payload = ws_payload(tokens(order % (HMAC_KEY, signature)))
    assert HmacCredential(HMAC_KEY, SECRET).verify(payload, signature)


@pytest.mark.parametrize(
    "api_key",
    [
        "CAvIjXy3F44yW6Pou5k8Dy1swsYDWJZLeoK2r8G4cFDnE9nosRppc2eKc1T8TRTQ",
        "4yNzx3yWC5bS6YTwEkSRaC0nRmSQIIStAUOh1b6kqaBrTLIhjCpI5lJH8q8R8WNO",
    ],
)
def test_the_documents_payloads_for_rsa_and_ed25519_come_out_to_the_letter(api_key: str) -> None:
    assert (
        ws_payload(tokens(ORDER % (api_key, "x")))
        == (
            f"apiKey={api_key}&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL&symbol=BTCUSDT"
            "&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
        ).encode()
    )
    assert (
        ws_payload(tokens(WIDE_ORDER % (api_key, "x")))
        == (
            f"apiKey={api_key}&price=0.10000000&quantity=1.00000000&recvWindow=5000&side=BUY&symbol=１２３４５６"
            "&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
        ).encode()
    )


def test_numbers_and_flags_count_as_they_were_written() -> None:
    sent = (
        '{"price":1e-05,"quantity":0.10,"stop":1E5,"returnRateLimits":false,"x":true,"y":null,'
        '"z":-0,"a":[1, "b\\\\"]}'
    )
    assert ws_payload(tokens(sent)) == (
        b'a=[1, "b\\\\"]&price=1e-05&quantity=0.10&returnRateLimits=false&stop=1E5&x=true&y=null&z=-0'
    )


def test_text_counts_without_its_escapes_and_without_percent_encoding() -> None:
    sent = r'{"symbol":"\uff11２","note":"a\/b\"c\\d\ne\ud83d\ude00","plain":"a%20b+c&d=e"}'
    assert ws_payload(tokens(sent)) == 'note=a/b"c\\d\ne😀&plain=a%20b+c&d=e&symbol=１２'.encode()


def test_a_request_without_parameters_signs_nothing() -> None:
    assert ws_payload({}) == b""
    assert ws_payload({"signature": b'"abc"'}) == b""


@given(request=requests, kind=st.sampled_from(range(3)), ascii_only=st.booleans(), data=st.data())
def test_a_signed_request_is_let_in_in_any_order_and_any_spelling(
    request: dict[str, object], kind: int, ascii_only: bool, data: st.DataObject
) -> None:
    sender = senders()[kind]
    signature = sender.sign("&".join(f"{name}={told(request[name])}" for name in sorted(request)).encode())
    sent = dict(data.draw(st.permutations(list({**request, "signature": signature}.items()))))
    payload = ws_payload(tokens(json.dumps(sent, ensure_ascii=ascii_only)))
    assert sender.credential.verify(payload, signature)


@given(request=requests.filter(bool), data=st.data())
def test_no_value_and_no_name_of_a_signed_request_can_be_changed(
    request: dict[str, object], data: st.DataObject
) -> None:
    sender = hmac_sender()
    signature = sender.sign(ws_payload(tokens(json.dumps(request))))
    name = data.draw(st.sampled_from(sorted(request)))
    other_value = data.draw(values.filter(lambda value: told(value) != told(request[name])))
    changes = [
        {**request, name: other_value},
        {**request, max(request) + "x": request[name]},
        {key: value for key, value in request.items() if key != name},
    ]
    for changed in changes:
        assert not sender.credential.verify(ws_payload(tokens(json.dumps(changed))), signature)


def test_an_escape_that_stands_for_no_character_is_a_bad_signature() -> None:
    with pytest.raises(Refused) as problem:
        ws_payload({"symbol": rb'"\q"'})
    assert problem.value == bad_signature()
