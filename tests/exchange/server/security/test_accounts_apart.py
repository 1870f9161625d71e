"""What is signed for one account neither sees nor touches another's."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.exchange.server.access.signers import Sender, ed25519_sender, hmac_sender, rsa_sender
from tests.exchange.server.process import Server, Talk, Trader
from tests.exchange.server.security.conftest import BALANCES
from tests.exchange.server.shapes import stage
from tests.exchange.server.shapes.asking import ApiAsker, Asker, Refused, RestAsker
from veighna_ext.exchange.server.catalogue import OPERATIONS
from veighna_ext.exchange.server.operations import Operation

SIGNED = [each for each in OPERATIONS if each.is_signed]
KEEPS = ("victims-order", "victims-list", "victims-leg")


@dataclass
class Victim:
    """An account with something of everything that could be seen or touched."""

    asker: RestAsker
    known: dict[str, Any]
    """What an intruder may have got to know: ids, by the names of the parameters they would be sent as."""
    marks: tuple[str, ...]
    """What no answer to somebody else may have in it."""

    def belongings(self) -> tuple[Any, Any, Any]:
        """Orders, lists and money."""
        ask = self.asker.ask
        return ask("openOrders.status"), ask("openOrderLists.status"), ask("account.status").balances


@pytest.fixture(scope="module")
def victim(guarded: Server) -> Iterator[Victim]:
    """The account that is after nobody."""
    asker = RestAsker(Trader.opened(guarded, BALANCES))
    stage.resting(asker, "SELL", stage.MIDDLE, newClientOrderId="victims-traded")
    other = RestAsker(Trader.opened(guarded, BALANCES))
    other.ask("order.place", **stage.limit("BUY", stage.MIDDLE))
    other.close()
    _, taker = stage.prevented(asker, "EXPIRE_TAKER")
    (match,) = asker.ask("myPreventedMatches", symbol=stage.SYMBOL, orderId=taker.orderId)
    asker.ask("openOrders.cancelAll", symbol=stage.SYMBOL)
    order = stage.resting(asker, newClientOrderId=KEEPS[0])
    asker.ask("order.amend.keepPriority", symbol=stage.SYMBOL, orderId=order.orderId, newQty="0.005",
              newClientOrderId=KEEPS[0])  # fmt: skip
    listed = asker.ask(
        "orderList.place.oco", **stage.oco(listClientOrderId=KEEPS[1], aboveClientOrderId=KEEPS[2])
    )
    known = {
        "symbol": stage.SYMBOL,
        "orderId": order.orderId,
        "origClientOrderId": KEEPS[0],
        "cancelOrderId": order.orderId,
        "cancelOrigClientOrderId": KEEPS[0],
        "orderListId": listed.orderListId,
        "listClientOrderId": KEEPS[1],
        "preventedMatchId": match.preventedMatchId,
        "fromId": 0,
        "startTime": stage.minutes_ago(600),
        "newQty": "0.001",
    }
    yield Victim(asker, known, (*KEEPS, "victims-traded"))
    asker.close()


@pytest.fixture(scope="module", params=["HMAC", "RSA", "Ed25519"])
def intruder(request: pytest.FixtureRequest, guarded: Server) -> Iterator[Trader]:
    """Another account on the same server."""
    makers: dict[str, Callable[[], Sender | None]] = {
        "HMAC": lambda: None,
        "RSA": rsa_sender,
        "Ed25519": ed25519_sender,
    }
    sender = makers[request.param]()
    with Trader.opened(guarded, BALANCES, sender) as trader:
        yield trader


def requests(operation: Operation, known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The operation with what an intruder knows: with one id at a time, and with all that fit."""
    names = {each.name for each in operation.parameters.all}
    mandatory = {each.name for each in operation.parameters.all if each.mandatory}
    given = {name: value for name, value in known.items() if name in names}
    base = dict(stage.limit("SELL", stage.FAR_ABOVE)) if "side" in mandatory and "type" in mandatory else {}
    base |= {"cancelReplaceMode": "STOP_ON_FAILURE"} if "cancelReplaceMode" in mandatory else {}
    base |= {name: given[name] for name in mandatory if name in given}
    yield {**base, **given}
    for name, value in given.items():
        yield {**base, name: value}


@pytest.mark.parametrize("operation", SIGNED, ids=lambda each: each.method or each.path)
def test_no_request_reaches_anothers_belongings(
    operation: Operation, guarded: Server, victim: Victim, intruder: Trader
) -> None:
    before = victim.belongings()
    for sent in requests(operation, victim.known):
        told = []
        if operation.path:
            told.append(intruder.rest(f"{operation.verb} {operation.path}", **sent).body.decode())
        if operation.method:
            talk = Talk(guarded)
            told.append(talk.ask(operation.method, intruder.signed(sent)).decode())
            talk.close()
        for answer in told:
            # an id that was sent may be repeated in a refusal, but not in an answer
            assert '"msg"' in answer or not any(mark in answer for mark in victim.marks), answer
    RestAsker(intruder).ask("openOrders.status")
    assert victim.belongings() == before


@pytest.mark.parametrize("method", ["order.status", "order.cancel", "orderList.status", "orderList.cancel"])
def test_anothers_order_is_an_unknown_one(method: str, victim: Victim, intruder: Trader) -> None:
    asker = RestAsker(intruder)
    id_name = "orderListId" if "List" in method else "orderId"
    with_symbol = {} if method == "orderList.status" else {"symbol": stage.SYMBOL}
    codes = set()
    for number in (victim.known[id_name], 10**9):
        with pytest.raises(Refused) as refused:
            asker.ask(method, **with_symbol, **{id_name: number})
        codes.add((refused.value.code, refused.value.message))
    assert len(codes) == 1


def test_the_same_client_id_means_ones_own_order(victim: Victim, intruder: Trader) -> None:
    asker = RestAsker(intruder)
    own = stage.resting(asker, newClientOrderId=KEEPS[0])
    assert own.orderId != victim.known["orderId"]
    asked = asker.ask("order.status", symbol=stage.SYMBOL, origClientOrderId=KEEPS[0])
    ended = asker.ask("order.cancel", symbol=stage.SYMBOL, origClientOrderId=KEEPS[0])
    assert asked.orderId == ended.orderId == own.orderId
    assert (
        victim.asker.ask("order.status", symbol=stage.SYMBOL, orderId=victim.known["orderId"]).status == "NEW"
    )


def test_user_data_reaches_its_own_account_alone(guarded: Server, victim: Victim, intruder: Trader) -> None:
    listener = ApiAsker(intruder)
    listener.ask("userDataStream.subscribe.signature")
    order = stage.resting(victim.asker)
    victim.asker.ask("order.cancel", symbol=stage.SYMBOL, orderId=order.orderId)
    deposit = {"asset": "BNB", "amount": "1"}
    guarded.control("POST", f"/accounts/{victim.asker.trader.api_key}/deposit", deposit)
    guarded.control("POST", f"/accounts/{intruder.api_key}/deposit", deposit)
    assert [listener.next_event().e for _ in range(2)] == ["balanceUpdate", "outboundAccountPosition"]
    listener.talk.close()


def test_a_listen_key_can_only_be_kept_and_ended_by_its_own_account(
    guarded: Server, victim: Victim, intruder: Trader
) -> None:
    own = {"X-MBX-APIKEY": victim.asker.trader.api_key}
    path = "/api/v3/userDataStream"
    key = victim.asker.trader.send("POST", path, headers=own).json["listenKey"]
    for verb in ("PUT", "DELETE"):
        theirs = intruder.send(verb, f"{path}?listenKey={key}", headers={"X-MBX-APIKEY": intruder.api_key})
        assert (theirs.status, theirs.json["code"]) == (400, -1125)
    assert intruder.send("POST", path, headers={"X-MBX-APIKEY": intruder.api_key}).json["listenKey"] != key
    assert victim.asker.trader.send("DELETE", f"{path}?listenKey={key}", headers=own).status == 200


def test_one_connection_keeps_several_accounts_apart(
    guarded: Server, victim: Victim, intruder: Trader
) -> None:
    talk = Talk(guarded)
    numbers = {}
    for trader in (victim.asker.trader, intruder):
        told = json.loads(talk.ask("userDataStream.subscribe.signature", trader.signed({})))
        numbers[trader.api_key] = told["result"]["subscriptionId"]
    for trader in (intruder, victim.asker.trader):
        guarded.control("POST", f"/accounts/{trader.api_key}/deposit", {"asset": "BNB", "amount": "1"})
        for _ in range(2):
            assert json.loads(talk.receive())["subscriptionId"] == numbers[trader.api_key]
    talk.close()


def test_whose_secret_it_is_not_cannot_sign(guarded: Server, victim: Victim, intruder: Trader) -> None:
    impostor = Trader(guarded, victim.asker.trader.api_key, intruder.sign)
    askers: list[Asker] = [RestAsker(impostor), ApiAsker(impostor)]
    for asker in askers:
        with pytest.raises(Refused, match="-1022"):
            asker.ask("account.status")
        with pytest.raises(Refused, match="-1022"):
            asker.ask("order.place", **stage.limit("BUY", stage.BELOW))
        asker.close()


@pytest.mark.parametrize("make", [rsa_sender, ed25519_sender], ids=["RSA", "Ed25519"])
def test_a_public_key_is_no_secret(guarded: Server, make: Any) -> None:
    sender: Sender = make()
    with Trader.opened(guarded, BALANCES, sender) as owner:
        pem = sender.credential.material
        for secret in (pem, pem.strip(), "".join(pem.splitlines()[1:-1]), owner.api_key):
            impostor = RestAsker(Trader(guarded, owner.api_key, hmac_sender(secret).sign))
            with pytest.raises(Refused, match="-1022"):
                impostor.ask("account.status")
            impostor.close()


@pytest.mark.parametrize("way", [RestAsker, ApiAsker])
def test_whatever_was_not_signed_is_refused(guarded: Server, intruder: Trader, way: type[Asker]) -> None:
    sent = stage.limit("BUY", stage.BELOW)
    signed = intruder.signed(sent)
    changed = {"quantity": "99", "symbol": "BNBUSDT", "side": "SELL", "timestamp": signed["timestamp"] + 1}
    if way is ApiAsker:
        talk = Talk(guarded)
        for name, value in changed.items():
            assert json.loads(talk.ask("order.place", signed | {name: value}))["error"]["code"] == -1022
        assert json.loads(talk.ask("order.place", signed | {"recvWindow": 60000}))["error"]["code"] == -1022
        talk.close()
        return
    query = "&".join(f"{name}={value}" for name, value in sent.items()) + f"&timestamp={signed['timestamp']}"
    assert intruder.sign is not None
    signature = intruder.sign(query.encode()).replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
    headers = {"X-MBX-APIKEY": intruder.api_key}
    for tampered in (
        query.replace("quantity=0.01000000", "quantity=99"),
        query + "&newClientOrderId=x",
        "newClientOrderId=x&" + query,
        query.replace("side=BUY", "side=SELL"),
    ):
        answer = intruder.send("POST", f"/api/v3/order?{tampered}&signature={signature}", headers=headers)
        assert answer.json["code"] == -1022
    after = intruder.send("POST", f"/api/v3/order?{query}&signature={signature}&price=1", headers=headers)
    assert after.json["code"] in (-1022, -1101)
