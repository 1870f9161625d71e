"""What an account may ask about itself, and what clients of a larger exchange ask while they connect."""

from veighna_ext.exchange.server.account import elsewhere, status, wallet

OPERATIONS = (*status.OPERATIONS, *wallet.OPERATIONS, *elsewhere.OPERATIONS)

__all__ = ["OPERATIONS"]
