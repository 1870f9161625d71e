"""Why nobody is let in: Binance's codes and texts about keys, signatures and clocks, to the full stop."""

from __future__ import annotations

import re

from veighna_ext.exchange.errors import Refused

_BINANCE_KEY = re.compile(r"[A-Za-z0-9]{64}")


def bad_key_format() -> Refused:
    """No API key was sent, or something that cannot be one."""
    return Refused(-2014, "API-key format invalid.")


def unknown_key(api_key: str) -> Refused:
    """No such API key; whatever was sent in its place, if only nothing."""
    # Binance refuses by its form what none of its keys can be. Here keys of other forms exist (`mock-key`),
    # so only one that was looked up in vain is judged by its form.
    if _BINANCE_KEY.fullmatch(api_key) is None:
        return bad_key_format()
    return may_not()


def may_not() -> Refused:
    """The key is unknown, was taken away, or lacks the permission for what was asked."""
    # one code for all three is Binance's own: the Chinese list of errors spells them out
    return Refused(-2015, "Invalid API-key, IP, or permissions for action.")


def unknown_wallet_key() -> Refused:
    """No such API key, for requests under `/sapi`."""
    # in no document: traders report it from /sapi, and -2015 for the same key from /api/v3
    return Refused(-2008, "Invalid Api-Key ID.")


def bad_signature() -> Refused:
    """The signature is not this key's for what was sent."""
    return Refused(-1022, "Signature for this request is not valid.")


def too_late() -> Refused:
    """The request took longer than its sender allows, or the sender's clock is slow."""
    return Refused(-1021, "Timestamp for this request is outside of the recvWindow.")


def too_early() -> Refused:
    """The sender's clock is fast."""
    return Refused(-1021, "Timestamp for this request was 1000ms ahead of the server's time.")


def window_too_wide() -> Refused:
    """The sender allows for more time than anyone may."""
    return Refused(-1131, "'recvWindow' must be less than 60000.")
