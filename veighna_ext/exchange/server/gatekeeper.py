"""Who may come in: a key the venue knows, a signature that fits it, and a clock that is right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.access import errors, timing

if TYPE_CHECKING:
    from veighna_ext.exchange.engine.accounts import Account
    from veighna_ext.exchange.server.access import KeyRing
    from veighna_ext.exchange.server.live import LiveExchange


class Gatekeeper:
    """Tells from a signed request whose it is."""

    def __init__(self, live: LiveExchange, keys: KeyRing) -> None:
        self.keys = keys
        self._live = live

    def admit(self, api_key: str, payload: bytes, signature: str, sent: Mapping[str, str]) -> Account:
        """The account a signed request speaks for; refused where anything about it is wrong."""
        account = self.owner(api_key)
        self.check_time(sent)
        if not signature:
            raise refusals.malformed("signature")
        credential = self.keys.get(api_key)
        if credential is None:
            raise errors.unknown_key(api_key)
        if not credential.verify(payload, signature):
            raise errors.bad_signature()
        return account

    def owner(self, api_key: str) -> Account:
        """The account of a key."""
        if not api_key:
            raise errors.bad_key_format()
        account = self._live.venue.keys.get(api_key)
        if account is None:
            raise errors.unknown_key(api_key)
        return account

    def check_time(self, sent: Mapping[str, str]) -> None:
        """Refuse a request that is too old or from the future, by the venue's clock and by the real one."""
        live = self._live
        real_now = live.real_now()
        now = live.source.time(real_now)
        timing.check(sent.get("timestamp"), sent.get("recvWindow"), now, real_now)
