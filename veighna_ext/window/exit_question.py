"""Whether the desktop may close: asked once at a time, and in words that say what would stop."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from vnpy.trader.engine import MainEngine

from veighna_ext.core.i18n import _
from veighna_ext.widgets.dialogs import ask


class ExitQuestion:
    """Asks when something is still at work, or always when the user wants that."""

    def __init__(self, window: QWidget, main_engine: MainEngine) -> None:
        self._window = window
        self._main_engine = main_engine
        self._asking = False

    async def agreed(self, always_ask: bool) -> bool:
        """True when nothing stands against closing; False too while the question is already open."""
        if self._asking:
            return False
        question = self._at_work()
        if not question and not always_ask:
            return True
        self._asking = True
        try:
            return await ask(
                self._window,
                _("Exit"),
                question or _("Close VeighNa Trader?"),
                yes=_("Close"),
                no=_("Stay"),
                dangerous=bool(question),
            )
        finally:
            self._asking = False

    def _at_work(self) -> str:
        active = len(self._main_engine.get_all_active_orders())
        running = sum(
            bool(getattr(strategy, "trading", False))
            for engine in self._main_engine.engines.values()
            for strategy in getattr(engine, "strategies", {}).values()
        )
        sentences = []
        if running:
            sentences.append(_("Running strategies: {count}. Closing stops them.").format(count=running))
        if active:
            sentences.append(
                _("Active orders: {count}. They stay at the exchange when this program closes.").format(
                    count=active
                )
            )
        return "\n".join([*sentences, _("Close now?")]) if sentences else ""
