"""Ids for orders, cancels and lists whose sender gives none: 22 letters and digits, never the same twice."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterator
from itertools import product

_CHARACTERS = string.digits + string.ascii_letters
_COUNTED = 4
_DRAWN = 18


def _ids() -> Iterator[str]:
    """Drawn once for many: a few characters count, each in an order that was drawn too."""
    dice = secrets.SystemRandom()
    while True:
        drawn = "".join(dice.choices(_CHARACTERS, k=_DRAWN))
        digits = [dice.sample(_CHARACTERS, len(_CHARACTERS)) for _ in range(_COUNTED)]
        for counted in product(*digits):
            yield "".join(counted[::-1]) + drawn


new_client_id = _ids().__next__
"""The next id."""
