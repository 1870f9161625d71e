"""Balances to the last digit: locked, traded, charged, deposited, withdrawn."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.conformance.asserting import amount, has, no_complaints
from tests.conformance.marks import journey
from tests.conformance.players import Played
from tests.conformance.staging import QUIET

START = Decimal(10_000)
BASE = Decimal(500)
RATE = Decimal("0.001")
NOTHING = Decimal(0)
BOUGHT, BUYING_PRICE = Decimal("1.5"), Decimal("19.99")
SOLD, SELLING_PRICE = Decimal("0.7"), Decimal("20.03")


def balance(account: dict[str, Any], asset: str) -> tuple[Decimal, Decimal]:
    """What is free and what is locked."""
    found = next(each for each in account["balances"] if each["asset"] == asset)
    return amount(found["free"]), amount(found["locked"])


@journey("money")
def test_rates_are_told_before_trading(saw: Played, client: str) -> None:
    commission = saw.one("commission")["commission"]
    has(commission, symbol=QUIET[client])
    for name in ("standardCommission", "specialCommission", "taxCommission"):
        assert set(commission[name]) == {"maker", "taker", "buyer", "seller"}
    has(commission["standardCommission"], maker="0.00100000", taker="0.00100000")
    assert set(commission["discount"]) == {
        "enabledForAccount",
        "enabledForSymbol",
        "discountAsset",
        "discount",
    }
    has(saw.one("account")["account"]["commissionRates"], maker="0.00100000", taker="0.00100000")


@journey("money")
def test_a_resting_order_locks_its_money(saw: Played) -> None:
    free, locked = balance(saw.one("locked")["account"], "USDT")
    assert locked == BOUGHT * BUYING_PRICE
    assert free == START - locked


@journey("money")
def test_trades_and_commissions_are_exact(saw: Played, client: str) -> None:
    base = QUIET[client].removesuffix("USDT")
    step = saw.one("traded")
    assert balance(step["account"], base) == (BASE + BOUGHT - BOUGHT * RATE - SOLD, NOTHING)
    paid, received = BOUGHT * BUYING_PRICE, SOLD * SELLING_PRICE
    assert balance(step["account"], "USDT") == (START - paid + received - received * RATE, NOTHING)
    bought, sold = step["fills"]
    has(bought, isBuyer=True, isMaker=True, commissionAsset=base, price="19.99000000")
    has(sold, isBuyer=False, isMaker=False, commissionAsset="USDT", price="20.03000000")
    assert amount(bought["commission"]) == BOUGHT * RATE
    assert amount(sold["commission"]) == received * RATE


@journey("money")
def test_deposits_and_withdrawals_reach_the_stream(saw: Played) -> None:
    step = saw.one("moved")
    for update in step["updates"]:
        assert set(update) == {"e", "E", "a", "d", "T"}
    assert [(update["a"], update["d"]) for update in step["updates"]] == [
        ("USDT", "12.50000000"),
        ("USDT", "-2.25000000"),
    ]
    before, after = balance(saw.one("traded")["account"], "USDT"), balance(step["account"], "USDT")
    assert after[0] - before[0] == Decimal("10.25")


@journey("money")
def test_positions_told_are_the_accounts(saw: Played, client: str) -> None:
    base = QUIET[client].removesuffix("USDT")
    last = {each["a"]: each for position in saw.one("positions")["positions"] for each in position["B"]}
    assert (amount(last[base]["f"]), amount(last[base]["l"])) == balance(saw.one("traded")["account"], base)
    no_complaints(saw.complaints)
