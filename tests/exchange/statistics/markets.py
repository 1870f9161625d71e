"""Random trades, and records and histories made of them."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from tests.exchange.statistics import reference
from tests.exchange.statistics.reference import DAY, HOUR, MINUTE, SECOND, Made, moment
from veighna_ext.exchange.statistics import Candle, History, PublicRecord

# some minutes before midnight, the end of a month, of a year and of a week
BEGIN = moment("2023-12-31 23:41:17.250")
TICK = 1_000_000
STEP = 100_000
SHIFTS = [0, 8 * HOUR, -5 * HOUR, 5 * HOUR + 45 * MINUTE, 14 * HOUR, -12 * HOUR, -30 * MINUTE]

intervals = st.sampled_from(
    ["1s", "1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M"]
)
shifts = st.sampled_from(SHIFTS)
_gaps = st.one_of(
    st.just(0),
    st.integers(0, 2 * SECOND),
    st.integers(0, 5 * MINUTE),
    st.integers(0, 5 * HOUR),
    st.integers(0, 40 * DAY),
)
takers = st.sampled_from(["none", "same", "new", "new"])


@st.composite
def trades(draw: st.DrawFn, *, most: int = 40, gaps: st.SearchStrategy[int] = _gaps) -> list[Made]:
    """Consecutive trades; now and then one taker trades several times at once."""
    row = st.tuples(gaps, st.integers(1, 9), st.integers(1, 999), st.booleans(), takers)
    size = draw(st.integers(0, most))
    rows = draw(st.lists(row, min_size=size, max_size=size))
    made: list[Made] = []
    time = BEGIN
    for trade_id, (gap, price, quantity, buyer_is_maker, taker) in enumerate(rows):
        trade = Made(trade_id, time, price * TICK, quantity * STEP, buyer_is_maker, None)
        if taker == "same" and made:
            trade = trade._replace(buyer_is_maker=made[-1].buyer_is_maker, taker_id=made[-1].taker_id)
        else:
            time += gap
            trade = trade._replace(time=time, taker_id=trade_id if taker == "new" else None)
        made.append(trade)
    return made


def record_of(
    made: Sequence[Made], started: int = BEGIN, history: History | None = None, **kept: int
) -> PublicRecord:
    """A record that was told these trades."""
    record = PublicRecord(started, history, **kept)
    for trade in made:
        record.record(*trade)
    return record


class PastTrades:
    """A history made of trades, which goes on as if the exchange had not started."""

    def __init__(self, made: Sequence[Made], started: int) -> None:
        went_on = [(started + 3 * SECOND, 10_000 * TICK), (started + 3 * DAY, 20_000 * TICK)]
        self.made = [*made, *(Made(-1, time, price, STEP, False, None) for time, price in went_on)]

    def candles(
        self, interval: str, start: int | None, end: int | None, limit: int, shift: int
    ) -> Sequence[Candle]:
        """What the reference makes of the trades."""
        return reference.candles(self.made, interval, self.made[-1].time, start, end, limit, shift)
