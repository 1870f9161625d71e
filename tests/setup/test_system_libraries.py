"""What a Linux system lacks is found by loading libraries, and brought or named in one line."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from veighna_ext.setup import system_libraries as system
from veighna_ext.setup import system_packages as packages
from veighna_ext.setup.system_libraries import CHINESE_FONT, LIBRARIES, OFFSCREEN, SCREEN, XCB, XVFB, Need

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux lacks them")

CURSOR = next(need for need in LIBRARIES if need.name == "libxcb-cursor.so.0")
GLIB = next(need for need in LIBRARIES if need.name == "libglib-2.0.so.0")
# the C library, and what Python and every compiled wheel need anyway
ALWAYS_THERE = re.compile(r"^(?:ld-linux.*|lib(?:c|m|dl|rt|pthread|resolv|gcc_s|z))\.so\.\d+$")


def without(*names: str) -> system.Loader:
    return lambda asked: [name for name in asked if name in names]


def test_a_missing_library_is_found_for_the_platform_that_needs_it() -> None:
    assert system.missing((OFFSCREEN, XCB), without("libxcb-cursor.so.0")) == [CURSOR]
    assert system.missing((OFFSCREEN,), without("libxcb-cursor.so.0")) == []


def test_libraries_are_looked_for_by_loading_them() -> None:
    assert system.load_failures(["libc.so.6", "libnothing-like-it.so.7"]) == ["libnothing-like-it.so.7"]


def test_what_the_table_does_not_name_is_not_asked_for() -> None:
    assert system.missing((), lambda asked: pytest.fail(f"asked for {asked}")) == []


def test_a_virtual_screen_is_missing_where_there_is_no_xvfb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    assert system.missing((SCREEN,)) == [XVFB]


@pytest.mark.parametrize(
    ("file", "covers"),
    [
        ("NotoSansCJK-Regular.ttc", True),
        ("wqy-microhei.ttc", True),
        ("MSYH.TTC", True),
        ("DejaVuSans.ttf", False),
    ],
)
def test_a_chinese_font_is_found_in_the_font_folders(tmp_path: Path, file: str, covers: bool) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / file).touch()
    assert bool(system.chinese_font([tmp_path])) is covers


def test_the_package_that_this_release_of_debian_has_is_chosen() -> None:
    assert packages.debian_names([GLIB, CURSOR], lambda name: name.endswith("t64")) == [
        "libglib2.0-0t64",
        "libxcb-cursor0",
    ]
    assert packages.debian_names([GLIB], lambda name: name == "libglib2.0-0") == ["libglib2.0-0"]


@pytest.mark.parametrize(
    ("manager", "line"),
    [
        ("dnf", "sudo dnf install -y 'libxcb-cursor.so.0()(64bit)' 'font(:lang=zh-cn)'"),
        ("zypper", "sudo zypper install -y 'libxcb-cursor.so.0()(64bit)' 'font(:lang=zh-cn)'"),
        ("pacman", "sudo pacman -S --needed xcb-util-cursor noto-fonts-cjk"),
        ("unheard-of", "libxcb-cursor.so.0 Chinese font"),
    ],
)
def test_what_is_missing_is_one_line_to_copy(manager: str, line: str) -> None:
    needs: list[Need] = [CURSOR, CHINESE_FONT]
    assert packages.line_to_copy(needs, lambda name: name if name == manager else None) == line


def test_a_package_that_brings_several_libraries_is_named_once() -> None:
    names = packages.debian_names(LIBRARIES, lambda name: True)
    assert len(names) == len(set(names)) < len(LIBRARIES)


@pytest.mark.skipif(shutil.which("readelf") is None, reason="needs readelf")
def test_the_table_names_every_library_that_qts_own_files_ask_for() -> None:
    import PySide6

    qt = Path(PySide6.__file__).parent / "Qt"
    modules = (
        "Core",
        "Gui",
        "Widgets",
        "Svg",
        "OpenGL",
        "OpenGLWidgets",
        "Network",
        "DBus",
        "Test",
        "XcbQpa",
    )
    files = [qt / "lib" / f"libQt6{name}.so.6" for name in modules]
    files += [qt / "plugins" / "platforms" / f"lib{name}.so" for name in ("qxcb", "qoffscreen", "qminimal")]
    files += [
        *(qt / "plugins" / "xcbglintegrations").glob("*.so"),
        *(qt / "plugins" / "iconengines").glob("*.so"),
    ]
    asked: set[str] = set()
    for file in files:
        shown = subprocess.run(
            ["readelf", "-d", str(file)], capture_output=True, text=True, check=True
        ).stdout
        asked |= set(re.findall(r"\(NEEDED\).*\[(.+?)\]", shown))
    named = {need.name for need in LIBRARIES}
    of_qt = {name for name in asked if name.startswith(("libQt6", "libicu"))}
    assert {name for name in asked - of_qt - named if not ALWAYS_THERE.match(name)} == set()
    assert named <= asked | {"libxcb.so.1"}, "nothing is asked for in vain"
