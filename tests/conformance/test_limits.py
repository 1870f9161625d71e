"""More than the venue allows is refused, counted, and at last punished."""

from __future__ import annotations

from tests.conformance.marks import journey
from tests.conformance.players import Played

ORDERS_IN_TEN_SECONDS = 50
WEIGHT_A_MINUTE = 6000
WEIGHT_OF_A_DEEP_BOOK = 250


@journey("order_limit")
def test_orders_beyond_the_limit_are_refused(saw: Played) -> None:
    step = saw.one("refused")
    assert ORDERS_IN_TEN_SECONDS <= step["placed"] <= 2 * ORDERS_IN_TEN_SECONDS
    assert step["code"] == -1015
    assert step["message"] == "Too many new orders; current limit is 50 orders per 10 SECOND."
    assert step["status"] in (None, 429)
    if step.get("retry_after") is not None:
        assert 1 <= int(step["retry_after"]) <= 10


@journey("order_limit")
def test_orders_are_counted_and_may_still_be_cancelled(saw: Played) -> None:
    limits = {(limit["interval"], limit["intervalNum"]): limit for limit in saw.one("counted")["limits"]}
    assert limits["SECOND", 10]["limit"] == ORDERS_IN_TEN_SECONDS
    assert limits["DAY", 1]["count"] == saw.one("refused")["placed"] == saw.one("may_cancel")["orders"]


@journey("weight_limit")
def test_too_much_weight_is_refused_and_then_banned(saw: Played, client: str) -> None:
    first, banned = saw.all("refused")
    assert first["code"] == banned["code"] == -1003
    most = WEIGHT_A_MINUTE // WEIGHT_OF_A_DEEP_BOOK
    assert most - 2 <= first["asked"] <= 2 * most
    assert first["message"] == (
        "Too much request weight used; current limit is 6000 request weight per 1 MINUTE. "
        "Please use WebSocket Streams for live updates to avoid polling the API."
    )
    assert banned["message"].startswith("Way too much request weight used; IP banned until ")
    if client != "ccxt":
        assert (first["status"], banned["status"]) == (429, 418)
        if first.get("retry_after") is not None:
            assert 1 <= int(first["retry_after"]) <= 60
            assert int(banned["retry_after"]) >= 60
