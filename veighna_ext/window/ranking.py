"""Which of many named things a few typed letters mean. Qt-free."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

SHOWN = 60

AT_START, AT_WORD, AFTER_LAST, LOOSE = 12, 9, 9, 1
PHRASE, WHOLE_TITLE, OUTSIDE_TITLE = 10, 40, -12
RECENT_BONUS = 15


@dataclass(frozen=True)
class Entry:
    """Something that can be chosen: its name, where it lives, other words for it, and what it does."""

    title: str
    subtitle: str = ""
    icon: Any = None
    run: Callable[[], object] = lambda: None
    keywords: str = ""
    shortcut: str = ""

    @property
    def key(self) -> str:
        """What a remembered choice is known by."""
        return f"{self.title}\t{self.subtitle}"

    @cached_property
    def folded_title(self) -> str:
        """The title as it is compared."""
        return self.title.casefold()

    @cached_property
    def haystack(self) -> str:
        """Everything that is searched, the title first."""
        return f"{self.folded_title} {self.subtitle} {self.keywords}".casefold()


def matches(query: str, entry: Entry) -> bool:
    """Whether each word of `query` is in the entry's text, its letters in order."""
    return all(_is_subsequence(word, entry.haystack) for word in query.casefold().split())


def rank(query: str, entries: Iterable[Entry], recent: Sequence[str] = (), limit: int = SHOWN) -> list[Entry]:
    """The best entries for `query`, best first and equal ones as given; without a query all as given.

    Letters count more at the start, at the start of words and next to each other; recent choices count extra.
    """
    words = query.casefold().split()
    newest_first = {key: place for place, key in enumerate(recent)}
    if not words:
        last = len(newest_first)
        return heapq.nsmallest(limit, entries, key=lambda entry: newest_first.get(entry.key, last))
    found = []
    for order, entry in enumerate(entries):
        score = _score(words, entry)
        if score is not None:
            found.append((-score - _recency(entry, newest_first), len(entry.folded_title), order, entry))
    return [entry for *_rest, entry in heapq.nsmallest(limit, found, key=lambda item: item[:3])]


def _recency(entry: Entry, newest_first: Mapping[str, int]) -> int:
    if not newest_first:
        return 0
    place = newest_first.get(entry.key)
    return 0 if place is None else max(1, RECENT_BONUS - place)


def _is_subsequence(word: str, text: str) -> bool:
    at = -1
    for letter in word:
        at = text.find(letter, at + 1)
        if at < 0:
            return False
    return True


def _score(words: Sequence[str], entry: Entry) -> int | None:
    """How well the words fit; None when one of them is not there."""
    text, title_end = entry.haystack, len(entry.folded_title)
    total = WHOLE_TITLE if len(words) == 1 and words[0] == entry.folded_title else 0
    for word in words:
        score = _score_word(word, text, title_end)
        if score is None:
            return None
        total += score
    return total


def _score_word(word: str, text: str, title_end: int) -> int | None:
    at = text.find(word)
    if at >= 0:
        at = _word_start(word, text, at)
        score = PHRASE + _place(text, at) + AFTER_LAST * (len(word) - 1)
    elif _is_subsequence(word, text):
        at, score = text.find(word[0]), _score_letters(word, text)
    else:
        return None
    return score if at < title_end else score + OUTSIDE_TITLE


def _score_letters(word: str, text: str) -> int:
    """Each letter next to the last or else at a word's start; little for letters merely somewhere."""
    at, score = -1, 0
    for letter in word:
        if at >= 0 and text.startswith(letter, at + 1):
            at += 1
            score += AFTER_LAST
            continue
        at = text.find(letter, at + 1)
        if at < 0:
            return LOOSE * len(word)
        at = _word_start(letter, text, at)
        score += _place(text, at)
    return score


def _word_start(part: str, text: str, first: int) -> int:
    """The first place of `part`, from `first` on, where a word starts; `first` if there is none."""
    at = first
    while at >= 0:
        if _starts_word(text, at):
            return at
        at = text.find(part, at + 1)
    return first


def _starts_word(text: str, at: int) -> bool:
    if at == 0:
        return True
    before = text[at - 1]
    return not before.isalnum() or before.isascii() != text[at].isascii()


def _place(text: str, at: int) -> int:
    if at == 0:
        return AT_START
    return AT_WORD if _starts_word(text, at) else LOOSE
