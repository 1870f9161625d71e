"""Why the venue refuses: Binance's codes and texts, to the full stop."""

from __future__ import annotations


class Refused(Exception):
    """A command that changed nothing, with the code and the text its sender gets."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refused) and (self.code, self.message) == (other.code, other.message)

    def __hash__(self) -> int:
        return hash((self.code, self.message))


NEW_ORDER_REJECTED = -2010
CANCEL_REJECTED = -2011
FILTER_FAILED = -1013


def filter_failure(name: str) -> Refused:
    """A filter of the symbol or of the exchange that the order does not pass."""
    return Refused(FILTER_FAILED, f"Filter failure: {name}")


def rejected(message: str) -> Refused:
    """The matching engine does not take the order."""
    return Refused(NEW_ORDER_REJECTED, message)


def unavailable(message: str) -> Refused:
    """What the symbol does not offer, or not now: said before the matching engine is asked."""
    return Refused(FILTER_FAILED, message)


def insufficient_balance() -> Refused:
    """Not enough free money for the worst case."""
    return rejected("Account has insufficient balance for requested action.")


def duplicate_order() -> Refused:
    """An open order of this account has the same client order id."""
    return rejected("Duplicate order sent.")


def would_take() -> Refused:
    """A LIMIT_MAKER that would trade at once."""
    return rejected("Order would immediately match and take.")


def would_trigger() -> Refused:
    """A stop whose condition already holds."""
    return rejected("Order would trigger immediately.")


def disabled_action() -> Refused:
    """The account lacks the right for what was asked."""
    return rejected("This action is disabled on this account.")


def market_closed() -> Refused:
    """The symbol is halted."""
    return unavailable("Market is closed.")


def wrong_price_relationship() -> Refused:
    """The prices of an order list do not surround the market as they must."""
    return rejected("The relationship of the prices for the orders is not correct.")


def unsupported(order_type: str) -> Refused:
    """An order type this symbol does not offer."""
    return unavailable(f"{order_type} orders are not supported for this symbol.")


def unsupported_combination() -> Refused:
    """Parameters that do not go together."""
    return Refused(-1014, "Unsupported order combination.")


def too_thin() -> Refused:
    """A market order by quote amount that the book cannot turn into one lot."""
    return rejected("Order book liquidity is less than `LOT_SIZE` filter minimum quantity.")


def unknown_symbol() -> Refused:
    """No such symbol."""
    return Refused(-1121, "Invalid symbol.")


def unknown_order() -> Refused:
    """A cancel of an order that is not open."""
    return Refused(CANCEL_REJECTED, "Unknown order sent.")


def no_such_order() -> Refused:
    """A query for an order that never was."""
    return Refused(-2013, "Order does not exist.")


def no_such_list() -> Refused:
    """A query for an order list that never was."""
    return Refused(-2018, "Order list does not exist.")


def wrong_client_id() -> Refused:
    """Order id and client order id name different orders."""
    return Refused(-2039, "Client order ID is not correct for this order ID.")


def unknown_list() -> Refused:
    """A cancel of an order list that is not open."""
    return Refused(CANCEL_REJECTED, "Unknown order list sent.")


def unsupported_list(kind: str) -> Refused:
    """An order list this symbol does not offer."""
    return unavailable(f"{kind} orders are not supported for this symbol")


def cancel_restricted() -> Refused:
    """The order is not in the state the cancel asks for."""
    return Refused(CANCEL_REJECTED, "Order was not canceled due to cancel restrictions.")


def amend_rejected(message: str) -> Refused:
    """A reduction of quantity that cannot be made."""
    return Refused(-2038, message)


def stp_not_allowed() -> Refused:
    """The symbol does not offer this mode of self-trade prevention."""
    return Refused(FILTER_FAILED, "This symbol does not allow the specified self-trade prevention mode.")


def invalid_account() -> Refused:
    """No such account."""
    return Refused(-2008, "Invalid Api-Key ID.")
