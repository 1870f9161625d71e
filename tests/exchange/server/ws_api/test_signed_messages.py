"""What was signed of a WebSocket API request is found again from its JSON, as its sender wrote it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.access.signers import SECRET, hmac_sender, senders
from veighna_ext.exchange.server.access import HmacCredential
from veighna_ext.exchange.server.ws_api import messages

HMAC_KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
ORDER = """{
    "symbol": "BTCUSDT", "side": "SELL", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01000000",
    "price": "52000.00", "recvWindow": 100, "timestamp": 1645423376532, "apiKey": "%s", "signature": "%s"
}"""
WIDE_ORDER = """{
    "symbol": "１２３４５６", "side": "BUY", "type": "LIMIT", "timeInForce": "GTC", "quantity": "1.00000000",
    "price": "0.10000000", "recvWindow": 5000, "timestamp": 1645423376532, "apiKey": "%s", "signature": "%s"
}"""

values = st.text(max_size=12) | st.integers(-(10**30), 10**30) | st.booleans()
names = st.text(st.characters(codec="ascii", categories=["L"]), min_size=1).filter("signature".__ne__)
requests = st.dictionaries(names, values, max_size=10)


def payload_of(params: str) -> bytes:
    """What the sender of a request with these parameters has signed."""
    _, _, sent = messages.read(b'{"id":1,"method":"order.place","params":%b}' % params.encode())
    return messages.signed(sent)


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
    payload = payload_of(order % (HMAC_KEY, signature))
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
        payload_of(ORDER % (api_key, "x"))
        == (
            f"apiKey={api_key}&price=52000.00&quantity=0.01000000&recvWindow=100&side=SELL&symbol=BTCUSDT"
            "&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
        ).encode()
    )
    assert (
        payload_of(WIDE_ORDER % (api_key, "x"))
        == (
            f"apiKey={api_key}&price=0.10000000&quantity=1.00000000&recvWindow=5000&side=BUY&symbol=１２３４５６"
            "&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
        ).encode()
    )


def test_numbers_and_flags_count_as_they_were_written() -> None:
    sent = (
        '{"price":1e-05,"quantity":0.10,"stop":1E5,"returnRateLimits":false,"x":true,'
        '"a":[1, "b\\\\"]}'
    )
    assert payload_of(sent) == (
        b'a=[1, "b\\\\"]&price=1e-05&quantity=0.10&returnRateLimits=false&stop=1E5&x=true'
    )


def test_text_counts_without_its_escapes_and_without_percent_encoding() -> None:
    sent = r'{"symbol":"\uff11２","note":"a\/b\"c\\d\ne\ud83d\ude00","plain":"a%20b+c&d=e"}'
    assert payload_of(sent) == 'note=a/b"c\\d\ne😀&plain=a%20b+c&d=e&symbol=１２'.encode()


def test_a_request_without_parameters_signs_nothing() -> None:
    assert payload_of("{}") == b""
    assert payload_of('{"signature":"abc"}') == b""


@given(request=requests, kind=st.sampled_from(range(3)), ascii_only=st.booleans(), data=st.data())
def test_a_signed_request_is_let_in_in_any_order_and_any_spelling(
    request: dict[str, object], kind: int, ascii_only: bool, data: st.DataObject
) -> None:
    sender = senders()[kind]
    signature = sender.sign("&".join(f"{name}={told(request[name])}" for name in sorted(request)).encode())
    sent = dict(data.draw(st.permutations(list({**request, "signature": signature}.items()))))
    payload = payload_of(json.dumps(sent, ensure_ascii=ascii_only))
    assert sender.credential.verify(payload, signature)


@given(request=requests.filter(bool), data=st.data())
def test_no_value_and_no_name_of_a_signed_request_can_be_changed(
    request: dict[str, object], data: st.DataObject
) -> None:
    sender = hmac_sender()
    signature = sender.sign(payload_of(json.dumps(request)))
    name = data.draw(st.sampled_from(sorted(request)))
    other_value = data.draw(values.filter(lambda value: told(value) != told(request[name])))
    changes = [
        {**request, name: other_value},
        {**request, max(request) + "x": request[name]},
        {key: value for key, value in request.items() if key != name},
    ]
    for changed in changes:
        assert not sender.credential.verify(payload_of(json.dumps(changed)), signature)
