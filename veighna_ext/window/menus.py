"""What the menus of the window have beside vnpy's entries."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDockWidget, QMenu
from vnpy.trader.locale import _ as vnpy_text

from veighna_ext.core.i18n import _
from veighna_ext.widgets.icons import icon

if TYPE_CHECKING:
    from veighna_ext.window.main_window import DesktopWindow


def add_own_menus(window: DesktopWindow, system_menu: QMenu, help_menu: QMenu) -> None:
    """Our entries in vnpy's System and Help menus, and the View menu between them."""
    before_exit = system_menu.actions()[-2]
    system_menu.insertAction(
        before_exit, _action(window, _("More gateways…"), "plug", window.open_more_gateways)
    )

    view = QMenu(_("View"), window)
    window.menuBar().insertMenu(help_menu.menuAction(), view)
    view.addAction(_action(window, _("Command palette…"), "search", window.open_palette, "Ctrl+K"))
    view.addAction(_action(window, _("Notifications"), "bell", window.open_notifications, "Ctrl+Shift+N"))
    view.addAction(_action(window, _("Performance"), "gauge", window.open_performance, "Ctrl+Shift+P"))
    view.addSeparator()
    view.addMenu(_panels_menu(window))
    view.addAction(_action(window, _("Full screen"), "fullscreen", window.toggle_full_screen, "F11"))
    view.addSeparator()
    view.addAction(_action(window, _("Dark or light"), "moon", window.switch_theme))
    view.addAction(_action(window, _("Desktop settings…"), "language", window.open_settings, "Ctrl+,"))

    first = help_menu.actions()[0]
    help_menu.insertAction(first, _action(window, _("Welcome"), "star", window.open_welcome))
    help_menu.insertAction(first, _action(window, _("Doctor"), "heartbeat", window.open_doctor))
    help_menu.insertSeparator(first)
    _explain_restore(help_menu)


def _explain_restore(help_menu: QMenu) -> None:
    """vnpy's own entry is the one that resets the layout; the palette finds it by that name too."""
    restore = next(action for action in help_menu.actions() if action.text() == vnpy_text("还原窗口"))
    restore.setToolTip(_("Reset layout: every table goes back to its first place"))
    help_menu.setToolTipsVisible(True)


def _panels_menu(window: DesktopWindow) -> QMenu:
    """Show and hide each dock; Qt's own actions for it do nothing where a dock has no close button."""
    menu = QMenu(_("Panels"), window)
    menu.setIcon(icon("columns"))
    docks = list(window.docks.values())
    for dock in docks:
        # PySide never lets go of an action of Qt's own making once its signal is connected
        action = QAction(dock.windowTitle(), menu)
        menu.addAction(action)
        action.setCheckable(True)
        action.triggered.connect(partial(_turn, dock))

    def check() -> None:
        for dock, action in zip(docks, menu.actions(), strict=True):
            action.setChecked(not dock.isHidden())

    menu.aboutToShow.connect(check)
    return menu


def _turn(dock: QDockWidget) -> None:
    dock.setVisible(dock.isHidden())
    dock.raise_()


def _action(
    window: DesktopWindow, text: str, icon_name: str, slot: Callable[[], object], shortcut: str = ""
) -> QAction:
    action = QAction(icon(icon_name), text, window)
    if shortcut:
        action.setShortcut(QKeySequence(shortcut))
    # without its `checked`
    action.triggered.connect(lambda: slot())  # noqa: PLW0108
    return action
