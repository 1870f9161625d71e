"""Closed orders on disk: what a venue need not keep in memory, moved out in slices and asked for by key."""

from veighna_ext.exchange.archive.closed_orders import ARCHIVE_NAME, ClosedOrders

__all__ = ["ARCHIVE_NAME", "ClosedOrders"]
