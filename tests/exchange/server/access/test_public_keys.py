"""A public key that cannot be taken is refused in one sentence: what is wrong, and what is accepted."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)

from veighna_ext.exchange.server.access import (
    Ed25519Credential,
    RsaCredential,
    UnusableKey,
    public_key_credential,
)

GIVE = (
    "an RSA key of 2048 to 4096 bits or an Ed25519 key, "
    "as PEM text that begins with -----BEGIN PUBLIC KEY-----."
)

# openssl makes keys that are too short to be made with cryptography
SHORT = {
    512: """-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAMVBPdmLWH7ayIoPpGo/as0AU3N7jC6m
T58BpwhR2DvchO11iwURuUougaoOQkEV+KV5boM1t/zZYSgGOEJunB0CAwEAAQ==
-----END PUBLIC KEY-----
""",
    1024: """-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDBvYk6oG/+8zR07SH4RGwsxbm4
vS656WxjRhuN5QwXYXw1rdtaSPXDRo1RtLo4mlUKUpysb03ea9VpqziOLmspaEab
/EjYkE6wcKIMPJCzZ7LtsAvNBPqoIFkrc6qRynVoZ+sTE1lYLDujQKMf3RYyCkme
jYtQIVKUzINhxToYtwIDAQAB
-----END PUBLIC KEY-----
""",
}

# the documents' sample, and one of 4096 bits
RSA_2048 = """-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAyfKiFXpcOhF5rX1XxePN
akwN7Etwtn3v05cZNY+ftDHbVZHs/kY6Ruj5lhxVFAq5dv7Ba9/4jPijXuMuIc6Y
8nUlqtrrxC8DEOAczw9SKATDYZN9nbLfYlbBFfHzRQUXdAtYCPI6XtxmJBS7aOBb
4nZe1SVm+bhLrp0YQnx2P0s+37qkGeVn09m6w9MnWxjgCkkYFPWQkXIu5qOnwx6p
NfqDmFD7d7dUc/6PZQ1bKFALu/UETsobmBk82ShbrBhlc0JXuhf9qBR7QASjHjFQ
2N+VF2PfH8dm5prZIpz/MFKPkBW4Yuss0OXiD+jQt1J2JUKspLqsIqoXjHQQGjL7
3wIDAQAB
-----END PUBLIC KEY-----
"""
ED25519 = """-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAgmDRTtj2FA+wzJUIlAL9ly1eovjLBu7uXUFR+jFULmg=
-----END PUBLIC KEY-----
"""

Public = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed448.Ed448PublicKey | x25519.X25519PublicKey


def pem(key: Public) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def refusal(text: str) -> str:
    with pytest.raises(UnusableKey) as problem:
        public_key_credential("key", text)
    return str(problem.value)


def test_the_documents_sample_keys_are_taken_with_any_line_ends_and_blanks_around() -> None:
    for kind, text in ((RsaCredential, RSA_2048), (Ed25519Credential, ED25519)):
        for written in (text, text.strip(), text.replace("\n", "\r\n"), f"\n  {text}\n"):
            credential = public_key_credential("key", written)
            assert type(credential) is kind
            assert credential.material == text


@pytest.mark.parametrize("bits", SHORT)
def test_a_short_rsa_key_is_refused_by_its_length(bits: int) -> None:
    assert refusal(SHORT[bits]) == f"This RSA key has {bits} bits: give {GIVE}"


def test_rsa_keys_are_taken_up_to_4096_bits() -> None:
    exponent, odd = 65537, 0x1234567
    longest = rsa.RSAPublicNumbers(exponent, (1 << 4095) + odd).public_key()
    assert isinstance(public_key_credential("key", pem(longest)), RsaCredential)
    too_long = rsa.RSAPublicNumbers(exponent, (1 << 4096) + odd).public_key()
    assert refusal(pem(too_long)) == f"This RSA key has 4097 bits: give {GIVE}"


def test_a_key_of_another_kind_is_refused_by_its_name() -> None:
    keys: dict[str, Public] = {
        "EC": ec.generate_private_key(ec.SECP256R1()).public_key(),
        "Ed448": ed448.Ed448PrivateKey.generate().public_key(),
        "X25519": x25519.X25519PrivateKey.generate().public_key(),
    }
    for kind, key in keys.items():
        assert refusal(pem(key)) == f"This is a key of another kind ({kind}): give {GIVE}"


def test_a_private_key_is_refused_as_such_and_not_repeated() -> None:
    private = ed25519.Ed25519PrivateKey.generate()
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    told = refusal(text)
    assert told == f"This is a private key, which nobody but its owner may see: give its public half, {GIVE}"
    assert text.splitlines()[1] not in told


@pytest.mark.parametrize(
    "text", ["", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@home", ED25519.splitlines()[1]]
)
def test_what_is_not_pem_is_refused_as_such(text: str) -> None:
    assert refusal(text) == f"This is not PEM text: give {GIVE}"


@pytest.mark.parametrize(
    "text",
    [
        ED25519.replace("MCow", "MCox"),
        ED25519.replace("PUBLIC KEY", "CERTIFICATE"),
        ED25519.replace("-----END PUBLIC KEY-----", ""),
        ED25519.replace("MCow", "\ud800"),
    ],
)
def test_damaged_pem_is_refused_as_such(text: str) -> None:
    assert refusal(text) == f"This PEM text does not read as a public key: give {GIVE}"


def test_the_keys_refused_here_do_read_elsewhere() -> None:
    for bits, text in SHORT.items():
        key = load_pem_public_key(text.encode())
        assert isinstance(key, rsa.RSAPublicKey)
        assert key.key_size == bits
