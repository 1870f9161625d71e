"""The composition root: settings, language, Qt, loop, engines, gateways, apps, window; run; orderly end.

Only light imports stand at the top: vnpy fixes its language and folders when it is first imported, and worker
processes import this module again.
"""

from __future__ import annotations

import gc
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from veighna_ext.core.i18n import gettext_code, set_language
from veighna_ext.core.paths import own_dir
from veighna_ext.core.problems import StartupProblem
from veighna_ext.options import Options, parse_options

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from veighna_ext.core.data_folder import InstanceLock
    from veighna_ext.core.settings import SettingsStore
    from veighna_ext.desktop import Desktop
    from veighna_ext.widgets.loop import DesktopEventLoop


SWITCH_SECONDS = 0.0003
"""How long a busy thread may keep Qt's waiting: Python's 5 ms add up to visible hitches in a tick flood."""


INTERRUPTED = 130


def console() -> None:
    """The entry point of the installed `veighna-ext`, which has no `run.py` beside it for the doctor."""
    if sys.argv[1:2] == ["doctor"]:
        from veighna_ext.setup import commands

        sys.exit(commands.main(sys.argv[1:]))
    sys.exit(main(sys.argv[1:]))


def main(argv: list[str]) -> int:
    """Open the desktop and stay until it is closed; returns the process's exit code."""
    hurry()
    set_language("auto")
    place: Place | None = None
    try:
        options = parse_options(argv)
        if options.language:
            set_language(options.language)
        check_display()
        place = prepare_place(options)
        app = make_application(place)
        desktop = assemble(make_desktop_loop(app), place, options)
    except StartupProblem as problem:
        return give_up(str(problem), problem.exit_code)
    except KeyboardInterrupt:
        return give_up("", INTERRUPTED)
    except Exception as error:  # noqa: BLE001 - the user gets a sentence, the traceback goes to a file
        from veighna_ext.core.crash import failed_start

        return give_up(failed_start(error, own_dir(place.folder) if place else None), 1)
    settle_down()
    code = desktop.run()
    place.lock.release()
    return code


def give_up(sentence: str, code: int) -> int:
    """Say why there will be no window, and let no thread of a half-built desktop keep the process."""
    from veighna_ext.core.crash import leave_if_threads_hang

    if sentence:
        print(sentence, file=sys.stderr)
    leave_if_threads_hang(code)
    return code


def hurry() -> None:
    """No garbage collection until the desktop does its own; threads take turns quickly from now on."""
    gc.disable()
    sys.setswitchinterval(SWITCH_SECONDS)


def settle_down() -> None:
    """Leave what the imports made out of garbage collection: it stays, and looking through it takes long."""
    gc.freeze()


@dataclass
class Place:
    """The trader folder in use, with our settings read and vnpy's files checked."""

    folder: Path
    store: SettingsStore
    lock: InstanceLock
    warnings: list[str]


def prepare_place(options: Options) -> Place:
    """Enter the trader folder, read our settings, and fix the language before vnpy is imported."""
    from veighna_ext.core import data_folder, late_imports
    from veighna_ext.core.settings import SettingsStore

    folder = data_folder.choose(options.data_dir)
    lock = data_folder.InstanceLock(folder)
    store = SettingsStore(folder)
    set_language(options.language or store.current.language)
    os.environ["LANGUAGE"] = gettext_code()
    warnings = [store.problem] if store.problem else []
    warnings += data_folder.set_aside_unreadable(folder)
    late_imports.import_vnpy()
    return Place(folder, store, lock, warnings)


def check_display() -> None:
    """Qt aborts the process where it finds no screen; say so in a sentence instead."""
    from veighna_ext.core.display import missing_display

    sentence = missing_display()
    if sentence:
        raise StartupProblem(sentence)


def make_application(place: Place) -> QApplication:
    """The one QApplication, dressed as the settings say."""
    from PySide6.QtWidgets import QApplication

    from veighna_ext.widgets.icons import app_icon
    from veighna_ext.widgets.theme import apply_theme

    os.environ.setdefault("QT_API", "pyside6")
    app = QApplication.instance() or QApplication(["veighna-ext"])
    assert isinstance(app, QApplication)
    app.setApplicationName("veighna_ext")
    app.setApplicationDisplayName("VeighNa Trader")
    app.setDesktopFileName("veighna_ext")
    app.setQuitOnLastWindowClosed(False)
    chosen = place.store.current
    apply_theme(app, chosen.theme, chosen.rising, chosen.font_family, chosen.font_size)
    app.setWindowIcon(app_icon())
    return app


def make_desktop_loop(app: QApplication) -> DesktopEventLoop:
    """The one loop, for Qt and everything `async`."""
    from veighna_ext.widgets.loop import make_loop

    return make_loop(app)


def assemble(loop: DesktopEventLoop, place: Place, options: Options) -> Desktop:
    """Engines, gateways, apps, and the shown window."""
    from veighna_ext.desktop import Desktop

    desktop = Desktop(loop, place.store, options)
    desktop.report(place.warnings)
    desktop.add_gateways()
    desktop.open_window()
    return desktop
