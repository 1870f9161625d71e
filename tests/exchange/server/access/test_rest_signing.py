"""What was signed of a REST request is found again from its bytes, wherever the signature stands."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.access.signers import Sender, hmac_sender, senders, urlencoded
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.access.errors import bad_signature
from veighna_ext.exchange.server.access.signing import rest_payload

ORDER = (
    b"symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
    b"&recvWindow=5000&timestamp=1499827319559"
)
SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
WIDE = ORDER.replace(b"LTCBTC", b"%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96")

# as in the documents' curl command for RSA
RSA_ORDER = (
    b"symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=0.2"
    b"&timestamp=1668481559918&recvWindow=5000"
)
RSA_SIGNATURE = (
    "HZ8HOjiJ1s/igS9JA+n7+7Ti/ihtkRF5BIWcPIEluJP6tlbFM/Bf44LfZka/iemtahZAZzcO9TnI5uaXh3++lrqtNonCwp6/245UFWkiW1el"
    "pgtVAmJPbogcAv6rSlokztAfWk296ZJXzRDYAtzGH0gq7CgSJKfH+XxaCmR0WcvlKjNQnp12/eKXJYO4tDap8UCBLuyxDnR7oJKLHQHJLP0r"
    "0EAVOOSIbrFang/1WOq+Jaq4Efc4XpnTgnwlBbWTmhWDR1pvS9iVEzcSYLHT/fNnMRxFc7u+j3qI//5yuGuu14KR0MuQKKCSpViieD+fIti4"
    "6sxPTsjSemoUKp0oXA=="
)

names = st.sampled_from(
    ["symbol", "side", "price", "newClientOrderId", "timestamp", "signatures", "s", "signatur"]
)
parameters = st.lists(st.tuples(names, st.text(max_size=12)), max_size=8)
kinds = st.sampled_from(range(3))


def test_the_documents_requests_give_their_payloads_and_signatures_back() -> None:
    in_transit = quote(RSA_SIGNATURE, safe="").encode()
    assert b"%2F" in in_transit
    assert rest_payload(RSA_ORDER + b"&signature=" + in_transit, b"") == (RSA_ORDER, RSA_SIGNATURE)
    # the documents' script sends the signature alone in the body
    assert rest_payload(RSA_ORDER, b"signature=" + in_transit) == (RSA_ORDER, RSA_SIGNATURE)
    signature = b"&signature=" + SIGNATURE.encode()
    assert rest_payload(ORDER + signature, b"") == (ORDER, SIGNATURE)
    assert rest_payload(b"", ORDER + signature) == (ORDER, SIGNATURE)
    assert rest_payload(WIDE + signature, b"") == (WIDE, SIGNATURE)


def test_query_and_body_are_one_text_with_nothing_between() -> None:
    query, body = b"symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC", b"quantity=1&price=0.1&signature=abc"
    assert rest_payload(query, body) == (
        b"symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTCquantity=1&price=0.1",
        "abc",
    )


@pytest.mark.parametrize("part", ["query", "body"])
@given(before=parameters, after=parameters, other=parameters, kind=kinds)
def test_a_signature_counts_wherever_it_stands(
    part: str,
    before: list[tuple[str, str]],
    after: list[tuple[str, str]],
    other: list[tuple[str, str]],
    kind: int,
) -> None:
    sender = senders()[kind]
    signed, rest = urlencoded(before + after), urlencoded(other)
    signature = sender.sign(signed + rest if part == "query" else rest + signed)
    sent = urlencoded([*before, ("signature", signature), *after])
    payload, found = rest_payload(sent, rest) if part == "query" else rest_payload(rest, sent)
    assert found == signature
    assert sender.credential.verify(payload, found)


@given(query=parameters, body=parameters, in_body=st.booleans(), data=st.data())
def test_no_byte_of_a_signed_request_can_be_changed(
    query: list[tuple[str, str]], body: list[tuple[str, str]], in_body: bool, data: st.DataObject
) -> None:
    sender = hmac_sender()
    signature = ("signature", sender.sign(urlencoded(query) + urlencoded(body)))
    parts = [
        urlencoded(query if in_body else [*query, signature]),
        urlencoded([*body, signature] if in_body else body),
    ]
    assert is_let_in(sender, *parts)
    which = data.draw(st.sampled_from([number for number in (0, 1) if parts[number]]))
    changed = bytearray(parts[which])
    place = data.draw(st.integers(0, len(changed) - 1))
    changed[place] = data.draw(
        st.integers(0, 255).filter(lambda byte: not_the_same(byte, parts[which][place]))
    )
    parts[which] = bytes(changed)
    assert not is_let_in(sender, *parts)


def not_the_same(byte: int, other: int) -> bool:
    # a hex signature is as good in the other letter case
    return bytes([byte]).lower() != bytes([other]).lower()


def is_let_in(sender: Sender, query: bytes, body: bytes) -> bool:
    try:
        payload, signature = rest_payload(query, body)
    except Refused:
        return False
    return sender.credential.verify(payload, signature)


def test_percent_encoding_is_part_of_what_was_signed() -> None:
    for encoded in (
        b"symbols=%5B%22BTCUSDT%22%5D",
        b"symbols=%5b%22BTCUSDT%22%5d",
        b"note=a+b",
        b"note=a%20b",
        b"a=&&b",
    ):
        assert rest_payload(encoded + b"&signature=abc", b"") == (encoded, "abc")


@pytest.mark.parametrize("symbol", ["１２３４５６".encode(), "é".encode("latin-1"), b"\xff"])
def test_text_that_was_not_percent_encoded_before_it_was_signed_is_refused(symbol: bytes) -> None:
    payload = b"symbol=" + symbol + b"&timestamp=1499827319559"
    signature = b"signature=" + hmac_sender().sign(payload).encode()
    for query, body in (
        (payload + b"&" + signature, b""),
        (b"", payload + b"&" + signature),
        (signature, payload),
    ):
        with pytest.raises(Refused) as problem:
            rest_payload(query, body)
        assert problem.value == bad_signature()


def test_a_request_without_a_signature_has_an_empty_one() -> None:
    for query, body in (
        (ORDER, b""),
        (b"", ORDER),
        (b"", b""),
        (b"signature=", b""),
        (b"a=1&signature", b"b=2"),
    ):
        payload, signature = rest_payload(query, body)
        assert signature == ""
        assert payload == (query + body).removesuffix(b"signature=")


def test_only_the_querys_signature_counts_where_the_body_has_one_too() -> None:
    assert rest_payload(b"a=1&signature=x", b"b=2&signature=y") == (b"a=1b=2&signature=y", "x")


def test_a_signature_of_strange_bytes_is_only_wrong() -> None:
    for value in (b"%ff%00", b"\xff\xfe", b"%zz", b"%"):
        payload, signature = rest_payload(b"a=1&signature=" + value, b"")
        assert payload == b"a=1"
        assert not any(sender.credential.verify(payload, signature) for sender in senders())
