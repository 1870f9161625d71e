"""The symbols the synthetic market has out of the box."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from veighna_ext.exchange.amounts import parse_amount
from veighna_ext.exchange.market.synthetic.parameters import MarketParameters

# symbol, tick, step, base price, daily quote volume, daily volatility, beta, spread in bps, steps per second
_PAIRS = """
BTCUSDT  0.01       0.00001 100000   1500000000 0.023 1.00 0.2 2
ETHUSDT  0.01       0.0001  3500     900000000  0.033 1.15 0.4 2
BNBUSDT  0.01       0.001   900      250000000  0.025 0.85 0.7 1
SOLUSDT  0.01       0.001   180      400000000  0.042 1.25 0.9 1
XRPUSDT  0.0001     0.1     2.4      350000000  0.040 1.05 0.9 1
DOGEUSDT 0.00001    1       0.2      200000000  0.047 1.25 1.0 1
ADAUSDT  0.0001     0.1     0.7      90000000   0.043 1.15 1.6 1
TRXUSDT  0.0001     0.1     0.3      60000000   0.020 0.45 3.4 1
AVAXUSDT 0.01       0.01    22       50000000   0.047 1.30 4.5 1
LINKUSDT 0.01       0.01    17       55000000   0.045 1.20 5.9 1
DOTUSDT  0.001      0.01    3.5      25000000   0.043 1.20 2.9 1
LTCUSDT  0.01       0.001   95       40000000   0.036 1.00 1.8 1
BCHUSDT  0.1        0.001   520      30000000   0.038 1.05 2.0 1
NEARUSDT 0.001      0.1     2.5      30000000   0.050 1.30 4.0 1
UNIUSDT  0.001      0.01    7        25000000   0.050 1.25 2.4 1
ATOMUSDT 0.001      0.01    3.5      15000000   0.043 1.15 2.9 1
ETCUSDT  0.01       0.01    17       15000000   0.041 1.15 5.9 1
FILUSDT  0.001      0.01    2        20000000   0.048 1.25 5.0 1
APTUSDT  0.001      0.01    4        20000000   0.050 1.30 2.5 1
ARBUSDT  0.0001     0.1     0.35     25000000   0.052 1.35 2.9 1
OPUSDT   0.0001     0.01    0.5      15000000   0.054 1.40 2.4 1
SUIUSDT  0.0001     0.1     3        90000000   0.053 1.30 2.0 1
PEPEUSDT 0.00000001 1       0.00001  80000000   0.060 1.45 10  1
SHIBUSDT 0.00000001 1       0.00001  40000000   0.046 1.25 10  1
"""

# symbol, tick, step, base price, daily quote volume, daily volatility, spread in bps, numerator, denominator
_CROSSES = """
ETHBTC 0.00001   0.001 0.035  1500 0.022 2.9 ETHUSDT BTCUSDT
BNBBTC 0.000001  0.01  0.009  1500 0.020 2.2 BNBUSDT BTCUSDT
SOLBTC 0.0000001 0.1   0.0018 3000 0.031 1.7 SOLUSDT BTCUSDT
BNBETH 0.0001    0.001 0.257  4000 0.025 3.9 BNBUSDT ETHUSDT
"""


def _pair(row: str) -> MarketParameters:
    symbol, tick, step, price, volume, volatility, beta, spread, rate = row.split()
    return MarketParameters(
        symbol,
        parse_amount(tick),
        parse_amount(step),
        parse_amount(price),
        parse_amount(volume),
        float(volatility),
        float(beta),
        float(spread),
        float(rate),
    )


def _cross(row: str) -> MarketParameters:
    symbol, tick, step, price, volume, volatility, spread, numerator, denominator = row.split()
    return MarketParameters(
        symbol,
        parse_amount(tick),
        parse_amount(step),
        parse_amount(price),
        parse_amount(volume),
        float(volatility),
        0.0,
        float(spread),
        legs=(numerator, denominator),
    )


LISTING: Final[Mapping[str, MarketParameters]] = MappingProxyType(
    {
        parameters.symbol: parameters
        for parameters in (
            *map(_pair, _PAIRS.strip().splitlines()),
            *map(_cross, _CROSSES.strip().splitlines()),
        )
    }
)
"""Built-in parameters by symbol."""
