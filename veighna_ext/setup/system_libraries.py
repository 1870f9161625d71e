"""What Qt and the tests need from a Linux system; libraries are looked for by loading them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

OFFSCREEN = "offscreen"
XCB = "xcb"
FONTS = "fonts"
SCREEN = "virtual screen"
FOR_THE_WINDOW = (OFFSCREEN, XCB, FONTS)

Loader = Callable[[list[str]], list[str]]


@dataclass(frozen=True)
class Need:
    """Something of the system and the packages that bring it (Debian renamed some: newest first)."""

    name: str
    purpose: str
    debian: tuple[str, ...]
    arch: str
    rpm: str


def _library(soname: str, purpose: str, debian: str, arch: str) -> Need:
    return Need(soname, purpose, tuple(debian.split("|")), arch, f"{soname}()(64bit)")


# Found by starting Qt 6.8 in bare Debian 12 and 13 systems and adding what it missed.
LIBRARIES = (
    _library("libstdc++.so.6", OFFSCREEN, "libstdc++6", "gcc-libs"),
    _library("libglib-2.0.so.0", OFFSCREEN, "libglib2.0-0t64|libglib2.0-0", "glib2"),
    _library("libgthread-2.0.so.0", OFFSCREEN, "libglib2.0-0t64|libglib2.0-0", "glib2"),
    _library("libzstd.so.1", OFFSCREEN, "libzstd1", "zstd"),
    _library("libEGL.so.1", OFFSCREEN, "libegl1", "libglvnd"),
    _library("libGL.so.1", OFFSCREEN, "libgl1", "libglvnd"),
    _library("libX11.so.6", OFFSCREEN, "libx11-6", "libx11"),
    _library("libdbus-1.so.3", OFFSCREEN, "libdbus-1-3", "dbus"),
    _library("libfontconfig.so.1", OFFSCREEN, "libfontconfig1", "fontconfig"),
    _library("libfreetype.so.6", OFFSCREEN, "libfreetype6", "freetype2"),
    _library("libxkbcommon.so.0", OFFSCREEN, "libxkbcommon0", "libxkbcommon"),
    _library("libgssapi_krb5.so.2", OFFSCREEN, "libgssapi-krb5-2", "krb5"),
    _library("libX11-xcb.so.1", XCB, "libx11-xcb1", "libx11"),
    _library("libxcb.so.1", XCB, "libxcb1", "libxcb"),
    _library("libxcb-cursor.so.0", XCB, "libxcb-cursor0", "xcb-util-cursor"),
    _library("libxcb-glx.so.0", XCB, "libxcb-glx0", "libxcb"),
    _library("libxcb-icccm.so.4", XCB, "libxcb-icccm4", "xcb-util-wm"),
    _library("libxcb-image.so.0", XCB, "libxcb-image0", "xcb-util-image"),
    _library("libxcb-keysyms.so.1", XCB, "libxcb-keysyms1", "xcb-util-keysyms"),
    _library("libxcb-randr.so.0", XCB, "libxcb-randr0", "libxcb"),
    _library("libxcb-render.so.0", XCB, "libxcb-render0", "libxcb"),
    _library("libxcb-render-util.so.0", XCB, "libxcb-render-util0", "xcb-util-renderutil"),
    _library("libxcb-shape.so.0", XCB, "libxcb-shape0", "libxcb"),
    _library("libxcb-shm.so.0", XCB, "libxcb-shm0", "libxcb"),
    _library("libxcb-sync.so.1", XCB, "libxcb-sync1", "libxcb"),
    _library("libxcb-xfixes.so.0", XCB, "libxcb-xfixes0", "libxcb"),
    _library("libxcb-xkb.so.1", XCB, "libxcb-xkb1", "libxcb"),
    _library("libxkbcommon-x11.so.0", XCB, "libxkbcommon-x11-0", "libxkbcommon-x11"),
)
CHINESE_FONT = Need("Chinese font", FONTS, ("fonts-noto-cjk",), "noto-fonts-cjk", "font(:lang=zh-cn)")
XVFB = Need("Xvfb", SCREEN, ("xvfb",), "xorg-server-xvfb", "/usr/bin/Xvfb")

_TRY_LOADING = """
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
"""
# the beginnings of the file names of the fonts with Chinese that distributions and people install
_CHINESE_FONT_FILES = (
    "notosanscjk", "notoserifcjk", "notosanssc", "sourcehansans", "sourcehanserif", "wqy", "uming", "ukai",
    "droidsansfallback", "simsun", "simhei", "msyh", "pingfang", "lxgw", "sarasa", "harmonyos", "alibaba",
)  # fmt: skip


def load_failures(names: list[str]) -> list[str]:
    """Those of `names` the dynamic linker cannot load, tried in another process so that none stays loaded."""
    done = subprocess.run(
        [sys.executable, "-I", "-c", _TRY_LOADING, *names],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.split()


def missing(purposes: Iterable[str], load: Loader = load_failures) -> list[Need]:
    """What this system lacks for `purposes`; only on Linux do the wheels not bring all they need."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = set(purposes)
    libraries = [need for need in LIBRARIES if need.purpose in wanted]
    absent = set(load([need.name for need in libraries])) if libraries else set()
    lacking = [need for need in libraries if need.name in absent]
    if FONTS in wanted and not chinese_font():
        lacking.append(CHINESE_FONT)
    if SCREEN in wanted and shutil.which("Xvfb") is None:
        lacking.append(XVFB)
    return lacking


def font_folders() -> list[Path]:
    """Where fontconfig looks for fonts by default."""
    home = Path.home()
    data = os.environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", Path(data, "fonts")]


def chinese_font(folders: Iterable[Path] | None = None) -> str:
    """A font that covers Chinese, or nothing."""
    if folders is None and shutil.which("fc-list"):
        listed = subprocess.run(
            ["fc-list", ":lang=zh", "family"],
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=60,
            check=False,
        )
        if listed.returncode == 0:
            families = sorted(line for line in listed.stdout.splitlines() if line.strip())
            return families[0] if families else ""
    for folder in font_folders() if folders is None else folders:
        for _root, _folders, files in os.walk(folder):
            for file in files:
                if file.lower().replace("-", "").replace("_", "").startswith(_CHINESE_FONT_FILES):
                    return file
    return ""
