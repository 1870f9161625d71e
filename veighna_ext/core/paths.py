"""Where the project's own files and the user's files live. Standard library only: the set-up uses it too."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


def resources_dir() -> Path:
    """Shipped icons, translations, examples: beside the package in a checkout, inside it when installed."""
    checkout = _PACKAGE.parent / "resources"
    return checkout if checkout.is_dir() else _PACKAGE / "_resources"


def trader_dir() -> Path:
    """The folder vnpy's own rule picks: the current one if it holds `.vntrader`, else the user's home."""
    here = Path.cwd()
    return here if (here / ".vntrader").exists() else Path.home()


def own_dir(trader: Path | None = None) -> Path:
    """Our settings, layout and state inside a trader folder."""
    return (trader or trader_dir()) / ".vntrader" / "veighna_ext"
