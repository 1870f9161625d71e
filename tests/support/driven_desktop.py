"""
A desktop in a process of its own that plays a scenario and says in one JSON line how it went.

    python -m tests.support.driven_desktop MODULE:SCENARIO --data-dir DIR …

A scenario is `async def scenario(desktop) -> dict`; it starts when every app is loaded, and the desktop
closes when it returns.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.desktop_process import Ended, run_desktop

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop


def play(scenario: str, folder: Path, *arguments: str, **environment: str) -> Ended:
    """Run a scenario, named `module:function`, in a new desktop on a folder."""
    return run_desktop(
        folder,
        scenario,
        "--data-dir",
        str(folder),
        *arguments,
        command=("-m", __name__),
        environment=environment,
    )


def main(argv: list[str]) -> int:
    """In the other process: open the desktop as `launch` does, and play."""
    from veighna_ext import launch
    from veighna_ext.options import parse_options

    module, _colon, function = argv[0].partition(":")
    launch.hurry()
    options = parse_options(argv[1:])
    place = launch.prepare_place(options)
    place.store.update(welcome_seen=True, confirm_exit=False)
    app = launch.make_application(place)
    desktop = launch.assemble(launch.make_desktop_loop(app), place, options)
    launch.settle_down()
    desktop.tasks.start(_play(desktop, module, function), name="scenario", owner="test")
    return desktop.run()


async def _play(desktop: Desktop, module: str, function: str) -> None:
    await desktop.apps_added
    try:
        answer = await getattr(import_module(module), function)(desktop)
        print(json.dumps(answer, ensure_ascii=False), flush=True)
    finally:
        await desktop.window.close_now()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
