"""Who is logged on, and who is not any more; what keys may do that may not do everything."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.exchange.server.access.signers import Sender, ed25519_sender, hmac_sender, public_pem, rsa_sender
from tests.exchange.server.process import Server, Talk, Trader, now_ms
from tests.exchange.server.security.conftest import BALANCES
from tests.exchange.server.shapes import stage
from tests.exchange.server.shapes.asking import RestAsker
from veighna_ext.exchange.server.access import public_key_credential
from veighna_ext.exchange.server.catalogue import OPERATIONS
from veighna_ext.exchange.server.operations import Operation


def another_ed25519_sender() -> Sender:
    """One whose key nobody else has."""
    key = Ed25519PrivateKey.generate()
    return Sender(
        public_key_credential("another", public_pem(key)),
        lambda payload: base64.b64encode(key.sign(payload)).decode(),
    )


@pytest.fixture
def owner(guarded: Server) -> Iterator[Trader]:
    """An account with a key that can log on."""
    with Trader.opened(guarded, BALANCES, ed25519_sender()) as trader:
        yield trader


@pytest.fixture
def other(guarded: Server) -> Iterator[Trader]:
    """Another one."""
    with Trader.opened(guarded, BALANCES, another_ed25519_sender()) as trader:
        yield trader


@pytest.fixture
def talk(guarded: Server) -> Iterator[Talk]:
    """A connection on which nobody is logged on yet."""
    talk = Talk(guarded)
    yield talk
    talk.close()


def answer(talk: Talk, method: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
    """The answer to a request."""
    told: dict[str, Any] = json.loads(talk.ask(method, params))
    return told


def stamped(**sent: Any) -> dict[str, Any]:
    """Parameters without a signature, as one sends them who is logged on."""
    return {**sent, "timestamp": now_ms()}


def balance(told: dict[str, Any]) -> dict[str, str]:
    """The money that an account's status tells of."""
    return {each["asset"]: each["free"] for each in told["result"]["balances"]}


def test_nobody_is_logged_on_at_first(talk: Talk) -> None:
    for operation in OPERATIONS:
        if operation.is_signed and operation.method:
            assert answer(talk, operation.method, stamped(symbol="BTCUSDT"))["status"] in (400, 401)
    assert answer(talk, "userDataStream.subscribe")["error"]["code"] == -1002


def test_a_session_is_its_own_accounts(guarded: Server, talk: Talk, owner: Trader, other: Trader) -> None:
    guarded.control("POST", f"/accounts/{other.api_key}/deposit", {"asset": "USDT", "amount": "7"})
    assert answer(talk, "session.logon", owner.signed({}))["status"] == 200
    mine = answer(talk, "account.status", stamped())
    theirs = answer(talk, "account.status", other.signed({}))
    assert balance(mine)["USDT"] == "1000000.00000000"
    assert balance(theirs)["USDT"] == "1000007.00000000"
    # another's key without a signature is nobody's
    assert answer(talk, "account.status", stamped(apiKey=other.api_key))["status"] in (400, 401)
    assert answer(talk, "account.status", stamped(apiKey=other.api_key, signature="x"))["status"] in (
        400,
        401,
    )
    assert answer(talk, "account.status", stamped(signature="x"))["status"] in (400, 401)


def test_another_logon_ends_the_first(talk: Talk, owner: Trader, other: Trader) -> None:
    answer(talk, "session.logon", owner.signed({}))
    answer(talk, "userDataStream.subscribe")
    assert answer(talk, "session.logon", other.signed({}))["result"]["apiKey"] == other.api_key
    assert [json.loads(event)["event"]["e"] for event in talk.unread] in ([], ["eventStreamTerminated"])
    assert answer(talk, "session.subscriptions")["result"] == []
    stage.resting(RestAsker(owner))
    assert answer(talk, "session.status")["result"]["userDataStream"] is False
    assert not [event for event in talk.unread if b"executionReport" in event]


def test_whoever_logs_out_is_nobody(talk: Talk, owner: Trader) -> None:
    answer(talk, "session.logon", owner.signed({}))
    answer(talk, "session.logout")
    assert answer(talk, "account.status", stamped())["status"] in (400, 401)
    assert answer(talk, "order.place", stamped(**stage.limit("BUY", stage.BELOW)))["status"] in (400, 401)


@pytest.mark.parametrize("make", [hmac_sender, rsa_sender], ids=["HMAC", "RSA"])
def test_only_ed25519_keys_log_on(guarded: Server, talk: Talk, make: Any) -> None:
    sender: Sender = make()
    opened = Trader.opened(guarded, BALANCES, None if make is hmac_sender else sender)
    with opened as trader:
        assert answer(talk, "session.logon", trader.signed({}))["status"] != 200
    assert answer(talk, "session.status")["result"]["apiKey"] is None


def test_a_session_does_not_reach_another_connection(guarded: Server, talk: Talk, owner: Trader) -> None:
    answer(talk, "session.logon", owner.signed({}))
    beside = Talk(guarded)
    assert answer(beside, "account.status", stamped())["status"] in (400, 401)
    beside.close()


def test_a_key_that_was_taken_away_opens_nothing_any_more(guarded: Server, talk: Talk, owner: Trader) -> None:
    added = guarded.control("POST", f"/accounts/{owner.api_key}/keys", {})
    second = Trader(guarded, added["apiKey"], hmac_sender(added["secret"]).sign)
    answer(talk, "session.logon", owner.signed({}))
    answer(talk, "userDataStream.subscribe")
    assert answer(talk, "account.status", stamped())["status"] == 200
    guarded.control("DELETE", f"/accounts/{second.api_key}/keys/{owner.api_key}")
    assert owner.rest("GET /api/v3/account").status == 401
    talk.line.send(json.dumps({"id": "revoked", "method": "account.status", "params": stamped()}))
    told = [json.loads(talk.receive())]
    while "status" not in told[-1]:
        told.append(json.loads(talk.receive()))
    assert (told[-1]["id"], told[-1]["status"]) == (None, 401)
    stage.resting(RestAsker(second))
    assert answer(talk, "session.status")["result"]["userDataStream"] is False
    assert not [event for event in talk.unread if b"executionReport" in event]
    second.close()


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if each.trades], ids=lambda each: each.method
)
def test_a_key_that_may_only_read_does_not_trade(
    operation: Operation, guarded: Server, owner: Trader
) -> None:
    added = guarded.control("POST", f"/accounts/{owner.api_key}/keys", {"mayTrade": False})
    with Trader(guarded, added["apiKey"], hmac_sender(added["secret"]).sign) as reader:
        order = stage.resting(RestAsker(owner))
        sent = {
            **stage.limit("BUY", stage.FAR_BELOW),
            **stage.oco(),
            **stage.otoco(),
            **stage.oto(),
            **stage.old_oco(),
            "orderId": order.orderId,
            "newQty": "0.001",
            "cancelReplaceMode": "ALLOW_FAILURE",
            "cancelOrderId": order.orderId,
        }
        names = {each.name for each in operation.parameters.all}
        sent = {name: value for name, value in sent.items() if name in names}
        told = reader.rest(f"{operation.verb} {operation.path}", **sent)
        assert (told.status, told.json["code"]) == (401, -2015)
        assert reader.rest("GET /api/v3/openOrders").status == 200
    RestAsker(owner).ask("openOrders.cancelAll", symbol=stage.SYMBOL)
