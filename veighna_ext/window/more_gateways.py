"""Which gateways there are beside the connected ones, and which package brings each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from veighna_ext.core.i18n import _
from veighna_ext.core.paths import install_command
from veighna_ext.widgets.icons import icon
from veighna_ext.widgets.theme import market_colors
from veighna_ext.window.gateway_rows import GatewayRow, gateway_rows
from veighna_ext.window.texts import fixed_font, remark


class MoreGatewaysDialog(QDialog):
    """Non-modal; a chosen row shows the command that installs it, ready to copy."""

    def __init__(
        self, parent: QWidget | None = None, *, rows: Callable[[], list[GatewayRow]] = gateway_rows
    ) -> None:
        super().__init__(parent)
        self._read_rows = rows
        self.rows: list[GatewayRow] = []
        self.setObjectName("more_gateways")
        self.setWindowTitle(_("Gateways"))
        self.setSizeGripEnabled(True)
        self._build()
        room = self.screen().availableSize()
        self.resize(min(760, room.width() - 40), min(560, room.height() - 40))

    def showEvent(self, event: QShowEvent) -> None:
        """What is installed may have changed since last time."""
        self._fill()
        super().showEvent(event)

    def _build(self) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText(_("Search by gateway, market or package"))
        self.search.addAction(icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.table = self._build_table()
        self.empty = QLabel(_("No gateway matches."), self.table)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        QVBoxLayout(self.table.viewport()).addWidget(self.empty)
        self._hint = remark("")
        self.command = QLineEdit()
        self.command.setReadOnly(True)
        self.command.setFont(fixed_font())
        self.copy_button = QPushButton(icon("copy"), _("Copy"))
        self.copy_button.setAutoDefault(False)
        self.copy_button.clicked.connect(self._copy)
        line = QHBoxLayout()
        line.addWidget(self.command, 1)
        line.addWidget(self.copy_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(10)
        layout.addWidget(
            remark(
                _(
                    "Each gateway comes in a package of its own. Install the one your broker uses with the "
                    "command below, then start this program again: it appears in the System menu."
                )
            )
        )
        layout.addWidget(self.search)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._hint)
        layout.addLayout(line)

    def _build_table(self) -> QTableWidget:
        table = QTableWidget(0, 4)
        table.setHorizontalHeaderLabels([_("Gateway"), _("Market"), _("Package"), _("State")])
        table.verticalHeader().hide()
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setTabKeyNavigation(False)
        table.setIconSize(QSize(14, 14))
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        table.itemSelectionChanged.connect(self._show_command)
        table.itemDoubleClicked.connect(lambda _item: self._copy())
        return table

    def _fill(self) -> None:
        self.rows = self._read_rows()
        self.table.setRowCount(len(self.rows))
        for number, row in enumerate(self.rows):
            state = QTableWidgetItem(_("Installed") if row.installed else _("Not installed"))
            if row.installed:
                state.setIcon(icon("check", market_colors().muted))
            else:
                state.setForeground(self.palette().brush(QPalette.ColorRole.PlaceholderText))
            for place, item in enumerate(
                (
                    QTableWidgetItem(row.name),
                    QTableWidgetItem(row.market),
                    QTableWidgetItem(row.package),
                    state,
                )
            ):
                self.table.setItem(number, place, item)
        if self.table.currentRow() < 0 and self.rows:
            self.table.selectRow(next((n for n, row in enumerate(self.rows) if not row.installed), 0))
        self._filter()
        self._show_command()

    def _filter(self) -> None:
        words = self.search.text().casefold().split()
        for number, row in enumerate(self.rows):
            text = f"{row.name} {row.market} {row.package}".casefold()
            self.table.setRowHidden(number, not all(word in text for word in words))
        visible = [number for number in range(len(self.rows)) if not self.table.isRowHidden(number)]
        self.empty.setVisible(not visible)
        if visible and self.table.currentRow() not in visible:
            self.table.selectRow(visible[0])

    def _show_command(self) -> None:
        number = self.table.currentRow()
        if not 0 <= number < len(self.rows):
            return
        row = self.rows[number]
        self.command.setText(install_command(row.package))
        self.command.setCursorPosition(0)
        self._hint.setText(
            _("{gateway} is installed. The same command with --upgrade brings a newer version.").format(
                gateway=row.name
            )
            if row.installed
            else _("To install {gateway}, run this in a terminal, then start this program again:").format(
                gateway=row.name
            )
        )
        self.copy_button.setText(_("Copy"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command.text())
        self.copy_button.setText(_("Copied"))
