"""The control API is for whoever knows its token, and for no web page of somebody else."""

from __future__ import annotations

import asyncio

import pytest

from tests.exchange.server.control.outside import TOKEN, Outside, serving


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer é"]
)
async def test_without_the_token_nothing_is_told_or_done(authorization: str) -> None:
    async with serving() as outside:
        for method, path in (
            ("GET", "/status"),
            ("POST", "/admin/shutdown"),
            ("DELETE", "/accounts/first-key"),
        ):
            status, message, _ = await outside.refusal(method, path, Authorization=authorization)
            assert status == 401
            assert "needs its token" in message
        assert not outside.was_shut_down.is_set()
        assert "first-key" in outside.venue.keys


async def test_the_token_is_taken_with_any_spelling_of_the_scheme() -> None:
    async with serving() as outside:
        assert (await outside.ask("GET", "/status", Authorization=f"bearer {TOKEN}"))[0] == 200


async def test_a_call_that_does_not_exist_tells_nothing_without_the_token() -> None:
    async with serving() as outside:
        assert (await outside.refusal("GET", "/nothing", Authorization=""))[0] == 401


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:1", "http://localhost"])
async def test_pages_of_other_sites_are_refused_even_with_the_token(origin: str) -> None:
    async with serving() as outside:
        status, message, _ = await outside.refusal("POST", "/admin/shutdown", Origin=origin)
        assert status == 403
        assert message == f"The Origin header is {origin!r}: pages of other sites may not use this server."
        assert not outside.was_shut_down.is_set()


async def test_its_own_page_may_use_it() -> None:
    async with serving() as outside:
        assert (await outside.ask("GET", "/status", Origin=outside.url))[0] == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8900", "127.0.0.1.evil.example", "", "192.168.0.9"]
)
async def test_a_name_made_to_lead_here_is_refused(host: str) -> None:
    async with serving() as outside:
        status, answer = await _get(outside, host)
        assert status == 403
        assert "is not a name of this server; use one of 127.0.0.1, ::1, localhost." in answer


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8900", "127.0.0.1:1", "[::1]:8900"])
async def test_every_loopback_name_is_its_own(host: str) -> None:
    async with serving() as outside:
        assert (await _get(outside, host))[0] == 200


async def test_bound_to_every_address_it_answers_to_addresses_but_not_to_names_of_others() -> None:
    async with serving(host="0.0.0.0") as outside:
        assert (await _get(outside, "192.168.0.9:8900"))[0] == 200
        assert (await _get(outside, "[fe80::1]:8900"))[0] == 200
        assert (await _get(outside, "evil.example"))[0] == 403


async def test_no_answer_invites_other_origins() -> None:
    async with serving() as outside:
        for method in ("GET", "OPTIONS", "POST"):
            for path in ("/mock/v1/status", "/mock/v1/faults", "/mock/", "/mock/docs"):
                _, answer = await outside.raw(
                    f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
                    "Content-Length: 0\r\nConnection: close\r\n\r\n"
                )
                assert "access-control" not in answer.lower()


async def test_a_preflight_of_a_browser_is_refused() -> None:
    async with serving() as outside:
        status, _ = await outside.raw(
            "OPTIONS /mock/v1/faults HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n"
            "Access-Control-Request-Method: POST\r\nConnection: close\r\n\r\n"
        )
        assert status == 403


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
async def test_a_body_must_say_that_it_is_json(kind: str) -> None:
    async with serving() as outside:
        status, message, field = await outside.refusal("POST", "/faults", b"{}", Content_Type=kind)
        assert (status, field) == (415, "Content-Type")
        assert message == f"Content-Type: application/json, not {kind or 'nothing'!r}"


async def test_json_may_say_how_it_is_written() -> None:
    async with serving() as outside:
        kind = "Application/JSON; charset=utf-8"
        assert (await outside.ask("POST", "/faults", b"{}", Content_Type=kind))[0] == 200


async def test_the_token_is_asked_for_before_the_body_is_read() -> None:
    async with serving() as outside:
        reader, writer = await asyncio.open_connection("127.0.0.1", outside.port)
        writer.write(b"POST /mock/v1/faults HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n")
        writer.write(b"Connection: close\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 401")
        writer.write(b"{}")
        await reader.read()
        writer.close()
        await writer.wait_closed()


async def _get(outside: Outside, host: str) -> tuple[int, str]:
    return await outside.raw(
        f"GET /mock/v1/status HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {TOKEN}\r\n"
        "Connection: close\r\n\r\n"
    )
