"""Garbage that may hold widgets is collected in the GUI thread and nowhere else."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING

from pytestqt.qtbot import QtBot

from veighna_ext.widgets.garbage import GuiThreadGarbage

if TYPE_CHECKING:
    from veighna_ext.desktop import Desktop

MANY = 50_000


class Waste:
    """Garbage that only a collection finds; remembers which thread collected it."""

    def __init__(self, collected_in: list[int]) -> None:
        self.myself = self
        self.collected_in = collected_in

    def __del__(self) -> None:
        self.collected_in.append(threading.get_ident())


def work_in_a_thread() -> None:
    """Make and keep far more objects than an automatic collection waits for."""
    worker = threading.Thread(target=lambda: [[number] for number in range(MANY)])
    worker.start()
    worker.join()


def test_a_thread_that_makes_objects_collects_nothing(qtbot: QtBot) -> None:
    gc.enable()
    garbage = GuiThreadGarbage()
    garbage.start()
    collected_in: list[int] = []
    Waste(collected_in)
    work_in_a_thread()
    assert collected_in == []
    kept = [[number] for number in range(MANY)]
    qtbot.waitUntil(lambda: bool(collected_in), timeout=5000)
    assert collected_in == [threading.get_ident()]
    assert kept
    garbage.stop()
    assert gc.isenabled()
    gc.disable()


def test_old_garbage_is_found_after_enough_younger_collections() -> None:
    garbage = GuiThreadGarbage()
    garbage.start()
    collected_in: list[int] = []
    waste = Waste(collected_in)
    gc.collect()
    del waste
    youngest, middle, oldest = gc.get_threshold()
    for _turn in range((middle + 2) * (oldest + 2)):
        kept = [[number] for number in range(youngest + 100)]
        garbage.look()
        del kept
    assert collected_in == [threading.get_ident()]
    garbage.stop()


def test_in_the_running_desktop_no_engine_thread_collects(desktop: Desktop) -> None:
    assert not gc.isenabled()
    collected_in: list[int] = []
    Waste(collected_in)
    work_in_a_thread()
    assert collected_in == []
    gc.collect()
    assert collected_in == [threading.get_ident()]
