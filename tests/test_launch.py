"""The desktop started for real: how it begins, what it says when it cannot, and how it ends."""

from __future__ import annotations

import itertools
import re
import signal
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from tests.support.desktop_process import DesktopProcess, Ended, run_desktop, start_once

SECONDS_TO_CLOSE = 3.0

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there a process ends without a signal")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of Linux")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder for one desktop, not there yet."""
    return tmp_path / "数据 data"


def vnpy_file(folder: Path, name: str, content: str) -> Path:
    path = folder / ".vntrader" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return path


def kept(folder: Path, name: str) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in folder.glob(f".vntrader/**/{name}.unreadable-*")]


def the_sentence(ended: Ended) -> str:
    """What a desktop that did not open said: one line, no traceback, nothing else."""
    assert len(ended.complaints) == 1, ended.complaints
    assert ended.said == ""
    return ended.complaints[0]


# Ending


def test_asked_to_end_while_its_apps_still_load_it_leaves_nothing_behind(folder: Path) -> None:
    with DesktopProcess(folder, "--data-dir", str(folder)) as desktop:
        desktop.until_apps_load()
        family = desktop.family()
        ended = desktop.terminate()
        assert (ended.code, ended.complaints) == (0, [])
        assert ended.seconds < SECONDS_TO_CLOSE
        assert not any(process.is_running() for process in family)


@linux
@pytest.mark.parametrize("name", ["SIGINT", "SIGHUP"])
def test_ctrl_c_and_a_closed_terminal_end_it_in_order(folder: Path, name: str) -> None:
    by = signal.Signals[name]
    if signal.getsignal(by) is signal.SIG_IGN:
        pytest.skip("these tests were started so that the signal is ignored")
    with DesktopProcess(folder, "--data-dir", str(folder)) as desktop:
        desktop.until_settled()
        ended = desktop.terminate(by)
    assert (ended.code, ended.complaints) == (0, [])
    assert (folder / ".vntrader" / "veighna_ext" / "layout.ini").is_file()


def test_a_second_desktop_on_the_folder_is_refused_and_the_first_is_not_disturbed(folder: Path) -> None:
    with DesktopProcess(folder, "--data-dir", str(folder)) as first:
        first.until_settled()
        for language, words in (("en", "already running"), ("zh", "上运行")):
            second = run_desktop(folder, "--data-dir", str(folder), "--lang", language)
            assert second.code == 3
            assert words in the_sentence(second)
            assert str(folder) in the_sentence(second)
        assert first.running()
        ended = first.terminate()
    assert (ended.code, ended.complaints) == (0, [])
    assert ended.seconds < SECONDS_TO_CLOSE


# Beginning


def test_the_start_says_how_long_it_took(folder: Path) -> None:
    began = time.monotonic()
    ended = start_once(folder)
    took = time.monotonic() - began
    assert (ended.code, ended.complaints) == (0, [])
    assert 0.1 < ended.answer["startup_s"] <= ended.answer["apps_ready_s"] <= took
    assert ended.answer["notices"] == []


def test_settings_of_a_version_it_does_not_know_are_kept_and_named_and_defaults_used(folder: Path) -> None:
    settings = '{"version": 99, "theme": "light"}'
    vnpy_file(folder, "veighna_ext/settings.json", settings)
    ended = start_once(folder)
    assert (ended.code, ended.complaints) == (0, [])
    (notice,) = ended.answer["notices"]
    assert "its version is 99, not 1" in notice
    assert "settings.json.unreadable-" in notice
    assert kept(folder, "settings.json") == [settings]


def test_files_that_are_cut_off_or_senseless_do_not_keep_it_from_starting(folder: Path) -> None:
    ours = "veighna_ext/settings.json"
    broken = {
        ours: '{"version": 1, "theme": "li',
        "connect_binance_spot.json": "[1, 2]",
        "cta_strategy_setting.json": '{"ma": {"class_name": "Dou',
        "data_recorder_setting.json": "[" * 100_000,
        "vt_setting.json": "[]",
        "wechat_setting.json": "\x00",
    }
    for name, content in broken.items():
        vnpy_file(folder, name, content)
    ended = start_once(folder)
    assert (ended.code, ended.complaints) == (0, [])
    notices = ended.answer["notices"]
    assert len(notices) == len(broken)
    for name, content in broken.items():
        told = "settings file could not be used" if name == ours else f"{name} could not be read"
        assert any(told in notice for notice in notices), notices
        assert kept(folder, Path(name).name) == [content]


def test_apps_whose_packages_are_broken_cost_only_themselves(folder: Path, tmp_path: Path) -> None:
    for package, statement in (
        ("vnpy_algotrading", "raise OSError('no licence file')"),
        ("vnpy_scripttrader", "raise SystemExit('wrong Python')"),
        ("vnpy_binance", "import a_package_nobody_has"),
    ):
        (tmp_path / "broken" / package).mkdir(parents=True)
        (tmp_path / "broken" / package / "__init__.py").write_text(statement)
    ended = start_once(folder, PYTHONPATH=f"{tmp_path / 'broken'}:{Path(__file__).parents[1]}")
    assert (ended.code, ended.complaints) == (0, [])
    notices = "\n".join(ended.answer["notices"])
    assert len(ended.answer["notices"]) == 4, notices
    for words in (
        "AlgoTradingApp could not be loaded and is left out: no licence file",
        "ScriptTraderApp could not be loaded and is left out: wrong Python",
        "BinanceSpotGateway could not be loaded and is left out: No module named 'a_package_nobody_has'",
    ):
        assert words in notices


# Not beginning


ON_A_FULL_DISK = """
import resource, signal, sys
from veighna_ext.launch import main

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
sys.exit(main(sys.argv[1:]))
"""


@linux
@pytest.mark.parametrize(
    ("language", "words"), [("en", "The disk that holds the data folder"), ("zh", "磁盘")]
)
def test_a_full_disk_is_named(folder: Path, language: str, words: str) -> None:
    ended = run_desktop(folder, "--data-dir", str(folder), "--lang", language, command=("-c", ON_A_FULL_DISK))
    assert ended.code == 1
    assert words in the_sentence(ended)


def a_file_in_the_way(folder: Path) -> Path:
    folder.write_text("not a folder")
    return folder


def a_folder_where_the_lock_belongs(folder: Path) -> Path:
    (folder / ".vntrader" / "veighna_ext" / "instance.lock").mkdir(parents=True)
    return folder


@linux
@pytest.mark.parametrize(
    "place",
    [a_file_in_the_way, a_folder_where_the_lock_belongs, lambda _folder: Path("/proc/nowhere")],
)
def test_a_data_folder_it_cannot_write_is_named(folder: Path, place: Callable[[Path], Path]) -> None:
    chosen = place(folder)
    ended = run_desktop(folder, "--data-dir", str(chosen))
    assert ended.code == 1
    assert f"The data folder {chosen}" in the_sentence(ended)
    assert "cannot be written" in the_sentence(ended)


NO_SCREEN: dict[str, str | None] = {"QT_QPA_PLATFORM": None, "DISPLAY": None, "WAYLAND_DISPLAY": None}


@linux
@pytest.mark.parametrize(
    ("screens", "words"),
    [
        ({}, "There is no screen"),
        ({"LANGUAGE": "zh_CN"}, "屏幕"),
        ({"DISPLAY": ":987"}, "The screen :987 does not answer"),
        ({"WAYLAND_DISPLAY": "wayland-7", "DISPLAY": ":987"}, "The screen :987 does not answer"),
        ({"QT_QPA_PLATFORM": "wayland", "WAYLAND_DISPLAY": "wayland-7"}, "The screen wayland-7"),
        ({"QT_QPA_PLATFORM": "beos"}, "“beos”"),
    ],
)
def test_without_a_screen_it_says_so_where_qt_would_abort(
    folder: Path, screens: dict[str, str | None], words: str
) -> None:
    ended = run_desktop(folder, "--data-dir", str(folder), environment={**NO_SCREEN, **screens})
    assert ended.code == 1
    assert words in the_sentence(ended)


@linux
def test_a_library_the_system_lacks_is_named_where_qt_would_name_another_and_abort(
    folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "libfontconfig.so.1").touch()
    environment: dict[str, str | None] = {
        "LD_LIBRARY_PATH": str(tmp_path / "system"),
        "QT_QPA_PLATFORM": "offscreen",
    }
    for language, words in (("en", "this system lacks libfontconfig.so.1"), ("zh", "libfontconfig.so.1")):
        ended = run_desktop(folder, "--lang", language, environment=environment)
        assert ended.code == 1
        assert words in the_sentence(ended)
        assert "run.py doctor" in the_sentence(ended)


@linux
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--colour", "red"], "--colour"),
        (["--lang", "fr"], "fr"),
        (["--smoke", "soon"], "needs a number of seconds above zero, not “soon”"),
        (["--smoke", "-1"], "needs a number of seconds above zero, not “-1”"),
        (["--shots", "here"], "--shots needs --smoke SECONDS"),
    ],
)
def test_an_option_it_does_not_know_is_named(folder: Path, arguments: list[str], words: str) -> None:
    ended = run_desktop(folder, *arguments)
    assert ended.code == 2
    assert words in the_sentence(ended)
    in_chinese = run_desktop(folder, *arguments, environment={"LANGUAGE": "zh_CN"})
    assert in_chinese.code == 2
    assert re.search("[一-鿿]", the_sentence(in_chinese))


FAILING_WINDOW = """
import sys, threading
from veighna_ext import launch

make = launch.make_desktop_loop

def make_desktop_loop(app):
    from veighna_ext.window.main_window import DesktopWindow
    DesktopWindow.init_dock = lambda self: 1 / 0
    threading.Thread(target=threading.Event().wait, name="a gateway's").start()
    return make(app)

launch.make_desktop_loop = make_desktop_loop
sys.exit(launch.main(sys.argv[1:]))
"""


def test_a_window_that_cannot_be_built_ends_the_process_in_one_sentence(folder: Path) -> None:
    ended = run_desktop(folder, "--data-dir", str(folder), command=("-c", FAILING_WINDOW))
    assert ended.code == 1
    assert "The desktop could not be opened (ZeroDivisionError: division by zero)" in the_sentence(ended)
    details = folder / ".vntrader" / "veighna_ext" / "failed_start.txt"
    assert str(details) in the_sentence(ended)
    assert "init_dock" in details.read_text()


# The smoke run


def test_the_smoke_run_opens_everything_and_pictures_it(folder: Path) -> None:
    ended = run_desktop(folder, "--data-dir", str(folder), "--smoke", "1", "--shots", "shots")
    assert (ended.code, ended.complaints) == (0, [])
    answer = ended.answer
    assert answer["ok"] is True, answer
    assert answer["startup_s"] > 0
    assert answer["max_stall_ms"] < 2000
    shots = {path.stem: path for path in (folder.parent / "shots").iterdir()}
    assert {"main", "ctastrategy", "ctabacktester", "chartwizard", "welcome", "palette"} <= set(shots)
    assert size(shots["main"]) >= (700, 500)
    for name, path in shots.items():
        image = QImage(str(path))
        assert (image.width(), image.height()) == size(path), name
        assert len(colours(image)) > 3, f"{name} is empty"


def size(png: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", png.read_bytes()[16:24])
    return width, height


def colours(image: QImage) -> set[int]:
    steps = itertools.product(range(0, image.width(), 7), range(0, image.height(), 7))
    return {image.pixel(x, y) for x, y in steps}
