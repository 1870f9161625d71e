"""What a request may carry: each parameter's name, how its text is read, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from veighna_ext.exchange import enums
from veighna_ext.exchange.amounts import NotAnAmount, parse_amount
from veighna_ext.exchange.errors import Refused
from veighna_ext.exchange.server import refusals
from veighna_ext.exchange.statistics.intervals import INTERVALS, BadTimeZone, parse_time_zone

Values = dict[str, Any]
"""A request's parameters by name, read; None where an optional one without default was not sent."""
Reader = Callable[[str, str], Any]
"""Reads the text of a parameter of that name, or refuses it."""

LARGEST = 2**63 - 1
_FIRST_MICROSECONDS = 10**14
"""Times from here on are microseconds: as milliseconds they would be in the year 5138."""

_USUAL_LENGTH = 13
"""Of a time in milliseconds, until the year 2286."""
_DECIMAL = "^([0-9]{1,20})(\\.[0-9]{1,20})?$"
_WHOLE = "^[0-9]{1,20}$"
_SYMBOL = "^[A-Z0-9-_.]{1,20}$"
_SYMBOLS = '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$'
_CLIENT_ID = "^[a-zA-Z0-9-_]{1,36}$"
_is_decimal = re.compile(_DECIMAL, re.ASCII).fullmatch
_is_whole = re.compile(_WHOLE, re.ASCII).fullmatch
# names in other scripts came later than the text of the refusal
_is_symbol = re.compile(r"[A-Z0-9-_.\u0080-\U0010ffff]{1,20}").fullmatch
_is_client_id = re.compile(_CLIENT_ID, re.ASCII).fullmatch

# a trader's symbols, prices and quantities come again and again; what is refused is not remembered
_remembered = lru_cache(4096)


@_remembered
def amount(name: str, text: str) -> int:
    """A price or a quantity, in units."""
    if not _is_decimal(text):
        raise refusals.illegal(name, _DECIMAL)
    try:
        units = parse_amount(text)
    except NotAnAmount:
        raise refusals.too_precise(name) from None
    if units > LARGEST:
        raise refusals.overflowed(name)
    return units


def whole(name: str, text: str) -> int:
    """An id or a number, zero or more."""
    if not _is_whole(text):
        raise refusals.illegal(name, _WHOLE)
    number = int(text)
    if number > LARGEST:
        raise refusals.overflowed(name)
    return number


def moment(name: str, text: str) -> int:
    """A time in milliseconds or microseconds, as microseconds."""
    if len(text) == _USUAL_LENGTH and text.isascii() and text.isdigit():
        return int(text) * 1000
    number = whole(name, text)
    return number if number >= _FIRST_MICROSECONDS else number * 1000


def last_moment(name: str, text: str) -> int:
    """The last microsecond of a time: all of the millisecond where it is in milliseconds."""
    number = whole(name, text)
    return number if number >= _FIRST_MICROSECONDS else number * 1000 + 999


@_remembered
def symbol(name: str, text: str) -> str:
    """A symbol's name; whether it is listed is for the venue to say."""
    if not _is_symbol(text):
        raise refusals.illegal(name, _SYMBOL)
    return text


def symbols(name: str, text: str) -> list[str]:
    """A JSON array of symbols, each at most once."""
    try:
        names = msgspec.json.decode(text, type=list[str])
    except msgspec.DecodeError:
        raise refusals.illegal(name, _SYMBOLS) from None
    if not all(map(_is_symbol, names)) or not names:
        raise refusals.illegal(name, _SYMBOLS)
    if len(set(names)) < len(names):
        raise refusals.Refusal(-1151, "Symbol is present multiple times in the list.")
    return names


def client_id(name: str, text: str) -> str:
    """A trader's own id of an order or an order list."""
    if not _is_client_id(text):
        raise refusals.illegal(name, _CLIENT_ID)
    return text


def flag(name: str, text: str) -> bool:
    """True or false."""
    lowered = text.lower()
    if lowered not in ("true", "false"):
        raise refusals.invalid(name)
    return lowered == "true"


def text(_: str, text: str) -> str:
    """Any text."""
    return text


def interval(_: str, text: str) -> str:
    """The length of a candle."""
    if text not in INTERVALS:
        raise refusals.Refusal(-1120, "Invalid interval.")
    return text


def time_zone(name: str, text: str) -> int:
    """A shift of days and weeks against UTC, in microseconds."""
    try:
        return parse_time_zone(text)
    except BadTimeZone:
        raise refusals.invalid(name) from None


def choice(options: Mapping[str, Any], refusal: Refused | None = None) -> Reader:
    """One of some words, as what each stands for."""
    known = dict(options)

    def read(name: str, text: str) -> Any:
        try:
            return known[text]
        except KeyError:
            if refusal is None:
                raise refusals.invalid(name) from None
            # a new one each time: an exception raised again keeps the frames of every time before
            raise refusals.Refusal(refusal.code, refusal.message) from None

    return read


def number_up_to(most: int, least: int = 1) -> Reader:
    """A page size; more than the most is taken for the most."""

    def read(name: str, text: str) -> int:
        number = whole(name, text)
        if number < least:
            raise refusals.invalid(name)
        return min(number, most)

    return read


def _numbered(words: tuple[str, ...]) -> dict[str, int]:
    return {word: number for number, word in enumerate(words)}


side = choice(_numbered(enums.SIDES), refusals.Refusal(-1117, "Invalid side."))
order_type = choice(_numbered(enums.ORDER_TYPES), refusals.Refusal(-1116, "Invalid orderType."))
time_in_force = choice(_numbered(enums.TIMES_IN_FORCE), refusals.Refusal(-1115, "Invalid timeInForce."))
stp_mode = choice(_numbered(enums.STP_MODES))
symbol_status = choice(_numbered(enums.SYMBOL_STATUSES), refusals.Refusal(-1122, "Invalid symbolStatus."))


@dataclass(frozen=True)
class Parameter:
    """One parameter of a request."""

    name: str
    read: Reader
    mandatory: bool = False
    default: Any = None


def mandatory(name: str, read: Reader) -> Parameter:
    """A parameter without which there is no request."""
    return Parameter(name, read, mandatory=True)


def optional(name: str, read: Reader, default: Any = None) -> Parameter:
    """A parameter that may be left out."""
    return Parameter(name, read, default=default)


SIGNING = ("apiKey", "timestamp", "recvWindow", "signature")
"""What a signed request carries besides its own parameters."""

IN_REST = frozenset(SIGNING) - {"apiKey"}
IN_WEBSOCKET_API = frozenset(SIGNING)
"""Where it carries them: REST has the key in a header."""
_NOTHING_SIGNED: frozenset[str] = frozenset()


class Parameters:
    """All parameters of one kind of request."""

    def __init__(self, *parameters: Parameter) -> None:
        self.all = parameters
        self._readers = {each.name: each.read for each in parameters}
        self._mandatory = tuple(each.name for each in parameters if each.mandatory)
        self._defaults: Values = {each.name: each.default for each in parameters}

    def read(self, sent: Mapping[str, str], signing: frozenset[str] = _NOTHING_SIGNED) -> Values:
        """
        Everything that was sent, read; refused where something is missing, malformed or unknown.

        What only signs the request is left alone, but counts as a parameter of it.
        """
        for name in self._mandatory:
            if name not in sent:
                raise refusals.malformed(name)
        values = self._defaults.copy()
        readers = self._readers
        unknown = 0
        for name, sent_text in sent.items():
            reader = readers.get(name)
            if reader is None:
                if name not in signing:
                    unknown += 1
            elif not sent_text:
                raise refusals.empty(name)
            else:
                values[name] = reader(name, sent_text)
        if unknown:
            known = len(readers) + len(signing)
            if len(sent) > known:
                raise refusals.too_many(known, len(sent))
            raise refusals.unread(len(sent) - unknown, len(sent))
        return values


NOTHING = Parameters()
