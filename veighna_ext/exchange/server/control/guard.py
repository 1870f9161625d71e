"""Who may use the control API: whoever knows its token, and no web page of somebody else."""

from __future__ import annotations

import hmac
import ipaddress
import socket
from typing import TYPE_CHECKING

from veighna_ext.exchange.server.control.problems import Problem
from veighna_ext.exchange.server.control.reading import shortened

if TYPE_CHECKING:
    from aiohttp import web

_JSON = "application/json"


class Guard:
    """
    Checks a request before anything of it is read.

    A page that a browser shows may come from anywhere, and its name may have been made to lead to this
    machine: so the Host header must be a name this server really has, and the Origin header that same one.
    """

    def __init__(self, token: str, bound_host: str) -> None:
        self._token = token.encode()
        self._names = {"localhost", "127.0.0.1", "::1", bound_host.lower()}
        self._any_address = bound_host in ("", "0.0.0.0", "::")
        if self._any_address:
            self._names.add(socket.gethostname().lower())

    def check_site(self, request: web.BaseRequest) -> None:
        """Refuse what a web page of another site sends."""
        host = request.headers.get("Host", "")
        name = _without_port(host).lower()
        if name not in self._names and not (self._any_address and _is_address(name)):
            raise Problem(
                f"The Host header is {shortened(host)!r}, which is not a name of this server; "
                f"use one of {', '.join(sorted(self._names))}.",
                status=403,
            )
        origin = request.headers.get("Origin")
        if origin is not None and origin.lower() not in (f"http://{host}".lower(), f"https://{host}".lower()):
            raise Problem(
                f"The Origin header is {shortened(origin)!r}: pages of other sites may not use this server.",
                status=403,
            )

    def check_token(self, request: web.BaseRequest) -> None:
        """Refuse whoever does not know the token."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        sent = token.strip().encode(errors="surrogateescape")
        # compared first: how long that takes must not depend on the scheme either
        is_right = hmac.compare_digest(sent, self._token)
        if not is_right or scheme.lower() != "bearer":
            problem = Problem(
                'The control API needs its token: send the header "Authorization: Bearer TOKEN" with the '
                "control_token of the exchange's ready line.",
                status=401,
            )
            problem.headers["WWW-Authenticate"] = "Bearer"
            raise problem

    def check_body_type(self, request: web.BaseRequest) -> None:
        """Refuse a body that does not say it is JSON: a form of another site could not say so."""
        sent = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if sent != _JSON:
            raise Problem(
                f"Content-Type: {_JSON}, not {shortened(sent) or 'nothing'!r}", "Content-Type", status=415
            )


def _without_port(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
