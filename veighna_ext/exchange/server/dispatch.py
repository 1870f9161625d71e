"""How a request is carried out, whichever way it came: limits, faults, parameters, the venue's answer."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import msgspec

from veighna_ext.exchange.errors import Refused, unknown_symbol
from veighna_ext.exchange.exchange import BrokenVenue
from veighna_ext.exchange.faults import SPARED, TOO_MANY_REQUESTS, Fate
from veighna_ext.exchange.server.access import errors as access_errors
from veighna_ext.exchange.server.control.vitals import Vitals
from veighna_ext.exchange.server.limits import LimitUse, OrderCounts, OverLimit, RequestLimits
from veighna_ext.exchange.server.limits.intervals import REQUEST_WEIGHT
from veighna_ext.exchange.server.limits.refusing import too_much_weight
from veighna_ext.exchange.server.operations import Call, Caller, Operation
from veighna_ext.exchange.server.parameters import IN_REST, IN_WEBSOCKET_API
from veighna_ext.exchange.server.refusals import Refusal, as_refusal

if TYPE_CHECKING:
    from veighna_ext.exchange.server.live import LiveExchange

log = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


class Dispatcher:
    """Carries out operations for REST and the WebSocket API."""

    def __init__(
        self,
        live: LiveExchange,
        requests: RequestLimits,
        orders: OrderCounts,
        vitals: Vitals | None = None,
    ) -> None:
        self.live = live
        self.vitals = vitals or Vitals(live.venue)
        live.after_changes.append(self.vitals.sent)
        self.requests = requests
        self.orders = orders
        live.count_first_fill = self._first_fill
        weight, counts = requests.use("", 0), orders.uses(0, 0)
        self._weight_use = _rate_limits([weight])
        self._order_uses = _rate_limits([*counts, weight])

    def fate(self, operation: Operation, caller: Caller) -> Fate:
        """What the faults in force do to a request; public ones are spared."""
        if caller.account is None:
            return SPARED
        return self.live.faults.fate(caller.account.id, is_order=operation.orders > 0)

    def carry_out(
        self, operation: Operation, sent: Mapping[str, str], caller: Caller, fate: Fate = SPARED
    ) -> Any:
        """The result of a request, to be told after the next commit; raises a Refusal."""
        live = self.live
        real_now = live.real_now()
        self.vitals.orders += operation.orders
        if caller.session is not None:
            self.vitals.queued(perf_counter_ns())
        try:
            if not operation.is_signed:
                values = operation.parameters.read(sent)
            else:
                signing = IN_REST if caller.session is None else IN_WEBSOCKET_API
                values = operation.parameters.read(sent, signing)
        except Refused:
            self.requests.charge(caller.address, operation.weight_unread, real_now)
            raise
        weight = operation.weight_of(values)
        self.requests.charge(caller.address, weight, real_now)
        account = caller.account
        if account is not None:
            if operation.trades and not account.keys.get(caller.api_key, False):
                raise access_errors.may_not()
            if operation.orders and not operation.counts_orders_itself:
                self.orders.check(account.id, operation.orders, real_now)
        if fate.refusal is not None and not fate.is_carried_out:
            raise _refusal_of(fate.refusal, real_now)
        call = Call(live, values, caller, live.source.time(real_now), self.orders)
        try:
            result = operation.run(call)
        except Refused as refused:
            if operation.weight_without_symbol is not None and refused == unknown_symbol():
                self.requests.refund(caller.address, weight - operation.weight_without_symbol, real_now)
            raise
        except BrokenVenue:
            log.exception("the venue does not accept anything until a restart")
            raise Refusal(
                -1001, "Internal error; unable to process your request. Please try again."
            ) from None
        except Exception:
            log.exception("%s failed", operation.method or operation.path)
            raise Refusal(-1000, "An unknown error occurred while processing the request.") from None
        if operation.is_free:
            self.requests.refund(caller.address, weight, real_now)
        if operation.orders and account is not None and not operation.counts_orders_itself:
            self.orders.add(account.id, operation.orders, real_now)
        if fate.refusal is not None:
            raise _refusal_of(fate.refusal, real_now)
        return result

    def _first_fill(self, account: int, is_maker: bool) -> None:
        self.orders.first_fill(account, self.live.real_now(), is_maker=is_maker)

    def turn_away(self, refusal: Refusal, caller: Caller) -> Refusal:
        """Count a request that was refused before it could be carried out; gives what its sender is told."""
        try:
            self.requests.charge(caller.address, 1, self.live.real_now())
        except OverLimit as over:
            return over
        return refusal

    def rate_limits(self, operation: Operation | None, caller: Caller) -> bytes:
        """What an answer of the WebSocket API says of the limits that its request counts against."""
        now = self.live.latest
        weight = self.requests.used(caller.address, now)
        if operation is None or not operation.orders or caller.account is None:
            return self._weight_use % weight
        return self._order_uses % (*self.orders.counts(caller.account.id, now), weight)


def _rate_limits(uses: list[LimitUse]) -> bytes:
    """The ``rateLimits`` of an answer, with places for the counts."""
    entries = b",".join(_encode(use).replace(b'"count":0', b'"count":%d') for use in uses)
    return b',"rateLimits":[%b]' % entries


def _refusal_of(refused: Refused, now: int) -> Refusal:
    """How a fault's refusal is told: a rate limit that was made up ends as a real one does."""
    if refused is TOO_MANY_REQUESTS:
        return too_much_weight(REQUEST_WEIGHT, now, now - now % REQUEST_WEIGHT.length + REQUEST_WEIGHT.length)
    return as_refusal(refused)
