"""What this computer has and lacks: the doctor's findings, in a window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from veighna_ext.core.i18n import _
from veighna_ext.core.progress import Progress
from veighna_ext.core.tasks import BackgroundTask, Tasks
from veighna_ext.setup.findings import MISSING, NOTE, OK, Finding
from veighna_ext.widgets.icons import icon
from veighna_ext.widgets.theme import market_colors
from veighna_ext.window.texts import Heading

FINDING = Qt.ItemDataRole.UserRole
# the usual highlight would hide the icons' colours
QUIET_CHOICE = "QTreeView::item:selected { background: palette(mid); color: palette(text); }"


def collect_findings() -> list[Finding]:
    """The doctor's own collection, imported when first wanted."""
    from veighna_ext.setup.doctor import collect

    return collect()


class DoctorWindow(QDialog):
    """Non-modal; looks again each time it is opened, in a thread."""

    def __init__(
        self,
        tasks: Tasks,
        parent: QWidget | None = None,
        *,
        collect: Callable[[], list[Finding]] = collect_findings,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._collect = collect
        self._task: BackgroundTask[list[Finding]] | None = None
        self.findings: list[Finding] = []
        self.setObjectName("doctor")
        self.setWindowTitle(_("Doctor"))
        self.setSizeGripEnabled(True)
        self._build()
        room = self.screen().availableSize()
        self.resize(min(860, room.width() - 40), min(640, room.height() - 40))

    def run(self) -> None:
        """Look again, unless that is being done already."""
        if self._task is not None and self._task.running:
            return
        self.verdict.setText(_("Looking at this computer…"))
        self.again_button.setEnabled(False)
        self._task = self._tasks.in_thread(
            self._look, name=_("Doctor"), owner=self, on_success=self._show, on_error=self._failed
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Opened: look."""
        super().showEvent(event)
        if not event.spontaneous():
            self.run()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nobody waits for the answer any more."""
        self._tasks.cancel_owner(self)
        super().closeEvent(event)

    def _look(self, progress: Progress) -> list[Finding]:
        findings = self._collect()
        progress.check()
        return findings

    def _show(self, findings: list[Finding]) -> None:
        from veighna_ext.setup.doctor import verdict

        self.findings = findings
        self.again_button.setEnabled(True)
        self.copy_button.setEnabled(True)
        self.verdict.setText(verdict(findings))
        self._fill(findings)

    def _failed(self, error: BaseException) -> None:
        self.again_button.setEnabled(True)
        self.verdict.setText(_("The examination failed: {error}").format(error=error))

    def _fill(self, findings: list[Finding]) -> None:
        self.tree.clear()
        items = [self._add(finding) for finding in findings]
        self.tree.resizeColumnToContents(0)
        self.tree.setColumnWidth(0, min(self.tree.columnWidth(0) + 12, self.tree.width() // 2))
        worst = next((item for item in items if item.data(0, FINDING).status == MISSING), None)
        if items:
            self.tree.setCurrentItem(worst or items[0])

    def _add(self, finding: Finding) -> QTreeWidgetItem:
        item = QTreeWidgetItem(self.tree, [finding.name, finding.value])
        item.setData(0, FINDING, finding)
        item.setToolTip(1, finding.value)
        colors = market_colors()
        name, color = {
            OK: ("check", colors.muted),
            NOTE: ("info", colors.warning),
            MISSING: ("error", colors.error),
        }[finding.status]
        item.setIcon(0, icon(name, color))
        if finding.status == MISSING:
            item.setForeground(1, color)
        return item

    def _show_chosen(self) -> None:
        item = self.tree.currentItem()
        lines = []
        if item is not None:
            finding: Finding = item.data(0, FINDING)
            lines = [f"{finding.name}: {finding.value}", finding.advice]
        self.detail.setPlainText("\n".join(filter(None, lines)))

    def _copy(self) -> None:
        from veighna_ext.setup.doctor import report

        QGuiApplication.clipboard().setText(report(self.findings) + "\n")

    def _build(self) -> None:
        self.verdict = Heading("", 1.2)
        self.verdict.setWordWrap(True)
        self.tree = QTreeWidget()
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setIconSize(QSize(14, 14))
        self.tree.setAlternatingRowColors(True)
        self.tree.setStyleSheet(QUIET_CHOICE)
        self.tree.setAccessibleName(_("Findings"))
        self.tree.header().setStretchLastSection(True)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.tree.currentItemChanged.connect(self._show_chosen)
        self.detail = QPlainTextEdit()
        self.detail.setReadOnly(True)
        self.detail.setAccessibleName(_("Details"))
        self.detail.setFixedHeight(self.detail.fontMetrics().lineSpacing() * 4 + 14)
        self.copy_button = QPushButton(icon("copy"), _("Copy as text"))
        self.copy_button.setEnabled(False)
        self.copy_button.clicked.connect(self._copy)
        self.again_button = QPushButton(icon("refresh"), _("Look again"))
        self.again_button.clicked.connect(self.run)
        foot = QHBoxLayout()
        foot.addStretch(1)
        for button in (self.copy_button, self.again_button):
            button.setAutoDefault(False)
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 12)
        layout.setSpacing(10)
        layout.addWidget(self.verdict)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.detail)
        layout.addLayout(foot)
