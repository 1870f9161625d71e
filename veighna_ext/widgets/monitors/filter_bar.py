"""The line above a table in which the user types what the shown rows must contain."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from veighna_ext.core.i18n import _


class FilterBar(QWidget):
    """Hidden until asked for; Esc empties and hides it."""

    typed = Signal(str)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.line = QLineEdit(self)
        self.line.setClearButtonEnabled(True)
        self.line.setPlaceholderText(_("Filter: words, or column:word"))
        self.line.setToolTip(_("Rows must contain every word. “{example}” looks in one column only.").format(
            example="symbol:btc"
        ))
        self.count = QLabel(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 3, 6, 3)
        row.addWidget(self.line)
        row.addWidget(self.count)
        self.line.textChanged.connect(self.typed)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.dismiss)
        self.hide()

    def ask(self) -> None:
        """Show the line, ready to type over what is there."""
        self.show()
        self.line.setFocus()
        self.line.selectAll()

    def dismiss(self) -> None:
        """Show all rows again and get out of the way."""
        self.line.clear()
        self.hide()
        self.closed.emit()

    def show_count(self, shown: int, total: int) -> None:
        """Say how many rows pass."""
        text = _("{shown} of {total}").format(shown=shown, total=total)
        self.count.setText(text if self.line.text() else "")
