"""Row positions as runs without gaps, the way Qt wants changes announced."""

from __future__ import annotations

from collections.abc import Sequence


def as_runs(positions: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending positions as (first, stop) pairs."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs
