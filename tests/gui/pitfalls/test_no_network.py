"""Connecting where there is no network: the window stays awake, and closes."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.driven_desktop import play
from tests.support.waiting import until

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop

STANDSTILL_MS = 500


def test_connecting_without_a_network_neither_freezes_nor_keeps_the_window(tmp_path: Path) -> None:
    with socket.socket() as silent, socket.socket() as closed:
        for venue in (silent, closed):
            venue.bind(("127.0.0.1", 0))
        silent.listen()
        ports = [str(venue.getsockname()[1]) for venue in (silent, closed)]
        ended = play(f"{__name__}:connect", tmp_path / "data", SILENT_PORT=ports[0], CLOSED_PORT=ports[1])
    assert ended.code == 0
    assert not [line for line in ended.complaints if "Traceback" in line]
    assert ended.answer["max_stall_ms"] < STANDSTILL_MS
    assert ended.answer["prices_go_on"] is True
    assert ended.seconds < 12


async def connect(desktop: Desktop) -> dict[str, Any]:
    """Played in the other process: press Connect, wait until it was tried, and see that prices still move."""
    import os

    import vnpy_binance.spot_gateway as official

    from tests.gui.pitfalls.venue import open_venue, shown_price, table
    from veighna_ext.core.loop_lag import LoopLag

    silent, closed = os.environ["SILENT_PORT"], os.environ["CLOSED_PORT"]
    official.REAL_REST_HOST = f"http://127.0.0.1:{silent}"
    official.REAL_DATA_HOST = f"ws://127.0.0.1:{closed}"
    official.REAL_TRADE_HOST = f"ws://127.0.0.1:{silent}"
    pulse = LoopLag(desktop.loop, period=0.01, window=60)
    pulse.start()
    name = "BINANCE_SPOT"
    setting = desktop.main_engine.get_default_setting(name) or {}
    desktop.main_engine.connect({**setting, "Server": "REAL", "Kline Stream": "False"}, name)
    log = table(desktop, "LogMonitor").model
    texts = [column.field for column in log.columns].index("msg")
    await until(lambda: any("REST" in str(log.index(row, texts).data()) for row in range(log.rowCount())), 10)
    venue = await open_venue(desktop)
    venue.quote(100)
    await until(lambda: shown_price(desktop) == 100)
    pulse.stop()
    return {"max_stall_ms": pulse.stats().max_ms, "prices_go_on": True}
