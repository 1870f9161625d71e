"""The one question before the first order of a run that can cost money."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from veighna_ext.core.i18n import _
from veighna_ext.core.main_engine import DesktopMainEngine
from veighna_ext.core.modes import Mode
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.tasks import Tasks
from veighna_ext.widgets.dialogs import ask
from veighna_ext.window.banner import describe
from veighna_ext.window.trading_panel import TradingPanel


class LiveGuard(QObject):
    """Stands between panel and engine, and asks for whoever else sends the first LIVE order."""

    _held = Signal(str)

    def __init__(
        self,
        panel: TradingPanel,
        main_engine: DesktopMainEngine,
        notices: NoticeBoard,
        tasks: Tasks,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._panel = panel
        self._main_engine = main_engine
        self._notices = notices
        self._tasks = tasks
        self._window = window
        self._asking = False
        panel.order_wanted.connect(self._send_from_panel)
        # strategies send from the event thread: the signal brings it here
        self._held.connect(self._order_held)
        main_engine.live_trading.on_held = self._held.emit

    def _send_from_panel(self, gateway_name: str) -> None:
        engine = self._main_engine
        if engine.mode(gateway_name) is Mode.LIVE and not engine.live_trading.confirmed:
            self._start(gateway_name, then_send=True)
        else:
            self._panel.send_confirmed_order()

    def _order_held(self, gateway_name: str) -> None:
        self._notices.warning(
            _(
                "An order to {gateway} was not sent: it trades real money and this was not confirmed yet."
            ).format(gateway=gateway_name),
            source=gateway_name,
        )
        self._start(gateway_name, then_send=False)

    def _start(self, gateway_name: str, then_send: bool) -> None:
        if not self._asking:
            self._asking = True
            self._tasks.start(
                self._ask(gateway_name, then_send), name=_("Confirm live trading"), owner="window"
            )

    async def _ask(self, gateway_name: str, then_send: bool) -> None:
        try:
            agreed = await ask(
                self._window,
                _("Trade real money?"),
                _("{gateway} is LIVE: {meaning}. Allow orders to it until this program closes?").format(
                    gateway=gateway_name, meaning=describe(Mode.LIVE)
                ),
                yes=_("Trade live"),
                no=_("Don't send"),
                dangerous=True,
            )
        finally:
            self._asking = False
        if agreed:
            self._main_engine.live_trading.confirm()
            if then_send:
                self._panel.send_confirmed_order()
