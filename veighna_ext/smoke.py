"""`--smoke`: opens every window once, pictures each, and says in one JSON line how it went."""

from __future__ import annotations

import asyncio
import json
import math
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from veighna_ext.core.loop_lag import LoopLag
from veighna_ext.core.notices import Level

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop

SETTLE_SECONDS = 0.3
PAGES = ("welcome", "doctor", "more_gateways", "settings", "performance", "notifications")


async def smoke(desktop: Desktop) -> None:
    """Open, picture and close everything, wait out the asked time, report, and end the desktop."""
    startup = desktop.startup_seconds
    await desktop.apps_added
    until = time.monotonic() + desktop.options.smoke_seconds
    folder = desktop.options.shots
    window = desktop.window
    failures: list[str] = []
    stalls = LoopLag(desktop.loop, window=math.inf)
    stalls.start()
    try:
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        await _picture(window, folder, "main")
        for name, app in desktop.main_engine.apps.items():
            opened = window.open_app(name)
            if opened is None:
                failures.append(name)
            else:
                await _picture(opened, folder, app.app_module.removeprefix("vnpy_").rsplit(".", 1)[-1])
                opened.close()
        for page in PAGES:
            shown = getattr(window, f"open_{page}")()
            # the doctor has nothing to show before it has looked
            for task in desktop.tasks.running():
                if task.owner is shown:
                    await task
            await _picture(shown, folder, page)
            shown.close()
        await _picture_palette(desktop, folder)
        await asyncio.sleep(max(0.0, until - time.monotonic()))
    except Exception as error:
        failures.append(f"{type(error).__name__}: {error}")
        raise
    finally:
        stalls.stop()
        errors = [notice.text for notice in desktop.notices.all() if notice.level is Level.ERROR]
        ok = not failures and not errors and desktop.crashes.count == 0
        print(
            json.dumps(
                {
                    "ok": ok,
                    "startup_s": round(startup, 3),
                    "first_tick_s": None,
                    "max_stall_ms": round(stalls.stats().max_ms, 1),
                    "errors": failures + errors,
                },
                ensure_ascii=False,
            ),
            flush=True,
        )
        desktop.exit_code = 0 if ok else 1
        await window.close_now()


async def _picture(widget: QWidget, folder: Path | None, name: str) -> None:
    await asyncio.sleep(SETTLE_SECONDS)
    if folder:
        widget.grab().save(str(folder / f"{name}.png"))


async def _picture_palette(desktop: Desktop, folder: Path | None) -> None:
    window = desktop.window
    window.open_palette()
    await _picture(window, folder, "palette")
    if window.command_palette is not None:
        window.command_palette.close()
