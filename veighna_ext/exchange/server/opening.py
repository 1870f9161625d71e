"""From options to an exchange: its symbols, its market, its folder and its first accounts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields, replace
from typing import Any

from veighna_ext.exchange import commands as c
from veighna_ext.exchange.amounts import UNIT, NotAnAmount, format_amount, parse_amount
from veighna_ext.exchange.exchange import Exchange, Setup, known_seed
from veighna_ext.exchange.listing import LIMITS, UnknownSymbols, listed, symbol_of
from veighna_ext.exchange.market.replay import NotATape, ReplayMarket, Tape, TapePlayer, open_tape
from veighna_ext.exchange.market.synthetic import (
    LISTING,
    BadMarketParameters,
    MarketParameters,
    SyntheticMarket,
)
from veighna_ext.exchange.markets import ManualMarkets, MarketSource, ReplayedMarket, SyntheticMarkets
from veighna_ext.exchange.server.access import HmacCredential, KeyRing, SealedFileError, UnusableKey
from veighna_ext.exchange.server.options import BadOption, Options
from veighna_ext.exchange.symbols import Symbol

DEFAULT_RATE = UNIT // 1000
_AMOUNTS = ("tick", "step", "base_price", "daily_quote_volume")


@dataclass
class Opened:
    """An exchange ready to be run."""

    exchange: Exchange
    source: MarketSource
    seed: int
    keys: KeyRing
    warnings: list[str]


def open_exchange(options: Options, now: int) -> Opened:
    """The exchange the options describe; BadOption where they cannot be honoured."""
    seed = _seed(options)
    tape = _tape(options)
    parameters = _parameters(options)
    symbols: tuple[Symbol, ...]
    if tape is not None:
        symbols = (_tape_symbol(tape),)
        # the player goes by real time, the exchange by the tape's
        player = TapePlayer(tape, now)
        now = tape.first_time
    else:
        symbols = tuple(symbol_of(each) for each in parameters.values())
    synthetic = SyntheticMarket(seed, parameters.values()) if options.market == "synthetic" else None
    kind = "replay" if tape is not None else options.market
    setup = Setup(symbols, seed, kind, LIMITS)
    history = None if synthetic is None else lambda symbol: synthetic.history(symbol.name)
    if options.data_dir is None:
        exchange = Exchange.in_memory(setup, now, history)
    else:
        exchange = Exchange.open(options.data_dir, setup, now, options.durability, history)
    source: MarketSource
    if synthetic is not None:
        source = SyntheticMarkets(exchange, synthetic)
    elif tape is not None:
        rules = symbols[0].filters
        source = ReplayedMarket(exchange, ReplayMarket(player, rules.tick, rules.step))
    else:
        source = ManualMarkets()
    try:
        keys = KeyRing(options.data_dir / "keys" if options.data_dir is not None else None)
    except SealedFileError as error:
        raise BadOption(str(error)) from error
    opened = Opened(exchange, source, seed, keys, [*exchange.warnings])
    _open_accounts(opened, options, now)
    return opened


def _seed(options: Options) -> int:
    known = known_seed(options.data_dir) if options.data_dir is not None else None
    if options.seed is not None:
        if known is not None and known != options.seed:
            raise BadOption(
                f"--seed {options.seed}: the exchange in {options.data_dir} has the seed {known}; "
                "leave the option away or choose another folder"
            )
        return options.seed
    return secrets.randbelow(2**31) if known is None else known


def _tape(options: Options) -> Tape | None:
    file = options.replay_file
    if file is None:
        return None
    symbol = None
    if options.symbols is not None:
        if len(options.symbols) > 1:
            raise BadOption("--symbols: a replay plays one symbol")
        symbol = options.symbols[0]
    try:
        return open_tape(file, symbol=symbol)
    except (NotATape, OSError) as error:
        raise BadOption(f"--market replay:{file}: {error}") from error


def _tape_symbol(tape: Tape) -> Symbol:
    """The symbol of a tape: a built-in one, or one with the tick and the step that the tape shows."""
    if tape.symbol in LISTING:
        return listed([tape.symbol])[0]
    first = next(tape.read(), [])
    if not first:
        raise BadOption(f"--market replay: the tape of {tape.symbol} holds no trade")
    tick = _grain([trade.price for trade in first])
    step = max(_grain([trade.quantity for trade in first]), UNIT // tick)
    volume = max(sum(trade.price * trade.quantity // UNIT for trade in first), UNIT) * 100
    parameters = MarketParameters(tape.symbol, tick, step, max(first[0].price, 500 * tick), volume)
    try:
        return symbol_of(parameters)
    except UnknownSymbols as error:
        raise BadOption(f"--market replay: {error}") from error


def _grain(amounts: list[int]) -> int:
    """The coarsest power of ten that all amounts are whole multiples of."""
    grain = UNIT
    while grain > 1 and any(amount % grain for amount in amounts):
        grain //= 10
    return grain


def _parameters(options: Options) -> dict[str, MarketParameters]:
    try:
        names = [symbol.name for symbol in listed(options.symbols)]
    except UnknownSymbols as error:
        if options.replay_file is not None:
            return {}
        raise BadOption(f"--symbols: {error}") from error
    found = {name: LISTING[name] for name in names}
    for name, changes in options.market_parameters.items():
        if name not in found:
            raise BadOption(f"parameters.{name}: no symbol of this exchange; it has {', '.join(found)}")
        try:
            found[name] = replace(found[name], **_read_changes(name, changes))
        except BadMarketParameters as error:
            raise BadOption(f"parameters.{error}") from error
    return found


def _read_changes(name: str, changes: dict[str, Any]) -> dict[str, Any]:
    known = {each.name for each in fields(MarketParameters)} - {"symbol", "legs"}
    read: dict[str, Any] = {}
    for key, value in changes.items():
        if key not in known:
            raise BadOption(f"parameters.{name}.{key}: unknown; choose from {', '.join(sorted(known))}")
        if key in _AMOUNTS:
            try:
                read[key] = parse_amount(value if isinstance(value, str) else str(value))
            except NotAnAmount as error:
                raise BadOption(f"parameters.{name}.{key}: {error}") from error
        elif isinstance(value, int | float) and not isinstance(value, bool):
            read[key] = float(value)
        else:
            raise BadOption(f"parameters.{name}.{key}: a number")
    return read


def _open_accounts(opened: Opened, options: Options, now: int) -> None:
    """The accounts named on the command line; those that a folder already knows keep what they own."""
    exchange = opened.exchange
    traded = {asset for symbol in exchange.setup.symbols for asset in (symbol.base, symbol.quote)}
    for asset, units in options.balances.items():
        if asset not in traded and options.balances != Options().balances:
            opened.warnings.append(
                f"--balance {asset}={format_amount(units)}: no symbol of this exchange trades {asset}"
            )
    try:
        opened.keys.add(*(HmacCredential(key, secret) for key, secret in options.accounts))
    except UnusableKey as error:
        raise BadOption(f"--account: {error}") from error
    for key, _ in options.accounts:
        if key not in exchange.venue.keys:
            account = exchange.submit(c.OpenAccount(now, dict(options.balances), DEFAULT_RATE, DEFAULT_RATE))
            exchange.submit(c.SetKey(now, account.id, key))
    exchange.commit()
