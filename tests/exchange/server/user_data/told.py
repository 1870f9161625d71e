"""What a trader's program reads when the reports of a scenario go over the wire."""

from __future__ import annotations

import json
from typing import Any

from tests.exchange.engine.building import START
from tests.exchange.engine.scenario import Trader
from veighna_ext.exchange.server.user_data.events import event

LATER = START + 10**12
"""When everything is told, in microseconds."""


def told(trader: Trader, time_divisor: int = 1000) -> list[dict[str, Any]]:
    """The events since last asked, read."""
    return [json.loads(text) for text in written(trader, time_divisor)]


def written(trader: Trader, time_divisor: int = 1000) -> list[bytes]:
    """The events since last asked, as they are sent."""
    venue = trader.exchange.venue
    return [event(report, venue, LATER, time_divisor) for report in trader.reports()]


def executions(trader: Trader, time_divisor: int = 1000) -> list[dict[str, Any]]:
    """The execution reports since last asked, read."""
    return [each for each in told(trader, time_divisor) if each["e"] == "executionReport"]
