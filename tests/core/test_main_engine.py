"""The desktop's MainEngine: no order reaches real money unasked; closing cannot get stuck on one part."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from vnpy.event import Event
from vnpy.trader.app import BaseApp
from vnpy.trader.constant import Direction, Exchange, Offset, OrderType
from vnpy.trader.engine import BaseEngine
from vnpy.trader.event import EVENT_LOG
from vnpy.trader.gateway import BaseGateway
from vnpy.trader.object import CancelRequest, OrderRequest, SubscribeRequest

from veighna_ext.core.event_engine import DesktopEventEngine
from veighna_ext.core.main_engine import DesktopMainEngine
from veighna_ext.core.modes import Mode
from veighna_ext.core.notices import NoticeBoard


class VenueGateway(BaseGateway):
    """A venue that only remembers what reached it."""

    default_name = "VENUE"
    default_setting: dict[str, Any] = {"Server": ["REAL", "TESTNET"]}
    exchanges = [Exchange.GLOBAL]

    def __init__(self, event_engine: DesktopEventEngine, gateway_name: str) -> None:
        super().__init__(event_engine, gateway_name)
        self.received: list[OrderRequest] = []

    def connect(self, setting: dict) -> None: ...
    def subscribe(self, req: SubscribeRequest) -> None: ...
    def cancel_order(self, req: CancelRequest) -> None: ...
    def query_account(self) -> None: ...
    def query_position(self) -> None: ...
    def close(self) -> None: ...

    def send_order(self, req: OrderRequest) -> str:
        self.received.append(req)
        return f"{self.gateway_name}.{len(self.received)}"


class PaperVenue(VenueGateway):
    default_name = "PAPER"


ORDER = OrderRequest("BTCUSDT", Exchange.GLOBAL, Direction.LONG, OrderType.LIMIT, 1, 100, Offset.NONE)


@pytest.fixture
def engine(trader_dir: Path) -> Iterator[DesktopMainEngine]:
    engine = DesktopMainEngine(DesktopEventEngine(), NoticeBoard())
    yield engine
    engine.close()


def test_an_order_to_real_money_is_held_until_the_user_agrees(engine: DesktopMainEngine) -> None:
    venue = engine.add_gateway(VenueGateway)
    assert isinstance(venue, VenueGateway)
    held: list[str] = []
    engine.live_trading.on_held = held.append
    engine.connect({"Server": "REAL"}, "VENUE")

    assert engine.send_order(ORDER, "VENUE") == ""
    assert (venue.received, held) == ([], ["VENUE"])

    engine.live_trading.confirm()
    assert engine.send_order(ORDER, "VENUE") == "VENUE.1"
    assert engine.send_order(ORDER, "VENUE") == "VENUE.2"
    assert held == ["VENUE"]


@pytest.mark.parametrize(("gateway", "setting"), [(VenueGateway, {"Server": "TESTNET"}), (PaperVenue, {})])
def test_an_order_that_cannot_cost_money_is_never_held(
    engine: DesktopMainEngine, gateway: type[VenueGateway], setting: dict
) -> None:
    venue = engine.add_gateway(gateway)
    assert isinstance(venue, VenueGateway)
    engine.connect(setting, gateway.default_name)
    assert engine.send_order(ORDER, gateway.default_name) == f"{gateway.default_name}.1"
    assert venue.received == [ORDER]


def test_the_mode_before_connecting_is_that_of_the_remembered_setting(
    engine: DesktopMainEngine, trader_dir: Path
) -> None:
    engine.add_gateway(VenueGateway)
    assert engine.mode("VENUE") is Mode.LIVE
    (trader_dir / ".vntrader" / "connect_venue.json").write_text(json.dumps({"Server": "TESTNET"}))
    assert engine.mode("VENUE") is Mode.TESTNET
    engine.connect({"Server": "REAL"}, "VENUE")
    assert engine.mode("VENUE") is Mode.LIVE


def test_an_unknown_gateway_is_answered_as_vnpy_does(engine: DesktopMainEngine) -> None:
    assert engine.send_order(ORDER, "NOBODY") == ""


@pytest.mark.expected_errors("rule file broken")
def test_a_log_with_a_level_is_accepted_as_the_risk_manager_sends_it(engine: DesktopMainEngine) -> None:
    logs: list[Event] = []
    engine.event_engine.register(EVENT_LOG, logs.append)
    engine.write_log("rule file broken", source="RiskEngine", level=40)
    engine.close()
    assert [(log.data.msg, log.data.level) for log in logs] == [("rule file broken", 40)]


class StubbornEngine(BaseEngine):
    def __init__(self, main_engine: DesktopMainEngine, event_engine: DesktopEventEngine) -> None:
        super().__init__(main_engine, event_engine, "stubborn")

    def close(self) -> None:
        raise OSError("will not close")


class PoliteEngine(BaseEngine):
    def __init__(self, main_engine: DesktopMainEngine, event_engine: DesktopEventEngine) -> None:
        super().__init__(main_engine, event_engine, "polite")
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_an_engine_that_fails_to_close_does_not_keep_the_others_open(engine: DesktopMainEngine) -> None:
    engine.add_engine(StubbornEngine)
    polite = engine.add_engine(PoliteEngine)
    engine.close()
    engine.close()
    assert polite.closed == 1
    assert [notice.text for notice in engine.notices.all()] == [
        "stubborn did not close cleanly: will not close"
    ]


def test_what_an_engine_sends_while_closing_is_still_handled(engine: DesktopMainEngine) -> None:
    heard: list[str] = []
    engine.event_engine.register("eGoodbye", lambda event: heard.append(event.data))

    class Farewell(PoliteEngine):
        def close(self) -> None:
            self.event_engine.put(Event("eGoodbye", "bye"))

    engine.add_engine(Farewell)
    engine.close()
    assert heard == ["bye"]


def test_a_strategys_send_email_still_works(
    engine: DesktopMainEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str | None]] = []
    monkeypatch.setattr(
        engine, "send_notification", lambda content, subject=None: sent.append((content, subject))
    )
    engine.send_email("title", "text")
    assert sent == [("text", "title")]


def test_an_app_is_added_as_stock_vnpy_adds_it(engine: DesktopMainEngine) -> None:
    class PoliteApp(BaseApp):
        app_name = "Polite"
        engine_class = PoliteEngine

    assert engine.add_app(PoliteApp) is engine.get_engine("polite")
    assert [app.app_name for app in engine.get_all_apps()] == ["Polite"]
