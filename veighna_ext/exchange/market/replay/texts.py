"""Amounts and times as tapes write them, read without a float."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal

from veighna_ext.exchange.amounts import DECIMALS, NotAnAmount, parse_amount
from veighna_ext.exchange.market.replay.errors import BadRow

_KEPT_AMOUNTS = 32_768
_LARGEST_EXPONENT = 18
_NUMBER = re.compile(r"[0-9]*\.?[0-9]*(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)

# numbers of different sizes: a time in seconds, milliseconds, microseconds, nanoseconds between 1973 and 5138
_FIRST_SECOND = 10**8
_FIRST_MILLISECOND = 10**11
_FIRST_MICROSECOND = 10**14
_FIRST_NANOSECOND = 10**17
_END_OF_TIME = 10**20


class AmountTexts(dict[str, int]):
    """
    The units of a decimal text, remembered because a tape repeats its prices and sizes.

    Decimals beyond the venue's are rounded: programs that store floats write 0.30000000000000004.
    """

    def __missing__(self, text: str) -> int:
        if len(self) >= _KEPT_AMOUNTS:
            self.clear()
        units = self[text] = amount_in_units(text)
        return units


def amount_in_units(text: str) -> int:
    """The units of a decimal number, which may have an exponent or too many decimals."""
    try:
        return parse_amount(text)
    except NotAnAmount:
        if not _NUMBER.fullmatch(text) or not text.strip(".eE"):
            raise BadRow(f"{text!r} is not a decimal number") from None
    try:
        number = Decimal(text)
    except ArithmeticError:
        raise BadRow(f"{text!r} is not a decimal number") from None
    if number.adjusted() > _LARGEST_EXPONENT:
        raise BadRow(f"{text!r} is too large")
    return int(number.scaleb(DECIMALS).quantize(Decimal(1), ROUND_HALF_EVEN))


def time_in_micros(text: str) -> int:
    """Microseconds from an ISO time, UTC where it names no zone, or from a number since the epoch."""
    if text.isascii() and text.isdigit():
        return number_in_micros(int(text))
    try:
        moment = datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith(("Z", "z")) else text)
    except ValueError:
        raise BadRow(f"{text!r} is not a time") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return (moment - _EPOCH) // _MICROSECOND


def number_in_micros(number: int) -> int:
    """Microseconds from seconds, milliseconds, microseconds or nanoseconds, told apart by their size."""
    if _FIRST_MILLISECOND <= number < _FIRST_MICROSECOND:
        return number * 1000
    if _FIRST_MICROSECOND <= number < _FIRST_NANOSECOND:
        return number
    if _FIRST_SECOND <= number < _FIRST_MILLISECOND:
        return number * 1_000_000
    if _FIRST_NANOSECOND <= number < _END_OF_TIME:
        return number // 1000
    raise BadRow(f"{number} is not a time")


def numbers_in_micros(numbers: list[int]) -> list[int]:
    """The same for a whole column, which mostly has one unit."""
    earliest, latest = min(numbers), max(numbers)
    if earliest >= _FIRST_MICROSECOND and latest < _FIRST_NANOSECOND:
        return numbers
    if earliest >= _FIRST_MILLISECOND and latest < _FIRST_MICROSECOND:
        return [number * 1000 for number in numbers]
    return [number_in_micros(number) for number in numbers]


def time_text(time: int) -> str:
    """A time for a finding's sentence."""
    return (_EPOCH + timedelta(microseconds=time)).isoformat(sep=" ").removesuffix("+00:00")


def span_text(micros: int) -> str:
    """A length of time for a finding's sentence."""
    return str(timedelta(microseconds=micros))
