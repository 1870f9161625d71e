"""Exact amounts: every price, quantity and balance is a whole number of hundred-millionths."""

from __future__ import annotations

DECIMALS = 8
UNIT = 100_000_000


class NotAnAmount(ValueError):
    """A text that is not a plain decimal number; ``too_precise`` when only its decimals are too many."""

    def __init__(self, text: str, *, too_precise: bool = False) -> None:
        super().__init__(f"{text!r} is not a plain decimal number with at most {DECIMALS} decimals")
        self.text = text
        self.too_precise = too_precise


def parse_amount(text: str) -> int:
    """The units in a plain decimal text such as ``0.00100000``; no sign, no exponent."""
    whole, point, decimals = text.partition(".")
    digits = whole + decimals
    if not (digits.isascii() and digits.isdigit() and whole) or (point and not decimals):
        raise NotAnAmount(text)
    if len(decimals) > DECIMALS:
        if decimals[DECIMALS:].strip("0"):
            raise NotAnAmount(text, too_precise=True)
        decimals = decimals[:DECIMALS]
    return int(whole) * UNIT + int(decimals.ljust(DECIMALS, "0"))


def format_amount(units: int) -> str:
    """The text of an amount with all eight decimals."""
    if units < 0:
        return "-" + format_amount(-units)
    digits = str(units)
    if len(digits) <= DECIMALS:
        return "0." + digits.zfill(DECIMALS)
    return digits[:-DECIMALS] + "." + digits[-DECIMALS:]


def quote_amount(price: int, quantity: int) -> int:
    """What a quantity costs at a price; exact where a symbol's tick times its step is a whole unit."""
    return price * quantity // UNIT
