"""LIMIT, MARKET and LIMIT_MAKER orders, by the order type table and the FAQ on market orders."""

from __future__ import annotations

from tests.exchange.engine.placed import expect_status
from tests.exchange.engine.scenario import Exchange, pair, refused

LOT = {"filterType": "LOT_SIZE", "minQty": "0.001", "maxQty": "3", "stepSize": "0.001"}
MARKET_LOT = {"filterType": "MARKET_LOT_SIZE", "minQty": "0.01", "maxQty": "2", "stepSize": "0"}


def test_a_limit_order_without_a_counterpart_rests_on_the_book_and_holds_its_price() -> None:
    exchange = Exchange()
    trader = exchange.trader(USDT="100")

    order = trader.limit("BUY", "0.5", at="150")

    expect_status(order, "NEW")
    assert order.is_working()
    assert exchange.book("BUY") == ["0.5@150"]
    assert (trader.free("USDT"), trader.locked("USDT")) == ("25", "75")


def test_a_limit_order_trades_at_the_better_price_of_the_resting_order() -> None:
    exchange = Exchange()
    seller, buyer = exchange.trader(BTC="1"), exchange.trader(USDT="1000")
    resting = seller.limit("SELL", "1", at="400")

    order = buyer.limit("BUY", "0.4", at="500")

    expect_status(order, "FILLED")
    expect_status(resting, "PARTIALLY_FILLED")
    assert order.fills == resting.fills == ["0.4@400"]
    assert (order.executed, order.spent) == ("0.4", "160")
    assert (buyer.free("USDT"), buyer.locked("USDT"), buyer.free("BTC")) == ("840", "0", "0.4")
    assert (seller.free("USDT"), seller.locked("BTC")) == ("160", "0.6")


def test_earlier_orders_at_a_price_trade_first_and_better_prices_before_them() -> None:
    exchange = Exchange()
    early, late, better = exchange.trader(), exchange.trader(), exchange.trader()
    first = early.limit("SELL", "1", at="101")
    second = late.limit("SELL", "1", at="101")
    best = better.limit("SELL", "1", at="100")

    taker = exchange.trader().limit("BUY", "2.5", at="101")

    assert taker.fills == ["1@100", "1@101", "0.5@101"]
    assert (best.status, first.status, second.status) == ("FILLED", "FILLED", "PARTIALLY_FILLED")


def test_the_rest_of_a_gtc_order_stays_on_the_book() -> None:
    exchange = Exchange()
    exchange.trader().limit("SELL", "1", at="100")
    buyer = exchange.trader(USDT="1000")

    order = buyer.limit("BUY", "3", at="110")

    expect_status(order, "PARTIALLY_FILLED")
    assert (exchange.book("BUY"), exchange.book("SELL")) == (["2@110"], [])
    assert (buyer.free("USDT"), buyer.locked("USDT")) == ("680", "220")


def test_an_ioc_order_takes_what_is_there_and_the_rest_expires() -> None:
    exchange = Exchange()
    exchange.trader().limit("SELL", "1", at="100")
    buyer = exchange.trader(USDT="1000")

    order = buyer.limit("BUY", "3", at="110", tif="IOC")

    expect_status(order, "EXPIRED")
    assert (order.executed, order.expiry_reason) == ("1", "UNFILLED_IOC_QUANTITY_EXPIRED")
    assert (buyer.free("USDT"), buyer.locked("USDT")) == ("900", "0")
    assert exchange.book("BUY") == []


def test_an_ioc_order_that_finds_nothing_expires_untouched() -> None:
    order = Exchange().trader().limit("BUY", "3", at="110", tif="IOC")

    expect_status(order, "EXPIRED")
    assert (order.executed, order.expiry_reason) == ("0", "UNFILLED_IOC_QUANTITY_EXPIRED")


def test_a_fok_order_is_filled_whole() -> None:
    exchange = Exchange()
    seller = exchange.trader()
    seller.limit("SELL", "1", at="100")
    seller.limit("SELL", "2", at="110")

    order = exchange.trader().limit("BUY", "3", at="110", tif="FOK")

    expect_status(order, "FILLED")
    assert order.fills == ["1@100", "2@110"]


def test_a_fok_order_that_cannot_be_filled_whole_expires_without_a_trade() -> None:
    exchange = Exchange()
    exchange.trader().limit("SELL", "2.999", at="110")

    order = exchange.trader().limit("BUY", "3", at="110", tif="FOK")

    expect_status(order, "EXPIRED")
    assert (order.executed, order.expiry_reason) == ("0", "UNFILLED_FOK_ORDER_EXPIRED")
    assert exchange.book("SELL") == ["2.999@110"]


def test_a_fok_order_counts_only_prices_within_its_limit() -> None:
    exchange = Exchange()
    seller = exchange.trader()
    seller.limit("SELL", "2", at="110")
    seller.limit("SELL", "2", at="111")

    expect_status(exchange.trader().limit("BUY", "3", at="110", tif="FOK"), "EXPIRED")


def test_a_limit_maker_order_rests() -> None:
    exchange = Exchange()
    exchange.trader().limit("SELL", "1", at="100.01")

    expect_status(exchange.trader().limit_maker("BUY", "1", at="100"), "NEW")


def test_a_limit_maker_order_that_would_trade_at_once_is_refused() -> None:
    exchange = Exchange()
    exchange.trader().limit("SELL", "1", at="100")
    exchange.trader().limit("BUY", "1", at="90")

    with refused(-2010, "Order would immediately match and take."):
        exchange.trader().limit_maker("BUY", "1", at="100")
    with refused(-2010, "Order would immediately match and take."):
        exchange.trader().limit_maker("SELL", "1", at="90")


def test_a_market_sell_walks_down_the_book_as_in_the_documents_full_response() -> None:
    exchange = Exchange()
    buyer = exchange.trader()
    for quantity, price in (("1", "4000"), ("5", "3999"), ("2", "3998"), ("1", "3997"), ("1", "3995")):
        buyer.limit("BUY", quantity, at=price)
    seller = exchange.trader(taker="0.001", BTC="10")

    order = seller.market("SELL", "10")

    expect_status(order, "FILLED")
    assert order.fills == ["1@4000", "5@3999", "2@3998", "1@3997", "1@3995"]
    assert order.commissions == ["4 USDT", "19.995 USDT", "7.996 USDT", "3.997 USDT", "3.995 USDT"]
    assert seller.free("USDT") == "39943.017"


def test_a_market_order_beyond_the_books_liquidity_is_filled_in_part_and_expires() -> None:
    exchange = Exchange(pair("LTCBNB"))
    seller = exchange.trader(LTC="4")
    seller.limit("SELL", "2", at="1")
    seller.limit("SELL", "2", at="1")
    buyer = exchange.trader(BNB="6")

    order = buyer.market("BUY", "6")

    expect_status(order, "EXPIRED")
    assert (order.quantity, order.executed, order.spent) == ("6", "4", "4")
    assert (order.fills, order.expiry_reason) == (["2@1", "2@1"], "INSUFFICIENT_LIQUIDITY")
    assert (buyer.free("BNB"), buyer.free("LTC")) == ("2", "4")


def test_a_market_order_on_an_empty_book_expires() -> None:
    order = Exchange().trader().market("BUY", "1")

    expect_status(order, "EXPIRED")
    assert (order.executed, order.expiry_reason) == ("0", "INSUFFICIENT_LIQUIDITY")


def test_a_market_order_its_account_cannot_pay_for_is_rejected() -> None:
    exchange = Exchange()
    exchange.trader().limit("SELL", "1", at="100")
    exchange.trader().limit("SELL", "1", at="110")
    buyer = exchange.trader(USDT="209.99")

    with refused(-2010, "Account has insufficient balance for requested action."):
        buyer.market("BUY", "2")
    buyer.deposit("USDT", "0.01")
    expect_status(buyer.market("BUY", "2"), "FILLED")
    assert buyer.free("USDT") == "0"


def test_a_market_buy_by_quote_amount_buys_as_much_as_the_amount_can() -> None:
    exchange = Exchange(pair("BTCUSDT", LOT))
    seller = exchange.trader()
    seller.limit("SELL", "0.5", at="100")
    seller.limit("SELL", "1", at="130")
    buyer = exchange.trader(USDT="150")

    order = buyer.market("BUY", worth="100")

    expect_status(order, "FILLED")
    assert order.fills == ["0.5@100", "0.384@130"]
    assert (order.quantity, order.spent) == ("0.884", "99.92")
    assert (buyer.free("USDT"), buyer.free("BTC")) == ("50.08", "0.884")


def test_a_market_sell_by_quote_amount_sells_as_much_as_is_needed() -> None:
    exchange = Exchange(pair("BTCUSDT", LOT))
    exchange.trader().limit("BUY", "3", at="130")
    seller = exchange.trader(BTC="1")

    order = seller.market("SELL", worth="100")

    assert order.fills == ["0.769@130"]
    assert seller.free("USDT") == "99.97"


def test_a_market_order_by_quote_amount_never_breaks_the_lot_size() -> None:
    exchange = Exchange(pair("BTCUSDT", LOT))
    seller = exchange.trader()
    seller.limit("SELL", "3", at="100")
    seller.limit("SELL", "3", at="100")
    buyer = exchange.trader()

    assert buyer.market("BUY", worth="500").executed == "3"


def test_a_market_order_by_quote_amount_keeps_to_the_market_lot_size_too() -> None:
    exchange = Exchange(pair("BTCUSDT", LOT, MARKET_LOT))
    exchange.trader().limit("SELL", "3", at="100")

    assert exchange.trader().market("BUY", worth="300").executed == "2"


def test_a_quote_amount_the_book_cannot_turn_into_a_lot_is_refused() -> None:
    exchange = Exchange(pair("BTCUSDT", LOT, MARKET_LOT))
    buyer = exchange.trader()
    with refused(-2010, "Order book liquidity is less than symbol minimum quantity."):
        buyer.market("BUY", worth="100")
    exchange.trader().limit("SELL", "0.001", at="100")
    with refused(-2010, "Order book liquidity is less than `LOT_SIZE` filter minimum quantity."):
        buyer.market("BUY", worth="0.09")
    exchange.trader().limit("SELL", "0.008", at="100")
    with refused(-2010, "Order book liquidity is less than `MARKET_LOT_SIZE` filter minimum quantity."):
        buyer.market("BUY", worth="0.95")
    exchange.trader().limit("SELL", "0.001", at="100")
    assert buyer.market("BUY", worth="1").fills == ["0.001@100", "0.008@100", "0.001@100"]


def test_quote_amount_orders_belong_to_market_orders_alone_and_go_without_a_quantity() -> None:
    exchange = Exchange()
    trader = exchange.trader()
    with refused(-1014, "Unsupported order combination."):
        trader.market("BUY", "1", worth="100")
    with refused(-1014, "Unsupported order combination."):
        trader.stop_loss("SELL", "1", stop="90", worth="100")


def test_order_and_trade_ids_only_rise() -> None:
    exchange = Exchange(pair("BTCUSDT"), pair("ETHUSDT"))
    seller, buyer = exchange.trader(BTC="5", ETH="5"), exchange.trader()
    orders = [
        seller.limit("SELL", "1", at="100"),
        buyer.limit("BUY", "1", at="100"),
        seller.limit("SELL", "1", at="90"),
    ]

    assert [order.id for order in orders] == [1, 2, 3]
    assert seller.limit("SELL", "1", at="100", on="ETHUSDT").id == 1
    assert exchange.venue.market("BTCUSDT").last_trade_id == 0


def test_an_order_that_is_refused_uses_no_id_up() -> None:
    exchange = Exchange()
    trader = exchange.trader(USDT="100")
    with refused(-2010, "Account has insufficient balance for requested action."):
        trader.limit("BUY", "1", at="101")

    assert trader.limit("BUY", "1", at="100").id == 1


def test_an_order_remembers_when_it_came_when_it_began_to_work_and_when_it_last_changed() -> None:
    exchange = Exchange()
    seller = exchange.trader()
    resting = seller.limit("SELL", "1", at="100").order
    placed_at = exchange.time
    exchange.trader().limit("BUY", "0.5", at="100")
    traded_at = exchange.time

    assert (resting.time, resting.working_time, resting.updated) == (placed_at, placed_at, traded_at)
    waiting = seller.stop_loss_limit("SELL", "1", at="80", stop="90").order
    assert (waiting.time, waiting.working_time) == (exchange.time, -1)
    exchange.trader().limit("BUY", "0.1", at="90")
    seller.limit("SELL", "0.1", at="90")
    assert waiting.working_time == waiting.updated == exchange.time
