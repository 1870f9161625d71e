"""Toasts in the corner of the window, and the bell."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QCursor, QEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from tests.gui.window.ways import LOOKS, clipped, dressed
from veighna_ext.core.notices import Level, NoticeBoard
from veighna_ext.widgets.theme import ThemeName
from veighna_ext.window import toast as toast_module
from veighna_ext.window.bell_button import BellButton
from veighna_ext.window.notice_feed import PACE_MS
from veighna_ext.window.notifications import AT_ONCE, NotificationCenter


@pytest.fixture
def board() -> NoticeBoard:
    return NoticeBoard()


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    QCursor.setPos(0, 0)
    window.resize(700, 600)
    window.setCentralWidget(QLineEdit())
    window.statusBar().showMessage("ready")
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def center(window: QMainWindow, board: NoticeBoard) -> Iterator[NotificationCenter]:
    center = NotificationCenter(window, board)
    yield center
    center.list.close()


def texts(center: NotificationCenter) -> list[str]:
    return [toast.notice.text for toast in center.toasts]


def shows(qtbot: QtBot, center: NotificationCenter, *expected: str) -> None:
    qtbot.waitUntil(lambda: texts(center) == list(expected), timeout=3000)


def test_a_notice_posted_before_the_window_was_there_is_still_shown(
    qtbot: QtBot, window: QMainWindow, board: NoticeBoard
) -> None:
    board.warning("settings unreadable")
    shows(qtbot, NotificationCenter(window, board), "settings unreadable")


def test_toasts_stand_in_the_corner_above_the_status_bar_with_the_newest_lowest(
    qtbot: QtBot, window: QMainWindow, board: NoticeBoard, center: NotificationCenter
) -> None:
    for text in ("first", "second", "third"):
        board.error(text)
    shows(qtbot, center, "first", "second", "third")
    tops = [toast.y() for toast in center.toasts]
    assert tops == sorted(tops)
    for toast in center.toasts:
        assert toast.geometry().bottom() < window.statusBar().y()
        assert window.rect().contains(toast.geometry())
    window.resize(600, 450)
    qtbot.waitUntil(lambda: all(window.rect().contains(toast.geometry()) for toast in center.toasts))


def test_a_toast_takes_neither_the_focus_nor_clicks_beside_it(
    qtbot: QtBot, window: QMainWindow, board: NoticeBoard, center: NotificationCenter
) -> None:
    field = window.centralWidget()
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is field)
    board.error("broken")
    shows(qtbot, center, "broken")
    assert QApplication.focusWidget() is field
    beside = center.toasts[0].geometry().topLeft() - QPoint(5, 5)
    assert window.childAt(beside) is field


def test_info_goes_by_itself_and_an_error_stays(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, board: NoticeBoard, center: NotificationCenter
) -> None:
    monkeypatch.setitem(toast_module.SECONDS, Level.INFO, 0.05)
    board.error("stays")
    board.info("goes")
    shows(qtbot, center, "stays", "goes")
    shows(qtbot, center, "stays")
    assert not center.toasts[0].expires


def test_nothing_vanishes_under_the_mouse(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, board: NoticeBoard, center: NotificationCenter
) -> None:
    monkeypatch.setattr(toast_module, "SECONDS_AFTER_HOVER", 0.05)
    board.info("read me")
    shows(qtbot, center, "read me")
    toast = center.toasts[0]
    here = QPointF(5, 5)
    QApplication.sendEvent(toast, QEnterEvent(here, here, QPointF(toast.mapToGlobal(QPoint(5, 5)))))
    assert not toast.expires
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    shows(qtbot, center)


def test_repeats_count_up_in_one_toast(qtbot: QtBot, board: NoticeBoard, center: NotificationCenter) -> None:
    for _ in range(37):
        board.warning("late prices", source="MOCK_BINANCE")
    shows(qtbot, center, "late prices")
    qtbot.waitUntil(lambda: "×37" in center.toasts[0].meta.text())


def test_at_most_three_toasts_errors_first_and_the_rest_is_counted(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    for number in range(5):
        board.error(f"error {number}")
    for number in range(5):
        board.info(f"info {number}")
    shows(qtbot, center, "error 2", "error 3", "error 4")
    assert center.more_button.isVisible()
    assert "2" in center.more_button.text()
    qtbot.mouseClick(center.more_button, Qt.MouseButton.LeftButton)
    assert center.list.isVisible()


def test_a_dismissed_error_does_not_come_back_at_its_next_repeat(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    board.error("again and again")
    shows(qtbot, center, "again and again")
    qtbot.mouseClick(center.toasts[0].close_button, Qt.MouseButton.LeftButton)
    assert texts(center) == []
    board.error("again and again")
    board.error("another")
    shows(qtbot, center, "another")


def test_a_click_on_a_toast_opens_the_list_in_its_place(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    board.error("broken")
    shows(qtbot, center, "broken")
    qtbot.mouseClick(center.toasts[0], Qt.MouseButton.LeftButton)
    assert center.list.isVisible()
    assert texts(center) == []


def test_a_flood_from_several_threads_reaches_the_window_in_few_strokes(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    strokes: list[int] = []
    center.feed.changed.connect(lambda: strokes.append(1))

    def post(name: str) -> None:
        for number in range(2_500):
            board.error(f"{name} {number}")

    threads = [threading.Thread(target=post, args=(f"thread {n}",)) for n in range(4)]
    with qtbot.captureExceptions() as exceptions:
        for thread in threads:
            thread.start()
        qtbot.waitUntil(lambda: not any(thread.is_alive() for thread in threads), timeout=20_000)
        last = board.all()[:AT_ONCE]
        shows(qtbot, center, *[notice.text for notice in sorted(last, key=lambda n: n.number)])
    assert not exceptions
    assert len(strokes) < 100
    assert len(center.toasts) == AT_ONCE


def test_posts_right_after_each_other_wait_for_the_pace(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    board.info("one")
    shows(qtbot, center, "one")
    with qtbot.waitSignal(center.feed.changed, timeout=PACE_MS * 10):
        board.info("two")
    shows(qtbot, center, "one", "two")


def test_a_closed_window_hears_nothing_any_more(qtbot: QtBot, board: NoticeBoard) -> None:
    window = QMainWindow()
    NotificationCenter(window, board)
    window.deleteLater()
    with qtbot.waitSignal(window.destroyed):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    board.error("nobody there")


def test_the_bell_counts_what_is_unread_until_it_is_read(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    bell = BellButton(center)
    qtbot.addWidget(bell)
    board.info("does not count")
    board.warning("counts")
    board.error("counts too")
    qtbot.waitUntil(lambda: bell.unread == 2)
    center.feed.mark_read()
    assert bell.unread == 0


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_a_long_text_is_cut_in_words_and_never_clipped(
    qtbot: QtBot, window: QMainWindow, board: NoticeBoard, language: str, theme: ThemeName
) -> None:
    with dressed(language, theme):
        center = NotificationCenter(window, board)
        board.error("/a/very/long/path/without/any/blank" * 20)
        board.warning("行情" * 200)
        qtbot.waitUntil(lambda: len(center.toasts) == 2)
        for toast in center.toasts:
            assert toast.height() >= toast.heightForWidth(toast.width())
            assert not clipped(toast)
