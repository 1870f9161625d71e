"""vnpy's own words, and so some of its files, depend on the language: a folder must open in either."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.support.driven_desktop import play
from tests.support.waiting import until

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop


def test_a_data_folder_written_in_one_language_opens_in_the_other_and_back(tmp_path: Path) -> None:
    directions, widths = [], []
    for number, language in enumerate(("en", "zh", "en")):
        ended = play(f"{__name__}:use_the_apps", tmp_path / "data", "--lang", language)
        assert (ended.code, ended.complaints) == (0, [])
        answer = ended.answer
        assert answer["notices"] == []
        assert answer["strategies"] == [f"ma_{earlier}" for earlier in range(number + 1)]
        assert answer["recorded"] == ["BTCUSDT.GLOBAL"]
        directions.append(answer["long"])
        widths.append(answer["width"])
    assert directions == ["Long", "多", "Long"]
    # what was dragged in one language is as wide in the other
    assert widths[1] == widths[2] == 177


async def use_the_apps(desktop: Desktop) -> dict[str, Any]:
    """Played in the other process: open every app, and leave something behind in those that keep data."""
    from vnpy.trader.constant import Direction

    from tests.gui.pitfalls.venue import VT_SYMBOL, notices, open_venue, table

    header = table(desktop, "TickMonitor").view.horizontalHeader()
    width = header.sectionSize(0)
    header.resizeSection(0, 177)
    await open_venue(desktop)
    window: Any = None
    for name in desktop.main_engine.apps:
        opened = desktop.window.open_app(name)
        window = opened if name == "CtaStrategy" else window
    cta: Any = desktop.main_engine.get_engine("CtaStrategy")
    cta.add_strategy("DoubleMaStrategy", f"ma_{len(cta.strategies)}", VT_SYMBOL, {"fast_window": 5})
    await until(lambda: len(window.managers) == len(cta.strategies))
    recorder: Any = desktop.main_engine.get_engine("DataRecorder")
    if VT_SYMBOL not in recorder.tick_recordings:
        recorder.add_tick_recording(VT_SYMBOL)
    return {
        "long": Direction.LONG.value,
        "strategies": sorted(window.managers),
        "recorded": sorted(recorder.tick_recordings),
        "width": width,
        "notices": notices(desktop),
    }
