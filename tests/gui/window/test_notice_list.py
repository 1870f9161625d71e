"""The list of notices: what it shows, and when something counts as read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from tests.gui.window.ways import LOOKS, clipped, dressed
from veighna_ext.core.notices import Level, NoticeBoard
from veighna_ext.widgets.theme import ThemeName
from veighna_ext.window.notice_list import NoticeList
from veighna_ext.window.notifications import NotificationCenter


@pytest.fixture
def board() -> NoticeBoard:
    return NoticeBoard()


@pytest.fixture
def center(qtbot: QtBot, board: NoticeBoard) -> Iterator[NotificationCenter]:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    center = NotificationCenter(window, board)
    yield center
    center.list.close()


def rows(shown: NoticeList) -> list[str]:
    model = shown.view.model()
    return [model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) for row in range(model.rowCount())]


def test_the_newest_notice_is_on_top_and_new_ones_appear(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    board.info("first")
    board.error("second")
    center.open_list()
    assert rows(center.list) == ["second", "first"]
    board.warning("third")
    qtbot.waitUntil(lambda: rows(center.list) == ["third", "second", "first"])
    assert center.toasts == []


def test_the_chosen_notice_stays_chosen_while_others_arrive(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    board.error("the one", detail="Traceback: boom")
    center.open_list()
    assert "Traceback: boom" in center.list.detail.toPlainText()
    board.error("another")
    qtbot.waitUntil(lambda: rows(center.list) == ["another", "the one"])
    assert center.list.view.currentIndex().row() == 1
    assert "Traceback: boom" in center.list.detail.toPlainText()


def test_details_are_copied_whole(qtbot: QtBot, board: NoticeBoard, center: NotificationCenter) -> None:
    board.error("broken", source="CtaStrategy", detail="Traceback: boom")
    board.error("broken", source="CtaStrategy", detail="Traceback: boom")
    center.open_list()
    qtbot.mouseClick(center.list.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    for part in ("broken", "CtaStrategy", "×2", "Traceback: boom"):
        assert part in copied


def test_levels_are_filtered_and_counted(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    board.info("good")
    board.warning("careful")
    board.error("bad")
    center.open_list()
    assert [center.list.filters[level].text() for level in Level] == ["1", "1", "1"]
    qtbot.mouseClick(center.list.filters[Level.INFO], Qt.MouseButton.LeftButton)
    assert rows(center.list) == ["bad", "careful"]
    qtbot.mouseClick(center.list.filters[Level.INFO], Qt.MouseButton.LeftButton)
    assert rows(center.list) == ["bad", "careful", "good"]


def test_closing_the_list_means_it_was_read(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    board.error("bad")
    center.open_list()
    assert board.unread() == 1
    qtbot.keyClick(center.list.view, Qt.Key.Key_Escape)
    assert not center.list.isVisible()
    assert board.unread() == 0


def test_what_a_filter_hid_has_not_been_read(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    board.error("bad")
    board.warning("careful")
    center.open_list()
    qtbot.mouseClick(center.list.filters[Level.ERROR], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(center.list.close_button, Qt.MouseButton.LeftButton)
    assert board.unread() == 2


def test_what_arrived_unseen_while_closing_has_not_been_read(
    board: NoticeBoard, center: NotificationCenter
) -> None:
    board.error("seen")
    center.open_list()
    board.error("not drawn yet")
    center.list.close()
    assert board.unread() == 2


def test_marking_all_read_and_clearing(qtbot: QtBot, board: NoticeBoard, center: NotificationCenter) -> None:
    board.error("bad")
    center.open_list()
    qtbot.mouseClick(center.list.read_button, Qt.MouseButton.LeftButton)
    assert board.unread() == 0
    assert not center.list.read_button.isEnabled()
    qtbot.mouseClick(center.list.clear_button, Qt.MouseButton.LeftButton)
    assert rows(center.list) == []
    assert board.all() == []


def test_arrow_keys_move_through_the_list(
    qtbot: QtBot, board: NoticeBoard, center: NotificationCenter
) -> None:
    board.error("older")
    board.error("newer")
    center.open_list()
    qtbot.keyClick(center.list.view, Qt.Key.Key_Down)
    assert "older" in center.list.detail.toPlainText()


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_the_list_fits_a_small_window_in_both_languages_and_themes(
    qtbot: QtBot, board: NoticeBoard, language: str, theme: ThemeName
) -> None:
    with dressed(language, theme):
        window = QMainWindow()
        qtbot.addWidget(window)
        window.resize(640, 360)
        window.show()
        center = NotificationCenter(window, board)
        board.error("bad", detail="line\n" * 50)
        center.open_list()
        qtbot.waitUntil(lambda: rows(center.list) == ["bad"])
        assert window.rect().contains(center.list.geometry())
        assert not clipped(center.list)
        assert center.list.view.height() > center.list.view.sizeHintForRow(0)
        center.list.close()
