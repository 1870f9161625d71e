"""The list of notices: a panel over the window's corner, with the details of the one chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import (
    QFont,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from veighna_ext.core.i18n import _
from veighna_ext.core.notices import Level, Notice
from veighna_ext.widgets.icons import icon
from veighna_ext.widgets.theme import shades
from veighna_ext.window.levels import level_icon, level_name
from veighna_ext.window.notice_feed import NoticeFeed
from veighna_ext.window.notice_model import NOTICE, NoticeModel, as_text, of_levels, origin
from veighna_ext.window.notice_row import NoticeRow
from veighna_ext.window.texts import Heading, characters, fixed_font


class NoticeList(QFrame):
    """Everything that was said, newest first. Closing it unfiltered counts as having read it."""

    shown = Signal()
    hidden = Signal()

    def __init__(self, feed: NoticeFeed, window: QWidget) -> None:
        super().__init__(window)
        self._feed = feed
        self._model = NoticeModel(self)
        self._built = False
        self._chosen = 0
        self.setObjectName("notice_list")
        self.hide()

    def showEvent(self, event: QShowEvent) -> None:
        """Built when first wanted; kept up to date while it is seen."""
        if not self._built:
            self._build()
            self._feed.changed.connect(self._refresh)
            self._built = True
        super().showEvent(event)
        self._feed.look()
        self.shown.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Closed, and not with its window: what was shown has been read, if nothing was left out."""
        super().hideEvent(event)
        if self._built and self.isHidden():
            if self._model.rows == self._feed.all() and self._feed.up_to_date():
                self._feed.mark_read()
            self.hidden.emit()

    def take_focus(self) -> None:
        """The keyboard to the list."""
        self.view.setFocus(Qt.FocusReason.PopupFocusReason)
        if not self.view.currentIndex().isValid() and self._model.rows:
            self.view.setCurrentIndex(self._model.index(0))

    def sizeHint(self) -> QSize:
        """Wide enough for a line of a traceback."""
        metrics = self.fontMetrics()
        return QSize(max(460, characters(self, 74)), max(380, metrics.lineSpacing() * 30))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A panel with a border: it lies over other tables."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Window))
        painter.setPen(QPen(shades().border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _build(self) -> None:
        self.view = QListView()
        self.view.setModel(self._model)
        self.view.setItemDelegate(NoticeRow(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setAccessibleName(_("Notices"))
        self.view.selectionModel().currentChanged.connect(lambda _new, _old: self._show_chosen())
        self._model.modelReset.connect(self._choose_again)
        self._empty = QLabel(_("Nothing here"), self.view)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        QVBoxLayout(self.view).addWidget(self._empty)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.view)
        split.addWidget(self._build_detail())
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(self._build_head())
        layout.addWidget(split, 1)

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 6, 8)
        head.setSpacing(4)
        head.addWidget(Heading(_("Notices"), 1.1))
        head.addSpacing(8)
        self.filters: dict[Level, QToolButton] = {}
        for level in reversed(Level):
            button = QToolButton()
            button.setCheckable(True)
            button.setChecked(True)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            button.setIconSize(QSize(14, 14))
            button.setToolTip(_("Show or hide: {level}").format(level=level_name(level)))
            button.setAccessibleName(level_name(level))
            button.toggled.connect(self._refresh)
            self.filters[level] = button
            head.addWidget(button)
        head.addStretch(1)
        self.read_button = _text_button(_("Mark all read"), self._feed.mark_read)
        self.clear_button = _text_button(_("Clear"), self._feed.clear)
        self.close_button = QToolButton()
        self.close_button.setIcon(icon("close"))
        self.close_button.setIconSize(QSize(12, 12))
        self.close_button.setToolTip(_("Close (Esc)"))
        self.close_button.setAccessibleName(_("Close (Esc)"))
        self.close_button.clicked.connect(self.close)
        for button in (self.read_button, self.clear_button, self.close_button):
            head.addWidget(button)
        self._dress()
        return head

    def _build_detail(self) -> QWidget:
        self.detail = QPlainTextEdit()
        self.detail.setReadOnly(True)
        self.detail.setFrameShape(QFrame.Shape.NoFrame)
        self.detail.setAccessibleName(_("Details"))
        self.copy_button = QPushButton(icon("copy"), _("Copy"))
        self.copy_button.clicked.connect(
            lambda: QGuiApplication.clipboard().setText(self.detail.toPlainText())
        )
        self._origin = QLabel()
        self._origin.setTextFormat(Qt.TextFormat.PlainText)
        self._origin.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._origin.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 4, 8, 6)
        foot.addWidget(self._origin, 1)
        foot.addWidget(self.copy_button)
        pane = QWidget()
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.detail, 1)
        column.addLayout(foot)
        self._pane = pane
        return pane

    def changeEvent(self, event: QEvent) -> None:
        """Icons carry the theme's colours."""
        if event.type() == QEvent.Type.PaletteChange and self._built:
            self._dress()
        super().changeEvent(event)

    def _dress(self) -> None:
        for level, button in self.filters.items():
            button.setIcon(level_icon(level))

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        notices = self._feed.all()
        for level, button in self.filters.items():
            button.setText(str(sum(notice.level is level for notice in notices)))
        levels = frozenset(level for level, button in self.filters.items() if button.isChecked())
        self._model.show(of_levels(notices, levels))
        self._empty.setVisible(not self._model.rows)
        self.read_button.setEnabled(self._feed.unread(Level.INFO) > 0)
        self.clear_button.setEnabled(bool(notices))
        self._show_chosen()

    def _choose_again(self) -> None:
        """The chosen notice stays chosen while others come and go."""
        row = self._model.row_of(self._chosen) if self._chosen else -1
        if row >= 0:
            self.view.setCurrentIndex(self._model.index(row))

    def _show_chosen(self) -> None:
        index = self.view.currentIndex()
        notice: Notice | None = index.data(NOTICE) if index.isValid() else None
        self._pane.setVisible(notice is not None)
        if notice is None:
            return
        self._chosen = notice.number
        self._origin.setText(origin(notice))
        text = as_text(notice)
        if text != self.detail.toPlainText():
            self.detail.setFont(fixed_font() if notice.detail else QFont())
            self.detail.setPlainText(text)


def _text_button(text: str, slot: Callable[[], None]) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.clicked.connect(slot)
    return button
