"""Whether the desktop may close: asked once at a time, and in words that say what would stop."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtWidgets import QWidget
from vnpy.trader.engine import MainEngine

from veighna_ext.core.i18n import _
from veighna_ext.widgets.dialogs import ask

UNFINISHED = ("RUNNING", "PAUSED")


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
        strategies = self._count("strategies", lambda strategy: getattr(strategy, "trading", False))
        algos = self._count("algos", lambda algo: algo.status.name in UNFINISHED)
        scripts = [engine for engine in self._engines() if getattr(engine, "strategy_active", False)]
        sentences = []
        if strategies:
            sentences.append(_("Running strategies: {count}. Closing stops them.").format(count=strategies))
        if algos:
            sentences.append(_("Unfinished algos: {count}. Closing stops them.").format(count=algos))
        if scripts:
            sentences.append(_("A script is running. Closing stops it."))
        if active and (strategies or algos):
            sentences.append(
                _(
                    "Active orders: {count}. Strategies and algos cancel theirs; the others stay at the "
                    "exchange when this program closes."
                ).format(count=active)
            )
        elif active:
            sentences.append(
                _("Active orders: {count}. They stay at the exchange when this program closes.").format(
                    count=active
                )
            )
        return "\n".join([*sentences, _("Close now?")]) if sentences else ""

    def _engines(self) -> Iterable[Any]:
        return self._main_engine.engines.values()

    def _count(self, kind: str, at_work: Callable[[Any], bool]) -> int:
        """How many strategies or algos of all apps are at work."""
        return sum(
            at_work(one) for engine in self._engines() for one in list(getattr(engine, kind, {}).values())
        )
