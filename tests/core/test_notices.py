"""The notice board: nothing is lost that must be read, nothing grows without bound."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from veighna_ext.core.notices import KEEP, Level, Notice, NoticeBoard


def test_the_newest_notice_comes_first() -> None:
    board = NoticeBoard()
    board.info("one")
    board.error("two")
    assert [notice.text for notice in board.all()] == ["two", "one"]


def test_the_same_notice_again_counts_up_and_is_unread_again() -> None:
    board = NoticeBoard()
    board.warning("late tick", source="BINANCE")
    board.mark_read()
    again = board.warning("late tick", source="BINANCE")
    assert (again.count, again.read, len(board.all())) == (2, False, 1)


def test_the_same_text_from_two_sources_is_two_notices() -> None:
    board = NoticeBoard()
    board.error("lost", source="A")
    board.error("lost", source="B")
    assert len(board.all()) == 2


def test_only_what_needs_attention_counts_as_unread() -> None:
    board = NoticeBoard()
    board.info("hello")
    board.warning("hm")
    board.error("no")
    assert board.unread() == 2
    assert board.unread(Level.ERROR) == 1
    board.mark_read()
    assert board.unread() == 0


def test_an_unread_error_outlives_a_flood() -> None:
    board = NoticeBoard()
    board.error("money")
    for number in range(KEEP * 2):
        board.info(f"chatter {number}")
    assert len(board.all()) == KEEP
    assert "money" in [notice.text for notice in board.all()]


def test_a_flood_of_errors_is_bounded_too() -> None:
    board = NoticeBoard()
    for number in range(KEEP + 10):
        board.error(f"error {number}")
    texts = [notice.text for notice in board.all()]
    assert len(texts) == KEEP
    assert texts[0] == f"error {KEEP + 9}"


def steps(call: Callable[[], object]) -> int:
    """How many instructions Python carries out in a call."""
    count = 0

    def trace(frame: FrameType, event: str, _argument: Any) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
    return count


def test_a_full_board_of_unread_errors_takes_the_next_notice_as_quickly_as_any() -> None:
    chatty, worried = NoticeBoard(), NoticeBoard()
    for number in range(KEEP):
        chatty.info(f"chatter {number}")
        worried.error(f"error {number}")
    assert steps(lambda: worried.info("one more")) <= steps(lambda: chatty.info("one more")) + 20


def test_an_error_that_was_read_is_forgotten_first_and_one_that_came_again_is_not() -> None:
    board = NoticeBoard()
    board.error("read")
    board.error("read, and again")
    board.mark_read()
    board.error("read, and again")
    for number in range(KEEP - 1):
        board.error(f"error {number}")
    texts = [notice.text for notice in board.all()]
    assert "read, and again" in texts
    assert "read" not in texts


def test_posts_from_many_threads_are_all_counted() -> None:
    board = NoticeBoard()
    heard: list[Notice] = []
    end = board.subscribe(heard.append)
    threads = [threading.Thread(target=lambda: [board.error("same") for _ in range(200)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert board.all()[0].count == 800
    assert len(heard) == 800
    end()
    board.info("after")
    assert len(heard) == 800
