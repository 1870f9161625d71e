"""What trading requests are refused for before the venue is asked, in Binance's words."""

from __future__ import annotations

from veighna_ext.exchange import errors
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server.limits.refusing import OverLimit
from veighna_ext.exchange.server.refusals import Refusal


def pegged() -> Refused:
    """No symbol has orders whose price follows the book's."""
    return errors.unavailable("Pegged orders are not supported for this symbol.")


def no_sor() -> Refused:
    """No symbol's orders are routed to other books."""
    return errors.unavailable("This symbol has no SOR.")


def no_opo() -> Refused:
    """No symbol has lists whose pending orders are paid for by the working one."""
    return errors.unavailable("OPO orders are not supported for this symbol.")


def iceberg_not_resting(iceberg: str, time_in_force: str) -> Refusal:
    """An iceberg in a pair that could not rest."""
    return Refusal(-1160, f"Parameter '{iceberg}' is not supported if '{time_in_force}' is not GTC.")


def without(missing: str) -> Refusal:
    """A parameter that only makes sense with another one."""
    return Refusal(
        -1128, f"Combination of optional parameters invalid. Recommendation: '{missing}' should also be sent."
    )


def too_long_a_period(hours: int) -> Refusal:
    """Start and end lie too far apart."""
    return Refusal(-1127, f"More than {hours} hours between startTime and endTime.")


def replace_failed(data: object, over_limit: OverLimit | None = None) -> Refusal:
    """Neither half of a cancel-replace was done, or the order was over a limit."""
    return _replace(-2022, "Order cancel-replace failed.", data, over_limit)


def replace_half_failed(data: object, over_limit: OverLimit | None = None) -> Refusal:
    """One half of a cancel-replace was done, the other was not."""
    return _replace(-2021, "Order cancel-replace partially failed.", data, over_limit)


def _replace(code: int, message: str, data: object, over_limit: OverLimit | None) -> Refusal:
    if over_limit is None:
        return Refusal(code, message, data=data)
    return Refusal(code, message, data=data, status=over_limit.status, retry_after=over_limit.retry_after)
