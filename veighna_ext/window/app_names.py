"""The official apps for a newcomer: a title in the window's language and a line about what each is for."""

from __future__ import annotations

from vnpy.trader.app import BaseApp

from veighna_ext.core.catalogue import OFFICIAL_APPS
from veighna_ext.core.i18n import _, language


def describe_app(app_name: str) -> str:
    """What the app is for; nothing for an app we do not know."""
    return {
        "CtaStrategy": _("Run trading strategies, each on one contract"),
        "CtaBacktester": _("Test a strategy on history and tune its parameters"),
        "AlgoTrading": _("Work large orders in small pieces: TWAP, iceberg, sniper"),
        "ChartWizard": _("Live candlestick charts of any contract"),
        "DataManager": _("Import, download, view and export price history"),
        "DataRecorder": _("Record live ticks and bars into the database"),
        "RiskManager": _("Limits every order must pass before it is sent"),
        "PortfolioStrategy": _("Run strategies that trade several contracts together"),
        "ScriptTrader": _("Trade from your own Python script"),
    }.get(app_name, "")


def app_title(app: BaseApp) -> str:
    """What an app is called in the menu: its own name, or ours where it has none in English."""
    own: str = app.display_name
    return own if language() == "zh" else official_app_titles().get(app.app_module, own)


def official_app_titles() -> dict[str, str]:
    """Each official app's package, and its title: several speak only Chinese themselves."""
    titles = {
        "vnpy_ctastrategy": _("CTA strategy"),
        "vnpy_ctabacktester": _("CTA backtester"),
        "vnpy_algotrading": _("Algo trading"),
        "vnpy_chartwizard": _("Chart wizard"),
        "vnpy_datamanager": _("Data manager"),
        "vnpy_datarecorder": _("Data recorder"),
        "vnpy_riskmanager": _("Risk manager"),
        "vnpy_portfoliostrategy": _("Portfolio strategy"),
        "vnpy_scripttrader": _("Script trader"),
    }
    return {entry.package: titles.get(entry.package, entry.class_name) for entry in OFFICIAL_APPS}
