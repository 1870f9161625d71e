"""The command palette: type a few letters of anything that can be done here, press Enter."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)
from vnpy.trader.object import ContractData

from veighna_ext.core.i18n import _
from veighna_ext.widgets.icons import icon
from veighna_ext.widgets.layout_store import layout_settings
from veighna_ext.widgets.theme import shades
from veighna_ext.window.palette_entries import Source, contract_entries, menu_entries
from veighna_ext.window.palette_row import EntryModel, EntryRow
from veighna_ext.window.ranking import Entry, rank
from veighna_ext.window.texts import characters

__all__ = ["CommandPalette", "Entry"]

REMEMBERED = 20
RECENT_KEY = "palette/recent"
ROWS = 12
FEWEST_ROWS = 3
MARGIN = 24
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class CommandPalette(QFrame):
    """Lies over the top of `window`; goes away after a choice, on Escape and when the focus leaves."""

    def __init__(
        self,
        window: QMainWindow,
        *,
        contracts: Callable[[], Sequence[ContractData]] = tuple,
        on_contract: Callable[[ContractData], object] = lambda _contract: None,
        sources: Sequence[Source] = (),
    ) -> None:
        super().__init__(window)
        self._window = window
        self._contracts = contracts
        self._on_contract = on_contract
        self._sources = sources
        self._commands: list[Entry] = []
        self._contract_entries: list[Entry] = []
        self._focus_before: QWidget | None = None
        self._preparing = QTimer(self, singleShot=True, interval=0)
        self._preparing.timeout.connect(self._prepare)
        self._leaving = QTimer(self, singleShot=True, interval=0)
        self._leaving.timeout.connect(self._close_without_focus)
        self.setObjectName("command_palette")
        self.hide()
        self._build()

    def open(self) -> None:
        """Appear, empty, with what can be done at this moment."""
        self._commands = [
            *menu_entries(self._window.menuBar()),
            *(entry for source in self._sources for entry in source()),
        ]
        self._contract_entries = contract_entries(self._contracts(), self._on_contract)
        if not self.isVisible():
            self._focus_before = QApplication.focusWidget()
        self.search.clear()
        self._find()
        self.show()
        self.raise_()
        self.search.setFocus(Qt.FocusReason.PopupFocusReason)
        self._preparing.start()

    @property
    def found(self) -> list[Entry]:
        """What is listed, best first."""
        return self._model.rows

    def choose(self, entry: Entry) -> None:
        """Do what was chosen, once the palette is out of the way."""
        _remember(entry)
        self.close()
        # with a context object PySide 6.8 loses what `run` raises, and the event loop with it
        QTimer.singleShot(0, entry.run)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys typed into the search box that move in the list; the window's size; the focus leaving."""
        if watched is self._window:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
            return False
        if event.type() == QEvent.Type.FocusOut:
            self._leaving.start()
        return isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._key(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The keyboard goes back to where it was."""
        super().hideEvent(event)
        before, self._focus_before = self._focus_before, None
        if before is not None and self.isAncestorOf(QApplication.focusWidget() or self.search):
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A panel with a border: it lies over other tables."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
        painter.setPen(QPen(shades().muted))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _build(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search commands, windows and contracts"))
        self.search.setAccessibleName(self.search.placeholderText())
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setClearButtonEnabled(True)
        self.search.setFrame(False)
        self.search.setMinimumHeight(36)
        self.search.textChanged.connect(self._find)
        self.search.installEventFilter(self)
        self._model = EntryModel(self)
        self.view = QListView()
        self.view.setModel(self._model)
        self.view.setItemDelegate(EntryRow(self.view))
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.clicked.connect(self._choose_index)
        self.hint = QLabel()
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addWidget(self.search)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.hint, 1)
        self._window.installEventFilter(self)

    def _prepare(self) -> None:
        """What the first typed letter would otherwise wait for."""
        for entry in self._contract_entries:
            entry.haystack  # noqa: B018 - reading it makes it

    def _find(self) -> None:
        query, recent = self.search.text(), _recent()
        if query.strip():
            pool = self._commands + self._contract_entries
        else:
            known = set(recent)
            pool = self._commands + [entry for entry in self._contract_entries if entry.key in known]
        found = rank(query, pool, recent)
        self._model.show(found)
        self.view.setVisible(bool(found))
        self.hint.setVisible(not found)
        if found:
            self.view.setCurrentIndex(self._model.index(0))
            self.view.scrollToTop()
        else:
            self.hint.setText(self._why_empty(query.strip()))
        self._place()

    def _why_empty(self, query: str) -> str:
        text = _("Nothing matches “{query}”.").format(query=query)
        if self._contract_entries:
            return text
        return text + "\n" + _("Contracts appear here once a gateway is connected.")

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in _MOVES:
            self._move(event.key())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose_index(self.view.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            return False
        return True

    def _move(self, key: int) -> None:
        count = len(self._model.rows)
        if not count:
            return
        row = self.view.currentIndex().row()
        page = max(1, self.view.viewport().height() // self.view.sizeHintForRow(0) - 1)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            row = (row + (1 if key == Qt.Key.Key_Down else -1)) % count
        else:
            row = min(max(row + (page if key == Qt.Key.Key_PageDown else -page), 0), count - 1)
        self.view.setCurrentIndex(self._model.index(row))

    def _choose_index(self, index: QModelIndex) -> None:
        if index.isValid():
            self.choose(self._model.rows[index.row()])

    def _close_without_focus(self) -> None:
        if self.isVisible() and self._window.isActiveWindow() and not self.search.hasFocus():
            self.close()

    def _place(self) -> None:
        metrics = self.fontMetrics()
        row = max(18, metrics.lineSpacing()) + 16
        room = QSize(self._window.width() - MARGIN * 2, self._window.height() - MARGIN * 2)
        width = min(characters(self, 96), room.width())
        rows = min(max(len(self._model.rows), FEWEST_ROWS), ROWS)
        height = min(self.search.minimumHeight() + row * rows + 2, room.height())
        self.setGeometry((self._window.width() - width) // 2, MARGIN, width, height)


def _recent() -> list[str]:
    value = layout_settings().value(RECENT_KEY)
    return [value] if isinstance(value, str) else list(value or [])


def _remember(entry: Entry) -> None:
    keys = [entry.key, *(key for key in _recent() if key != entry.key)]
    layout_settings().setValue(RECENT_KEY, keys[:REMEMBERED])
