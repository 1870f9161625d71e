"""What can be asked of the venue: each operation once, for REST and the WebSocket API alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from veighna_ext.exchange.server.parameters import NOTHING, Parameters, Values

if TYPE_CHECKING:
    from veighna_ext.exchange import commands as c
    from veighna_ext.exchange.engine.accounts import Account, Desk
    from veighna_ext.exchange.engine.market import Market
    from veighna_ext.exchange.server.limits import OrderCounts
    from veighna_ext.exchange.server.live import LiveExchange
    from veighna_ext.exchange.server.ws_api.session import ApiSession
    from veighna_ext.exchange.statistics import PublicRecord


class Caller:
    """Where a request comes from and how its answer is wanted."""

    __slots__ = ("account", "address", "api_key", "session", "time_divisor")

    def __init__(
        self,
        address: str,
        account: Account | None = None,
        api_key: str = "",
        time_divisor: int = 1000,
        session: ApiSession | None = None,
    ) -> None:
        self.address = address
        self.account = account
        self.api_key = api_key
        self.time_divisor = time_divisor
        """1000 where the answer's times are milliseconds, 1 where the caller asked for microseconds."""
        self.session = session
        """The connection of the WebSocket API that the request came by."""


class Call:
    """One request on its way: who asks, with what, and the venue it is asked of."""

    __slots__ = ("caller", "live", "now", "order_counts", "values")

    def __init__(
        self, live: LiveExchange, values: Values, caller: Caller, now: int, order_counts: OrderCounts
    ) -> None:
        self.live = live
        self.order_counts = order_counts
        self.values = values
        self.caller = caller
        self.now = now
        """The exchange's time, in microseconds."""

    @property
    def account(self) -> Account:
        """Who asks; only of signed operations."""
        account = self.caller.account
        assert account is not None
        return account

    def time(self, microseconds: int) -> int:
        """A time in the unit of the answer; -1 stays what it is."""
        return microseconds // self.caller.time_divisor

    def submit(self, command: c.Command) -> Any:
        """Have the venue carry a command out; the answer goes out once it is on disk."""
        return self.live.submit(command)

    def market(self) -> Market:
        """The market of the request's symbol."""
        return self.live.venue.market(self.values["symbol"])

    def record(self) -> PublicRecord:
        """The public record of the request's symbol."""
        return self.live.exchange.records[self.market().symbol.name]

    def desk(self) -> Desk:
        """The asking account's place on the request's symbol."""
        return self.live.venue.desk(self.account.id, self.values["symbol"])


Weight = int | Callable[[Values], int]


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked, by REST, by the WebSocket API, or by both."""

    run: Callable[[Call], Any]
    """Gives what becomes the JSON of the answer."""
    method: str = ""
    """Its name in the WebSocket API."""
    verb: str = ""
    path: str = ""
    parameters: Parameters = NOTHING
    weight: Weight = 1
    is_signed: bool = False
    needs_signature: bool = False
    """Of signed ones: whether it needs its own signature, also from who is logged on."""
    needs_key: bool = False
    """Of others: whether it needs an API key none the less."""
    trades: bool = False
    """Whether the key must be allowed to trade; also what a fault counts as an order."""
    orders: int = 0
    """How many new orders it adds to the account's count."""
    counts_orders_itself: bool = False
    """Whether it looks after that count itself, since it goes on over the limit or counts when refused."""
    is_free: bool = False
    """Whether it costs no weight when it succeeds."""
    weight_without_symbol: int | None = None
    """What it costs where its symbol is invalid, if that is something else."""

    @property
    def weight_unread(self) -> int:
        """What it costs where its parameters cannot be read."""
        if self.weight_without_symbol is not None:
            return self.weight_without_symbol
        return self.weight if isinstance(self.weight, int) else 1

    def weight_of(self, values: Values) -> int:
        """What it costs with these parameters."""
        return self.weight if isinstance(self.weight, int) else self.weight(values)


def by_route(operations: tuple[Operation, ...]) -> dict[str, dict[str, Operation]]:
    """Operations of REST, by path and verb."""
    routes: dict[str, dict[str, Operation]] = {}
    for each in operations:
        if each.path:
            routes.setdefault(each.path, {})[each.verb] = each
    return routes


def by_method(operations: tuple[Operation, ...]) -> dict[str, Operation]:
    """Operations of the WebSocket API, by method."""
    return {each.method: each for each in operations if each.method}
