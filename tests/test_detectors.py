"""Each detector fails the test it should, in a run of its own, and leaves a clean test alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

SUITE = '''
import asyncio, gc, logging, threading
import pytest
from loguru import logger
from PySide6.QtCore import QObject, QTimer, qWarning
from PySide6.QtWidgets import QWidget
from vnpy.event import Event

kept = []

def test_clean(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()

def test_qt_warning(qapp):
    qWarning("a layout is wrong")

def test_real_qt_warning(qapp):
    timer = QTimer()
    timer.start(-5)

def test_loguru_error():
    logger.error("the order was lost")

def test_logging_error():
    logging.getLogger("some.library").error("the socket broke")

def test_thread():
    thread = threading.Thread(target=threading.Event().wait, args=(20,), name="left running", daemon=True)
    thread.start()

def test_widget(qapp):
    widget = QWidget()
    widget.setWindowTitle("left open")
    kept.append(widget)

def test_after_the_widget(qapp):
    pass

async def test_pending_task_without_qt():
    kept.append(asyncio.ensure_future(asyncio.sleep(20)))

async def test_pending_task(loop):
    kept.append(loop.create_task(asyncio.sleep(20), name="left pending"))

def test_unawaited_coroutine():
    asyncio.sleep(0)
    gc.collect()

async def test_loop_error(loop):
    loop.call_soon(int, "not a number")
    await asyncio.sleep(0.02)

def test_handler_error(event_engine):
    handled = threading.Event()
    event_engine.register("tick", lambda event: 1 / 0)
    event_engine.register("tick", lambda event: handled.set())
    event_engine.put(Event("tick"))
    assert handled.wait(5)

def test_thread_error():
    thread = threading.Thread(target=int, args=("not a number",))
    thread.start()
    thread.join()

@pytest.mark.expected_errors("order was l.st")
def test_expected_error():
    logger.error("the order was lost")

@pytest.mark.expected_errors("order was lost")
def test_expected_error_and_another():
    logger.error("the order was lost")
    logger.error("the position too")

@pytest.mark.expected_errors("never said")
def test_expected_error_that_does_not_come():
    pass

@pytest.mark.expected_errors("never said")
def test_skipped_before_its_expected_error():
    pytest.skip("something is not installed here")

async def test_too_slow(loop):
    await asyncio.Event().wait()
'''

CAUGHT = {
    "test_qt_warning": "a layout is wrong",
    "test_real_qt_warning": "QtWarningMsg",
    "test_loguru_error": "the order was lost",
    "test_logging_error": "error log of some.library: the socket broke",
    "test_thread": "thread still running: left running",
    "test_widget": "top-level widget still alive: QWidget 'left open'",
    "test_pending_task_without_qt": "task still pending",
    "test_pending_task": "task still pending: left pending",
    "test_unawaited_coroutine": "was never awaited",
    "test_loop_error": "error on the loop",
    "test_handler_error": "ZeroDivisionError",
    "test_thread_error": "ValueError",
    "test_expected_error_and_another": "the position too",
    "test_expected_error_that_does_not_come": "expected error did not occur: never said",
    "test_too_slow": "Timeout",
}
LEFT_ALONE = (
    "test_clean",
    "test_after_the_widget",
    "test_expected_error",
    "test_skipped_before_its_expected_error",
)


def with_project_on_the_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{PROJECT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What pytest says about each test of the suite above: nothing when it passed."""
    folder = tmp_path_factory.mktemp("detectors")
    conftest = "from tests import conftest\nfrom tests.conftest import *\nconftest.ASYNC_TEST_SECONDS = 0.5\n"
    (folder / "conftest.py").write_text(conftest, encoding="utf-8")
    (folder / "test_suite.py").write_text(SUITE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nqt_api = pyside6\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v", "test_suite.py"],
        cwd=folder,
        env=with_project_on_the_path(),
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    heading = r"^_+ (?:ERROR at (?:setup|teardown) of )?(test_\w+) _+$"
    sections = re.split(heading, run.stdout, flags=re.MULTILINE)
    said: dict[str, str] = {}
    for name, text in zip(sections[1::2], sections[2::2], strict=True):
        said[name] = said.get(name, "") + text
    assert "test_clean PASSED" in run.stdout, run.stdout + run.stderr
    return said


@pytest.mark.parametrize(("test", "words"), CAUGHT.items())
def test_a_detector_fails_the_test_it_should_and_says_why(
    outcome: dict[str, str], test: str, words: str
) -> None:
    assert words in outcome.get(test, "nothing")


@pytest.mark.parametrize("test", LEFT_ALONE)
def test_a_clean_test_is_left_alone(outcome: dict[str, str], test: str) -> None:
    assert test not in outcome


def test_without_qt_no_test_imports_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n", encoding="utf-8")
    (tmp_path / "test_suite.py").write_text(
        "import asyncio, sys\n"
        "async def test_plain(tmp_path):\n"
        "    await asyncio.sleep(0)\n"
        "    assert not [name for name in sys.modules if name.startswith(('PySide6', 'shiboken', 'vnpy'))]\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:pytest-qt", "test_suite.py"],
        cwd=tmp_path,
        env=with_project_on_the_path(),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_tests_live_in_a_world_of_their_own(trader_dir: Path) -> None:
    from vnpy.trader.utility import TEMP_DIR, TRADER_DIR

    assert trader_dir == TRADER_DIR
    assert Path.cwd() == TRADER_DIR
    assert TEMP_DIR.is_relative_to(Path.home().parent)
    assert Path.home().name == "home"
    assert [path.name for path in TEMP_DIR.iterdir()] == ["vt_setting.json"]


@pytest.mark.parametrize("_round", [1, 2])
def test_every_test_finds_vnpy_as_on_a_first_start(trader_dir: Path, _round: int) -> None:
    from vnpy.trader.database import get_database
    from vnpy.trader.setting import SETTINGS
    from vnpy.trader.utility import load_json, save_json

    assert SETTINGS["font.family"] == "Noto Sans CJK SC"
    assert load_json("mine.json") == {}
    assert get_database().get_bar_overview() == []
    SETTINGS["font.family"] = "changed"
    save_json("mine.json", {"changed": True})
