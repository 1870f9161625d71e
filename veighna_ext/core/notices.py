"""What the user must be told: one board that any thread may post to and the window shows without blocking."""

from __future__ import annotations

import enum
import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

KEEP = 500


class Level(enum.IntEnum):
    """How much a notice asks of the reader."""

    INFO = 1
    WARNING = 2
    ERROR = 3


def _now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True)
class Notice:
    """One thing that happened: a sentence, where it came from, and the details for whoever wants them."""

    number: int
    level: Level
    text: str
    source: str = ""
    detail: str = ""
    count: int = 1
    read: bool = False
    when: datetime = field(default_factory=_now)


Key = tuple[Level, str, str]
Listener = Callable[[Notice], None]


class NoticeBoard:
    """Keeps the latest notices; the same text from the same source counts up instead of piling up."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # ordered, because a plain dict looks for its first entry among those already deleted
        self._notices: OrderedDict[Key, Notice] = OrderedDict()
        self._forgettable: OrderedDict[Key, None] = OrderedDict()
        self._numbers = itertools.count(1)
        self._listeners: tuple[Listener, ...] = ()

    def post(self, level: Level, text: str, source: str = "", detail: str = "") -> Notice:
        """Add a notice from any thread; listeners are called in that thread."""
        key = (level, source, text)
        with self._lock:
            known = self._notices.pop(key, None)
            self._forgettable.pop(key, None)
            if known is None:
                notice = Notice(next(self._numbers), level, text, source, detail)
            else:
                notice = replace(known, count=known.count + 1, read=False, when=_now())
            self._notices[key] = notice
            if level < Level.ERROR:
                self._forgettable[key] = None
            self._forget_oldest()
            listeners = self._listeners
        for listener in listeners:
            listener(notice)
        return notice

    def info(self, text: str, source: str = "", detail: str = "") -> Notice:
        """Something good or neutral happened."""
        return self.post(Level.INFO, text, source, detail)

    def warning(self, text: str, source: str = "", detail: str = "") -> Notice:
        """Something needs attention; work goes on."""
        return self.post(Level.WARNING, text, source, detail)

    def error(self, text: str, source: str = "", detail: str = "") -> Notice:
        """Something failed; it stays until it is read."""
        return self.post(Level.ERROR, text, source, detail)

    def all(self) -> list[Notice]:
        """Newest first."""
        with self._lock:
            return list(reversed(self._notices.values()))

    def unread(self, least: Level = Level.WARNING) -> int:
        """How many notices of at least this level wait to be read."""
        with self._lock:
            return sum(1 for notice in self._notices.values() if not notice.read and notice.level >= least)

    def mark_read(self) -> None:
        """The reader has seen everything there is now."""
        with self._lock:
            for key, notice in self._notices.items():
                self._notices[key] = replace(notice, read=True)
            self._forgettable = OrderedDict.fromkeys(self._notices)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._notices.clear()
            self._forgettable.clear()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every new notice; returns the call that ends it."""
        with self._lock:
            self._listeners = (*self._listeners, listener)

        def end() -> None:
            with self._lock:
                self._listeners = tuple(known for known in self._listeners if known is not listener)

        return end

    def _forget_oldest(self) -> None:
        if len(self._notices) <= KEEP:
            return
        if self._forgettable:
            oldest, _nothing = self._forgettable.popitem(last=False)
            del self._notices[oldest]
        else:
            self._notices.popitem(last=False)
