"""Says which step runs and how far it is: one updating line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
import unicodedata
from typing import TextIO

REDRAW_S = 0.1


def width_of(text: str) -> int:
    """Columns `text` takes on a terminal, where Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def shortened(text: str, columns: int) -> str:
    """`text` cut to `columns`, so that an updating line never wraps."""
    if width_of(text) <= columns:
        return text
    while text and width_of(text) > columns - 1:
        text = text[:-1]
    return text + "…"


class Progress:
    """Writes to `stream` (standard error unless told), which keeps standard output for answers."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._drawn = 0
        self._drawn_at = 0.0
        self._last_plain = ""

    def say(self, sentence: str) -> None:
        """A sentence that stays."""
        self._clear()
        self._write(sentence + "\n")

    def update(self, milestone: str, detail: str = "") -> None:
        """Where the step is now; `detail` is only shown where the line updates itself."""
        if not self._live:
            if milestone != self._last_plain:
                self._last_plain = milestone
                self._write(f"  {milestone}\n")
            return
        now = time.monotonic()
        if now - self._drawn_at < REDRAW_S and milestone == self._last_plain:
            return
        self._last_plain, self._drawn_at = milestone, now
        text = shortened(f"  {milestone}  {detail}".rstrip(), shutil.get_terminal_size().columns - 1)
        self._clear()
        self._drawn = width_of(text)
        self._write(text)

    def done(self) -> None:
        """The updating line goes."""
        self._clear()
        self._last_plain = ""

    def _clear(self) -> None:
        if self._drawn:
            self._write("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _write(self, text: str) -> None:
        encoding = self._stream.encoding or "ascii"
        self._stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
        self._stream.flush()
