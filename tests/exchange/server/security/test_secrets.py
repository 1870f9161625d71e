"""Secrets stay secret: not in the log, not on a page, not on the disk."""

from __future__ import annotations

import base64
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.exchange.server.access.signers import ed25519_sender, hmac_sender, rsa_sender
from tests.exchange.server.process import Server, Talk, Trader, running
from tests.exchange.server.security.conftest import BALANCES
from tests.exchange.server.shapes import stage
from tests.exchange.server.shapes.asking import ApiAsker, RestAsker

NAMED = ("named-on-the-command-line", "a-secret-of-the-command-line")
TOKEN = "the-token-of-the-control-api"


class Witness:
    """Everything that nobody else may read, as it comes up."""

    def __init__(self) -> None:
        self.secrets = {NAMED[1], TOKEN}

    def signing(self, trader: Trader) -> Trader:
        """A trader whose signatures are remembered."""
        sign = trader.sign
        assert sign is not None

        def remembered(payload: bytes) -> str:
            signature = sign(payload)
            self.secrets.add(signature)
            return signature

        return Trader(trader.venue, trader.api_key, remembered)


def busy(venue: Server, witness: Witness) -> None:
    """Use every kind of key, well and badly, by every way there is."""
    named = Trader(venue, NAMED[0], hmac_sender(NAMED[1]).sign)
    opened = venue.open_account(BALANCES)
    witness.secrets.add(opened.secret)
    traders = [
        named,
        Trader(venue, opened.key, hmac_sender(opened.secret).sign),
        Trader.opened(venue, BALANCES, rsa_sender()),
        Trader.opened(venue, BALANCES, ed25519_sender()),
    ]
    for trader in traders:
        with witness.signing(trader) as signing:
            rest, api = RestAsker(signing), ApiAsker(signing)
            api.ask("userDataStream.subscribe.signature")
            for asker in (rest, api):
                stage.resting(asker)
                asker.ask("openOrders.cancelAll", symbol=stage.SYMBOL)
            if trader is traders[-1]:
                api.ask("session.logon")
            wrong = witness.signing(Trader(venue, trader.api_key, hmac_sender("a-wrong-secret").sign))
            assert wrong.rest("GET /api/v3/account").json["code"] == -1022
            assert wrong.rest("GET /api/v3/account", symbol="x" * 3000).status == 400
            wrong.close()
            api.talk.close()
            trader.close()
    witness.secrets.add("a-wrong-secret")
    key = {"X-MBX-APIKEY": opened.key}
    listen_key = traders[0].send("POST", "/api/v3/userDataStream", headers=key).json["listenKey"]
    witness.secrets.add(listen_key)
    talk = Talk(venue, f"/ws/{listen_key}")
    talk.close()
    for target in ("/api/v3/order?signature=sent-to-nowhere", "/mock/v1/status?token=sent-to-nowhere"):
        traders[0].send("GET", target, headers={"Authorization": "Bearer sent-to-nowhere"})
    witness.secrets.add("sent-to-nowhere")
    traders[0].send("POST", "/api/v3/order", b"signature=%ff&x" + b"\xff" * 99, headers=key)
    traders[0].close()


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Witness, Path]]:
    """A server with a data folder, after a busy time."""
    folder = tmp_path_factory.mktemp("used")
    data, witness = folder / "data", Witness()
    options = ("--market", "manual", "--symbols", "BTCUSDT", "--legacy-listen-key", "--no-rate-limit",
               "--account", ":".join(NAMED), "--control-token", TOKEN, "--data-dir", str(data))  # fmt: skip
    with running(folder, *options) as venue:
        busy(venue, witness)
        yield venue, witness, data


def found_in(content: bytes, witness: Witness) -> list[str]:
    """Which secrets are there, plain or thinly veiled."""
    found = []
    for secret in witness.secrets:
        plain = secret.encode()
        veiled = (
            plain,
            base64.b64encode(plain).rstrip(b"="),
            plain.hex().encode(),
            secret.encode("utf-16-le"),
        )
        if any(each in content for each in veiled):
            found.append(secret)
    return found


def test_enough_was_seen_to_be_looked_for(used: tuple[Server, Witness, Path]) -> None:
    _, witness, _ = used
    assert len(witness.secrets) > 30
    assert all(len(secret) > 10 for secret in witness.secrets)


def test_no_secret_is_logged(used: tuple[Server, Witness, Path]) -> None:
    venue, witness, _ = used
    assert found_in(venue.complained.encode(), witness) == []


@pytest.mark.parametrize(
    "page",
    [
        "/mock/",
        "/mock/docs",
        "/mock/openapi.json",
        "/mock/v1/status",
        "/mock/v1/accounts",
        f"/mock/v1/accounts/{NAMED[0]}",
    ],
)
def test_no_secret_is_shown(used: tuple[Server, Witness, Path], page: str) -> None:
    venue, witness, _ = used
    with Trader(venue) as somebody:
        shown = somebody.send("GET", page, headers={"Authorization": f"Bearer {TOKEN}"})
    assert shown.status == 200
    assert found_in(shown.body, witness) == []


def test_no_secret_is_on_the_disk_also_after_the_end(used: tuple[Server, Witness, Path]) -> None:
    venue, witness, data = used
    venue.stop()
    venue.start_again()
    files = [path for path in data.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert found_in(path.read_bytes(), witness) == [], path


@pytest.mark.skipif(sys.platform == "win32", reason="there files belong to somebody in another way")
def test_keys_on_the_disk_are_their_owners_alone(used: tuple[Server, Witness, Path]) -> None:
    _, _, data = used
    for path in (data / "keys").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    assert stat.S_IMODE((data / "keys").stat().st_mode) == 0o700
