"""Who may come in: API keys, what they signed, and when."""

from veighna_ext.exchange.server.access.keyring import KeyRing
from veighna_ext.exchange.server.access.keys import (
    Credential,
    Ed25519Credential,
    HmacCredential,
    RsaCredential,
    UnusableKey,
    new_api_key,
    new_secret,
    public_key_credential,
)
from veighna_ext.exchange.server.access.sealing import SealedFileError

__all__ = [
    "Credential",
    "Ed25519Credential",
    "HmacCredential",
    "KeyRing",
    "RsaCredential",
    "SealedFileError",
    "UnusableKey",
    "new_api_key",
    "new_secret",
    "public_key_credential",
]
