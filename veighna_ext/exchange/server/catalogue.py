"""Every operation the venue offers."""

from __future__ import annotations

from veighna_ext.exchange.server import account, general, market_data, trading
from veighna_ext.exchange.server.operations import by_method, by_route
from veighna_ext.exchange.server.ws_api import session_operations

OPERATIONS = (
    *general.OPERATIONS,
    *market_data.OPERATIONS,
    *account.OPERATIONS,
    *trading.OPERATIONS,
    *session_operations.OPERATIONS,
)
ROUTES = by_route(OPERATIONS)
METHODS = by_method(OPERATIONS)
