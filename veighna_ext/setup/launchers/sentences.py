"""What a launcher says when it cannot open the desktop."""

from __future__ import annotations

from pathlib import Path

from veighna_ext.core.i18n import _


def moved(project: Path) -> str:
    """The checkout is not where it was."""
    return _(
        "VeighNa Trader is no longer in {folder}. Open a terminal in its new folder "
        "and run: python3 run.py install-desktop"
    ).format(folder=project)


def no_terminal(project: Path) -> str:
    """The environment must be made again and there is no window to show it in."""
    return _(
        "VeighNa Trader must be set up again. Open a terminal in {folder} and run: python3 run.py"
    ).format(folder=project)


def failed() -> str:
    """The desktop ended with an error."""
    return _("VeighNa Trader ended with an error.")


def press_enter() -> str:
    """The last line of a terminal that would close otherwise."""
    return _("Press Enter to close this window.")


def description() -> str:
    """What a shortcut says when the pointer rests on it."""
    return _("Write, test and run trading strategies")
