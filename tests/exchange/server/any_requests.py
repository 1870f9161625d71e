"""Requests nobody would send on purpose: known and unknown parameters with values of every kind."""

from __future__ import annotations

from hypothesis import strategies as st

from veighna_ext.exchange.server.operations import Operation

_TIMES = ("0", "1", "999", "1699999999999", "1700000000000", "1700000000000000", "1700000300000123")
_TEXTS = st.sampled_from(
    [
        "", "0", "1", "500", "1000", "5000", "5001", "-1", "1.5", "1e5", "null", "true", "FALSE", "[]", "{}",
        "BTCUSDT", "BNBUSDT", "NOSUCH", "btcusdt", '["BTCUSDT"]', '["BTCUSDT","BNBUSDT"]', '["BTCUSDT",1]',
        "1s", "1m", "3d", "1w", "1M", "1d2h", "7d", "59m", "0d", "8", "-12:00", "+14:00", "05:45", "14:01",
        "MINI", "FULL", "TRADING", "HALT", "SPOT", '["SPOT","MARGIN"]', "9223372036854775807",
        "9223372036854775", "18446744073709551616", "99999999999999", "100000000000000", *_TIMES,
    ]
) | st.text(max_size=30)  # fmt: skip
_FITTING = {
    "symbol": st.sampled_from(["BTCUSDT", "BNBUSDT"]),
    "interval": st.sampled_from(["1s", "1m", "1h", "1d", "3d", "1w", "1M"]),
    "limit": st.integers(1, 6000).map(str),
    "startTime": st.sampled_from(_TIMES),
    "endTime": st.sampled_from(_TIMES),
    "fromId": st.integers(0, 2000).map(str),
    "symbols": st.sampled_from(['["BTCUSDT"]', '["BNBUSDT","BTCUSDT"]']),
    "symbolStatus": st.sampled_from(["TRADING", "HALT", "BREAK"]),
    "timeZone": st.sampled_from(["0", "-12:00", "14", "05:45"]),
    "windowSize": st.sampled_from(["1m", "59m", "23h", "7d"]),
    "type": st.sampled_from(["FULL", "MINI"]),
}
"""Values that are likely to get past the first look."""


@st.composite
def requests_of(draw: st.DrawFn, operations: tuple[Operation, ...]) -> tuple[Operation, dict[str, str]]:
    """An operation and what is sent with it."""
    operation = draw(st.sampled_from(operations))
    sent: dict[str, str] = {}
    for each in operation.parameters.all:
        if draw(st.integers(0, 9)) < (9 if each.mandatory else 4):
            fitting = _FITTING.get(each.name, _TEXTS)
            sent[each.name] = draw(fitting if draw(st.integers(0, 3)) else _TEXTS)
    if not draw(st.integers(0, 19)):
        sent[draw(st.text(max_size=12))] = draw(_TEXTS)
    return operation, sent
