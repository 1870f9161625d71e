"""The desktop itself, as a test's user meets it: real engines, real window, a trader folder of its own."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop
    from veighna_ext.widgets.loop import DesktopEventLoop


@pytest.fixture(autouse=True)
def garbage_is_collected_in_the_gui_thread() -> Iterator[None]:
    """As in the running desktop: widgets may be among it, and an engine's thread must not delete them."""
    was_enabled = gc.isenabled()
    gc.disable()
    yield
    count, threshold = gc.get_count(), gc.get_threshold()
    if count[0] > 20 * threshold[0]:
        gc.collect()
    if was_enabled:
        gc.enable()


@pytest.fixture
def desktop(loop: DesktopEventLoop, trader_dir: Path) -> Iterator[Desktop]:
    """A running desktop with every official app and gateway; closed in order when the test ends."""
    from veighna_ext.core.settings import SettingsStore
    from veighna_ext.desktop import Desktop
    from veighna_ext.options import Options

    store = SettingsStore(trader_dir)
    store.update(confirm_exit=False, welcome_seen=True)
    desktop = Desktop(loop, store, Options())
    desktop.add_gateways()
    desktop.open_window()
    loop.run_until_complete(desktop.add_apps())
    yield desktop
    loop.run_until_complete(desktop.window.close_now())
    loop.run_until_complete(desktop.finish())
    desktop.discard_window()
    gc.collect()
