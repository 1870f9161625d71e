"""Which apps and gateways the desktop knows: declared here, imported only when they are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from veighna_ext.core.i18n import _


@dataclass(frozen=True)
class AppEntry:
    """An app: the package it comes from and its class there."""

    package: str
    class_name: str

    def load(self) -> type[Any]:
        """Import the app; whatever its import raises is the caller's to report."""
        app_class: type[Any] = getattr(import_module(self.package), self.class_name)
        return app_class


@dataclass(frozen=True)
class GatewayEntry:
    """A gateway: the package it comes from, its class there, and whom it connects to."""

    package: str
    class_name: str
    market: str
    always: bool = False

    def installed(self) -> bool:
        """Whether its package is there to import."""
        return find_spec(self.package) is not None

    def load(self) -> type[Any]:
        """Import the gateway; whatever its import raises is the caller's to report."""
        gateway_class: type[Any] = getattr(import_module(self.package), self.class_name)
        return gateway_class


OFFICIAL_APPS: tuple[AppEntry, ...] = (
    AppEntry("vnpy_ctastrategy", "CtaStrategyApp"),
    AppEntry("vnpy_ctabacktester", "CtaBacktesterApp"),
    AppEntry("vnpy_algotrading", "AlgoTradingApp"),
    AppEntry("vnpy_chartwizard", "ChartWizardApp"),
    AppEntry("vnpy_datamanager", "DataManagerApp"),
    AppEntry("vnpy_datarecorder", "DataRecorderApp"),
    AppEntry("vnpy_riskmanager", "RiskManagerApp"),
    AppEntry("vnpy_portfoliostrategy", "PortfolioStrategyApp"),
    AppEntry("vnpy_scripttrader", "ScriptTraderApp"),
)

SOURCE_ONLY_APPS = frozenset({"vnpy_riskmanager"})


def gateways() -> tuple[GatewayEntry, ...]:
    """Every gateway the desktop knows, with its market named in the user's language."""
    futures, stocks, options, abroad, crypto = (
        _("China futures"),
        _("China stocks"),
        _("China options"),
        _("International"),
        _("Crypto"),
    )
    return (
        GatewayEntry("vnpy_binance", "BinanceSpotGateway", crypto, always=True),
        GatewayEntry("vnpy_binance", "BinanceLinearGateway", crypto, always=True),
        GatewayEntry("vnpy_okx", "OkxGateway", crypto),
        GatewayEntry("vnpy_bybit", "BybitGateway", crypto),
        GatewayEntry("vnpy_ctp", "CtpGateway", futures),
        GatewayEntry("vnpy_mini", "MiniGateway", futures),
        GatewayEntry("vnpy_femas", "FemasGateway", futures),
        GatewayEntry("vnpy_esunny", "EsunnyGateway", futures),
        GatewayEntry("vnpy_rohon", "RohonGateway", futures),
        GatewayEntry("vnpy_jees", "JeesGateway", futures),
        GatewayEntry("vnpy_tts", "TtsGateway", futures),
        GatewayEntry("vnpy_uft", "UftGateway", futures),
        GatewayEntry("vnpy_xtp", "XtpGateway", stocks),
        GatewayEntry("vnpy_tora", "ToraStockGateway", stocks),
        GatewayEntry("vnpy_tora", "ToraOptionGateway", options),
        GatewayEntry("vnpy_emt", "EmtGateway", stocks),
        GatewayEntry("vnpy_xt", "XtGateway", stocks),
        GatewayEntry("vnpy_sopt", "SoptGateway", options),
        GatewayEntry("vnpy_sec", "SecGateway", options),
        GatewayEntry("vnpy_ib", "IbGateway", abroad),
        GatewayEntry("vnpy_tap", "TapGateway", abroad),
        GatewayEntry("vnpy_da", "DaGateway", abroad),
    )
