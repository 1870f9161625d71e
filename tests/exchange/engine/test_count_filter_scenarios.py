"""The filters on what an account may have open: orders, order lists and positions."""

from __future__ import annotations

from tests.exchange.engine.scenario import Exchange, order, pair, refused
from veighna_ext.exchange.symbols import ExchangeFilters

RICH = {"BTC": "1000000", "ETH": "1000000", "USDT": "100000000000"}


def test_max_num_orders_counts_all_open_orders() -> None:
    exchange = Exchange(pair("BTCUSDT", {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 2}))
    trader, other = exchange.trader(), exchange.trader()
    first = trader.limit("BUY", "1", at="1")
    trader.stop_loss("SELL", "1", stop="1")
    with refused(-1013, "Filter failure: MAX_NUM_ORDERS"):
        trader.limit("BUY", "1", at="1")
    other.limit("BUY", "1", at="1")
    trader.cancel(first)
    trader.limit("BUY", "1", at="1")


def test_max_num_orders_leaves_room_for_a_whole_list_or_refuses_it() -> None:
    exchange = Exchange(pair("BTCUSDT", {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 3}))
    trader = exchange.trader()
    first = trader.limit("BUY", "1", at="1")
    entry = order("LIMIT", "BUY", "1", at="1")
    exits = [order("LIMIT_MAKER", "SELL", "1", at="9"), order("STOP_LOSS", "SELL", "1", stop="2")]
    with refused(-1013, "Filter failure: MAX_NUM_ORDERS"):
        trader.otoco(entry, *exits)
    listed = trader.oco(*exits)
    with refused(-1013, "Filter failure: MAX_NUM_ORDERS"):
        trader.limit("BUY", "1", at="1")
    trader.cancel_list(listed)
    trader.cancel(first)
    trader.otoco(entry, *exits)


def test_max_num_algo_orders_counts_conditional_orders_until_they_end() -> None:
    exchange = Exchange(pair("BTCUSDT", {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 2}))
    trader = exchange.trader()
    first = trader.stop_loss("SELL", "1", stop="1")
    trader.take_profit_limit("SELL", "1", at="9", stop="9")
    trader.limit("SELL", "1", at="9")
    for wrong in (
        order("STOP_LOSS", "SELL", "1", stop="1"),
        order("STOP_LOSS_LIMIT", "SELL", "1", stop="1", at="1"),
        order("TAKE_PROFIT", "SELL", "1", stop="9"),
        order("TAKE_PROFIT_LIMIT", "SELL", "1", stop="9", at="9"),
        order("STOP_LOSS", "SELL", "1", trailing=100),
    ):
        with refused(-1013, "Filter failure: MAX_NUM_ALGO_ORDERS"):
            trader.place(wrong)
    trader.cancel(first)
    trader.stop_loss("SELL", "1", stop="1")


def test_max_num_algo_orders_counts_every_conditional_order_of_a_list() -> None:
    exchange = Exchange(pair("BTCUSDT", {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 1}))
    trader = exchange.trader()
    stop = order("STOP_LOSS", "SELL", "1", stop="2")
    with refused(-1013, "Filter failure: MAX_NUM_ALGO_ORDERS"):
        trader.oco(order("TAKE_PROFIT", "SELL", "1", stop="9"), stop)
    listed = trader.oco(order("LIMIT_MAKER", "SELL", "1", at="9"), stop)
    with refused(-1013, "Filter failure: MAX_NUM_ALGO_ORDERS"):
        trader.place(stop)
    trader.cancel_list(listed)
    trader.place(stop)


def test_orders_that_could_not_be_placed_count_no_longer() -> None:
    exchange = Exchange(
        pair(
            "BTCUSDT",
            {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 1},
            {"filterType": "MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders": 1},
        )
    )
    trader = exchange.trader(USDT="100")
    iceberg = order("STOP_LOSS_LIMIT", "SELL", "9", stop="9", at="9", iceberg="1")
    placed = trader.oto(order("LIMIT", "BUY", "1", at="10"), iceberg)
    exchange.trader().limit("SELL", "1", at="10")

    assert placed.statuses == ["FILLED", "EXPIRED"]
    trader.stop_loss_limit("SELL", "1", stop="9", at="9", iceberg="0.5")


def test_max_num_iceberg_orders() -> None:
    exchange = Exchange(pair("BTCUSDT", {"filterType": "MAX_NUM_ICEBERG_ORDERS", "maxNumIcebergOrders": 1}))
    trader = exchange.trader()
    first = trader.limit("SELL", "2", at="9", iceberg="1")
    trader.limit("SELL", "2", at="9")
    with refused(-1013, "Filter failure: MAX_NUM_ICEBERG_ORDERS"):
        trader.limit_maker("SELL", "2", at="9", iceberg="1")
    trader.cancel(first)
    trader.limit_maker("SELL", "2", at="9", iceberg="1")


def test_max_num_order_lists_counts_an_otoco_once() -> None:
    exchange = Exchange(pair("BTCUSDT", {"filterType": "MAX_NUM_ORDER_LISTS", "maxNumOrderLists": 2}))
    trader = exchange.trader()
    entry = order("LIMIT", "BUY", "1", at="1")
    exits = [order("LIMIT_MAKER", "SELL", "1", at="9"), order("STOP_LOSS", "SELL", "1", stop="2")]
    trader.otoco(entry, *exits)
    second = trader.oto(entry, exits[0])
    with refused(-1013, "Filter failure: MAX_NUM_ORDER_LISTS"):
        trader.oco(*exits)
    trader.cancel_list(second)
    trader.oco(*exits)


# MAX_POSITION

POSITION = {"filterType": "MAX_POSITION", "maxPosition": "10.00000000"}


def test_max_position_counts_what_is_owned_and_what_open_orders_buy() -> None:
    exchange = Exchange(pair("BTCUSDT", POSITION))
    trader = exchange.trader(BTC="5", USDT="1000")
    trader.limit("SELL", "2", at="9")
    trader.limit("BUY", "3", at="1")
    with refused(-2010, "Filter failure: MAX_POSITION"):
        trader.limit("BUY", "2.00000001", at="1")
    trader.limit("BUY", "2", at="1")
    with refused(-2010, "Filter failure: MAX_POSITION"):
        trader.market("BUY", "0.00000001")
    trader.limit("SELL", "1", at="9")


def test_max_position_counts_a_partly_filled_order_once() -> None:
    exchange = Exchange(pair("BTCUSDT", POSITION))
    trader = exchange.trader(USDT="1000")
    trader.limit("BUY", "6", at="1")
    exchange.trader().limit("SELL", "4", at="1")
    trader.limit("BUY", "4", at="1")
    with refused(-2010, "Filter failure: MAX_POSITION"):
        trader.limit("BUY", "0.00000001", at="1")


# what an account may have open on the whole exchange


def two_symbols(**limits: int) -> Exchange:
    """An exchange with limits over both of its symbols."""
    return Exchange(pair("BTCUSDT"), pair("ETHUSDT"), limits=ExchangeFilters(**limits))


def test_exchange_max_num_orders() -> None:
    trader = two_symbols(max_orders=2).trader(**RICH)
    trader.limit("BUY", "1", at="1")
    first = trader.limit("BUY", "1", at="1", on="ETHUSDT")
    with refused(-1013, "Filter failure: EXCHANGE_MAX_NUM_ORDERS"):
        trader.limit("BUY", "1", at="1")
    trader.cancel(first, on="ETHUSDT")
    with refused(-1013, "Filter failure: EXCHANGE_MAX_NUM_ORDERS"):
        trader.oco(order("LIMIT_MAKER", "SELL", "1", at="9"), order("STOP_LOSS", "SELL", "1", stop="2"))
    trader.limit("BUY", "1", at="1")


def test_exchange_max_num_algo_orders() -> None:
    trader = two_symbols(max_algo_orders=1).trader(**RICH)
    trader.place(order("STOP_LOSS", "SELL", "1", stop="1"), on="ETHUSDT")
    trader.limit("BUY", "1", at="1")
    with refused(-1013, "Filter failure: EXCHANGE_MAX_NUM_ALGO_ORDERS"):
        trader.stop_loss("SELL", "1", stop="1")
    trader.cancel_all(on="ETHUSDT")
    trader.stop_loss("SELL", "1", stop="1")


def test_exchange_max_num_iceberg_orders() -> None:
    trader = two_symbols(max_iceberg_orders=1).trader(**RICH)
    trader.limit("SELL", "2", at="9", iceberg="1", on="ETHUSDT")
    trader.limit("SELL", "2", at="9")
    with refused(-1013, "Filter failure: EXCHANGE_MAX_NUM_ICEBERG_ORDERS"):
        trader.limit("SELL", "2", at="9", iceberg="1")
    trader.cancel_all(on="ETHUSDT")
    trader.limit("SELL", "2", at="9", iceberg="1")


def test_exchange_max_num_order_lists() -> None:
    exchange = two_symbols(max_order_lists=1)
    trader = exchange.trader(**RICH)
    exits = [order("LIMIT_MAKER", "SELL", "1", at="9"), order("STOP_LOSS", "SELL", "1", stop="2")]
    exchange.symbol = "ETHUSDT"
    first = trader.oco(*exits)
    exchange.symbol = "BTCUSDT"
    with refused(-1013, "Filter failure: EXCHANGE_MAX_NUM_ORDER_LISTS"):
        trader.oco(*exits)
    exchange.symbol = "ETHUSDT"
    trader.cancel_list(first)
    exchange.symbol = "BTCUSDT"
    trader.oco(*exits)
