"""Notices in the corner of the window: three at a time, none in the way, errors until they are read."""

from __future__ import annotations

import heapq
import time

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QMainWindow, QPushButton, QStatusBar

from veighna_ext.core.i18n import ngettext
from veighna_ext.core.notices import Level, Notice, NoticeBoard
from veighna_ext.window.notice_feed import NoticeFeed
from veighna_ext.window.notice_list import NoticeList
from veighna_ext.window.texts import characters
from veighna_ext.window.toast import Toast

AT_ONCE = 3
GAP = 8
QUIET_SECONDS = 30.0
WIDTH_IN_CHARACTERS = 52


class NotificationCenter(QObject):
    """Shows what the board gets as toasts inside `window`, and all of it in a list."""

    def __init__(self, window: QMainWindow, notices: NoticeBoard) -> None:
        super().__init__(window)
        self.feed = NoticeFeed(notices, self)
        self.toasts: list[Toast] = []
        self.list = NoticeList(self.feed, window)
        self._window = window
        self._seen: dict[int, int] = {}
        self._dismissed: dict[int, float] = {}
        self.more_button = self._make_more_button()
        self.feed.changed.connect(self._drain)
        self.list.shown.connect(self._list_shown)
        self.list.hidden.connect(self._drain)
        window.installEventFilter(self)

    def open_list(self) -> None:
        """Show everything there is to read; opened already, it takes the keyboard."""
        self._place_list()
        self.list.show()
        self.list.raise_()
        self.list.take_focus()

    def toggle_list(self) -> None:
        """Open the list, or close it if it is open."""
        if self.list.isVisible():
            self.list.close()
        else:
            self.open_list()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in the corner when the window changes its size."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.WindowStateChange):
            self._arrange()
            if self.list.isVisible():
                self._place_list()
        return False

    def _drain(self) -> None:
        notices = self.feed.all()
        news = [notice for notice in notices if self._seen.get(notice.number) != notice.count]
        self._seen = {notice.number: notice.count for notice in notices}
        self._dismissed = {number: when for number, when in self._dismissed.items() if number in self._seen}
        if self.list.isVisible():
            return
        standing = {notice.number: notice for notice in notices}
        for toast in list(self.toasts):
            current = standing.get(toast.notice.number)
            if current is None or (current.read and current.level is Level.ERROR):
                self._remove(toast)
        self._show(news, standing)

    def _show(self, news: list[Notice], standing: dict[int, Notice]) -> None:
        """`standing` runs from the newest to the oldest: of equal levels the newer ones get the places."""
        up = {toast.notice.number for toast in self.toasts}
        fresh = {notice.number for notice in news if not notice.read and not self._wants_quiet(notice)}
        wanted = heapq.nlargest(
            AT_ONCE,
            (notice for notice in standing.values() if notice.number in up | fresh),
            key=lambda n: n.level,
        )
        places = {notice.number for notice in wanted}
        displaced = [toast for toast in self.toasts if toast.notice.number not in places]
        for toast in self.toasts:
            if toast.notice.number in fresh & places:
                toast.show_notice(standing[toast.notice.number])
        for number in places - up:
            toast = displaced.pop() if displaced else self._make_toast(standing[number])
            toast.show_notice(standing[number])
        for toast in displaced:
            self._remove(toast)
        self.toasts.sort(key=lambda known: known.notice.number)
        self._arrange()

    def _wants_quiet(self, notice: Notice) -> bool:
        dismissed = self._dismissed.get(notice.number)
        return dismissed is not None and time.monotonic() - dismissed < QUIET_SECONDS

    def _make_toast(self, notice: Notice) -> Toast:
        toast = Toast(notice, self._window)
        toast.dismissed.connect(self._on_dismissed)
        toast.expired.connect(self._on_expired)
        toast.opened.connect(lambda _toast: self.open_list())
        toast.hovered.connect(self._on_hovered)
        self.toasts.append(toast)
        return toast

    def _remove(self, toast: Toast) -> None:
        self.toasts.remove(toast)
        toast.hide()
        toast.deleteLater()

    def _on_dismissed(self, toast: Toast) -> None:
        self._dismissed[toast.notice.number] = time.monotonic()
        self._on_expired(toast)

    def _on_expired(self, toast: Toast) -> None:
        if toast in self.toasts:
            self._remove(toast)
            self._arrange()

    def _on_hovered(self, inside: bool) -> None:
        for toast in self.toasts:
            toast.hold() if inside else toast.release()

    def _list_shown(self) -> None:
        for toast in list(self.toasts):
            self._remove(toast)
        self._arrange()

    def _arrange(self) -> None:
        """The newest nearest the corner, the others above it, and on top how many errors found no place."""
        corner = self._corner()
        width = min(characters(self._window, WIDTH_IN_CHARACTERS), corner.x() - GAP)
        bottom = corner.y()
        for toast in reversed(self.toasts):
            toast.fit(width)
            bottom -= toast.height()
            toast.move(corner.x() - width, bottom)
            toast.show()
            toast.raise_()
            bottom -= GAP
        self._show_more(corner.x(), bottom)

    def _show_more(self, right: int, bottom: int) -> None:
        up = {toast.notice.number for toast in self.toasts}
        without_place = 0
        if len(up) == AT_ONCE:
            without_place = sum(
                notice.level is Level.ERROR
                and not notice.read
                and notice.number not in up
                and notice.number not in self._dismissed
                for notice in self.feed.all()
            )
        self.more_button.setVisible(without_place > 0)
        if without_place:
            self.more_button.setText(
                ngettext("{count} more error", "{count} more errors", without_place).format(
                    count=without_place
                )
            )
            self.more_button.adjustSize()
            self.more_button.move(right - self.more_button.width(), bottom - self.more_button.height())
            self.more_button.raise_()

    def _corner(self) -> QPoint:
        bars = (child for child in self._window.children() if isinstance(child, QStatusBar))
        below = sum(bar.height() for bar in bars if bar.isVisible())
        return QPoint(self._window.width() - GAP * 2, self._window.height() - below - GAP)

    def _place_list(self) -> None:
        corner = self._corner()
        wanted = self.list.sizeHint()
        width, height = min(wanted.width(), corner.x() - GAP), min(wanted.height(), corner.y() - GAP)
        self.list.setGeometry(corner.x() - width, corner.y() - height, width, height)

    def _make_more_button(self) -> QPushButton:
        button = QPushButton(self._window)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(self.open_list)
        button.hide()
        return button
