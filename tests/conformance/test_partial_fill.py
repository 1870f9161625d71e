"""A fill in two parts is told alike by REST, WebSocket API and user stream."""

from __future__ import annotations

from tests.conformance.asserting import amount, has, no_complaints
from tests.conformance.marks import journey
from tests.conformance.players import Played

REPORT = {
    "e", "E", "s", "c", "S", "o", "f", "q", "p", "P", "F", "g", "C", "x", "X", "r", "i", "l", "z", "L", "n",
    "N",
    "T", "t", "I", "w", "m", "M", "O", "Z", "Y", "Q", "V",
}  # fmt: skip
TRADE = {
    "symbol", "id", "orderId", "orderListId", "price", "qty", "quoteQty", "commission", "commissionAsset",
    "time",
    "isBuyer", "isMaker", "isBestMatch",
}  # fmt: skip


@journey("partial_fill")
def test_each_part_is_told_alike_everywhere(saw: Played) -> None:
    parts = saw.all("part")
    assert [part["rest"]["status"] for part in parts] == ["PARTIALLY_FILLED", "FILLED"]
    for part in parts:
        rest, websocket, stream = part["rest"], part["websocket"], part["stream"]
        assert rest == websocket
        told = {
            "X": "status",
            "z": "executedQty",
            "Z": "cummulativeQuoteQty",
            "q": "origQty",
            "p": "price",
            "c": "clientOrderId",
        }
        assert {name: stream[name] for name in told} == {name: rest[ours] for name, ours in told.items()}
        assert stream["T"] == rest["updateTime"]


@journey("partial_fill")
def test_the_reports_come_in_order(saw: Played, client: str) -> None:
    reports = saw.one("reports")["reports"]
    executions = [(report["x"], report["X"], report["l"], report["z"]) for report in reports]
    expected = [
        ("NEW", "NEW", "0.00000000", "0.00000000"),
        ("TRADE", "PARTIALLY_FILLED", "1.00000000", "1.00000000"),
        ("TRADE", "FILLED", "2.00000000", "3.00000000"),
    ]
    # ccxt shows the latest state where several come at once
    assert executions == (expected if client != "ccxt" else [each for each in expected if each in executions])
    assert executions[-1] == expected[-1]


@journey("partial_fill")
def test_reports_have_binances_fields(saw: Played) -> None:
    for report in saw.one("reports")["reports"]:
        assert set(report) - {"W", "N"} == REPORT - {"N"}, set(report) ^ REPORT
        has(report, r="NONE", C="", o="LIMIT", f="GTC", S="SELL", g=-1, V="NONE")
        assert report["M"] == (report["x"] == "TRADE")
        if report["x"] == "NEW":
            has(report, t=-1, n="0", w=True, m=False)
        else:
            has(report, N="USDT", m=True)
            assert amount(report["n"]) == amount(report["Y"]) * amount("0.00100000")


@journey("partial_fill")
def test_trades_are_the_same_everywhere(saw: Played) -> None:
    rest, websocket = saw.one("fills")["rest"], saw.one("fills")["websocket"]
    assert rest == websocket
    assert [set(trade) for trade in rest] == [TRADE, TRADE]
    assert [trade["qty"] for trade in rest] == ["1.00000000", "2.00000000"]
    assert all(trade["isMaker"] and not trade["isBuyer"] for trade in rest)
    told = {report["t"]: report for report in saw.one("reports")["reports"] if report["x"] == "TRADE"}
    assert set(told) <= {trade["id"] for trade in rest}
    for trade in rest:
        if trade["id"] in told:
            report = told[trade["id"]]
            assert (report["n"], report["N"], report["Y"]) == (trade["commission"], "USDT", trade["quoteQty"])


@journey("partial_fill")
def test_the_position_follows_each_report(saw: Played, client: str) -> None:
    positions = saw.one("reports")["positions"]
    for position in positions:
        assert set(position) == {"e", "E", "u", "B"}
        assert all(set(balance) == {"a", "f", "l"} for balance in position["B"])
    last = {balance["a"]: balance for balance in positions[-1]["B"]}
    assert amount(last["USDT"]["f"]) == 10_000 + 60 - amount("0.06000000")
    if client != "ccxt":
        assert len(positions) == 3


@journey("partial_fill")
def test_a_stream_that_was_left_is_silent(saw: Played) -> None:
    step = saw.one("closed")
    assert step["errors"] == []
    assert step["more"] == 0
    no_complaints(saw.complaints)
