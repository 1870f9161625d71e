"""Everything about orders: placed, cancelled, replaced, amended, listed, and asked for."""

from veighna_ext.exchange.server.trading import (
    amending,
    cancelling,
    fill_queries,
    list_queries,
    old_oco,
    order_lists,
    order_queries,
    placing,
    replacing,
    sor,
)

OPERATIONS = (
    *placing.OPERATIONS,
    *cancelling.OPERATIONS,
    *replacing.OPERATIONS,
    *amending.OPERATIONS,
    *order_lists.OPERATIONS,
    *old_oco.OPERATIONS,
    *sor.OPERATIONS,
    *order_queries.OPERATIONS,
    *list_queries.OPERATIONS,
    *fill_queries.OPERATIONS,
)

__all__ = ["OPERATIONS"]
