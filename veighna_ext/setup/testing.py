"""`run.py test`: the test suite on a screen and in folders of its own; the exit code is pytest's."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.setup import lock, system_packages
from veighna_ext.setup.environment import Environment
from veighna_ext.setup.install import ensure
from veighna_ext.setup.progress import Progress
from veighna_ext.setup.system_libraries import FONTS, OFFSCREEN, SCREEN, XCB, missing
from veighna_ext.setup.virtual_screen import run_child, virtual_screen

PARTS = (*lock.DESKTOP_PARTS, lock.TEST)

# what the person running the tests has set must not change their result
_OF_THE_USER = ("QT_", "XDG_", "LC_", "PYTHON", "PYTEST_", "WAYLAND_")
_OF_THE_USER_TOO = ("DISPLAY", "LANGUAGE", "LANG", "HOME", "DBUS_SESSION_BUS_ADDRESS", "VIRTUAL_ENV")


def run(environment: Environment, arguments: tuple[str, ...], progress: Progress) -> int:
    """The whole suite, or what `arguments` pick from it."""
    ensure(environment, PARTS, progress)
    needs = missing((OFFSCREEN, XCB, FONTS, SCREEN))
    if not system_packages.bring(needs, progress):
        progress.say(
            _("The tests run without what this line would bring:\n  {line}").format(
                line=system_packages.line_to_copy(needs)
            )
        )
    can_show = shutil.which("Xvfb") is not None and not missing((OFFSCREEN, XCB))
    with tempfile.TemporaryDirectory(prefix="veighna-test-") as home:
        command = environment.run_arguments("-m", "pytest", *with_a_place(environment.project, arguments))
        if not can_show:
            progress.say(_("There is no virtual screen: the windows are tested in memory."))
            return run_child(command, cwd=environment.project, env=surroundings(Path(home), None))
        with virtual_screen() as display:
            return run_child(command, cwd=environment.project, env=surroundings(Path(home), display))


def with_a_place(project: Path, arguments: tuple[str, ...]) -> tuple[str, ...]:
    """The tests enter a folder of their own before pytest looks for its default one, so that one is named."""
    named = any((project / argument.partition("::")[0]).exists() for argument in arguments)
    return arguments if named else (*arguments, "tests")


def surroundings(home: Path, display: str | None) -> dict[str, str]:
    """Environment variables that are the same for everybody."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OF_THE_USER) and name not in _OF_THE_USER_TOO
    }
    runtime = home / "runtime"
    runtime.mkdir(mode=0o700)
    kept |= {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_RUNTIME_DIR": str(runtime),
        "LANG": "C.UTF-8",
        "PYTHONUTF8": "1",
        "QT_API": "pyside6",
        "QT_SCALE_FACTOR": "1",
        "QT_QPA_PLATFORM": "xcb" if display else "offscreen",
    }
    if display:
        kept["DISPLAY"] = display
    return kept
