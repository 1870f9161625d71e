"""Whatever is sent, it is answered or refused; nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from tests.exchange.server.any_requests import requests_of
from tests.exchange.server.market_data.asking import trade_for
from tests.exchange.server.venue import Venue, open_venue
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.limits import RequestLimits
from veighna_ext.exchange.server.market_data import OPERATIONS
from veighna_ext.exchange.server.operations import Operation

UNKNOWN_ERROR = -1000


@pytest.fixture(scope="module")
def traded() -> Iterator[Venue]:
    """A market with some minutes of trades behind it."""
    with open_venue() as venue:
        trade_for(venue, 400)
        yield venue


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(requests_of(OPERATIONS))
def test_any_parameters_are_answered_or_refused(
    traded: Venue, request_: tuple[Operation, dict[str, str]]
) -> None:
    operation, sent = request_
    traded.dispatcher.requests = RequestLimits()
    code = 0
    try:
        answer = traded.dispatcher.carry_out(operation, sent, traded.caller())
        msgspec.json.decode(msgspec.json.encode(answer))
    except Refused as refused:
        code = refused.code
    assert code != UNKNOWN_ERROR
