"""Requests signed by a private key, and a session that needs no signatures."""

from __future__ import annotations

import pytest

from tests.conformance.asserting import has, no_complaints
from tests.conformance.clients.table import clients_for
from tests.conformance.marks import journey
from tests.conformance.players import Played


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
@pytest.mark.parametrize("client", clients_for("keys"))
@pytest.mark.journey("keys")
def test_an_order_is_signed_by_a_private_key(saw: Played, kind: str) -> None:
    account = saw.one("account", kind=kind)["account"]
    has(account, canTrade=True)
    order = saw.one("order", kind=kind)
    has(order["cancelled"], orderId=order["placed"]["orderId"], status="CANCELED")
    for step in saw.all("websocket"):
        assert step["account"]["uid"] in {each["account"]["uid"] for each in saw.all("account")}
    no_complaints(saw.complaints)


@journey("session")
def test_a_session_needs_no_signatures(saw: Played) -> None:
    logged_on = saw.one("logged_on")["answer"]
    assert logged_on["apiKey"]
    assert logged_on["authorizedSince"] <= logged_on["serverTime"]
    has(saw.one("status")["answer"], apiKey=logged_on["apiKey"], userDataStream=False)


@journey("session")
def test_its_user_stream_ends_with_it(saw: Played) -> None:
    assert [each["subscriptionId"] for each in saw.one("subscriptions")["answer"]] == [0]
    events = saw.one("told")["events"]
    kinds = [event["e"] for event in events if event["e"] != "outboundAccountPosition"]
    assert kinds == ["executionReport", "executionReport", "eventStreamTerminated"]
    assert "apiKey" not in saw.one("status_after")["answer"]
    no_complaints(saw.complaints)
