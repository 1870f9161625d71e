"""vnpy's MainEngine with what a desktop needs: modes, a guard before real money, a close that ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from vnpy.event import Event, EventEngine
from vnpy.trader.app import BaseApp
from vnpy.trader.engine import BaseEngine, MainEngine
from vnpy.trader.event import EVENT_LOG
from vnpy.trader.logger import INFO
from vnpy.trader.object import LogData, OrderRequest, QuoteRequest
from vnpy.trader.utility import load_json

from veighna_ext.core.i18n import _
from veighna_ext.core.modes import Mode, gateway_mode
from veighna_ext.core.notices import NoticeBoard


class LiveTrading:
    """Whether the user has confirmed, in this run, that orders may go to real money."""

    def __init__(self) -> None:
        self._confirmed = threading.Event()
        self.on_held: Callable[[str], None] = lambda gateway_name: None

    @property
    def confirmed(self) -> bool:
        """True once the user said yes in this run."""
        return self._confirmed.is_set()

    def confirm(self) -> None:
        """The user accepts that orders reach real money until the desktop closes."""
        self._confirmed.set()


class DesktopMainEngine(MainEngine):
    """The engine of the window; everything vnpy's apps expect of a MainEngine holds."""

    def __init__(self, event_engine: EventEngine, notices: NoticeBoard) -> None:
        self.notices = notices
        self.live_trading = LiveTrading()
        self._connected_with: dict[str, dict[str, Any]] = {}
        self._closed = False
        super().__init__(event_engine)

    def connect(self, setting: dict, gateway_name: str) -> None:  # type: ignore[type-arg]
        """Connect a gateway; its mode follows from the setting used."""
        self._connected_with[gateway_name] = dict(setting)
        super().connect(setting, gateway_name)

    def add_app(self, app_class: type[BaseApp]) -> BaseEngine:
        """Add an app; one whose engine cannot be built is not listed."""
        try:
            return super().add_app(app_class)
        except BaseException:
            self.apps.pop(app_class.app_name, None)
            raise

    def connected(self, gateway_name: str) -> bool:
        """Whether `connect` was asked for in this run."""
        return gateway_name in self._connected_with

    def mode(self, gateway_name: str) -> Mode:
        """The mode of a gateway: by the setting it was connected with, else by the one remembered for it."""
        setting = self._connected_with.get(gateway_name)
        if setting is None:
            setting = load_json(f"connect_{gateway_name.lower()}.json")
        return gateway_mode(gateway_name, setting)

    def send_order(self, req: OrderRequest, gateway_name: str) -> str:
        """Send an order; the first one to real money waits for the user's word."""
        if self._held(gateway_name, req.vt_symbol):
            return ""
        return super().send_order(req, gateway_name)

    def send_quote(self, req: QuoteRequest, gateway_name: str) -> str:
        """Send a quote; the first one to real money waits for the user's word."""
        if self._held(gateway_name, req.vt_symbol):
            return ""
        return super().send_quote(req, gateway_name)

    def write_log(self, msg: str, source: str = "MainEngine", level: int = INFO) -> None:
        """vnpy's log call, with the level that its risk manager passes and vnpy's own engine refuses."""
        self.event_engine.put(Event(EVENT_LOG, LogData(msg=msg, gateway_name=source, level=level)))

    def send_email(self, subject: str, content: str, receiver: str | None = None) -> None:
        """What CTA templates still call; vnpy 4.5 renamed it."""
        self.send_notification(content, subject)

    def close(self) -> None:
        """Stop apps, then gateways, then events; one that fails is reported and the rest still close."""
        if self._closed:
            return
        self._closed = True
        for name, engine in reversed(list(self.engines.items())):
            self._close_one(name, engine.close)
        for name, gateway in list(self.gateways.items()):
            self._close_one(name, gateway.close)
        self.event_engine.stop()

    def _close_one(self, name: str, close: Callable[[], None]) -> None:
        try:
            close()
        except Exception as error:  # noqa: BLE001 - foreign code; the others must still close
            self.notices.error(
                _("{name} did not close cleanly: {error}").format(name=name, error=error), source=name
            )

    def _held(self, gateway_name: str, vt_symbol: str) -> bool:
        if (
            gateway_name not in self.gateways
            or self.live_trading.confirmed
            or self.mode(gateway_name) is not Mode.LIVE
        ):
            return False
        self.write_log(
            _(
                "Order for {symbol} not sent: {gateway} trades real money and this is not confirmed yet."
            ).format(symbol=vt_symbol, gateway=gateway_name),
            source=gateway_name,
        )
        self.live_trading.on_held(gateway_name)
        return True
