"""Amounts as the control API takes them."""

from __future__ import annotations

from typing import Final

from veighna_ext.exchange.amounts import NotAnAmount, format_amount, parse_amount
from veighna_ext.exchange.server.control.problems import wrong

LARGEST: Final = 2**62
"""The most that comes in or leaves at once: amounts of commands must fit in 64 bits."""


def read_amount(field: str, text: str) -> int:
    """The units of an amount whose form was looked at already."""
    try:
        units = parse_amount(text)
    except NotAnAmount as error:
        raise wrong(field, str(error)) from None
    if units > LARGEST:
        raise wrong(field, f"at most {format_amount(LARGEST)}")
    return units
