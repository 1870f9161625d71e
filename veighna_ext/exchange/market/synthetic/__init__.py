"""A market made by chance: prices with a history for any past second, a market maker and noise traders."""

from veighna_ext.exchange.market.synthetic.candles import Candles, UnknownInterval
from veighna_ext.exchange.market.synthetic.listing import LISTING
from veighna_ext.exchange.market.synthetic.maker import MarketMaker, Moves
from veighna_ext.exchange.market.synthetic.market import SyntheticHistory, SyntheticMarket
from veighna_ext.exchange.market.synthetic.parameters import BadMarketParameters, MarketParameters
from veighna_ext.exchange.market.synthetic.path import MarketSetting, OutsideHistory, PricePath

__all__ = [
    "LISTING",
    "BadMarketParameters",
    "Candles",
    "MarketMaker",
    "MarketParameters",
    "MarketSetting",
    "Moves",
    "OutsideHistory",
    "PricePath",
    "SyntheticHistory",
    "SyntheticMarket",
    "UnknownInterval",
]
