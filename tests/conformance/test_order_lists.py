"""OCO, OTO and OTOCO: what one order does to the others."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conformance.asserting import has, no_complaints, refused
from tests.conformance.marks import journey
from tests.conformance.players import Played

LIST = {
    "orderListId", "contingencyType", "listStatusType", "listOrderStatus", "listClientOrderId",
    "transactionTime",
    "symbol", "orders",
}  # fmt: skip
TOLD = {"e", "E", "s", "g", "c", "l", "L", "r", "C", "T", "O"}


def statuses(step: dict[str, Any]) -> list[tuple[str, str]]:
    """Type and status of each order of a list, in the list's order."""
    return [(order["type"], order["status"]) for order in step["orders"]]


@journey("order_lists")
def test_an_oco_is_seen_and_cancelled(saw: Played) -> None:
    step = saw.one("oco_cancelled")
    placed = step["placed"]
    assert set(placed) == LIST | {"orderReports"}
    has(placed, contingencyType="OCO", listStatusType="EXEC_STARTED", listOrderStatus="EXECUTING")
    assert {report["type"] for report in placed["orderReports"]} == {"LIMIT_MAKER", "STOP_LOSS_LIMIT"}
    assert {report["status"] for report in placed["orderReports"]} == {"NEW"}
    assert [each["orderListId"] for each in step["open"]] == [placed["orderListId"]]
    assert set(step["found"]) == LIST
    assert step["found"]["orders"] == placed["orders"]
    has(step["cancelled"], listStatusType="ALL_DONE", listOrderStatus="ALL_DONE")
    assert {report["status"] for report in step["cancelled"]["orderReports"]} == {"CANCELED"}
    assert step["open_after"] == []


@journey("order_lists")
def test_one_leg_of_an_oco_ends_the_other(saw: Played) -> None:
    step = saw.one("oco_filled")
    assert sorted(statuses(step)) == [("LIMIT_MAKER", "FILLED"), ("STOP_LOSS_LIMIT", "EXPIRED")]
    expired = next(order for order in step["orders"] if order["status"] == "EXPIRED")
    has(expired, orderListId=step["placed"]["orderListId"])


@journey("order_lists")
@pytest.mark.parametrize(
    ("kind", "pending"), [("oto", ["LIMIT"]), ("otoco", ["LIMIT_MAKER", "STOP_LOSS_LIMIT"])]
)
def test_pending_orders_wait_for_the_working_one(saw: Played, kind: str, pending: list[str]) -> None:
    placed, filled, cancelled = (
        saw.one(f"{kind}_{what}") for what in ("placed", "working_filled", "cancelled")
    )
    has(placed["placed"], contingencyType="OTO", listOrderStatus="EXECUTING")
    assert sorted(statuses(placed)) == sorted(
        [("LIMIT", "NEW"), *((each, "PENDING_NEW") for each in pending)]
    )
    assert sorted(statuses(filled)) == sorted([("LIMIT", "FILLED"), *((each, "NEW") for each in pending)])
    assert sorted(statuses(cancelled)) == sorted(
        [("LIMIT", "FILLED"), *((each, "CANCELED") for each in pending)]
    )


@journey("order_lists")
def test_the_stream_tells_of_lists(saw: Played, client: str) -> None:
    if client == "ccxt":
        # it has no use for them
        return
    for step, kind in (("oco_filled", "OCO"), ("oto_cancelled", "OTO"), ("otoco_cancelled", "OTO")):
        seen = saw.one(step)
        told = seen["told"]
        assert [set(event) for event in told] == [TOLD] * len(told)
        has(told[0], c=kind, l="EXEC_STARTED", L="EXECUTING", r="NONE", C=seen["placed"]["listClientOrderId"])
        has(told[-1], l="ALL_DONE", L="ALL_DONE")
        numbers = {order["orderId"] for order in seen["placed"]["orders"]}
        assert {order["i"] for order in told[0]["O"]} == numbers


@journey("order_lists")
def test_prices_on_the_wrong_side_are_refused(saw: Played) -> None:
    refused(saw.one("wrong_prices"), -2010, "The relationship of the prices for the orders is not correct.")
    no_complaints(saw.complaints)
