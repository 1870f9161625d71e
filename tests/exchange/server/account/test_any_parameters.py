"""Whatever an account sends, it is answered or refused; nothing breaks."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given, settings

from tests.exchange.server.any_requests import requests_of
from tests.exchange.server.venue import Venue, open_venue
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.account import OPERATIONS
from veighna_ext.exchange.server.limits import RequestLimits
from veighna_ext.exchange.server.operations import Operation

UNKNOWN_ERROR = -1000


@pytest.fixture(scope="module")
def funded() -> Iterator[Venue]:
    """A venue with two funded accounts."""
    with open_venue() as venue:
        yield venue


@settings(max_examples=500, deadline=None)
@given(requests_of(OPERATIONS))
def test_any_parameters_are_answered_or_refused(
    funded: Venue, request_: tuple[Operation, dict[str, str]]
) -> None:
    operation, sent = request_
    funded.dispatcher.requests = RequestLimits()
    code = 0
    try:
        answer = funded.dispatcher.carry_out(operation, sent, funded.caller(1))
        msgspec.json.decode(msgspec.json.encode(answer))
    except Refused as refused:
        code = refused.code
    assert code != UNKNOWN_ERROR
