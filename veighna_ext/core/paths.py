"""Where the project's own files and the user's files live. Standard library only: the set-up uses it too."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resources_dir() -> Path:
    """Shipped icons, translations, examples: beside the package in a checkout, inside it when installed."""
    checkout = _PACKAGE.parent / "resources"
    return checkout if checkout.is_dir() else _PACKAGE / "_resources"


def in_checkout() -> bool:
    """Whether there is a `run.py`; an installed package has none."""
    return (_PACKAGE.parent / "run.py").is_file()


def own_command(arguments: str) -> str:
    """What to type for one of our commands: `run.py` in a checkout, else the installed program."""
    return f"python3 run.py {arguments}" if in_checkout() else f"veighna-ext {arguments}"


def adding(part: str, package: str) -> str:
    """What to type to add an optional part later."""
    return own_command(f"add {part}") if in_checkout() else install_command(package)


def install_command(package: str, python: str = sys.executable, platform: str = sys.platform) -> str:
    """The line that installs `package` into this very environment, for the platform's own shell."""
    command = [python, "-m", "pip", "install", package]
    return subprocess.list2cmdline(command) if platform == "win32" else shlex.join(command)


def trader_dir() -> Path:
    """The folder vnpy's own rule picks: the current one if it holds `.vntrader`, else the user's home."""
    here = Path.cwd()
    return here if (here / ".vntrader").exists() else Path.home()


def own_dir(trader: Path | None = None) -> Path:
    """Our settings, layout and state inside a trader folder."""
    return (trader or trader_dir()) / ".vntrader" / "veighna_ext"
