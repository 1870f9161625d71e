"""The history of a cross, which is the ratio of two others."""

from __future__ import annotations

import numpy as np

from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.market.synthetic.chance import Floats, Ints
from veighna_ext.exchange.market.synthetic.guided import LEAST_TICKS, Ends, Followed, GuidedTree
from veighna_ext.exchange.market.synthetic.parameters import MarketParameters


class CrossTree(GuidedTree):
    """Prices that are the ratio of two legs'."""

    def __init__(self, parameters: MarketParameters, seed: int, legs: tuple[Followed, Followed]) -> None:
        super().__init__(parameters, seed)
        self._legs = legs
        above, below = (leg.parameters.tick for leg in legs)
        self._scale = above / below * UNIT / parameters.tick

    def ends(self, level: int, index: Ints) -> Ends:
        """The legs' ratio at the ends of spans."""
        above, below = (leg.ends(level, index) for leg in self._legs)
        return Ends(
            np.maximum(above.open / below.open * self._scale, LEAST_TICKS),
            np.maximum(above.close / below.close * self._scale, LEAST_TICKS),
        )

    def height(self, hours: Ints) -> Floats:
        """A part of what the legs' own ranges would allow, as they mostly move together."""
        above, below = (leg.height(hours) for leg in self._legs)
        return np.sqrt(above * above + below * below) * 0.5
