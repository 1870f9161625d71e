"""Key pairs as traders make them with openssl."""

from __future__ import annotations

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key


def rsa_pair() -> tuple[str, str]:
    """An RSA key of 2048 bits: private and public PEM."""
    return _pair(generate_private_key(65537, 2048))


def ed25519_pair() -> tuple[str, str]:
    """An Ed25519 key: private and public PEM."""
    return _pair(Ed25519PrivateKey.generate())


def _pair(key: RSAPrivateKey | Ed25519PrivateKey) -> tuple[str, str]:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()
