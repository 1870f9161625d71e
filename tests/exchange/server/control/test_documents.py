"""The documents follow from the table of calls, and the pages need nothing but themselves."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import aiohttp
import msgspec
import pytest

from tests.exchange.server.control.outside import TOKEN, Outside, serving


async def shown(outside: Outside, path: str, method: str = "GET") -> tuple[int, dict[str, str], str]:
    """What a browser without a token gets."""
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, outside.url + path, allow_redirects=False) as answer,
    ):
        return answer.status, dict(answer.headers), await answer.text()


async def document(outside: Outside) -> Any:
    """The OpenAPI document."""
    status, _, text = await shown(outside, "/mock/openapi.json")
    assert status == 200
    return msgspec.json.decode(text)


async def test_the_document_has_every_call_of_the_contract() -> None:
    async with serving() as outside:
        openapi = await document(outside)
        assert openapi["openapi"] == "3.1.0"
        calls = {
            (method.upper(), path.removeprefix("/mock/v1"))
            for path, methods in openapi["paths"].items()
            for method in methods
        }
        assert calls >= {
            ("GET", "/status"), ("GET", "/symbols"), ("POST", "/accounts"), ("GET", "/accounts"),
            ("DELETE", "/accounts/{key}"), ("POST", "/accounts/{key}/deposit"),
            ("POST", "/accounts/{key}/withdraw"), ("POST", "/accounts/{key}/reset"),
            ("POST", "/market/{symbol}"), ("POST", "/faults"), ("DELETE", "/faults"), ("POST", "/replay"),
            ("GET", "/replay"), ("POST", "/replay/pause"), ("POST", "/replay/resume"),
            ("POST", "/replay/seek"), ("POST", "/replay/speed"), ("POST", "/admin/shutdown"),
        }  # fmt: skip


async def test_every_documented_call_exists_and_every_reference_leads_somewhere() -> None:
    async with serving() as outside:
        openapi = await document(outside)
        names = re.findall(r'"#/components/schemas/(\w+)"', str(msgspec.json.encode(openapi)))
        assert set(names) <= set(openapi["components"]["schemas"])
        operations = [
            each["operationId"] for methods in openapi["paths"].values() for each in methods.values()
        ]
        assert len(set(operations)) == len(operations)
        for path, methods in openapi["paths"].items():
            for method in methods:
                called = (
                    path.replace("{key}", "nobody").replace("{symbol}", "NONE").replace("{other}", "none")
                )
                status, _ = await outside.ask(method.upper(), called.removeprefix("/mock/v1"))
                assert status != 405


async def test_the_readable_page_names_every_call_and_every_field() -> None:
    async with serving() as outside:
        openapi = await document(outside)
        _, _, page = await shown(outside, "/mock/docs")
        for path, methods in openapi["paths"].items():
            for method in methods:
                assert f"<b>{method.upper()}</b> {path}" in page
        for kind in ("NewAccount", "MarketChange", "NewFaults", "NewReplay", "AccountsAsked"):
            for field in openapi["components"]["schemas"].get(kind, {"properties": {"limit": 0}})[
                "properties"
            ]:
                assert f"<code>{field}</code>" in page


@pytest.mark.parametrize("path", ["/mock/", "/mock", "/mock/docs", "/mock/docs/"])
async def test_pages_need_no_token_and_nothing_from_elsewhere(path: str) -> None:
    async with serving() as outside:
        status, headers, page = await shown(outside, path)
        assert status == 200
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        assert TOKEN not in page
        for reference in re.findall(r'(?:src|href)="([^"]*)"', page):
            assert reference.startswith(("/mock/", "#", "data:"))
        assert "@import" not in page
        assert "url(" not in page


@pytest.mark.parametrize("path", ["/mock/", "/mock/docs"])
async def test_a_page_runs_what_stands_in_it_and_nothing_else(path: str) -> None:
    async with serving() as outside:
        _, headers, page = await shown(outside, path)
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        inline = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", page, re.DOTALL)
        assert inline
        for content in inline:
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy
        assert not re.search(r"<[^>]+\s(?:style|on\w+)=", page)


async def test_the_page_speaks_both_languages_in_full() -> None:
    async with serving() as outside:
        _, _, page = await shown(outside, "/mock/")
        english, chinese = (
            re.findall(r"(\w+): \"", block)
            for block in re.findall(r"  (?:en|zh): \{(.*?)\n  \},", page, re.DOTALL)
        )
        assert english == chinese
        used = re.findall(r'data-text="(\w+)"|texts\.(\w+)|say\("(\w+)"', page)
        assert {name for names in used for name in names if name} <= set(english)


async def test_what_is_not_there_is_said_and_pages_are_only_read() -> None:
    async with serving() as outside:
        status, _, text = await shown(outside, "/mock/nothing")
        assert (status, "There is nothing here" in text) == (404, True)
        status, headers, _ = await shown(outside, "/mock/docs", "POST")
        assert (status, headers["Allow"]) == (405, "GET")
        status, _, text = await shown(outside, "/mock/docs", "HEAD")
        assert (status, text) == (200, "")


async def test_data_are_kept_by_no_cache() -> None:
    async with serving() as outside, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with session.get(f"{outside.url}/mock/v1/status", headers=headers) as answer:
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Content-Type"] == "application/json"
