"""A signature lets its key's owner in, and nobody else."""

from __future__ import annotations

import string

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.server.access.signers import SECRET, hmac_sender, public_pem, senders
from veighna_ext.exchange.server.access import (
    Ed25519Credential,
    HmacCredential,
    RsaCredential,
    UnusableKey,
    new_api_key,
    new_secret,
    public_key_credential,
)

PAYLOAD = (
    b"symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1"
    b"&recvWindow=5000&timestamp=1499827319559"
)
SIGNATURE = "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71"
OTHER_ALPHABET_PAYLOAD = PAYLOAD.replace(b"LTCBTC", b"%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96")
OTHER_ALPHABET_SIGNATURE = "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3"

# this one signature of the documents comes with its key: a FIX logon
FIX_KEY = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIIJEYWtGBrhACmb9Dvy+qa8WEf0lQOl1s4CLIAB9m89u
-----END PRIVATE KEY-----
"""
FIX_PAYLOAD = b"\1".join([b"A", b"EXAMPLE", b"SPOT", b"1", b"20240627-11:17:25.223"])
FIX_SIGNATURE = "4MHXelVVcpkdwuLbl6n73HQUXUf1dse2PCgT1DYqW9w8AVZ1RACFGM+5UdlGPrQHrgtS3CvsRURC1oj73j8gCA=="

# the documents keep their RSA key to themselves: this is their openssl command with a key of ours
RSA_KEY = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAul0qaEhMpxpObuTP8jbg
2X5Bh1l2kYFl8naStwxpt3G3Xsm1XtN0GGD0pAypmfZOtCM0NALkEJBXz/CTvkF4
/sCSMez6s/c4LMWgbYtHcTSZFGngGA8t+BbESytAxa8lK2/PxmVyn/oFOTotdOgb
evmmmddZ91tpv7kGDgvTQ5OkwsFPFpq6u2tD6VgfNOkjYk001/8xbsDOPaJRT8Sv
M3tJZmzn9OSAMyY5N3FepGCAHx2iAJh4m00t1GFXi8swu/cZfllSJOwA1cYRQ4Ux
DlkCaQJwSutyYiXDy5KAYEVj1OLKPdz3knnaSGPQL2bO6HHxKNVi0AyhG+LwMjt2
yQIDAQAB
-----END PUBLIC KEY-----
"""
RSA_PAYLOAD = (
    "apiKey=CAvIjXy3F44yW6Pou5k8Dy1swsYDWJZLeoK2r8G4cFDnE9nosRppc2eKc1T8TRTQ&price=0.10000000&quantity=1.00000000"
    "&recvWindow=5000&side=BUY&symbol=１２３４５６&timeInForce=GTC&timestamp=1645423376532&type=LIMIT"
).encode()
RSA_SIGNATURE = (
    "fBUnCuXcAZ1Jb3Jei9Lo1hJdL2Z4tDJv4oDu77b3qs4dFNv8P9566hozWH30cpIZNjBnSxp8QxNeN1vDmoAk/GybcYw5xfhDny9akvHyYnPN"
    "kCjZjNFljjnZQReRqF2tMmQj2gtcLgUZIlFxBBt6L/EIBuoG4oOGUG4OyKzFvL4vhK/5pjQcQGON8j1yIWMLc9WY6lFR+gEsJBAxQNtlNJ3v"
    "iW+VXNhKDIXM5NYqG9e4M0hr0XCkIKH5iOxdIv/bM4duxcS4RiYr8zl73tTvxZStsqbT2KS5grl3mE1+yTUJfZqTFLGtCh4laj/4encmacLF"
    "PvH67ek3Xvm6AOItjA=="
)


def test_a_documented_hmac_signature_is_good_in_any_letter_case() -> None:
    credential = HmacCredential("key", SECRET)
    for signature in (SIGNATURE, SIGNATURE.upper(), SIGNATURE.title()):
        assert credential.verify(PAYLOAD, signature)
    assert credential.verify(OTHER_ALPHABET_PAYLOAD, OTHER_ALPHABET_SIGNATURE)
    assert not credential.verify(PAYLOAD, OTHER_ALPHABET_SIGNATURE)


def test_a_documented_ed25519_signature_is_good_in_its_own_letter_case_only() -> None:
    key = load_pem_private_key(FIX_KEY.encode(), None)
    credential = public_key_credential("key", public_pem(key))  # type: ignore[arg-type]
    assert isinstance(credential, Ed25519Credential)
    assert credential.verify(FIX_PAYLOAD, FIX_SIGNATURE)
    assert not credential.verify(FIX_PAYLOAD, FIX_SIGNATURE.swapcase())


def test_an_rsa_signature_made_by_openssl_is_good_in_its_own_letter_case_only() -> None:
    credential = public_key_credential("key", RSA_KEY)
    assert isinstance(credential, RsaCredential)
    assert credential.verify(RSA_PAYLOAD, RSA_SIGNATURE)
    assert not credential.verify(RSA_PAYLOAD, RSA_SIGNATURE.swapcase())


@given(payload=st.binary(min_size=1, max_size=300), data=st.data())
def test_no_byte_of_what_was_signed_can_be_changed(payload: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(payload) - 1))
    changed = bytearray(payload)
    changed[place] ^= data.draw(st.integers(1, 255))
    for sender in senders():
        signature = sender.sign(payload)
        assert sender.credential.verify(payload, signature)
        assert not sender.credential.verify(bytes(changed), signature)
        assert not sender.credential.verify(payload + b"&", signature)


@given(data=st.data())
def test_no_character_of_a_signature_can_be_changed(data: st.DataObject) -> None:
    for sender in senders():
        signature = sender.sign(PAYLOAD)
        # the last digits of base64 hold bits that stand for nothing
        place = data.draw(st.integers(0, len(signature.rstrip("=")) - 2))
        other = data.draw(
            st.characters(exclude_characters=signature[place].upper() + signature[place].lower())
        )
        assert not sender.credential.verify(PAYLOAD, signature[:place] + other + signature[place + 1 :])


def test_nothing_can_be_added_to_a_signature() -> None:
    for sender in senders():
        signature = sender.sign(PAYLOAD)
        for added in (" ", "\n", "!", "=", "A"):
            for changed in (added + signature, signature[:8] + added + signature[8:], signature + added):
                assert not sender.credential.verify(PAYLOAD, changed)


@given(signature=st.text(max_size=700))
def test_no_text_whatever_is_taken_for_a_signature(signature: str) -> None:
    for sender in senders():
        assert not sender.credential.verify(PAYLOAD, signature)


def test_the_signature_of_another_key_is_not_good() -> None:
    assert not HmacCredential("key", SECRET.swapcase()).verify(PAYLOAD, SIGNATURE)
    for sender in senders():
        for other in senders():
            if sender.credential.kind != other.credential.kind:
                assert not sender.credential.verify(PAYLOAD, other.sign(PAYLOAD))


def test_no_representation_of_a_credential_shows_its_secret() -> None:
    credential = hmac_sender().credential
    shown = f"{credential!r} {credential} {[credential]} {{'key': {credential}}}"
    assert "shared" in shown
    assert SECRET not in shown


def test_new_keys_and_secrets_are_64_letters_and_digits_and_never_the_same() -> None:
    made = [make() for _ in range(50) for make in (new_api_key, new_secret)]
    assert len(set(made)) == len(made)
    assert {len(each) for each in made} == {64}
    assert set("".join(made)) == set(string.ascii_letters + string.digits)


@pytest.mark.parametrize(
    "api_key", ["", "with space", "naïve", "a/b", "a:b", '"quoted"', "line\n", "x" * 129]
)
def test_what_cannot_travel_in_a_header_and_a_path_is_not_taken_as_an_api_key(api_key: str) -> None:
    with pytest.raises(UnusableKey, match="cannot be an API key: one has 1 to 128 letters, digits"):
        HmacCredential(api_key, "secret")


def test_a_key_of_ones_own_making_needs_a_secret_but_not_binances_form() -> None:
    assert HmacCredential("mock-key", "mock-secret").api_key == "mock-key"
    with pytest.raises(UnusableKey, match="The secret of the API key mock-key is empty"):
        HmacCredential("mock-key", "")
