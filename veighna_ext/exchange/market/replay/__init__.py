"""The market of a tape: recorded trades or bars played back, with a house ladder around them."""

from veighna_ext.exchange.market.replay.clock import AS_FAST_AS_POSSIBLE, BadSpeed, Speed
from veighna_ext.exchange.market.replay.errors import MissingReader, NotATape
from veighna_ext.exchange.market.replay.ladder import HouseLadder
from veighna_ext.exchange.market.replay.market import ReplayMarket
from veighna_ext.exchange.market.replay.player import TapePlayer
from veighna_ext.exchange.market.replay.prints import TapePrint
from veighna_ext.exchange.market.replay.report import Finding, Kind, TapeReport
from veighna_ext.exchange.market.replay.tape import Tape, open_tape

__all__ = [
    "AS_FAST_AS_POSSIBLE",
    "BadSpeed",
    "Finding",
    "HouseLadder",
    "Kind",
    "MissingReader",
    "NotATape",
    "ReplayMarket",
    "Speed",
    "Tape",
    "TapePlayer",
    "TapePrint",
    "TapeReport",
    "open_tape",
]
