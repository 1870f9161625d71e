"""How long to try: seconds by default, and much longer, with new ideas each time, in nightly runs."""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

NIGHTLY = os.environ.get("VEIGHNA_NIGHTLY") == "1"
TIMES_LONGER = 30


def examples(how_many: int) -> Any:
    """So many tries by default, the same ones each time."""
    return settings(
        max_examples=how_many * TIMES_LONGER if NIGHTLY else how_many,
        derandomize=not NIGHTLY,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
