"""Tape files as Binance's archive and others lay them out."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from pathlib import Path

from hypothesis import strategies as st

from veighna_ext.exchange.amounts import format_amount, parse_amount
from veighna_ext.exchange.market.replay import Tape, TapePrint

NEW_YEAR = int(datetime(2025, 1, 1, tzinfo=timezone.utc).timestamp()) * 1_000_000
SECOND = 1_000_000
MINUTE = 60 * SECOND

TRADES_HEADER = "id,price,qty,quote_qty,time,is_buyer_maker"
AGG_HEADER = "agg_trade_id,price,quantity,first_trade_id,last_trade_id,transact_time,is_buyer_maker"
KLINES_HEADER = (
    "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
    "taker_buy_quote_volume,ignore"
)

Row = str


def trade(seconds: float, price: str = "100", quantity: str = "1", *, sold: bool = False) -> TapePrint:
    """A trade so many seconds into 2025; `sold` when a seller hit the bid."""
    return TapePrint(NEW_YEAR + round(seconds * SECOND), parse_amount(price), parse_amount(quantity), sold)


def agg_row(number: int, trade: TapePrint, *, milliseconds: bool = False) -> Row:
    """A row of spot aggTrades."""
    time = trade.time // 1000 if milliseconds else trade.time
    price, quantity = format_amount(trade.price), format_amount(trade.quantity)
    return f"{number},{price},{quantity},{number * 2},{number * 2 + 1},{time},{trade.buyer_is_maker},True"


def trade_row(number: int, trade: TapePrint) -> Row:
    """A row of spot trades."""
    price, quantity = format_amount(trade.price), format_amount(trade.quantity)
    return f"{number},{price},{quantity},1.00000000,{trade.time},{trade.buyer_is_maker},True"


def kline_row(start: int, prices: Sequence[str], volume: str, bought: str = "0", seconds: int = 60) -> Row:
    """A row of klines in milliseconds, from open, high, low and close."""
    close_time = start // 1000 + seconds * 1000 - 1
    return f"{start // 1000},{','.join(prices)},{volume},{close_time},1.0,7,{bought},1.0,0"


def write_rows(path: Path, rows: Iterable[Row], header: str = "", end: str = "\n") -> Path:
    """A CSV file, or a zip archive of one where the name ends so."""
    text = "".join(row + end for row in ([header] if header else []) + list(rows))
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{path.stem}.csv", text)
    else:
        path.write_text(text, newline="")
    return path


def agg_file(path: Path, trades: Iterable[TapePrint], first: int = 1) -> Path:
    """A file of spot aggTrades with consecutive ids."""
    return write_rows(path, (agg_row(number, each) for number, each in enumerate(trades, first)))


def played(tape: Tape, start: int | None = None) -> list[TapePrint]:
    """Everything on a tape from a time on."""
    return [each for part in tape.read(start) for each in part]


disorder = st.lists(
    st.tuples(
        st.sampled_from(
            ["keep", "keep", "keep", "keep", "twice", "late", "much too late", "ahead", "lost", "bad"]
        ),
        st.integers(0, 2 * SECOND),
    ),
    min_size=1,
    max_size=60,
)


def disordered(steps: list[tuple[str, int]]) -> list[str]:
    """The rows of a tape to which all of these happened."""
    rows, time, number = [agg_row(0, trade(0))], NEW_YEAR, 0
    for what, wait in steps:
        number += 2 if what == "lost" else 1
        time += wait
        shown = time + {"late": -SECOND // 2, "much too late": -5 * SECOND, "ahead": 900 * SECOND}.get(
            what, 0
        )
        row = agg_row(number, TapePrint(max(shown, NEW_YEAR), 100 + number, 7, number % 3 == 0))
        rows += ["bad"] if what == "bad" else [row, row] if what == "twice" else [row]
    return rows
