"""Dialogs without a loop of their own: opened, then awaited."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QMessageBox, QWidget
from shiboken6 import isValid

from veighna_ext.core.i18n import _


async def open_dialog(dialog: QDialog) -> int:
    """
    Open a dialog over its window and wait for its result.

    Cancelling the waiting task closes the dialog; a dialog that is destroyed counts as rejected.
    """
    closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def close_with(result: int) -> None:
        if not closed.done():
            closed.set_result(result)

    dialog.finished.connect(close_with)
    dialog.destroyed.connect(lambda: close_with(QDialog.DialogCode.Rejected.value))
    dialog.open()
    try:
        return await closed
    except asyncio.CancelledError:
        if isValid(dialog):
            dialog.reject()
        raise


async def ask(
    parent: QWidget | None,
    title: str,
    text: str,
    *,
    yes: str = "",
    no: str = "",
    detail: str = "",
    dangerous: bool = False,
) -> bool:
    """Ask a yes-or-no question; Escape and closing mean no, and so does Enter when yes is dangerous."""
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(text)
    box.setInformativeText(detail)
    box.setIcon(QMessageBox.Icon.Warning if dangerous else QMessageBox.Icon.Question)
    agree = box.addButton(yes or _("Yes"), QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(no or _("No"), QMessageBox.ButtonRole.RejectRole)
    box.setEscapeButton(refuse)
    box.setDefaultButton(refuse if dangerous else agree)
    try:
        await open_dialog(box)
        return isValid(box) and box.clickedButton() is agree
    finally:
        if isValid(box):
            box.deleteLater()
