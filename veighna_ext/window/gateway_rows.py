"""The declared gateways as rows: name, market, package, and how to install those that are not. Qt-free."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass

from veighna_ext.core.catalogue import GatewayEntry, gateways


@dataclass(frozen=True)
class GatewayRow:
    """One gateway as the user reads it."""

    name: str
    market: str
    package: str
    installed: bool


def gateway_rows() -> list[GatewayRow]:
    """Every declared gateway, those that can be installed first as declared."""
    importlib.invalidate_caches()
    return [
        GatewayRow(gateway_name(entry), entry.market, entry.package, entry.installed())
        for entry in gateways()
    ]


def gateway_name(entry: GatewayEntry) -> str:
    """As vnpy's menus write it: BinanceSpotGateway is BINANCE_SPOT."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", entry.class_name.removesuffix("Gateway")).upper()
