"""Sessions of the WebSocket API: logged on with an Ed25519 key, asked for, logged off, revoked."""

from __future__ import annotations

import pytest

from tests.exchange.exchanges import START
from tests.exchange.server.access.signers import Sender, ed25519_sender, hmac_sender, rsa_sender
from tests.exchange.server.venue import KEYS, Venue
from tests.exchange.server.ws_api.client import Client, Connect, another_ed25519_sender, give_key, take_key

REVOKED = {
    "id": None,
    "status": 401,
    "error": {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."},
}


@pytest.fixture
def key(venue: Venue) -> tuple[str, Sender]:
    """An Ed25519 key of the first account."""
    return give_key(venue, 1, ed25519_sender())


def timestamp(client: Client) -> int:
    """What requests without a signature still need."""
    return client.venue.clock.now // 1000


def test_a_new_connection_is_nobodys(client: Client) -> None:
    client.venue.clock.now += 5_000_000
    answer = client.ask("session.status")

    assert answer["result"] == {
        "apiKey": None,
        "authorizedSince": None,
        "connectedSince": START // 1000,
        "returnRateLimits": True,
        "serverTime": START // 1000 + 5000,
        "userDataStream": False,
    }


def test_who_logs_on_is_told_since_when(client: Client, key: tuple[str, Sender]) -> None:
    client.venue.clock.now += 5_000_000
    expected = {
        "apiKey": key[0],
        "authorizedSince": START // 1000 + 5000,
        "connectedSince": START // 1000,
        "returnRateLimits": True,
        "serverTime": START // 1000 + 5000,
        "userDataStream": False,
    }
    answer = client.ask_signed("session.logon", key)
    assert (answer["status"], answer["result"]) == (200, expected)
    assert list(answer["result"]) == list(expected)

    client.venue.clock.now += 1_000_000
    assert client.ask("session.status")["result"] == expected | {"serverTime": START // 1000 + 6000}


def test_times_of_a_session_are_microseconds_where_the_connection_wants_them(
    connect: Connect, key: tuple[str, Sender]
) -> None:
    client = connect(time_divisor=1)
    client.venue.clock.now += 1234
    status = client.ask_signed("session.logon", key)["result"]

    assert (status["connectedSince"], status["authorizedSince"], status["serverTime"]) == (
        START, START + 1234, START + 1234,
    )  # fmt: skip


@pytest.mark.parametrize("sender", [hmac_sender("secret"), rsa_sender()])
def test_only_ed25519_keys_log_on(client: Client, sender: Sender) -> None:
    answer = client.ask_signed("session.logon", give_key(client.venue, 1, sender))

    assert (answer["status"], answer["error"]) == (
        400, {"code": -1022, "msg": "Signature for this request is not valid."},
    )  # fmt: skip
    assert client.ask("session.status")["result"]["apiKey"] is None


def test_logging_on_needs_everything_that_is_signed(client: Client, key: tuple[str, Sender]) -> None:
    complete = client.signed(key)
    for name in ("apiKey", "signature", "timestamp"):
        answer = client.ask("session.logon", **{each: complete[each] for each in complete if each != name})
        assert answer["error"] == {
            "code": -1102,
            "msg": f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.",
        }
    client.ask("session.logon", **complete)
    assert client.ask("session.logon", timestamp=timestamp(client))["error"]["code"] == -1102


def test_a_wrong_signature_does_not_log_on(client: Client, key: tuple[str, Sender]) -> None:
    params = client.signed(key)
    answer = client.ask("session.logon", **{**params, "timestamp": params["timestamp"] + 1})

    assert answer["error"]["code"] == -1022
    assert client.session.account is None


def test_a_late_logon_is_refused(client: Client, key: tuple[str, Sender]) -> None:
    params = client.signed(key)
    client.venue.clock.now += 5_001_000

    assert client.ask("session.logon", **params)["error"] == {
        "code": -1021,
        "msg": "Timestamp for this request is outside of the recvWindow.",
    }


def test_who_is_logged_on_needs_only_the_time(client: Client, key: tuple[str, Sender]) -> None:
    assert client.ask("account.status", timestamp=timestamp(client))["error"]["code"] == -1102
    client.ask_signed("session.logon", key)

    assert client.ask("account.status", timestamp=timestamp(client))["status"] == 200
    assert client.ask("account.status", timestamp=timestamp(client), apiKey=key[0])["status"] == 200
    assert client.ask("account.status")["error"]["msg"].startswith("Mandatory parameter 'timestamp'")
    stale = timestamp(client) - 5001
    assert client.ask("account.status", timestamp=stale)["error"]["code"] == -1021


def test_a_request_with_its_own_signature_is_of_its_signer(client: Client, key: tuple[str, Sender]) -> None:
    client.ask_signed("session.logon", key)
    first = client.ask("account.status", timestamp=timestamp(client))["result"]["uid"]
    second = client.ask_signed("account.status", by=2)["result"]["uid"]

    assert (first, second) == (1, 2)


def test_a_foreign_key_without_a_signature_is_not_taken_for_the_session(
    client: Client, key: tuple[str, Sender]
) -> None:
    client.ask_signed("session.logon", key)

    answer = client.ask("account.status", timestamp=timestamp(client), apiKey=KEYS[2])
    assert answer["error"]["msg"].startswith("Mandatory parameter 'signature'")


def test_the_last_logon_counts(client: Client, key: tuple[str, Sender]) -> None:
    client.ask_signed("session.logon", key)
    client.ask_signed("session.logon", give_key(client.venue, 2, another_ed25519_sender()))

    assert client.ask("account.status", timestamp=timestamp(client))["result"]["uid"] == 2


def test_logging_off_forgets_the_key(client: Client, key: tuple[str, Sender]) -> None:
    client.ask_signed("session.logon", key)
    status = client.ask("session.logout")["result"]

    assert (status["apiKey"], status["authorizedSince"], status["userDataStream"]) == (None, None, False)
    assert client.ask("account.status", timestamp=timestamp(client))["error"]["code"] == -1102


def test_logging_off_without_a_logon_does_nothing(client: Client) -> None:
    assert client.ask("session.logout")["result"]["apiKey"] is None


def test_other_connections_are_not_logged_on(connect: Connect, key: tuple[str, Sender]) -> None:
    first, second = connect(), connect()
    first.ask_signed("session.logon", key)

    assert second.ask("session.status")["result"]["apiKey"] is None
    assert second.ask("account.status", timestamp=timestamp(second))["error"]["code"] == -1102


# revoked keys


def test_a_session_whose_key_was_taken_away_is_revoked_with_its_next_request(
    client: Client, key: tuple[str, Sender]
) -> None:
    client.ask_signed("session.logon", key)
    take_key(client.venue, 1, key[0])
    client.send(f'{{"id":9,"method":"account.status","params":{{"timestamp":{timestamp(client)}}}}}')

    assert client.heard() == [REVOKED]
    assert client.ask("session.status")["result"]["apiKey"] is None
    assert client.ask("account.status", timestamp=timestamp(client))["error"]["code"] == -1102


def test_a_request_that_needs_no_logon_is_answered_after_the_revocation(
    client: Client, key: tuple[str, Sender]
) -> None:
    client.ask_signed("session.logon", key)
    take_key(client.venue, 1, key[0])
    client.send('{"id":9,"method":"ping"}')
    revoked, answer = client.heard()

    assert revoked == REVOKED
    assert (answer["id"], answer["status"]) == (9, 200)
    client.send('{"id":10,"method":"ping"}')
    assert [each["id"] for each in client.heard()] == [10]


def test_a_revoked_session_hears_no_more_of_its_account(client: Client, key: tuple[str, Sender]) -> None:
    client.ask_signed("session.logon", key)
    client.ask("userDataStream.subscribe")
    take_key(client.venue, 1, key[0])
    client.send('{"id":9,"method":"ping"}')
    terminated, revoked, _ = client.heard()

    assert terminated["event"]["e"] == "eventStreamTerminated"
    assert revoked == REVOKED
    assert not client.venue.account(1).is_listening
