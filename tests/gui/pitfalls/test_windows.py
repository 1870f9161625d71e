"""App windows show what was saved, whenever they are opened, and broken data costs only its own app."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.gui.pitfalls.venue import VT_SYMBOL, notices, open_venue, shown_price
from tests.support.waiting import until

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop

STRATEGIES = {
    name: {"class_name": "DoubleMaStrategy", "vt_symbol": VT_SYMBOL, "setting": {"fast_window": 5}}
    for name in ("ma_1", "ma_2")
}
BROKEN = {
    # the recorder's engine cannot be built, the CTA window neither
    "data_recorder_setting.json": {"tick": {}, "filter_window": "sixty"},
    "cta_strategy_setting.json": {"ma_1": {"class_name": "DoubleMaStrategy"}},
}


@pytest.fixture
def saved(trader_dir: Path, request: pytest.FixtureRequest) -> None:
    """Files of apps, there before the desktop starts."""
    for name, content in request.param.items():
        (trader_dir / ".vntrader" / name).write_text(json.dumps(content))


@pytest.mark.parametrize("saved", [{"cta_strategy_setting.json": STRATEGIES}], indirect=True)
async def test_a_cta_window_opened_late_shows_every_saved_strategy(saved: None, desktop: Desktop) -> None:
    venue = await open_venue(desktop)
    venue.quote(100)
    await until(lambda: shown_price(desktop) == 100)
    window: Any = desktop.window.open_app("CtaStrategy")
    await until(lambda: set(window.managers) == set(STRATEGIES))
    await until(lambda: all(manager.isVisible() for manager in window.managers.values()))


@pytest.mark.parametrize("saved", [BROKEN], indirect=True)
async def test_an_app_whose_saved_data_breaks_it_costs_only_itself(saved: None, desktop: Desktop) -> None:
    assert "DataRecorder" not in desktop.main_engine.apps
    assert desktop.window.open_app("CtaStrategy") is None
    assert [text.partition(":")[0] for text in notices(desktop)] == [
        "DataRecorderApp could not be loaded and is left out",
        "CtaStrategy cannot be opened",
    ]
    for name in ("CtaBacktester", "DataManager"):
        assert desktop.window.open_app(name) is not None
    venue = await open_venue(desktop)
    venue.quote(100)
    await until(lambda: shown_price(desktop) == 100)
