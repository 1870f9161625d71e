"""What vnpy imports at start but first needs when a strategy calculates: loaded after the window is shown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

LATE = "talib"
"""It brings pandas, which takes as long to import as everything else of vnpy together."""


class _LateFinder:
    """Answers the import of the late package with a module that loads itself when something in it is used."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == LATE else None
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def import_vnpy() -> None:
    """Import vnpy's engine without its slow half. Before PySide6: its import hook looks into every module."""
    sys.meta_path.insert(0, _LateFinder)
    try:
        import_module("vnpy.trader.engine")
    finally:
        sys.meta_path.remove(_LateFinder)


def load_the_rest() -> None:
    """Load what was postponed; meant for a thread, before anything needs it."""
    # any attribute will do
    getattr(sys.modules.get(LATE), "__version__", "")
