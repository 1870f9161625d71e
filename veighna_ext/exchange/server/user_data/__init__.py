"""User data: what happens to an account's orders and balances, told to whoever listens to it."""

from veighna_ext.exchange.server.user_data.listeners import Listener, UserData

__all__ = ["Listener", "UserData"]
