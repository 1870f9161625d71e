"""No operation is without a model, and no model is without an operation."""

from __future__ import annotations

import pytest

from tests.exchange.server.shapes.documents import documents
from tests.exchange.server.shapes.registry import METHODS, REST, answers_to, route
from tests.exchange.server.venue import Venue
from veighna_ext.exchange.server.catalogue import OPERATIONS
from veighna_ext.exchange.server.operations import Operation
from veighna_ext.exchange.server.user_data import UserData
from veighna_ext.exchange.server.user_data.listen_keys import ListenKeys


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.method or route(each))
def test_each_operation_has_a_model(operation: Operation) -> None:
    assert answers_to(operation) is not None


async def test_each_model_belongs_to_an_operation() -> None:
    live = Venue().live
    every = (*OPERATIONS, *ListenKeys(live, UserData(live)).operations())
    assert not set(REST) - {route(each) for each in every if each.path}
    assert not set(METHODS) - {each.method for each in every if not each.path}


def test_whatever_binance_documents_is_offered() -> None:
    routes = {route(each) for each in OPERATIONS if each.path}
    methods = {each.method for each in OPERATIONS if each.method}
    assert not set(documents()["rest"]) - routes
    assert not set(documents()["ws_api"]) - methods
