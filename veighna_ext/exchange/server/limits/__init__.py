"""How much may be asked: weight and requests by address, orders by account, connections, messages."""

from veighna_ext.exchange.server.limits.connections import ConnectionAttempts
from veighna_ext.exchange.server.limits.intervals import EXCHANGE_LIMITS, Limit, LimitUse
from veighna_ext.exchange.server.limits.messages import MessageBudget
from veighna_ext.exchange.server.limits.orders import OrderCounts
from veighna_ext.exchange.server.limits.refusing import OverLimit
from veighna_ext.exchange.server.limits.requests import RequestLimits

__all__ = [
    "EXCHANGE_LIMITS",
    "ConnectionAttempts",
    "Limit",
    "LimitUse",
    "MessageBudget",
    "OrderCounts",
    "OverLimit",
    "RequestLimits",
]
