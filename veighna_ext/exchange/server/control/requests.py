"""
What the control API takes: the same structs for the server, its documents and the client.

The description of a field's type says what is allowed in it: it is also the sentence for whoever sends
something else.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

Asset = Annotated[
    str,
    Meta(
        pattern="^[A-Z0-9]{1,20}$", description="the name of an asset in capitals, as text", examples=["USDT"]
    ),
]
Amount = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,11}(\.[0-9]{1,8})?$",
        description='a decimal number as text with at most 8 decimals, such as "100.5"',
        examples=["100.5"],
    ),
]
Rate = Annotated[
    str,
    Meta(
        pattern=r"^(0(\.[0-9]{1,8})?|1)$",
        description='a decimal number as text from 0 to 1, such as "0.001" for a tenth of a percent',
        examples=["0.001"],
    ),
]
Balances = Annotated[
    dict[Asset, Amount],
    Meta(
        description='an object of assets and amounts as text, such as {"USDT": "100000"}',
        examples=[{"USDT": "100000", "BTC": "1"}],
    ),
]
ApiKey = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9._~-]{1,128}$",
        description="a text of 1 to 128 letters, digits, dots, underscores, tildes and hyphens",
    ),
]
Secret = Annotated[
    str,
    Meta(min_length=1, max_length=256, description="a text of 1 to 256 characters; left out, one is made"),
]
PublicKey = Annotated[
    str, Meta(max_length=10_000, description="the public half of an RSA or Ed25519 key, as PEM text")
]
KeyTrades = Annotated[bool, Meta(description="true or false: whether the key may place and cancel orders")]
CanTrade = Annotated[bool, Meta(description="true or false: whether the account may place orders")]
CanDeposit = Annotated[bool, Meta(description="true or false: whether money may come in")]
CanWithdraw = Annotated[bool, Meta(description="true or false: whether money may leave")]
PaysInBnb = Annotated[bool, Meta(description="true or false: whether commissions are paid in BNB")]
TradeGroup = Annotated[
    int,
    Meta(
        ge=-1,
        le=2**31,
        description="a whole number: accounts of one group never trade with each other; -1: no group",
    ),
]
OnlySymbol = Annotated[str, Meta(max_length=20, description="the symbol meant; left out, all")]
AfterId = Annotated[
    int, Meta(ge=0, le=2**53, description="a whole number: accounts with higher ids are listed")
]
PageSize = Annotated[int, Meta(ge=1, le=500, description="a whole number from 1 to 500: how many at most")]
Price = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{1,11}(\.[0-9]{1,8})?$",
        description='the price to go to: a decimal number as text, such as "64000.5"',
        examples=["64000.5"],
    ),
]
Mode = Annotated[
    Literal["manual", "synthetic"],
    Meta(description='"manual": the market maker leaves; "synthetic": it comes back'),
]
Volatility = Annotated[
    float, Meta(ge=0, le=100, description="a number from 0 to 100: moves are so many times as large as usual")
]
Trend = Annotated[
    float,
    Meta(ge=-10, le=10, description="a number from -10 to 10: drift of the logarithm of the price per day"),
]
Shock = Annotated[
    float,
    Meta(
        ge=-0.99,
        le=100,
        description="a number from -0.99 to 100: a jump of the price, -0.1 is ten percent down",
    ),
]
HalfLife = Annotated[
    float,
    Meta(
        gt=0,
        le=1e9,
        description="a number above 0: seconds until half of the shock is gone; left out, it stays",
    ),
]
Halt = Annotated[bool, Meta(description="true: nobody trades the symbol; false: it trades again")]
WhoseFaults = Annotated[
    str, Meta(max_length=128, description="an API key of the account meant; left out, all accounts")
]
LatencyMs = Annotated[
    Annotated[float, Meta(ge=0, le=60_000)] | Annotated[list[float], Meta(min_length=2, max_length=2)],
    Meta(
        description="milliseconds from 0 to 60000 added to every private request, or two such numbers "
        "between which it is drawn, the smaller one first",
        examples=[[5, 50]],
    ),
]
RejectRate = Annotated[
    float, Meta(ge=0, le=1, description="a number from 0 to 1: the part of orders that is refused")
]
ErrorRate = Annotated[
    float, Meta(ge=0, le=1, description="a number from 0 to 1: the part of private requests that fails")
]
DropEvery = Annotated[
    float,
    Meta(
        ge=0,
        le=86_400,
        description="seconds from 0 to 86400 after which WebSockets are cut, again and again; 0: never",
    ),
]
StaleMd = Annotated[bool, Meta(description="true or false: whether market data stand still")]
PartialFills = Annotated[
    bool,
    Meta(
        description="true or false: whether orders that take are filled only in part; for all accounts, "
        "it also holds for those with faults of their own"
    ),
]
LimitedNow = Annotated[
    bool, Meta(description="true or false: whether every private request is refused as one too many")
]
TapeFile = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=4096,
        description="the path of a tape, a file or a folder, on the exchange's machine",
        examples=["BTCUSDT-aggTrades-2025-01.zip"],
    ),
]
TapeSymbol = Annotated[
    str, Meta(max_length=20, description="the tape's symbol, where its file name does not begin with it")
]
Loop = Annotated[bool, Meta(description="true or false: whether the tape begins again at its end")]
Moment = Annotated[
    int | str,
    Meta(
        description='milliseconds since 1970, or text such as "2025-01-31T08:30:00Z", '
        "in UTC where no zone is named",
        examples=["2025-01-31T08:30:00Z"],
    ),
]
Speed = Annotated[
    float | Literal["max"],
    Meta(
        description='tape seconds per real second, above 0 and at most 1000000, or "max" for all it can',
        examples=[10],
    ),
]
SecondsBack = Annotated[
    int, Meta(ge=1, le=300, description="a whole number from 1 to 300: how many seconds back")
]


class Request(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What is sent; a field nobody knows is refused by its name."""


class AccountRequest(Request, rename="camel"):
    """A request about accounts, whose words are those of Binance's own account."""


class NewKey(AccountRequest):
    """An API key: with a secret that is made or given, or with the public half of a key pair."""

    api_key: ApiKey | UnsetType = UNSET
    secret: Secret | UnsetType = UNSET
    public_key: PublicKey | UnsetType = UNSET
    may_trade: KeyTrades = True


class NewAccount(NewKey):
    """An account with its first API key; without balances it gets those of the exchange's own accounts."""

    balances: Balances | UnsetType = UNSET
    maker: Rate = "0.001"
    taker: Rate = "0.001"
    pays_in_bnb: PaysInBnb = False


class Money(AccountRequest):
    """What comes into an account or leaves it."""

    asset: Asset
    amount: Amount


class Rights(AccountRequest):
    """What an account may do and how it pays; what is left out stays as it is."""

    can_trade: CanTrade | UnsetType = UNSET
    can_deposit: CanDeposit | UnsetType = UNSET
    can_withdraw: CanWithdraw | UnsetType = UNSET
    pays_in_bnb: PaysInBnb | UnsetType = UNSET
    trade_group: TradeGroup | UnsetType = UNSET


class Rates(AccountRequest):
    """Commission rates, of one symbol or of all that have none of their own."""

    maker: Rate
    taker: Rate
    symbol: OnlySymbol | UnsetType = UNSET


class AccountsAsked(AccountRequest):
    """Which accounts are listed."""

    after: AfterId = 0
    limit: PageSize = 100


class MarketChange(Request):
    """How a symbol's market shall go on; what is left out stays as it is."""

    price: Price | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    volatility: Volatility | UnsetType = UNSET
    trend: Trend | UnsetType = UNSET
    shock: Shock | UnsetType = UNSET
    half_life_s: HalfLife | UnsetType = UNSET
    halt: Halt | UnsetType = UNSET


class NewFaults(Request):
    """What is to go wrong from now on, for one account or for all; what is left out does not."""

    account: WhoseFaults | UnsetType = UNSET
    latency_ms: LatencyMs = 0.0
    reject_rate: RejectRate = 0.0
    error_rate: ErrorRate = 0.0
    drop_ws_every_s: DropEvery = 0.0
    stale_md: StaleMd = False
    partial_fill_only: PartialFills = False
    rate_limit_now: LimitedNow = False


class FaultsMeant(Request):
    """Whose faults are ended."""

    account: WhoseFaults | UnsetType = UNSET


class NewReplay(Request):
    """A tape to be played in place of the market there is."""

    file: TapeFile
    speed: Speed = 1.0
    start: Moment | UnsetType = UNSET
    loop: Loop = False
    symbol: TapeSymbol | UnsetType = UNSET


class Seek(Request):
    """Where a replay goes on."""

    time: Moment


class NewSpeed(Request):
    """How fast a replay goes on."""

    speed: Speed


class HistoryAsked(Request):
    """How far back."""

    seconds: SecondsBack = 120
