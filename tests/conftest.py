"""
Fixtures of every test, and the detectors that watch it.

An `async def` test runs on the desktop loop when it asks for `loop`, else on a plain asyncio loop without Qt.
"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.detectors import Detectors
from tests.support.environment import TestWorld

# before any import of vnpy or Qt: both fix their folders and platform then
WORLD = TestWorld()

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from vnpy.trader.engine import MainEngine

    from veighna_ext.core.event_engine import DesktopEventEngine
    from veighna_ext.widgets.loop import DesktopEventLoop

ASYNC_TEST_SECONDS = 20


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "expected_errors(*patterns): errors this test means to cause (regex)")
    config.addinivalue_line("filterwarnings", "error")
    # pytest-qt's own capture would replace the message handler the detectors rely on
    config.option.qt_log = False
    config.pluginmanager.register(Detectors(), "detectors")


def pytest_unconfigure(config: pytest.Config) -> None:
    WORLD.remove()


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    loop: Any = pyfuncitem.funcargs.get("loop")
    test = _limited(pyfuncitem.obj(**arguments))
    if loop is None:
        asyncio.run(_alone(test, pyfuncitem))
    else:
        loop.run_until_complete(test)
    return True


async def _limited(test: Any) -> None:
    await asyncio.wait_for(test, ASYNC_TEST_SECONDS)


async def _alone(test: Any, item: pytest.Item) -> None:
    await test
    await asyncio.sleep(0)  # a task cancelled in the test's last line ends now
    _report_pending_tasks(item.config, asyncio.get_running_loop())


def _report_pending_tasks(config: pytest.Config, loop: asyncio.AbstractEventLoop) -> None:
    try:
        current = asyncio.current_task(loop)
    except RuntimeError:
        current = None
    for task in asyncio.all_tasks(loop):
        if task is not current:
            _detectors(config).report_leak(f"task still pending: {task.get_name()}: {task.get_coro()!r}")


def _detectors(config: pytest.Config) -> Detectors:
    detectors = config.pluginmanager.get_plugin("detectors")
    assert isinstance(detectors, Detectors)
    return detectors


@pytest.fixture
def trader_dir() -> Path:
    """vnpy's folder, as on a first start; the current folder too."""
    return WORLD.refresh_vnpy()


@pytest.fixture
def event_engine(trader_dir: Path, request: pytest.FixtureRequest) -> Iterator[DesktopEventEngine]:
    """A running event engine."""
    from veighna_ext.core.event_engine import DesktopEventEngine

    _detectors(request.config).watch_loguru()
    engine = DesktopEventEngine()
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture
def main_engine(event_engine: DesktopEventEngine) -> Iterator[MainEngine]:
    """vnpy's own main engine on our event engine."""
    from vnpy.trader.engine import MainEngine

    engine = MainEngine(event_engine)
    yield engine
    engine.close()


@pytest.fixture
def loop(qapp: QApplication, request: pytest.FixtureRequest) -> Generator[DesktopEventLoop, None, None]:
    """The desktop's loop; errors nobody handles and tasks that outlive the test fail it."""
    from veighna_ext.widgets.loop import make_loop

    detectors = _detectors(request.config)

    def on_error(message: str, error: BaseException | None) -> None:
        detectors.report_error(f"error on the loop: {message}: {error!r}")

    loop = make_loop(qapp, on_error)
    yield loop
    loop.run_until_complete(asyncio.sleep(0))
    _report_pending_tasks(request.config, loop)
    loop.run_until_complete(loop.shutdown())
    loop.close()
    asyncio.set_event_loop(None)
