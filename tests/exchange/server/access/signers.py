"""Senders of signed requests, independent of the venue: each signs as Binance's documents tell clients to."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from veighna_ext.exchange.server.access import Credential, HmacCredential, public_key_credential

SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"


@dataclass(frozen=True)
class Sender:
    """Whoever holds a key: signs, and hands the venue what it checks with."""

    credential: Credential
    sign: Callable[[bytes], str]


def hmac_sender(secret: str = SECRET) -> Sender:
    def sign(payload: bytes) -> str:
        return hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()

    return Sender(HmacCredential("shared", secret), sign)


@cache
def rsa_sender() -> Sender:
    key = generate_private_key(65537, 2048)

    def sign(payload: bytes) -> str:
        return base64.b64encode(key.sign(payload, PKCS1v15(), SHA256())).decode()

    return Sender(public_key_credential("rsa", public_pem(key)), sign)


@cache
def ed25519_sender() -> Sender:
    key = Ed25519PrivateKey.generate()

    def sign(payload: bytes) -> str:
        return base64.b64encode(key.sign(payload)).decode()

    return Sender(public_key_credential("edwards", public_pem(key)), sign)


def senders() -> list[Sender]:
    """One of each kind."""
    return [hmac_sender(), rsa_sender(), ed25519_sender()]


def public_pem(key: RSAPrivateKey | Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def urlencoded(parameters: Iterable[tuple[str, str]]) -> bytes:
    """A query string or a form."""
    return "&".join(f"{name}={quote(value, safe='')}" for name, value in parameters).encode()
