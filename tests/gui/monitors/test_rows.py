"""Rows in any arrangement are what plainly sorting and filtering the data would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from veighna_ext.widgets.monitors.cell_text import rank_of, text_of
from veighna_ext.widgets.monitors.columns import Column, Kind
from veighna_ext.widgets.monitors.query import Query
from veighna_ext.widgets.monitors.rows import Rows, Sort


@dataclass
class Thing:
    key: str
    size: float
    alive: bool = True


COLUMNS = (Column("key", "Key", Kind.TEXT, 8), Column("size", "Size", Kind.VOLUME, 8))
TEXTS = [text_of(column, lambda _symbol: None) for column in COLUMNS]
RANKS = [rank_of(column) for column in COLUMNS]

KEYS = st.sampled_from("abcdefghijklmnopqrst")
THINGS = st.builds(Thing, KEYS, st.integers(0, 39).map(float), st.sampled_from([True, True, False]))
SORTS = st.none() | st.builds(Sort, st.integers(0, 1), st.booleans())
WORDS = st.sampled_from(["", "a", "3", "b", "key:c"])
STEPS = st.lists(st.lists(THINGS, max_size=20) | SORTS | WORDS, max_size=25)


def query(text: str) -> Query | None:
    return Query(text, COLUMNS, TEXTS) if text else None


def arrange(rows: Rows, sort: Sort | None, word: str, meanwhile: list[Thing]) -> None:
    """Rearrange as the model does, with arrivals between the slices."""
    work = rows.rearranged(sort, query(word))
    while True:
        try:
            next(work)
        except StopIteration as finished:
            rows.adopt(finished.value)
            return
        take(rows, meanwhile[:1])
        del meanwhile[:1]


def take(rows: Rows, things: list[Thing]) -> None:
    batch = rows.absorb(things)
    rows.leave(batch)
    rows.settle(batch)


class PlainTable:
    """The obvious way: a list, sorted and filtered from scratch each time it is looked at."""

    def __init__(self) -> None:
        self.things: list[Thing] = []

    def take(self, thing: Thing) -> None:
        place = next((at for at, known in enumerate(self.things) if known.key == thing.key), None)
        if place is None:
            if thing.alive:
                self.things.append(thing)
        elif thing.alive:
            self.things[place] = thing
        else:
            del self.things[place]

    def shown(self, sort: Sort | None, word: str) -> list[Thing]:
        wanted = query(word)
        found = [thing for thing in self.things if wanted is None or wanted(thing)]
        if sort is not None:
            found.sort(key=RANKS[sort.column])
        return found[::-1] if sort is None or sort.descending else found


@given(STEPS, st.lists(THINGS, max_size=10))
def test_any_arrivals_sorts_and_filters_show_what_a_plain_table_shows(
    steps: list[Any], meanwhile: list[Thing]
) -> None:
    rows, plain = Rows(RANKS, "key", lambda thing: thing.alive), PlainTable()
    sort: Sort | None = None
    word = ""
    for step in steps:
        if isinstance(step, list):
            take(rows, step)
            for thing in step:
                plain.take(thing)
        else:
            sort, word = (sort, step) if isinstance(step, str) else (step, word)
            waiting = list(meanwhile)
            arrange(rows, sort, word, waiting)
            for thing in meanwhile[:len(meanwhile) - len(waiting)]:
                plain.take(thing)
        expected = plain.shown(sort, word)
        assert [rows.data[number] for number in rows.all_shown()] == expected
        assert [rows.position(number) for number in rows.all_shown()] == list(range(len(expected)))


@given(st.lists(st.lists(st.integers(0, 9), max_size=9), max_size=9), st.integers(1, 8), SORTS)
def test_a_limited_table_holds_the_latest_rows(
    batches: list[list[int]], limit: int, sort: Sort | None
) -> None:
    rows = Rows(RANKS, limit=limit)
    arrange(rows, sort, "", [])
    everything: list[Thing] = []
    for sizes in batches:
        things = [Thing("x", float(size)) for size in sizes]
        take(rows, things)
        everything += things
    latest = everything[-limit:]
    shown = [rows.data[number].size for number in rows.all_shown()]
    assert sorted(shown) == sorted(thing.size for thing in latest)
    assert list(rows.data.values()) == latest


def test_a_cleared_table_keeps_its_sort_and_filter() -> None:
    rows = Rows(RANKS, "key")
    arrange(rows, Sort(1, descending=True), "3", [])
    take(rows, [Thing("a", 3), Thing("b", 33), Thing("c", 5)])
    rows.clear()
    take(rows, [Thing("c", 3), Thing("d", 43), Thing("e", 7)])
    assert [rows.data[number].key for number in rows.all_shown()] == ["d", "c"]
