"""The mark of a test that judges a journey, once for each client that makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.conformance.clients.table import clients_for


def journey(name: str) -> Callable[[Callable[..., None]], Any]:
    """The test gets what each client saw as `saw`."""

    def mark(test: Callable[..., None]) -> Any:
        return pytest.mark.journey(name)(pytest.mark.parametrize("client", clients_for(name))(test))

    return mark
