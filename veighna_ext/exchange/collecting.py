"""Python's garbage collection, kept away from where very many objects are made at once."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_garbage_collection() -> Iterator[None]:
    """Looking for garbage again and again among objects that are all still needed only costs time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def count_as_old() -> None:
    """Let all objects there are be the oldest without a look at each, or stay out of collections for good."""
    keeps_things_out = gc.get_freeze_count() > 0
    gc.freeze()
    if not keeps_things_out:
        gc.unfreeze()
