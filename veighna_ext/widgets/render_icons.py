"""`python -m veighna_ext.widgets.render_icons FOLDER`: the app icon as `16.png` … `256.png`."""

from __future__ import annotations

import sys
from pathlib import Path

from veighna_ext.widgets.icons import APP_ICON, SIZES, image


def render_icons(folder: Path) -> list[Path]:
    """Write one PNG per size into `folder`; needs no screen and no application."""
    written = []
    for size in SIZES:
        path = folder / f"{size}.png"
        if not image(APP_ICON, size).save(str(path)):
            raise OSError(f"cannot write {path}")
        written.append(path)
    return written


if __name__ == "__main__":
    render_icons(Path(sys.argv[1]))
