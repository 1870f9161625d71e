"""REST: HTTP requests become operations, their results and refusals become answers."""

from __future__ import annotations

import asyncio
from time import perf_counter_ns
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

import msgspec
from aiohttp import web

from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.faults import UNKNOWN_OUTCOME, Fate
from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.server.access import signing
from veighna_ext.exchange.server.answers import Answer, Gone, refused
from veighna_ext.exchange.server.dispatch import Dispatcher
from veighna_ext.exchange.server.live import NotCommitted
from veighna_ext.exchange.server.operations import Caller, Operation
from veighna_ext.exchange.server.refusals import Refusal, as_refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from veighna_ext.exchange.server.gatekeeper import Gatekeeper

_encode = msgspec.json.Encoder().encode
BODY_WITHIN_S = 10.0
LARGEST_BODY = 1 << 20
_UNREAD = (408, 413)
_TIME_UNITS = {"MILLISECOND": 1000, "MICROSECOND": 1}


class Rest:
    """Answers ``/api/v3`` and what else is asked by HTTP."""

    def __init__(
        self,
        dispatcher: Dispatcher,
        gatekeeper: Gatekeeper,
        routes: Mapping[str, Mapping[str, Operation]],
        gone: tuple[str, ...] = (),
    ) -> None:
        self._dispatcher = dispatcher
        self._gatekeeper = gatekeeper
        self._routes = routes
        self._gone = gone
        """Paths of endpoints that Binance has retired."""

    async def answer(self, request: web.BaseRequest) -> Answer:
        """One request's answer."""
        began = perf_counter_ns()
        answer = await self._answer(request)
        self._dispatcher.vitals.answered(began)
        return answer

    async def _answer(self, request: web.BaseRequest) -> Answer:
        caller = Caller(request.remote or "")
        # as it was sent, not as a URL library would write it: this is what was signed
        path, _, query = request.raw_path.partition("?")
        if path in self._gone:
            return Gone()
        try:
            operation, sent, fate = await self._admitted(request, path, query, caller)
        except Refused as error:
            refusal = self._dispatcher.turn_away(as_refusal(error), caller)
            # what is left of a body that was not read would be taken for the next request
            return refused(refusal, self._headers(caller), ends=refusal.status in _UNREAD)
        try:
            try:
                result = self._dispatcher.carry_out(operation, sent, caller, fate)
            finally:
                # a refusal too: half of a cancel-replace may have been done
                await self._dispatcher.live.committed()
        except Refused as error:
            return refused(as_refusal(error), self._headers(caller))
        except NotCommitted:
            return refused(as_refusal(UNKNOWN_OUTCOME), self._headers(caller))
        headers = self._headers(caller)
        if operation.orders and caller.account is not None:
            counts = self._dispatcher.orders.headers(caller.account.id, self._dispatcher.live.latest)
            headers += "".join([f"{name}: {count}\r\n" for name, count in counts.items()])
        return Answer(_encode(result), 200, headers)

    async def _admitted(
        self, request: web.BaseRequest, path: str, query: str, caller: Caller
    ) -> tuple[Operation, dict[str, str], Fate]:
        """What is asked, with what, and what the faults make of it; the caller becomes known on the way."""
        operation = self._operation(request.method, path)
        unit = request.headers.get("X-MBX-TIME-UNIT")
        if unit is not None:
            caller.time_divisor = time_divisor(unit)
        body = await _body(request) if request.can_read_body and request.method != "GET" else b""
        sent = _parameters(query, body)
        if operation.is_signed:
            caller.api_key = request.headers.get("X-MBX-APIKEY", "")
            payload, signature = signing.rest_payload(query.encode("utf-8", "surrogateescape"), body)
            caller.account = self._gatekeeper.admit(caller.api_key, payload, signature, sent)
        elif operation.needs_key:
            caller.api_key = request.headers.get("X-MBX-APIKEY", "")
            caller.account = self._gatekeeper.owner(caller.api_key)
        fate = self._dispatcher.fate(operation, caller)
        if fate.delay_ms:
            await asyncio.sleep(fate.delay_ms / 1000)
            if operation.is_signed:
                self._gatekeeper.check_time(sent)
        return operation, sent, fate

    def _operation(self, verb: str, path: str) -> Operation:
        verbs = self._routes.get(path)
        if verbs is None:
            raise Refusal(-1020, "This operation is not supported.", status=404)
        operation = verbs.get(verb)
        if operation is None:
            raise Refusal(-1020, f"Request method '{verb}' not supported.", status=405)
        return operation

    def _headers(self, caller: Caller) -> str:
        used = self._dispatcher.requests.used(caller.address, self._dispatcher.live.real_now())
        return f"X-MBX-USED-WEIGHT: {used}\r\nX-MBX-USED-WEIGHT-1M: {used}\r\n"


def time_divisor(unit: str) -> int:
    """What microseconds are divided by to give times in a unit that was asked for."""
    try:
        return _TIME_UNITS[unit.upper()]
    except KeyError:
        raise Refusal(
            -1194, "Invalid value for time unit; expected either MICROSECOND or MILLISECOND."
        ) from None


async def _body(request: web.BaseRequest) -> bytes:
    """A request's body, unless it is too large or too slow."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise _too_large()
    try:
        return await asyncio.wait_for(request.read(), BODY_WITHIN_S)
    except web.HTTPRequestEntityTooLarge:
        raise _too_large() from None
    except web.RequestPayloadError:
        raise Refusal(-1100, "Illegal characters found in a parameter.", status=400) from None
    except asyncio.TimeoutError:
        raise Refusal(-1102, "Field value was empty or malformed.", status=408) from None


def _too_large() -> Refusal:
    return Refusal(-1101, "Too many parameters sent for this endpoint.", status=413)


def _parameters(query: str, body: bytes) -> dict[str, str]:
    """Query and form body together, decoded; where both have a parameter, the query's counts."""
    sent: dict[str, str] = {}
    if query:
        _add(sent, query)
    if body:
        try:
            form = body.decode()
        except UnicodeDecodeError:
            raise refusals.Refusal(-1100, "Illegal characters found in a parameter.") from None
        in_body: dict[str, str] = {}
        _add(in_body, form)
        sent = in_body | sent
    return sent


def _add(sent: dict[str, str], pairs: str) -> None:
    is_plain = "%" not in pairs and "+" not in pairs
    for pair in pairs.split("&"):
        if not pair:
            continue
        name, _, text = pair.partition("=")
        if not is_plain:
            name, text = unquote_plus(name), unquote_plus(text)
        if name in sent:
            raise refusals.duplicated()
        sent[name] = text
