"""The fields of the samples in Binance's documents, in the order in which they stand there."""

from __future__ import annotations


def _fields(names: str) -> list[str]:
    return names.split()


_TERMS = "price origQty executedQty origQuoteOrderQty cummulativeQuoteQty status timeInForce type side"
_STP = "selfTradePreventionMode"
_ACK = "symbol orderId orderListId clientOrderId transactTime"
_CANCEL = f"symbol origClientOrderId orderId orderListId clientOrderId transactTime {_TERMS}"
_ORDER = (
    "symbol orderId orderListId clientOrderId price origQty executedQty cummulativeQuoteQty status "
    "timeInForce type side"
)
_AMENDED = (
    "symbol orderId orderListId origClientOrderId clientOrderId price qty executedQty preventedQty "
    "quoteOrderQty cumulativeQuoteQty status timeInForce type side"
)

ACK = _ACK.split()
RESULT = _fields(f"{_ACK} {_TERMS} workingTime {_STP}")
# as in the samples of cancel-replace, of self-trade prevention and on the wire; one sample turns the last two
FULL = _fields(f"{_ACK} {_TERMS} workingTime fills {_STP}")
FILL = _fields("price qty commission commissionAsset tradeId")
STOP_IN_A_LIST = _fields(f"{_ACK} {_TERMS} stopPrice workingTime {_STP}")
ICEBERG_STOP_IN_A_LIST = _fields(f"{_ACK} {_TERMS} stopPrice workingTime icebergQty {_STP}")

CANCEL = _fields(f"{_CANCEL} {_STP}")
CANCELED_STOP = _fields(f"{_CANCEL} stopPrice {_STP}")
CANCEL_WITH_EVERYTHING = _fields(
    f"{_CANCEL} stopPrice trailingDelta trailingTime icebergQty strategyId strategyType {_STP}"
)

ORDER = _fields(
    f"{_ORDER} stopPrice icebergQty time updateTime isWorking workingTime origQuoteOrderQty {_STP}"
)
ORDER_WITH_EVERYTHING = _fields(
    f"{_ORDER} stopPrice trailingDelta trailingTime icebergQty time updateTime isWorking workingTime "
    f"origQuoteOrderQty strategyId strategyType {_STP}"
)
PREVENTED_ORDER = [*ORDER, "preventedMatchId", "preventedQuantity"]

LIST = _fields(
    "orderListId contingencyType listStatusType listOrderStatus listClientOrderId transactionTime symbol "
    "orders"
)
LIST_WITH_REPORTS = [*LIST, "orderReports"]
MEMBER = _fields("symbol orderId clientOrderId")

REPLACEMENT = _fields("cancelResult newOrderResult cancelResponse newOrderResponse")

AMENDED = _fields("transactTime executionId amendedOrder")
AMENDED_IN_A_LIST = [*AMENDED, "listStatus"]
AMENDED_ORDER = _fields(f"{_AMENDED} workingTime {_STP}")
AMENDED_PENDING_ORDER = _fields(f"{_AMENDED} {_STP}")
AMENDED_LIST = _fields("orderListId contingencyType listOrderStatus listClientOrderId symbol orders")
AMENDMENT = _fields("symbol orderId executionId origClientOrderId newClientOrderId origQty newQty time")

TRADE = _fields(
    "symbol id orderId orderListId price qty quoteQty commission commissionAsset time isBuyer "
    "isMaker isBestMatch"
)
PREVENTED_MATCH = _fields(
    f"symbol preventedMatchId takerOrderId makerSymbol makerOrderId tradeGroupId {_STP} price "
    "makerPreventedQuantity transactTime"
)
COMMISSIONS = _fields("standardCommissionForOrder specialCommissionForOrder taxCommissionForOrder discount")
DISCOUNT = _fields("enabledForAccount enabledForSymbol discountAsset discount")
