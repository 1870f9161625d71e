"""API keys: how each kind proves that a request comes from its owner, and how new ones are made."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import string
from abc import ABC, abstractmethod
from typing import ClassVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

LENGTH = 64
RSA_BITS = range(2048, 4096 + 1)

ACCEPTED = (
    f"an RSA key of {RSA_BITS[0]} to {RSA_BITS[-1]} bits or an Ed25519 key, "
    "as PEM text that begins with -----BEGIN PUBLIC KEY-----"
)

_ALPHABET = string.ascii_letters + string.digits
# what a header, a URL's path and a command line all carry unchanged
_API_KEY = re.compile(r"[A-Za-z0-9._~-]{1,128}")
_PADDING = PKCS1v15()
_HASH = SHA256()


class UnusableKey(ValueError):
    """A key that cannot be taken; its text says why, and what can."""


class Credential(ABC):
    """One API key and what it takes to check its signatures."""

    __slots__ = ("api_key",)

    kind: ClassVar[str]

    def __init__(self, api_key: str) -> None:
        if _API_KEY.fullmatch(api_key) is None:
            raise UnusableKey(
                f"{api_key!r} cannot be an API key: "
                "one has 1 to 128 letters, digits, dots, underscores, tildes and hyphens."
            )
        self.api_key = api_key

    @property
    @abstractmethod
    def material(self) -> str:
        """The secret or the public key, as text to be kept."""

    @abstractmethod
    def verify(self, payload: bytes, signature: str) -> bool:
        """Whether the signature is this key's for the payload."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.api_key!r})"


class HmacCredential(Credential):
    """A secret that the owner shares with the venue."""

    __slots__ = ("_keyed", "_secret")

    kind = "HMAC"

    def __init__(self, api_key: str, secret: str) -> None:
        super().__init__(api_key)
        if not secret:
            raise UnusableKey(f"The secret of the API key {api_key} is empty.")
        self._secret = secret
        # a copy of it costs less than taking in the secret for each request
        self._keyed = hmac.new(secret.encode(), digestmod="sha256")

    @property
    def material(self) -> str:
        return self._secret

    def verify(self, payload: bytes, signature: str) -> bool:
        # compare_digest takes no other text, and no other text is a signature
        if not signature.isascii():
            return False
        expected = self._keyed.copy()
        expected.update(payload)
        return hmac.compare_digest(expected.hexdigest(), signature.lower())


class RsaCredential(Credential):
    """The public half of an RSA key; the signatures are PKCS#1 v1.5 over SHA-256."""

    __slots__ = ("_public_key",)

    kind = "RSA"

    def __init__(self, api_key: str, public_key: RSAPublicKey) -> None:
        super().__init__(api_key)
        self._public_key = public_key

    @property
    def material(self) -> str:
        return _pem(self._public_key)

    def verify(self, payload: bytes, signature: str) -> bool:
        try:
            self._public_key.verify(base64.b64decode(signature, validate=True), payload, _PADDING, _HASH)
        except (InvalidSignature, ValueError):
            return False
        return True


class Ed25519Credential(Credential):
    """The public half of an Ed25519 key."""

    __slots__ = ("_public_key",)

    kind = "ED25519"

    def __init__(self, api_key: str, public_key: Ed25519PublicKey) -> None:
        super().__init__(api_key)
        self._public_key = public_key

    @property
    def material(self) -> str:
        return _pem(self._public_key)

    def verify(self, payload: bytes, signature: str) -> bool:
        try:
            self._public_key.verify(base64.b64decode(signature, validate=True), payload)
        except (InvalidSignature, ValueError):
            return False
        return True


def public_key_credential(api_key: str, pem: str) -> RsaCredential | Ed25519Credential:
    """The credential for a public key, of the kind that the key is."""
    if "PRIVATE KEY-----" in pem:
        raise UnusableKey(
            f"This is a private key, which nobody but its owner may see: give its public half, {ACCEPTED}."
        )
    if "-----BEGIN" not in pem:
        raise UnusableKey(f"This is not PEM text: give {ACCEPTED}.")
    try:
        key = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise UnusableKey(f"This PEM text does not read as a public key: give {ACCEPTED}.") from error
    if isinstance(key, Ed25519PublicKey):
        return Ed25519Credential(api_key, key)
    if not isinstance(key, RSAPublicKey):
        kind = type(key).__name__.removesuffix("PublicKey")
        raise UnusableKey(f"This is a key of another kind ({kind}): give {ACCEPTED}.")
    if key.key_size not in RSA_BITS:
        raise UnusableKey(f"This RSA key has {key.key_size} bits: give {ACCEPTED}.")
    return RsaCredential(api_key, key)


def restored(kind: str, api_key: str, material: str) -> Credential:
    """A credential again, from what was kept of it."""
    if kind == HmacCredential.kind:
        return HmacCredential(api_key, material)
    return public_key_credential(api_key, material)


def new_api_key() -> str:
    """An API key that nobody has."""
    return _random_text()


def new_secret() -> str:
    """A secret that nobody knows."""
    return _random_text()


def _random_text() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def _pem(key: RSAPublicKey | Ed25519PublicKey) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
