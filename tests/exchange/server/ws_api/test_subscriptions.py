"""User data on the WebSocket API: subscribed, numbered, listed, ended, and never those of others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.access.signers import Sender, ed25519_sender, hmac_sender, rsa_sender
from tests.exchange.server.venue import Venue
from tests.exchange.server.ws_api.client import Client, Connect, another_ed25519_sender, give_key, take_key
from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.server.ws_api.subscriptions import MOST_AT_ONCE, MOST_EVER


@pytest.fixture
def key(venue: Venue) -> tuple[str, Sender]:
    """An Ed25519 key of the first account."""
    return give_key(venue, 1, ed25519_sender())


def deposit(venue: Venue, account: int, amount: int = 1) -> None:
    """Something happens to an account."""
    venue.live.submit(c.Deposit(venue.clock.now, account, "USDT", amount * UNIT))


def events(client: Client) -> list[tuple[int, str]]:
    """The events since last asked: their subscriptions and kinds."""
    return [(each["subscriptionId"], each["event"]["e"]) for each in client.heard()]


def refused(answer: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Status and error of an answer."""
    return answer["status"], answer["error"]


@pytest.mark.parametrize("sender", [hmac_sender("secret"), rsa_sender(), ed25519_sender()])
def test_a_signature_of_any_key_subscribes(client: Client, sender: Sender) -> None:
    answer = client.ask_signed("userDataStream.subscribe.signature", give_key(client.venue, 1, sender))
    assert (answer["status"], answer["result"]) == (200, {"subscriptionId": 0})

    deposit(client.venue, 1)
    assert events(client) == [(0, "balanceUpdate"), (0, "outboundAccountPosition")]


def test_events_come_with_their_subscription_and_nothing_else(client: Client) -> None:
    client.subscribe()
    deposit(client.venue, 1)
    update, _ = client.heard()

    assert update == {
        "subscriptionId": 0,
        "event": {
            "e": "balanceUpdate",
            "E": START // 1000,
            "a": "USDT",
            "d": "1.00000000",
            "T": START // 1000,
        },
    }
    assert list(update) == ["subscriptionId", "event"]


def test_a_wrong_signature_does_not_subscribe(client: Client) -> None:
    params = client.signed() | {"recvWindow": 5000}

    answer = client.ask("userDataStream.subscribe.signature", **params)
    assert refused(answer) == (400, {"code": -1022, "msg": "Signature for this request is not valid."})
    assert client.ask("session.subscriptions")["result"] == []


def test_a_window_may_be_signed_too(client: Client) -> None:
    answer = client.ask_signed("userDataStream.subscribe.signature", recvWindow=6000.346)

    assert answer["result"] == {"subscriptionId": 0}


def test_an_unknown_key_does_not_subscribe(client: Client) -> None:
    stranger = hmac_sender("secret")
    answer = client.ask_signed("userDataStream.subscribe.signature", ("x" * 64, stranger))

    assert refused(answer) == (
        401, {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."},
    )  # fmt: skip


def test_a_key_that_may_not_trade_may_listen(client: Client) -> None:
    key = give_key(client.venue, 1, hmac_sender("secret"), may_trade=False)

    assert client.subscribe(key) == 0


def test_subscribing_without_a_signature_needs_a_logon(client: Client, key: tuple[str, Sender]) -> None:
    assert refused(client.ask("userDataStream.subscribe")) == (
        401, {"code": -1002, "msg": "You are not authorized to execute this request."},
    )  # fmt: skip
    client.ask_signed("session.logon", key)

    assert client.ask("userDataStream.subscribe")["result"] == {"subscriptionId": 0}
    assert client.ask("session.status")["result"]["userDataStream"] is True
    deposit(client.venue, 1)
    assert events(client) == [(0, "balanceUpdate"), (0, "outboundAccountPosition")]


def test_subscribing_takes_no_parameters(client: Client, key: tuple[str, Sender]) -> None:
    client.ask_signed("session.logon", key)

    assert refused(client.ask("userDataStream.subscribe", symbol="BTCUSDT")) == (
        400, {"code": -1101, "msg": "Too many parameters; expected '0' and received '1'."},
    )  # fmt: skip


def test_an_account_is_subscribed_once_on_a_connection(client: Client, key: tuple[str, Sender]) -> None:
    already = (400, {"code": -2035, "msg": "User Data Stream subscription already active."})
    client.subscribe()
    assert refused(client.ask_signed("userDataStream.subscribe.signature")) == already
    assert refused(client.ask_signed("userDataStream.subscribe.signature", key)) == already
    client.ask_signed("session.logon", key)
    assert refused(client.ask("userDataStream.subscribe")) == already


def test_a_connection_listens_to_several_accounts_and_tells_them_apart(client: Client) -> None:
    assert [client.subscribe(1), client.subscribe(2)] == [0, 1]
    assert client.ask("session.subscriptions")["result"] == [{"subscriptionId": 0}, {"subscriptionId": 1}]
    deposit(client.venue, 2)
    assert {number for number, _ in events(client)} == {1}
    deposit(client.venue, 1)
    assert {number for number, _ in events(client)} == {0}


def test_an_account_is_told_of_itself_alone(connect: Connect) -> None:
    first, second = connect(), connect()
    first.subscribe(1)
    second.subscribe(2)
    deposit(first.venue, 1)

    assert len(first.heard()) == 2
    assert second.heard() == []


def test_every_connection_of_an_account_is_told_in_its_own_unit_of_time(
    connect: Connect,
) -> None:
    coarse, fine, other = connect(), connect(time_divisor=1), connect()
    for client in (coarse, fine, other):
        client.subscribe()
    coarse.venue.clock.now += 1234
    deposit(coarse.venue, 1)
    heard = [client.heard()[0]["event"]["T"] for client in (coarse, fine, other)]

    assert heard == [START // 1000 + 1, START + 1234, START // 1000 + 1]


def test_what_happens_in_one_moment_goes_out_in_one_write(client: Client) -> None:
    client.subscribe()
    before = client.transport.writes
    for _ in range(20):
        deposit(client.venue, 1)
    assert len(client.heard()) == 40

    assert client.transport.writes == before + 1


def test_numbers_are_not_used_again(client: Client) -> None:
    for expected in range(3):
        assert client.subscribe() == expected
        client.ask("userDataStream.unsubscribe", subscriptionId=expected)


def test_unsubscribing_ends_one_subscription_with_a_last_event(client: Client) -> None:
    client.subscribe(1)
    client.subscribe(2)
    client.send('{"id":9,"method":"userDataStream.unsubscribe","params":{"subscriptionId":1}}')
    terminated, answer = client.heard()

    assert terminated == {"subscriptionId": 1, "event": {"e": "eventStreamTerminated", "E": START // 1000}}
    assert (answer["status"], answer["result"]) == (200, {})
    deposit(client.venue, 2)
    assert events(client) == []
    assert client.ask("session.subscriptions")["result"] == [{"subscriptionId": 0}]


def test_unsubscribing_without_a_number_ends_all(client: Client) -> None:
    client.subscribe(1)
    client.subscribe(2)
    client.send('{"id":9,"method":"userDataStream.unsubscribe"}')
    *terminated, answer = client.heard()

    assert [each["subscriptionId"] for each in terminated] == [0, 1]
    assert {each["event"]["e"] for each in terminated} == {"eventStreamTerminated"}
    assert answer["result"] == {}
    assert client.ask("session.status")["result"]["userDataStream"] is False


@pytest.mark.parametrize("params", [{}, {"subscriptionId": 0}, {"subscriptionId": 77}])
def test_what_is_not_subscribed_cannot_be_ended(client: Client, params: dict[str, int]) -> None:
    client.subscribe()
    client.ask("userDataStream.unsubscribe")

    assert refused(client.ask("userDataStream.unsubscribe", **params)) == (
        400, {"code": -2036, "msg": "User Data Stream subscription not active."},
    )  # fmt: skip


@pytest.mark.parametrize("number", ["x", -1, 1.5, True])
def test_a_number_that_is_none_is_refused(client: Client, number: object) -> None:
    answer = client.ask("userDataStream.unsubscribe", subscriptionId=number)

    assert refused(answer) == (
        400,
        {
            "code": -1100,
            "msg": "Illegal characters found in parameter 'subscriptionId'; legal range is '^[0-9]{1,20}$'.",
        },
    )


def test_logging_off_ends_only_what_the_logon_subscribed(client: Client, key: tuple[str, Sender]) -> None:
    client.subscribe(2)
    client.ask_signed("session.logon", key)
    client.ask("userDataStream.subscribe")
    client.send('{"id":9,"method":"session.logout"}')
    terminated, answer = client.heard()

    assert (terminated["subscriptionId"], terminated["event"]["e"]) == (1, "eventStreamTerminated")
    assert answer["result"]["userDataStream"] is True
    assert client.ask("session.subscriptions")["result"] == [{"subscriptionId": 0}]


def test_logging_on_as_somebody_else_ends_what_the_former_logon_subscribed(
    client: Client, key: tuple[str, Sender]
) -> None:
    client.ask_signed("session.logon", key)
    client.ask("userDataStream.subscribe")
    client.send_signed("session.logon", {}, by=key)
    assert [each["status"] for each in client.heard()] == [200], "it is the same account"

    client.send_signed("session.logon", {}, by=give_key(client.venue, 2, another_ed25519_sender()))
    terminated, answer = client.heard()
    assert terminated == {"subscriptionId": 0, "event": {"e": "eventStreamTerminated", "E": START // 1000}}
    assert answer["result"]["apiKey"] == "another"
    deposit(client.venue, 1)
    assert events(client) == []


def test_a_subscription_ends_when_the_key_that_began_it_is_taken_away(client: Client) -> None:
    key = give_key(client.venue, 1, rsa_sender())
    client.subscribe(key)
    take_key(client.venue, 1, key[0])
    deposit(client.venue, 1)

    client.venue.live.flush()
    assert events(client) == [(0, "eventStreamTerminated")]
    assert not client.venue.account(1).is_listening


def test_an_account_is_listened_to_while_anybody_does(connect: Connect) -> None:
    first, second = connect(), connect()
    account = first.venue.account
    assert not account(1).is_listening
    first.subscribe()
    second.subscribe()
    first.ask("userDataStream.unsubscribe")
    assert account(1).is_listening
    second.session.end()
    assert not account(1).is_listening


def test_nothing_is_left_of_a_connection_that_ended(client: Client) -> None:
    user_data = client.user_data
    client.subscribe(1)
    client.subscribe(2)
    client.session.end()

    assert len(user_data) == 0
    deposit(client.venue, 1)
    assert client.heard() == []
    assert "error" in client.ask_signed("userDataStream.subscribe.signature")
    assert len(user_data) == 0


def test_a_connection_listens_to_a_thousand_accounts_at_once(client: Client) -> None:
    exchange = client.venue.exchange
    subscriptions = client.session.subscriptions
    accounts = [exchange.submit(c.OpenAccount(START, {}, 0, 0)) for _ in range(MOST_AT_ONCE + 1)]
    for account in accounts[:-1]:
        subscriptions.begin(account, "key", is_of_logon=False)

    with pytest.raises(Exception, match="-1191: Too many subscriptions"):
        subscriptions.begin(accounts[-1], "key", is_of_logon=False)
    subscriptions.end(7)
    assert subscriptions.begin(accounts[-1], "key", is_of_logon=False) == MOST_AT_ONCE


def test_a_connection_has_so_many_subscriptions_in_all(client: Client) -> None:
    subscriptions, account = client.session.subscriptions, client.venue.account(1)
    for expected in range(MOST_EVER):
        assert subscriptions.begin(account, "first-key", is_of_logon=False) == expected
        subscriptions.end(expected)

    assert refused(client.ask_signed("userDataStream.subscribe.signature")) == (
        400, {"code": -2042, "msg": "Maximum subscription ID reached for this connection."},
    )  # fmt: skip


def test_the_end_of_the_exchange_is_told_without_a_subscription(client: Client, connect: Connect) -> None:
    fine = connect(time_divisor=1)
    for each in (client, fine):
        each.session.announce_shutdown()

    assert client.heard() == [{"event": {"e": "serverShutdown", "E": START // 1000}}]
    assert fine.heard() == [{"event": {"e": "serverShutdown", "E": START}}]
