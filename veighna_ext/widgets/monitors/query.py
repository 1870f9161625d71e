"""What is typed into the filter box, as a test that a row passes or fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any

from vnpy.trader.constant import Direction, Exchange, Offset, OrderType, Status

from veighna_ext.widgets.monitors.cell_text import TextOf, choice
from veighna_ext.widgets.monitors.columns import CHOICES, NUMBERS, Column, Kind

Test = Callable[[Any], bool]

_NUMERIC = frozenset("0123456789.-")
_CLOCK = frozenset("0123456789:.")
_DECIMALS = "%.10f"


@dataclass(frozen=True)
class Searched:
    """A column and how its cells are written."""

    column: Column
    text_of: TextOf


class Query:
    """Every word must be found in some shown column, or in the one named as `column:word`."""

    def __init__(self, text: str, columns: Sequence[Column], texts: Sequence[TextOf]) -> None:
        searched = [Searched(column, text_of) for column, text_of in zip(columns, texts, strict=True)]
        self.words = tuple(text.lower().split())
        self._fields = tuple(column.field for column in columns)
        self._tests = [_word_tests(word, searched) for word in self.words]

    def __bool__(self) -> bool:
        return bool(self.words)

    def __call__(self, data: Any) -> bool:
        # plain loops: this runs for every row of a big table while someone types
        for tests in self._tests:
            for test in tests:
                if test(data):
                    break
            else:
                return False
        return True

    def narrows(self, other: Query | None) -> bool:
        """Can only rows that pass `other` pass this one?"""
        if other is None:
            return True
        if self._fields != other._fields or any(":" in word for word in (*self.words, *other.words)):
            return False
        return all(any(old in word for word in self.words) for old in other.words)


def _word_tests(word: str, searched: Sequence[Searched]) -> list[Test]:
    name, colon, rest = word.partition(":")
    if colon and rest and name:
        named = [one for one in searched if _is_named(one.column, name)]
        if named:
            return _tests(rest, named)
    return _tests(word, [one for one in searched if _can_hold(one.column.kind, word)])


def _is_named(column: Column, name: str) -> bool:
    return column.field.startswith(name) or column.label.lower().startswith(name)


def _can_hold(kind: Kind, word: str) -> bool:
    """Numbers are searched for numbers, times for what looks like a time: the rest would be slow noise."""
    if kind in NUMBERS:
        return _NUMERIC.issuperset(word)
    if kind is Kind.TIME:
        return ":" in word and _CLOCK.issuperset(word)
    return True


def _tests(word: str, searched: Sequence[Searched]) -> list[Test]:
    """One test for all columns of a sort: reading them together is what makes a filter quick."""
    plain = [one for one in searched if one.column.kind in (Kind.TEXT, Kind.IDENTITY)]
    choices = [one for one in searched if one.column.kind in CHOICES]
    numbers = [one for one in searched if one.column.kind in NUMBERS]
    rest = [one for one in searched if one not in plain + choices + numbers]
    tests: list[Test] = []
    if plain:
        tests.append(_text_test(word, [one.column.field for one in plain]))
    if choices and any(word in text for text in _all_choices()):
        tests.append(_choice_test(word, [one.column.field for one in choices]))
    if numbers:
        tests.append(_number_test(word, numbers))
    return tests + [_written_test(word, [one]) for one in rest]


@cache
def _all_choices() -> frozenset[str]:
    """Every text such a column can show: a word that is in none of them need not be looked for."""
    kinds: tuple[type[Enum], ...] = (Direction, Exchange, Offset, OrderType, Status)
    return frozenset(choice(member).lower() for kind in kinds for member in kind)


def _text_test(word: str, fields: Sequence[str]) -> Test:
    read = _reader(fields)

    def test(data: Any) -> bool:
        values = read(data)
        try:
            text = "\n".join(values)
        except TypeError:
            text = "\n".join(str(value) for value in values if value is not None)
        return word in text.lower()

    return test


def _choice_test(word: str, fields: Sequence[str]) -> Test:
    # the text of an enum member hashes many times faster than the member
    read, read_any = _reader([f"{field}._value_" for field in fields]), _reader(fields)
    known: dict[Any, bool] = {}

    def test(data: Any) -> bool:
        try:
            values = read(data)
        except AttributeError:
            values = tuple(choice(value) for value in read_any(data))
        found = known.get(values)
        if found is None:
            found = known[values] = any(word in str(value).lower() for value in values)
        return found

    return test


def _number_test(word: str, searched: Sequence[Searched]) -> Test:
    read = _reader([one.column.field for one in searched])
    exactly = _written_test(word, searched)
    # however many decimals a cell shows, these are more: what is not in here is not in the cell either
    many_decimals = " ".join([_DECIMALS] * len(searched))

    def test(data: Any) -> bool:
        try:
            if word not in many_decimals % read(data):
                return False
        except TypeError:
            pass
        return exactly(data)

    return test


def _written_test(word: str, searched: Sequence[Searched]) -> Test:
    texts = [one.text_of for one in searched]
    return lambda data: any(word in text_of(data).lower() for text_of in texts)


def _reader(fields: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    read = attrgetter(*fields)
    return read if len(fields) > 1 else lambda data: (read(data),)
