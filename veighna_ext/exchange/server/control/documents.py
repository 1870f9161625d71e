"""What is shown without a token: the status page, the OpenAPI document and its readable form."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from veighna_ext.exchange.server.control.docs_page import docs_page
from veighna_ext.exchange.server.control.openapi import openapi
from veighna_ext.exchange.server.control.routes import Route

_PAGES = Path(__file__).parent / "pages"
_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


class Page(NamedTuple):
    """A body and the headers it goes out with."""

    body: bytes
    headers: dict[str, str]


class Documents:
    """Makes each document when it is first asked for."""

    def __init__(self, routes: tuple[Route, ...]) -> None:
        self._routes = routes

    def page(self, path: str) -> Page | None:
        """The document at a path."""
        match path.rstrip("/"):
            case "/mock":
                return self._status
            case "/mock/docs":
                return self._docs
            case "/mock/openapi.json":
                return self._openapi
        return None

    @cached_property
    def _status(self) -> Page:
        return _html((_PAGES / "status.html").read_text(encoding="utf-8"))

    @cached_property
    def _docs(self) -> Page:
        return _html(docs_page(openapi(self._routes)))

    @cached_property
    def _openapi(self) -> Page:
        body = msgspec.json.format(msgspec.json.encode(openapi(self._routes)))
        return Page(body, {"Content-Type": "application/json", "X-Content-Type-Options": "nosniff"})


def _html(text: str) -> Page:
    """A page that may run what stands in it and talk to its own server, and nothing else."""
    allowed = {"script": "'none'", "style": "'none'"}
    for kind, content in _INLINE.findall(text):
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        allowed[kind] = f"'sha256-{digest}'"
    policy = (
        f"default-src 'none'; connect-src 'self'; img-src data:; script-src {allowed['script']}; "
        f"style-src {allowed['style']}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Page(
        text.encode(),
        {
            "Content-Type": "text/html; charset=utf-8",
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-cache",
        },
    )
