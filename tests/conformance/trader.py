"""A VeighNa trader: the official Binance gateway, as published, inside a real MainEngine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

import pytest
from vnpy.event import Event
from vnpy.trader.constant import Direction, Exchange, Interval, Offset, OrderType
from vnpy.trader.engine import MainEngine
from vnpy.trader.event import EVENT_LOG, EVENT_ORDER, EVENT_TICK, EVENT_TRADE
from vnpy.trader.object import HistoryRequest, OrderRequest, SubscribeRequest
from vnpy_binance import BinanceSpotGateway

from tests.conformance.clients.base import Place
from tests.conftest import WORLD
from tests.support.waiting import wait_until
from veighna_ext.core.event_engine import DesktopEventEngine

GATEWAY = BinanceSpotGateway.default_name


class Trader:
    """What a trader sees and does."""

    def __init__(self, main_engine: MainEngine) -> None:
        self.main_engine = main_engine
        self.logs: list[str] = []
        self.ticks: list[Any] = []
        self.orders: list[Any] = []
        self.trades: list[Any] = []
        for kind, kept in ((EVENT_TICK, self.ticks), (EVENT_ORDER, self.orders), (EVENT_TRADE, self.trades)):
            main_engine.event_engine.register(kind, _keeper(kept))
        main_engine.event_engine.register(EVENT_LOG, lambda event: self.logs.append(event.data.msg))
        self.gateway: Any = main_engine.add_gateway(BinanceSpotGateway)

    def connect(self, place: Place, with_bars: bool = False) -> None:
        """As from the connect dialog, until everything has arrived."""
        setting = {
            "API Key": place.key,
            "API Secret": place.secret,
            "Server": "REAL",
            "Kline Stream": str(with_bars),
            "Proxy Host": "",
            "Proxy Port": 0,
        }
        self.main_engine.connect(setting, GATEWAY)
        for line in ("Account data received", "User data stream subscribed", "MD API connected"):
            self.until_logged(line)

    def until_logged(self, line: str) -> None:
        """Until the gateway's log says something."""
        wait_until(lambda: any(line in each for each in self.logs), 20)

    def subscribe(self, name: str) -> str:
        """Ask for a market's ticks; its name in VeighNa."""
        contract = self.contract(name)
        self.main_engine.subscribe(SubscribeRequest(contract.symbol, contract.exchange), GATEWAY)
        return str(contract.vt_symbol)

    def tick(self, vt_symbol: str) -> Any:
        """A market's latest tick."""
        return self.main_engine.get_tick(vt_symbol)

    def tick_times(self, vt_symbol: str) -> set[datetime]:
        """The different times of a market's ticks so far."""
        return {tick.datetime for tick in list(self.ticks) if tick.vt_symbol == vt_symbol}

    def money(self) -> Any:
        """The account in dollars."""
        return self.main_engine.get_account(f"{GATEWAY}.USDT")

    def contract(self, name: str) -> Any:
        """A contract by the venue's own symbol."""
        return self.main_engine.get_contract(f"{name}_SPOT_BINANCE.GLOBAL")

    def send(
        self, name: str, direction: Direction, volume: float, price: float, kind: OrderType = OrderType.LIMIT
    ) -> str:
        """Send an order; its id in VeighNa."""
        request = OrderRequest(
            symbol=self.contract(name).symbol,
            exchange=Exchange.GLOBAL,
            direction=direction,
            type=kind,
            volume=volume,
            price=price,
            offset=Offset.NONE,
        )
        return str(self.main_engine.send_order(request, GATEWAY))

    def cancel(self, vt_orderid: str) -> None:
        """Cancel an order."""
        order: Any = self.main_engine.get_order(vt_orderid)
        self.main_engine.cancel_order(order.create_cancel_request(), GATEWAY)

    def states(self, vt_orderid: str) -> list[tuple[Any, float]]:
        """Status and traded volume of an order, each time it was told of."""
        return [(order.status, order.traded) for order in self.orders if order.vt_orderid == vt_orderid]

    def trades_of(self, vt_orderid: str) -> list[tuple[float, float]]:
        """Price and volume of an order's trades so far."""
        return [(trade.price, trade.volume) for trade in list(self.trades) if trade.vt_orderid == vt_orderid]

    def position(self, name: str) -> Any:
        """What is held of a market's base."""
        return self.main_engine.get_position(
            f"{GATEWAY}.{self.contract(name).vt_symbol}.{Direction.NET.value}"
        )

    def until_state(self, vt_orderid: str, status: Any) -> Any:
        """Until an order has come to a status; the order."""
        wait_until(lambda: status in [state for state, _traded in self.states(vt_orderid)], 10)
        return self.main_engine.get_order(vt_orderid)

    def history(self, name: str, interval: Interval, start_s: float, end_s: float) -> list[Any]:
        """Bars of a span."""
        contract = self.contract(name)
        request = HistoryRequest(
            symbol=contract.symbol,
            exchange=contract.exchange,
            start=datetime.fromtimestamp(start_s, timezone.utc),
            end=datetime.fromtimestamp(end_s, timezone.utc),
            interval=interval,
        )
        return list(self.main_engine.query_history(request, GATEWAY))


def _keeper(kept: list[Any]) -> Callable[[Event], None]:
    def keep(event: Event) -> None:
        kept.append(event.data)

    return keep


@contextmanager
def trading_at(place: Place, with_bars: bool = False) -> Iterator[Trader]:
    """A trader whose gateway's addresses are ours; nothing else of it is changed."""
    WORLD.refresh_vnpy()
    event_engine = DesktopEventEngine()
    event_engine.start()
    main_engine = MainEngine(event_engine)
    trader = Trader(main_engine)
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NO_PROXY", "127.0.0.1,localhost")
            for name, address in (
                ("REAL_REST_HOST", place.rest),
                ("REAL_TRADE_HOST", f"{place.ws}/ws-api/v3"),
                ("REAL_DATA_HOST", place.ws),
            ):
                patch.setattr(f"vnpy_binance.spot_gateway.{name}", address)
            trader.connect(place, with_bars)
        yield trader
    finally:
        # a connection notices that it is to end when something arrives, or after ten seconds
        for api, question in (
            (trader.gateway.md_api, "LIST_SUBSCRIPTIONS"),
            (trader.gateway.trade_api, "ping"),
        ):
            api.wsapp.keep_running = False
            api.send_packet({"id": 0, "method": question})
        main_engine.close()
        # it leaves its pool's threads behind
        trader.gateway.rest_api.pool.close()
        trader.gateway.rest_api.pool.join()
        trader.gateway.md_api.join()
        trader.gateway.trade_api.join()
