"""Everything below ``/mock``: the control API, its documents and the status page."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.exchange import BrokenVenue
from veighna_ext.exchange.journal import JournalError
from veighna_ext.exchange.server.control import answers
from veighna_ext.exchange.server.control.accounts import AccountControl
from veighna_ext.exchange.server.control.documents import Documents
from veighna_ext.exchange.server.control.drops import AccountsOf, SocketDrops
from veighna_ext.exchange.server.control.faults import FaultControl
from veighna_ext.exchange.server.control.guard import Guard
from veighna_ext.exchange.server.control.markets import MarketControl
from veighna_ext.exchange.server.control.problems import Problem, conflict, not_found
from veighna_ext.exchange.server.control.reading import read_body, read_query
from veighna_ext.exchange.server.control.replays import ReplayControl
from veighna_ext.exchange.server.control.requests import Request
from veighna_ext.exchange.server.control.routes import BASE, Route, Routes
from veighna_ext.exchange.server.control.status import StatusControl
from veighna_ext.exchange.server.control.vitals import Vitals
from veighna_ext.exchange.server.live import NotCommitted

if TYPE_CHECKING:
    from veighna_ext.exchange.server.access import KeyRing
    from veighna_ext.exchange.server.live import LiveExchange
    from veighna_ext.exchange.server.sockets import Sockets

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
BODY_WITHIN_S = 10.0
_BEAT_S = 1.0
_PARTING_S = 0.05
"""Between the answer to a shutdown and the shutdown."""
_HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
_encode = msgspec.json.Encoder().encode


class Control:
    """
    Answers whatever is asked below ``/mock``.

    The documents and the page hold nothing secret and need no token; every call does.
    """

    def __init__(
        self,
        live: LiveExchange,
        keys: KeyRing,
        sockets: Sockets,
        vitals: Vitals,
        *,
        token: str,
        host: str,
        balances: Mapping[str, int],
        accounts_of: AccountsOf,
        shut_down: Callable[[], None],
    ) -> None:
        """`host` is the address the server listens on; `balances` is what accounts own by default."""
        self._vitals = vitals
        self._shut_down = shut_down
        self._guard = Guard(token, host)
        self._drops = SocketDrops(sockets, accounts_of)
        accounts = AccountControl(live, keys, balances)
        markets = MarketControl(live)
        faults = FaultControl(live, self._drops)
        replays = ReplayControl(live)
        status = StatusControl(live, vitals, sockets.__len__, markets, faults, replays)
        self._routes = Routes(
            (
                *status.routes(),
                *accounts.routes(),
                *markets.routes(),
                *faults.routes(),
                *replays.routes(),
                Route(
                    "POST",
                    "/admin/shutdown",
                    "End the exchange, as SIGTERM does.",
                    answers.Done,
                    self.shut_down,
                ),
            )
        )
        self._documents = Documents(self._routes.all)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request's response."""
        try:
            self._guard.check_site(request)
            path = request.rel_url.raw_path
            if path.startswith(BASE + "/"):
                self._guard.check_token(request)
                route, places = self._routes.find(request.method, path[len(BASE) :])
                return _json(await self._result(route, places, request), route.status)
            return self._page(request.method, path)
        except Problem as problem:
            return _refused(problem)

    async def watch(self) -> None:
        """Take the exchange's pulse every second; never returns."""
        while True:
            await asyncio.sleep(_BEAT_S)
            self._vitals.beat()

    def stop(self) -> None:
        """The exchange ends: nothing may be left that would still want to happen."""
        self._drops.stop()

    async def shut_down(self) -> answers.Done:
        """Answered first."""
        asyncio.get_running_loop().call_later(_PARTING_S, self._shut_down)
        return answers.Done()

    def _page(self, method: str, path: str) -> web.Response:
        page = self._documents.page(path)
        if page is None:
            raise not_found(
                "There is nothing here; /mock/ shows the exchange and /mock/docs the control API."
            )
        if method not in ("GET", "HEAD"):
            raise _only_get(method)
        return web.Response(body=page.body, headers=page.headers)

    async def _result(self, route: Route, places: list[str], request: web.BaseRequest) -> Any:
        arguments: list[Any] = [*places]
        # also where nothing is taken: what is sent in the wrong place must not be left out in silence
        if route.body is not None or request.body_exists:
            body = read_body(route.body or Request, await self._body(request))
            arguments += [body] * (route.body is not None)
        query = read_query(route.query or Request, request.rel_url.query)
        arguments += [query] * (route.query is not None)
        try:
            return await route.run(*arguments)
        except Refused as refused:
            raise conflict(f"The venue refuses: {refused.message}") from None
        except BrokenVenue as error:
            raise Problem(f"Nothing is accepted until a restart: {error}", status=503) from error
        except JournalError as error:
            raise Problem(f"The journal cannot be written: {error}", status=503) from error
        except NotCommitted:
            raise Problem(
                "The journal cannot be written: whether this survives a restart is not known.", status=503
            ) from None
        except Problem:
            raise
        except Exception:
            log.exception("%s %s failed", route.method, route.path)
            raise Problem("The exchange failed at this; its log says how.", status=500) from None

    async def _body(self, request: web.BaseRequest) -> bytes:
        if (request.content_length or 0) > LARGEST_BODY:
            raise _too_large()
        try:
            body = await asyncio.wait_for(request.read(), BODY_WITHIN_S)
        except web.HTTPRequestEntityTooLarge:
            raise _too_large() from None
        except (asyncio.TimeoutError, TimeoutError):
            raise Problem(f"The body did not come within {BODY_WITHIN_S:.0f} seconds.", status=408) from None
        except (web.RequestPayloadError, HttpProcessingError) as error:
            raise Problem(f"The body cannot be read: {error}") from None
        if len(body) > LARGEST_BODY:
            raise _too_large()
        if body:
            self._guard.check_body_type(request)
        return body


def _json(result: Any, status: int) -> web.Response:
    return web.Response(body=_encode(result), status=status, headers=_HEADERS)


def _refused(problem: Problem) -> web.Response:
    body = answers.ProblemBody(answers.ProblemText(problem.message, problem.field))
    return web.Response(body=_encode(body), status=problem.status, headers={**_HEADERS, **problem.headers})


def _only_get(method: str) -> Problem:
    problem = Problem(f"{method} is not possible here, only GET.", status=405)
    problem.headers["Allow"] = "GET"
    return problem


def _too_large() -> Problem:
    return Problem(f"The body is larger than {LARGEST_BODY} bytes.", status=413)
