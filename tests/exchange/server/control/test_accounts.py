"""Accounts are opened, funded, given rights and keys, reset and closed while the exchange runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.exchange.exchanges import FUNDS, SETUP, opened
from tests.exchange.server.control.outside import BALANCES, Outside, serving
from veighna_ext.exchange import commands as c
from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import UNIT, format_amount
from veighna_ext.exchange.engine.reports import BalanceUpdate, Report
from veighna_ext.exchange.exchange import Exchange
from veighna_ext.exchange.server.live import wall_clock


def rest_an_order(outside: Outside, account: int = 1) -> None:
    """A bid far below every price, which locks 1000 USDT."""
    bid = c.OrderSpec(enums.BUY, quantity=UNIT, price=1000 * UNIT)
    outside.live.submit(c.PlaceOrder(outside.live.now(), account, "BTCUSDT", bid))


def copied(folder: Path) -> Path:
    """The journal as it is on the disk at this moment, in a folder of its own."""
    copy = folder / "copy"
    copy.mkdir()
    for file in folder.glob("*.*"):
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


async def test_a_new_account_has_a_key_that_signs_and_what_it_was_given() -> None:
    async with serving() as outside:
        asked = {"balances": {"USDT": "12.5", "BTC": "0.00000001"}, "maker": "0.0002", "taker": "0.0004"}
        made = await outside.do("POST", "/accounts", asked)
        assert set(made) == {"id", "apiKey", "secret", "kind", "mayTrade"}
        account = outside.venue.keys[made["apiKey"]]
        assert account.id == made["id"] == 3
        assert account.balance("USDT").free == 1_250_000_000
        assert account.balance("BTC").free == 1
        assert (account.maker_rate, account.taker_rate) == (20_000, 40_000)
        credential = outside.keys.get(made["apiKey"])
        assert credential is not None
        assert credential.material == made["secret"]


async def test_without_a_word_about_balances_it_gets_those_of_the_command_line() -> None:
    async with serving() as outside:
        made = await outside.do("POST", "/accounts", {})
        account = outside.venue.keys[made["apiKey"]]
        assert {asset: each.free for asset, each in account.balances.items()} == BALANCES
        empty = await outside.do("POST", "/accounts", {"balances": {}})
        assert not outside.venue.keys[empty["apiKey"]].balances


async def test_key_and_secret_may_be_chosen_but_not_taken_from_somebody() -> None:
    async with serving() as outside:
        chosen = {"apiKey": "my-key", "secret": "my secret", "paysInBnb": True, "mayTrade": False}
        made = await outside.do("POST", "/accounts", chosen)
        assert (made["apiKey"], made["secret"]) == ("my-key", "my secret")
        account = outside.venue.keys["my-key"]
        assert account.pays_in_bnb
        assert account.keys == {"my-key": False}
        status, message, field = await outside.refusal("POST", "/accounts", {"apiKey": "first-key"})
        assert (status, field) == (409, "apiKey")
        assert message == "apiKey: first-key is taken; choose another, or leave it out and one is made"
        assert outside.keys.get("first-key") is not None
        assert outside.venue.keys["first-key"].id == 1


async def test_a_public_key_takes_the_place_of_a_secret() -> None:
    async with serving() as outside:
        for kind, key in (
            ("ED25519", Ed25519PrivateKey.generate()),
            ("RSA", generate_private_key(65537, 2048)),
        ):
            public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
            made = await outside.do("POST", "/accounts", {"publicKey": public})
            assert made["kind"] == kind
            assert made["secret"] is None
            assert (await outside.get(f"/accounts/{made['apiKey']}"))["keys"][0]["kind"] == kind


async def test_accounts_are_listed_in_pages_without_the_house_and_without_secrets() -> None:
    async with serving() as outside:
        for _ in range(3):
            await outside.do("POST", "/accounts", {"secret": "not to be told"})
        listed = await outside.get("/accounts")
        assert [each["id"] for each in listed] == [1, 2, 3, 4, 5]
        assert "not to be told" not in str(listed)
        assert [each["id"] for each in await outside.get("/accounts?after=2&limit=2")] == [3, 4]


async def test_an_account_is_told_as_it_is() -> None:
    async with serving() as outside:
        rest_an_order(outside)
        told = await outside.get("/accounts/first-key")
        assert told["openOrders"] == 1
        assert {"asset": "USDT", "free": "9999000.00000000", "locked": "1000.00000000"} in told["balances"]
        assert told["keys"] == [{"apiKey": "first-key", "kind": "HMAC", "mayTrade": True}]


async def test_deposits_and_withdrawals_are_exact_and_reach_the_user_stream() -> None:
    async with serving() as outside:
        told: list[Report] = []
        outside.live.tell_reports = told.extend
        outside.venue.account(1).is_listening = True
        money = {"asset": "USDT", "amount": "0.00000001"}
        balance = await outside.do("POST", "/accounts/first-key/deposit", money)
        assert balance == {"asset": "USDT", "free": "10000000.00000001", "locked": "0.00000000"}
        balance = await outside.do("POST", "/accounts/first-key/withdraw", {"asset": "USDT", "amount": "100"})
        assert balance["free"] == "9999900.00000001"
        changes = [each.change for each in told if isinstance(each, BalanceUpdate)]
        assert changes == [1, -100 * UNIT]


async def test_nobody_withdraws_what_is_locked_or_not_there() -> None:
    async with serving() as outside:
        rest_an_order(outside)
        everything = {"asset": "USDT", "amount": "10000000"}
        assert await outside.refusal("POST", "/accounts/first-key/withdraw", everything) == (
            409,
            "amount: at most the 9999000.00000000 USDT that are free",
            "amount",
        )
        await outside.do("POST", "/accounts/first-key/withdraw", {"asset": "USDT", "amount": "9999000"})


async def test_rights_are_changed_one_by_one() -> None:
    async with serving() as outside:
        path = "/accounts/first-key/rights"
        assert (await outside.do("POST", path, {"canWithdraw": False}))["canWithdraw"] is False
        told = await outside.do("POST", path, {"canDeposit": False, "paysInBnb": True, "tradeGroup": 7})
        assert (told["canTrade"], told["canWithdraw"], told["canDeposit"]) == (True, False, False)
        assert (told["paysInBnb"], told["tradeGroup"]) == (True, 7)
        money = {"asset": "USDT", "amount": "1"}
        for way, right in (("deposit", "canDeposit"), ("withdraw", "canWithdraw")):
            assert await outside.refusal("POST", f"/accounts/first-key/{way}", money) == (
                409,
                f'The account of first-key may not {way}; give it the right "{right}" first.',
                None,
            )
        assert (await outside.do("POST", path, {"canTrade": False, "tradeGroup": -1}))["canTrade"] is False
        assert outside.venue.account(1).can_trade is False


async def test_rates_are_those_of_one_symbol_or_of_all() -> None:
    async with serving() as outside:
        path = "/accounts/first-key/rates"
        await outside.do("POST", path, {"maker": "0", "taker": "0.0005"})
        told = await outside.do("POST", path, {"maker": "0.1", "taker": "1", "symbol": "BTCUSDT"})
        assert (told["maker"], told["taker"]) == ("0.00000000", "0.00050000")
        assert told["symbolRates"] == {"BTCUSDT": {"maker": "0.10000000", "taker": "1.00000000"}}


async def test_an_account_may_have_more_keys_but_never_none() -> None:
    async with serving() as outside:
        made = await outside.do("POST", "/accounts/first-key/keys", {"mayTrade": False})
        assert outside.venue.keys[made["apiKey"]] is outside.venue.account(1)
        told = await outside.do("DELETE", f"/accounts/{made['apiKey']}/keys/first-key")
        assert [each["apiKey"] for each in told["keys"]] == [made["apiKey"]]
        assert outside.keys.get("first-key") is None
        assert "first-key" not in outside.venue.keys
        refusal = await outside.refusal("DELETE", f"/accounts/{made['apiKey']}/keys/{made['apiKey']}")
        assert refusal[:2] == (
            409,
            f"{made['apiKey']} is the account's only API key; close the account instead.",
        )
        refusal = await outside.refusal("DELETE", "/accounts/second-key/keys/first-key")
        assert refusal[:2] == (404, "The account of second-key has no API key 'first-key'.")


async def test_reset_cancels_orders_and_gives_the_starting_balances_back() -> None:
    async with serving() as outside:
        rest_an_order(outside)
        await outside.do("POST", "/accounts/first-key/deposit", {"asset": "BTC", "amount": "5"})
        told = await outside.do("POST", "/accounts/first-key/reset")
        assert told["openOrders"] == 0
        assert {each["asset"]: each["free"] for each in told["balances"]} == {
            asset: format_amount(amount) for asset, amount in FUNDS.items()
        }


async def test_a_closed_account_is_gone_with_its_keys_and_orders() -> None:
    async with serving() as outside:
        rest_an_order(outside)
        assert await outside.do("DELETE", "/accounts/first-key") == {"done": True}
        assert outside.keys.get("first-key") is None
        assert not outside.venue.market("BTCUSDT").book.bids.levels
        assert [each["id"] for each in await outside.get("/accounts")] == [2]
        assert (await outside.refusal("DELETE", "/accounts/first-key"))[0] == 404


async def test_what_was_answered_survives_a_restart(tmp_path: Path) -> None:
    exchange = opened(tmp_path)
    async with serving(exchange) as outside:
        made = await outside.do("POST", "/accounts", {"balances": {"USDT": "7"}})
        await outside.do("POST", f"/accounts/{made['apiKey']}/deposit", {"asset": "USDT", "amount": "3"})
        # the answer came: a journal that ends here must have it all
        copy = copied(tmp_path)
        again = Exchange.open(copy, SETUP, wall_clock())
        assert again.venue.keys[made["apiKey"]].balance("USDT").free == 10 * UNIT
        again.close()
    exchange.close()


@pytest.mark.expected_errors("the journal cannot be written")
async def test_a_journal_that_cannot_be_written_is_said_and_not_hidden(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    exchange = opened(tmp_path)
    money = {"asset": "USDT", "amount": "3"}
    async with serving(exchange) as outside:
        await outside.get("/status")
        _, most = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, most))
        try:
            first = await outside.refusal("POST", "/accounts/first-key/deposit", money)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert first == (
            503,
            "The journal cannot be written: whether this survives a restart is not known.",
            None,
        )
        exchange.close()
        status, message, _ = await outside.refusal("POST", "/accounts/first-key/deposit", money)
        assert status == 503
        assert message.startswith("The journal cannot be written: the journal in ")
