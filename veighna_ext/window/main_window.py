"""VeighNa Trader's main window with our tables, banner, status bar and notifications."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any, cast

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QAction, QCloseEvent, QIcon, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDockWidget,
    QMenu,
    QScrollArea,
    QToolBar,
    QWidget,
)
from vnpy.trader.app import BaseApp
from vnpy.trader.object import ContractData
from vnpy.trader.ui.mainwindow import MainWindow
from vnpy.trader.ui.widget import ConnectDialog, GlobalDialog, TradingWidget, WechatDialog
from vnpy.trader.utility import TRADER_DIR

from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.i18n import _
from veighna_ext.core.loop_lag import LoopLag
from veighna_ext.core.main_engine import DesktopMainEngine
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.settings import SettingsStore
from veighna_ext.core.tasks import Tasks
from veighna_ext.widgets.discard import discard
from veighna_ext.widgets.icons import app_icon
from veighna_ext.widgets.layout_store import layout_settings
from veighna_ext.widgets.theme import apply_theme
from veighna_ext.window.app_names import app_title
from veighna_ext.window.banner import ModeBanner
from veighna_ext.window.bell_button import BellButton
from veighna_ext.window.docks import OURS, arrange
from veighna_ext.window.exit_question import ExitQuestion
from veighna_ext.window.fitting import fit_on_screen
from veighna_ext.window.live_guard import LiveGuard
from veighna_ext.window.menus import add_own_menus
from veighna_ext.window.notifications import NotificationCenter
from veighna_ext.window.palette import CommandPalette
from veighna_ext.window.status_bar import StatusBar
from veighna_ext.window.trading_panel import TradingPanel

LAYOUT_VERSION = 1
ICON_SIZE = QSize(28, 28)
LARGEST = QSize(1760, 1000)


class _WithoutApps:
    """The main engine as vnpy's menu builder should see it: we add the apps, imported when first opened."""

    def __init__(self, main_engine: DesktopMainEngine) -> None:
        self._main_engine = main_engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._main_engine, name)

    def get_all_apps(self) -> list[BaseApp]:
        """None: see the class."""
        return []


class DesktopWindow(MainWindow):
    """The window of the desktop. `shut_down` is what really closes it, awaited once the user agreed."""

    main_engine: DesktopMainEngine
    event_engine: DesktopEventEngine
    monitors: dict[str, Any]
    trading_panel: TradingPanel

    def __init__(
        self,
        main_engine: DesktopMainEngine,
        event_engine: DesktopEventEngine,
        *,
        store: SettingsStore,
        notices: NoticeBoard,
        tasks: Tasks,
        lag: LoopLag,
        shut_down: Callable[[], Awaitable[None]],
    ) -> None:
        self.store = store
        self.notices = notices
        self.tasks = tasks
        self.lag = lag
        self._shut_down = shut_down
        self._closing = False
        self._was_maximised = False
        self._detached: list[QDockWidget] = []
        self._exit_question = ExitQuestion(self, main_engine)
        self.command_palette: CommandPalette | None = None
        self.docks: dict[str, QDockWidget] = {}
        self._pages: dict[str, QWidget] = {}
        super().__init__(main_engine, event_engine)
        self.setWindowIcon(app_icon())

    # Building

    def init_ui(self) -> None:
        """vnpy's own docks and menus first, then what is ours."""
        self.setDockNestingEnabled(True)
        super().init_ui()
        # Qt adds the program's name
        self.setWindowTitle(str(TRADER_DIR))

    def create_dock(
        self, widget_class: type[QWidget], name: str, area: Qt.DockWidgetArea
    ) -> tuple[Any, QDockWidget]:
        """Build our table in place of vnpy's, under a name that no language changes."""
        widget, dock = super().create_dock(OURS.get(widget_class, widget_class), name, area)
        dock.setObjectName(f"dock.{widget_class.__name__}")
        self.docks[widget_class.__name__] = dock
        if hasattr(widget, "save_setting"):
            self.monitors[name] = widget
        if widget_class is TradingWidget:
            dock.setWidget(_scrolling(widget))
        return widget, dock

    def init_dock(self) -> None:
        """vnpy's docks and the quotes it leaves out, arranged for this screen."""
        super().init_dock()
        from vnpy.trader.ui.widget import QuoteMonitor

        self.create_dock(QuoteMonitor, _("Quotes"), Qt.DockWidgetArea.RightDockWidgetArea)
        assert isinstance(self.trading_widget, TradingPanel)
        self.trading_panel = self.trading_widget
        self.trading_panel.refused.connect(lambda text: self.notices.warning(text, source=_("Trading panel")))
        self.live_guard = LiveGuard(self.trading_panel, self.main_engine, self.notices, self.tasks, self)
        self.trading_panel.gateway_combo.currentTextChanged.connect(lambda _name: self.show_mode())
        arrange(self, self.docks, self.screen().availableSize())

    def init_toolbar(self) -> None:
        """The banner across the top and vnpy's toolbar at the left, slim enough for a small screen."""
        self.banner = ModeBanner(self)
        self.banner.search_button.clicked.connect(self.open_palette)
        strip = QToolBar(self)
        strip.setObjectName("toolbar.banner")
        strip.setMovable(False)
        strip.setContentsMargins(0, 0, 0, 0)
        strip.setStyleSheet("QToolBar { padding: 0; spacing: 0; }")
        strip.toggleViewAction().setEnabled(False)
        strip.addWidget(self.banner)
        self.addToolBar(Qt.ToolBarArea.TopToolBarArea, strip)
        super().init_toolbar()
        self.toolbar.setObjectName("toolbar.apps")
        self.toolbar.setIconSize(ICON_SIZE)
        self.toolbar.toggleViewAction().setEnabled(False)
        layout = self.toolbar.layout()
        if layout is not None:
            layout.setSpacing(4)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def init_menu(self) -> None:
        """vnpy's menus, then each app, then ours."""
        real = self.main_engine
        self.main_engine = _WithoutApps(real)  # type: ignore[assignment]  # for this one call
        super().init_menu()
        self.main_engine = real
        only_direct = Qt.FindChildOption.FindDirectChildrenOnly
        menus = cast("list[QMenu]", self.menuBar().findChildren(QMenu, options=only_direct))
        system, apps, help_menu = menus[0], menus[1], menus[-1]
        self.apps_menu: QMenu = apps
        self.connect_menu: QMenu = system
        self._after_apps = self.toolbar.insertSeparator(self.toolbar.actions()[0])
        for app in real.get_all_apps():
            self.add_app_entry(app)
        add_own_menus(self, system, help_menu)
        self._build_status()

    def add_app_entry(self, app: BaseApp) -> None:
        """A menu entry and a toolbar button that import the app's window when it is first wanted."""
        action = QAction(QIcon(app.icon_name), app_title(app), self)
        action.triggered.connect(lambda: self.open_app(app.app_name))
        self.apps_menu.addAction(action)
        self.toolbar.insertAction(self._after_apps, action)

    def _build_status(self) -> None:
        self.notifications = NotificationCenter(self, self.notices)
        self.bell = BellButton(self.notifications, self)
        self.bell.clicked.connect(self.notifications.toggle_list)
        self.status = StatusBar(self.main_engine, self.event_engine, self.lag, bell=self.bell, parent=self)
        self.status.clicked.connect(self.open_performance)
        self.setStatusBar(self.status)
        self.show_mode()

    # Modes and orders

    def show_mode(self) -> None:
        """Put the mode of the trading panel's gateway on the banner."""
        name = self.trading_panel.gateway_combo.currentText()
        if not name:
            self.banner.show_gateway("", None, False)
            return
        self.banner.show_gateway(name, self.main_engine.mode(name), self.main_engine.connected(name))

    # Windows

    def connect_gateway(self, gateway_name: str) -> None:
        """vnpy's own connect dialog, opened without a loop of its own."""
        dialog = ConnectDialog(self.main_engine, gateway_name)
        # an API key is 64 characters long
        digit = dialog.fontMetrics().horizontalAdvance("0")
        dialog.resize(dialog.sizeHint() + QSize(50 * digit, 0))
        dialog.accepted.connect(lambda: self._connected(gateway_name))
        self._open_dialog(dialog)

    def _connected(self, gateway_name: str) -> None:
        combo = self.trading_panel.gateway_combo
        combo.setCurrentIndex(combo.findText(gateway_name))
        self.show_mode()

    def edit_global_setting(self) -> None:
        """vnpy's global settings, opened without a loop of their own."""
        self._open_dialog(GlobalDialog())

    def open_wechat_dialog(self) -> None:
        """vnpy's WeChat dialog, opened without a loop of its own."""
        self._open_dialog(WechatDialog(self.main_engine, self.event_engine))

    def _open_dialog(self, dialog: QDialog) -> None:
        dialog.setParent(self, dialog.windowFlags())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def open_app(self, app_name: str) -> QWidget | None:
        """Open an app's window; an app whose window cannot be imported costs only itself."""
        app = self.main_engine.apps[app_name]
        try:
            widget_class = getattr(import_module(f"{app.app_module}.ui"), app.widget_name)
        except Exception as error:  # noqa: BLE001 - foreign code
            self.notices.error(
                _("{app} cannot be opened: {error}").format(app=app_title(app), error=error),
                source=app_name,
            )
            return None
        self.open_widget(widget_class, app_name)
        return self.widgets.get(app_name)

    def open_widget(self, widget_class: type[Any], name: str) -> None:
        """Show a window once built, in front; dialogs open without a loop of their own."""
        widget = self.widgets.get(name)
        if widget is None:
            try:
                widget = widget_class(self.main_engine, self.event_engine)
            except Exception as error:  # noqa: BLE001 - foreign code
                self.notices.error(
                    _("{app} cannot be opened: {error}").format(app=name, error=error), source=name
                )
                return
            fit_on_screen(widget, self.screen().availableSize())
            self.widgets[name] = widget
            self._tell_of_strategies(name)
        if isinstance(widget, QDialog):
            widget.open()
        else:
            widget.showNormal() if widget.isMinimized() else widget.show()
            widget.raise_()
            widget.activateWindow()

    def _tell_of_strategies(self, engine_name: str) -> None:
        """A strategy window lists what it is told of; its engine may have told before there was a window."""
        engine: Any = self.main_engine.engines.get(engine_name)
        if hasattr(engine, "put_strategy_event"):
            for strategy in getattr(engine, "strategies", {}).values():
                engine.put_strategy_event(strategy)

    def _page(self, name: str, build: Callable[[], QWidget]) -> QWidget:
        page = self._pages.get(name)
        if page is None:
            page = self._pages[name] = build()
        page.show()
        page.raise_()
        page.activateWindow()
        return page

    def open_welcome(self) -> QWidget:
        """The page a newcomer starts from."""
        from veighna_ext.window.welcome import WelcomePage

        return self._page("welcome", lambda: WelcomePage(self))

    def open_doctor(self) -> QWidget:
        """What this machine has and lacks."""
        from veighna_ext.window.doctor_window import DoctorWindow

        return self._page("doctor", lambda: DoctorWindow(self.tasks, self))

    def open_more_gateways(self) -> QWidget:
        """The gateways whose packages are not installed, and what brings them."""
        from veighna_ext.window.more_gateways import MoreGatewaysDialog

        return self._page("more_gateways", lambda: MoreGatewaysDialog(self))

    def open_settings(self) -> QWidget:
        """Our own settings."""
        from veighna_ext.window.settings_dialog import SettingsDialog

        return self._page(
            "settings", lambda: SettingsDialog(self.store, self.notices, self.apply_looks, self)
        )

    def open_performance(self) -> QWidget:
        """Live plots of what keeps the window busy."""
        from veighna_ext.window.performance_panel import PerformancePanel

        return self._page(
            "performance", lambda: PerformancePanel(self.status.history, self.event_engine, self.tasks, self)
        )

    def open_notifications(self) -> QWidget:
        """Everything that was said in the corner."""
        self.notifications.open_list()
        return self.notifications.list

    def open_palette(self) -> None:
        """Search over everything that can be done here."""
        if self.command_palette is None:
            self.command_palette = CommandPalette(
                self, contracts=self.main_engine.get_all_contracts, on_contract=self.trade_contract
            )
        self.command_palette.open()

    def trade_contract(self, contract: ContractData) -> None:
        """Put a contract into the trading panel and subscribe to it."""
        panel = self.trading_panel
        panel.symbol_line.setText(contract.symbol)
        panel.exchange_combo.setCurrentIndex(panel.exchange_combo.findText(contract.exchange.value))
        panel.set_vt_symbol()
        panel.volume_line.setFocus()

    # Looks and layout

    def switch_theme(self) -> None:
        """From dark to light and back."""
        self.store.update(theme="light" if self.store.current.theme == "dark" else "dark")
        self.apply_looks()

    def apply_looks(self) -> None:
        """Dress everything as the settings say."""
        chosen = self.store.current
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, chosen.theme, chosen.rising, chosen.font_family, chosen.font_size)
        self.trading_panel.apply_theme()

    def toggle_full_screen(self) -> None:
        """The whole screen, or back to what it was, maximised or not."""
        if not self.isFullScreen():
            self._was_maximised = self.isMaximized()
            self.showFullScreen()
        elif self._was_maximised:
            self.showMaximized()
        else:
            self.showNormal()

    def save_window_setting(self, name: str) -> None:
        """Remember size and docks in the data folder; `default` is computed, never stored."""
        # closed before it was seen, the window still holds back what is detached: the old layout stays
        if name == "default" or self._detached:
            return
        settings = layout_settings()
        settings.setValue("window/state", self.saveState(LAYOUT_VERSION))
        settings.setValue("window/geometry", self.saveGeometry())

    def load_window_setting(self, name: str) -> None:
        """Bring back the remembered layout, if there is one of this version."""
        if name == "default":
            arrange(self, self.docks, self.size())
            return
        settings = layout_settings()
        state, geometry = settings.value("window/state"), settings.value("window/geometry")
        if not isinstance(geometry, QByteArray) or not self.restoreGeometry(geometry):
            # the size it has once it is no longer maximised leaves room for the frame
            self.resize((self.screen().availableSize() * 0.9).boundedTo(LARGEST))
            self.setWindowState(Qt.WindowState.WindowMaximized)
        if isinstance(state, QByteArray) and not self.restoreState(state, LAYOUT_VERSION):
            arrange(self, self.docks, self.size())

        if not self.isVisible():
            self._detached = [dock for dock in self.docks.values() if dock.isFloating() and dock.isVisible()]
            for dock in self._detached:
                dock.hide()

    def show_detached(self) -> None:
        """The tables detached last time, once the window is seen: shown before it, they stay behind it."""
        for dock in self._detached:
            dock.show()
        self._detached.clear()

    def restore_window_setting(self) -> None:
        """The arrangement the window had on its first start."""
        arrange(self, self.docks, self.size())

    # Closing

    def showEvent(self, event: QShowEvent) -> None:
        """Qt opens the window as high as the docks would like; keep it on the screen."""
        super().showEvent(event)
        room = self.screen().availableSize()
        if self.height() > room.height() or self.width() > room.width():
            self.resize(self.size().boundedTo(room))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first where that is wanted, without blocking; then shut down in order."""
        if self._closing:
            event.accept()
            return
        event.ignore()
        self.tasks.start(self._close_if_agreed(), name=_("Close"), owner="window")

    async def _close_if_agreed(self) -> None:
        if await self._exit_question.agreed(always_ask=self.store.current.confirm_exit):
            await self.close_now()

    async def close_now(self) -> None:
        """Save the layout, close every window of ours, and hand over to the shutdown."""
        if self._closing:
            return
        self._closing = True
        steps: list[Callable[[], object]] = [monitor.save_setting for monitor in self.monitors.values()]
        steps.append(lambda: self.save_window_setting("custom"))
        steps += [widget.close for widget in (*self.widgets.values(), *self._pages.values())]
        for step in steps:
            try:
                step()
            except Exception:  # noqa: BLE001 - an app's window that fails to close must not keep ours open
                sys.excepthook(*sys.exc_info())
        self.hide()
        await self._shut_down()
        # only now: until the events have stopped, a handler could still call a window
        for window in (*self.widgets.values(), *self._pages.values()):
            discard(window)
        self.widgets.clear()
        self._pages.clear()


def _scrolling(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFixedWidth(widget.width() + area.verticalScrollBar().sizeHint().width())
    return area
