"""The control API is for whoever knows its token, and for no page of another site."""

from __future__ import annotations

import json
from typing import Any

import psutil
import pytest

from tests.exchange.server.process import Answer, Server, Trader, running
from tests.support.waiting import wait_until


def asked(venue: Server, verb: str, path: str, **headers: str) -> Answer:
    """An answer of the control API; without a word about who asks unless it is said."""
    with Trader(venue) as somebody:
        return somebody.send(
            verb, path, headers={name.replace("_", "-"): text for name, text in headers.items()}
        )


def calls(venue: Server) -> list[tuple[str, str]]:
    """Everything the control API documents."""
    document: dict[str, Any] = asked(venue, "GET", "/mock/openapi.json").json
    return [(verb.upper(), path) for path, verbs in document["paths"].items() for verb in verbs]


def bearer(venue: Server) -> str:
    """What lets one in."""
    return f"Bearer {venue.ready.control_token}"


def test_no_call_is_answered_without_the_token(guarded: Server) -> None:
    found = calls(guarded)
    assert len(found) > 20
    for verb, path in found:
        full = path.format(key="mock-key", other="mock-key", symbol="BTCUSDT")
        full = full if full.startswith("/mock/") else f"/mock/v1{full}"
        for sent in (
            {},
            {"Authorization": "Bearer "},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "x"},
        ):
            assert asked(guarded, verb, full, **sent).status == 401, (verb, full)


@pytest.mark.parametrize(
    "authorization",
    [
        "{token}",
        "Basic {token}",
        "Bearer {token}x",
        "Bearer {token_but_one}",
        "Bearer \xff",
        "Bearer  ",
        "bearer",
    ],
)
def test_what_is_nearly_the_token_is_not_the_token(authorization: str, guarded: Server) -> None:
    token = guarded.ready.control_token
    sent = authorization.format(token=token, token_but_one=token[:-1])
    assert asked(guarded, "GET", "/mock/v1/status", Authorization=sent).status == 401


def test_the_token_is_not_taken_from_an_address(guarded: Server) -> None:
    token = guarded.ready.control_token
    for name in ("token", "access_token", "control_token", "Authorization"):
        assert asked(guarded, "GET", f"/mock/v1/status?{name}={token}").status == 401


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "https://127.0.0.1.evil.example", "file://"]
)
def test_a_page_of_another_site_gets_nothing_even_with_the_token(origin: str, guarded: Server) -> None:
    for path in ("/mock/v1/status", "/mock/", "/mock/docs"):
        told = asked(guarded, "GET", path, Origin=origin, Authorization=bearer(guarded))
        assert told.status == 403
        assert "access-control-allow-origin" not in {name.lower() for name in told.headers}
    before = asked(guarded, "OPTIONS", "/mock/v1/faults", Origin=origin, Access_Control_Request_Method="POST")
    assert before.status >= 400
    assert not [name for name in before.headers if name.lower().startswith("access-control-allow")]


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8900", "127.0.0.1.evil.example", "", "[::2]", "0"]
)
def test_a_name_that_was_made_to_lead_here_leads_nowhere(host: str, guarded: Server) -> None:
    for path in ("/mock/v1/status", "/mock/"):
        assert asked(guarded, "GET", path, Host=host, Authorization=bearer(guarded)).status in (400, 403)


def test_its_own_page_and_its_own_names_are_served(guarded: Server) -> None:
    port = guarded.ready.port
    for host in (f"127.0.0.1:{port}", f"localhost:{port}"):
        told = asked(
            guarded,
            "GET",
            "/mock/v1/status",
            Host=host,
            Origin=f"http://{host}",
            Authorization=bearer(guarded),
        )
        assert told.status == 200


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_form_of_another_site_cannot_carry_an_order_to_it(kind: str, guarded: Server) -> None:
    with Trader(guarded) as somebody:
        headers = {"Content-Type": kind, "Authorization": bearer(guarded)}
        told = somebody.send("POST", "/mock/v1/faults", json.dumps({"reject_rate": 1}).encode(), headers)
    assert told.status == 415


def listens_to(venue: Server) -> set[str]:
    """The addresses it can be reached by."""
    found: set[str] = set()

    def look() -> bool:
        # the system's list is not read at one moment: while many connections end, a line may be overlooked
        lines = venue.process.net_connections("tcp")
        found.update(line.laddr.ip for line in lines if line.status == psutil.CONN_LISTEN)
        return bool(found)

    wait_until(look)
    return found


def test_it_listens_to_this_machine_alone_unless_it_is_told(guarded: Server) -> None:
    assert listens_to(guarded) == {"127.0.0.1"}


def test_it_listens_to_everybody_when_it_is_told(tmp_path: Any) -> None:
    with running(tmp_path, "--market", "manual", "--symbols", "BTCUSDT", "--host", "0.0.0.0") as venue:
        assert listens_to(venue) == {"0.0.0.0"}
        # its token is asked for all the same, and pages of other sites stay out
        assert asked(venue, "GET", "/mock/v1/status").status == 401
        assert (
            asked(venue, "GET", "/mock/v1/status", Host="evil.example", Authorization=bearer(venue)).status
            == 403
        )


def test_tokens_are_not_alike(tmp_path: Any) -> None:
    tokens = set()
    for number in range(2):
        with running(tmp_path / str(number), "--market", "manual", "--symbols", "BTCUSDT") as venue:
            tokens.add(venue.ready.control_token)
    assert len(tokens) == 2
    assert all(len(token) >= 32 for token in tokens)
