"""What is typed into the filter box, as a test that a row passes or fails."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from veighna_ext.widgets.monitors.cell_text import TextOf, choice
from veighna_ext.widgets.monitors.columns import CHOICES, NUMBERS, Column, Kind

Test = Callable[[Any], bool]

_NUMERIC = frozenset("0123456789.-")
_CLOCK = frozenset("0123456789:.")


class Query:
    """Every word must be found in some shown column, or in the one named as `column:word`."""

    def __init__(self, text: str, columns: Sequence[Column], texts: Sequence[TextOf]) -> None:
        self.words = tuple(text.lower().split())
        self._fields = tuple(column.field for column in columns)
        self._tests = [_word_test(word, columns, texts) for word in self.words]

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


def _word_test(word: str, columns: Sequence[Column], texts: Sequence[TextOf]) -> list[Test]:
    name, colon, rest = word.partition(":")
    if colon and rest:
        named = [at for at, column in enumerate(columns) if _is_named(column, name)]
        if named:
            return [_cell_test(rest, columns[at], texts[at]) for at in named]
    likely = sorted(range(len(columns)), key=lambda at: columns[at].field != "symbol")
    return [_cell_test(word, columns[at], texts[at]) for at in likely if _can_hold(columns[at].kind, word)]


def _is_named(column: Column, name: str) -> bool:
    return bool(name) and (column.field.startswith(name) or column.label.lower().startswith(name))


def _can_hold(kind: Kind, word: str) -> bool:
    """Numbers are searched for numbers, times for what looks like a time: the rest would be slow noise."""
    if kind in NUMBERS:
        return _NUMERIC.issuperset(word)
    if kind is Kind.TIME:
        return ":" in word and _CLOCK.issuperset(word)
    return True


def _cell_test(word: str, column: Column, text_of: TextOf) -> Test:
    read = attrgetter(column.field)
    if column.kind in CHOICES:
        known: dict[str, bool] = {}

        def test_choice(data: Any) -> bool:
            text = choice(read(data))
            found = known.get(text)
            if found is None:
                found = known[text] = word in text.lower()
            return found

        return test_choice
    if column.kind in (Kind.TEXT, Kind.IDENTITY):
        return lambda data: word in str(read(data) or "").lower()
    return lambda data: word in text_of(data).lower()
