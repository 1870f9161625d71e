"""What the venue refuses: Binance's code, text and HTTP status, over REST and WebSocket API alike."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from tests.conformance.asserting import no_complaints, refused
from tests.conformance.clients.table import clients_for
from tests.conformance.marks import journey
from tests.conformance.players import Played

ILLEGAL_CLIENT_ID = (
    "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'."
)
REFUSALS = MappingProxyType(
    {
        "bad_signature": (-1022, "Signature for this request is not valid."),
        "unknown_key": (-2015, "Invalid API-key, IP, or permissions for action."),
        "clock_behind": (-1021, "Timestamp for this request is outside of the recvWindow."),
        "clock_ahead": (-1021, "Timestamp for this request was 1000ms ahead of the server's time."),
        "price_off_tick": (-1013, "Filter failure: PRICE_FILTER"),
        "quantity_off_step": (-1013, "Filter failure: LOT_SIZE"),
        "too_precise": (-1111, "Parameter 'quantity' has too much precision."),
        "price_far_off": (-1013, "Invalid price."),
        "below_notional": (-1013, "Filter failure: NOTIONAL"),
        "no_money": (-2010, "Account has insufficient balance for requested action."),
        "nothing_to_sell": (-2010, "Account has insufficient balance for requested action."),
        "duplicate": (-2010, "Duplicate order sent."),
        "unknown_symbol": (-1121, "Invalid symbol."),
        "unknown_type": (-1116, "Invalid orderType."),
        "unknown_side": (-1117, "Invalid side."),
        "unknown_time_in_force": (-1115, "Invalid timeInForce."),
        "no_price": (-1102, "Mandatory parameter 'price' was not sent, was empty/null, or malformed."),
        "market_with_price": (-1106, "Parameter 'timeInForce' sent when not required."),
        "bad_client_id": (-1100, ILLEGAL_CLIENT_ID),
        "stop_would_trigger": (-2010, "Order would trigger immediately."),
        "unknown_order GET order": (-2013, "Order does not exist."),
        "unknown_order DELETE order": (-2011, "Unknown order sent."),
        "neither_id": (
            -1102,
            "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
        ),
        "bad_interval": (-1120, "Invalid interval."),
        "bad_symbol": (-1121, "Invalid symbol."),
    }
)


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("client", clients_for("refusals"))
@pytest.mark.journey("refusals")
def test_a_refusal_has_binances_code_and_text(saw: Played, client: str, refusal: str) -> None:
    code, message = REFUSALS[refusal]
    status = 401 if refusal == "unknown_key" else 400
    for step in (saw.one(refusal), *saw.all(f"websocket {refusal}")):
        refused(step, code, message, status)


@journey("refusals")
def test_ccxt_raises_what_its_users_catch(saw: Played, client: str) -> None:
    if client != "ccxt":
        return
    kinds = {
        "bad_signature": "AuthenticationError",
        "clock_behind": "InvalidNonce",
        "no_money": "InsufficientFunds",
        "unknown_order GET order": "OrderNotFound",
        "unknown_order DELETE order": "OrderNotFound",
        "bad_symbol": "BadSymbol",
        "price_off_tick": "InvalidOrder",
        "stop_would_trigger": "OrderImmediatelyFillable",
    }
    assert {step: saw.one(step)["kind"] for step in kinds} == kinds


@journey("refusals")
def test_nothing_refused_is_in_the_book(saw: Played) -> None:
    assert len(saw.one("cleaned")["answer"]) == 1
    no_complaints(saw.complaints)
