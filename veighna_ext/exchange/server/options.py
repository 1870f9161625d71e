"""The exchange's command line and its configuration file, checked before anything is started."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NoReturn

import msgspec

from veighna_ext.exchange.amounts import NotAnAmount, parse_amount

DEFAULT_ACCOUNT = ("mock-key", "mock-secret")
DEFAULT_BALANCES = {"USDT": "100000", "BTC": "1", "BNB": "10", "ETH": "10"}


class BadOption(ValueError):
    """An option that cannot be used; one line that names it and says what is allowed."""


@dataclass(frozen=True)
class Options:
    """Everything the exchange can be told when it is started."""

    host: str = "127.0.0.1"
    port: int = 8900
    market: str = "synthetic"
    symbols: tuple[str, ...] | None = None
    seed: int | None = None
    accounts: tuple[tuple[str, str], ...] = (DEFAULT_ACCOUNT,)
    balances: dict[str, int] = field(
        default_factory=lambda: {asset: parse_amount(text) for asset, text in DEFAULT_BALANCES.items()}
    )
    data_dir: Path | None = None
    durability: Literal["write", "fsync"] = "write"
    rate_limit: bool = True
    strict_rate_limit: bool = False
    legacy_listen_key: bool = False
    latency_ms: tuple[float, float] = (0.0, 0.0)
    control_token: str | None = None
    connection_lifetime_s: float = 24 * 3600.0
    market_parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Per symbol, what its synthetic market has different from the built-in one."""

    @property
    def replay_file(self) -> Path | None:
        """The tape to be played, if one is."""
        kind, _, file = self.market.partition(":")
        return Path(file) if kind == "replay" else None


class Configuration(msgspec.Struct, rename="kebab", forbid_unknown_fields=True, kw_only=True):
    """The configuration file: the options by their names, and the markets' parameters."""

    host: str | None = None
    port: int | None = None
    market: str | None = None
    symbols: list[str] | None = None
    seed: int | None = None
    account: list[str] | None = None
    balance: dict[str, str] | None = None
    data_dir: str | None = None
    durability: str | None = None
    no_rate_limit: bool | None = None
    strict_rate_limit: bool | None = None
    legacy_listen_key: bool | None = None
    latency_ms: str | int | float | None = None
    control_token: str | None = None
    connection_lifetime_s: float | None = None
    parameters: dict[str, dict[str, Any]] | None = None


def read_options(arguments: list[str]) -> Options:
    """The options of a command line, over those of its configuration file; BadOption says what is wrong."""
    given = vars(_parser().parse_args(arguments))
    file = given.pop("config")
    settings = _configuration(Path(file)) if file is not None else {}
    settings.update({name: value for name, value in given.items() if value is not None})
    return _checked(settings)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise BadOption(message)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m veighna_ext.exchange",
        description="A local exchange that behaves like Binance Spot.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", help="address to listen on (default 127.0.0.1)")
    add("--port", help="port to listen on, 0 for a free one (default 8900)")
    add("--market", help="synthetic, manual, or replay:FILE (default synthetic)")
    add("--symbols", help="comma-separated list, a subset of the built-in ones")
    add("--seed", help="a whole number: the same seed gives the same prices (default random)")
    add("--account", action="append", metavar="KEY:SECRET", help="an account; can be repeated")
    add("--balance", action="append", metavar="ASSET=AMOUNT", help="starting balance; can be repeated")
    add("--data-dir", help="folder of the journal; without it everything is forgotten at the end")
    add("--durability", help="write (survives a killed process) or fsync (survives power loss)")
    add("--no-rate-limit", action="store_true", default=None, help="refuse nobody for asking too often")
    add("--strict-rate-limit", action="store_true", default=None,
        help="five messages a second on stream connections, without tolerance")  # fmt: skip
    add("--legacy-listen-key", action="store_true", default=None, help="serve the retired listen keys")
    add("--latency-ms", metavar="A[:B]", help="added to every private request: fixed, or from A to B")
    add("--control-token", help="token of the control API (default random, printed)")
    add("--connection-lifetime-s", help="seconds after which WebSocket connections are ended (default 86400)")
    add("--config", metavar="FILE.toml", help="a file with these options and the markets' parameters")
    return parser


def _configuration(file: Path) -> dict[str, Any]:
    try:
        text = file.read_bytes()
    except OSError as error:
        raise BadOption(f"--config {file}: {error.strerror or error}") from error
    try:
        read = msgspec.toml.decode(text, type=Configuration)
    except (msgspec.DecodeError, ValueError) as error:
        raise BadOption(f"--config {file}: {error}") from error
    return {name: value for name, value in msgspec.structs.asdict(read).items() if value is not None}


def _checked(settings: dict[str, Any]) -> Options:
    options = Options()
    readers: dict[str, Callable[[Any], Any]] = {
        "host": _host, "port": _port, "market": _market, "symbols": _symbols, "seed": _seed,
        "data_dir": Path, "durability": _durability, "latency_ms": _latency, "control_token": _token,
        "connection_lifetime_s": _lifetime, "strict_rate_limit": bool, "legacy_listen_key": bool,
    }  # fmt: skip
    changes: dict[str, Any] = {
        name: read(settings[name]) for name, read in readers.items() if name in settings
    }
    if "no_rate_limit" in settings:
        changes["rate_limit"] = not settings["no_rate_limit"]
    if "account" in settings:
        changes["accounts"] = _accounts(settings["account"])
    if "balance" in settings:
        changes["balances"] = _balances(settings["balance"])
    if "parameters" in settings:
        changes["market_parameters"] = settings["parameters"]
    return replace(options, **changes)


def _host(value: str) -> str:
    if not value:
        raise BadOption("--host: an address such as 127.0.0.1")
    return value


def _port(value: str | int) -> int:
    try:
        port = int(value)
    except ValueError:
        port = -1
    if not 0 <= port <= 65535:
        raise BadOption(f"--port {value}: a number from 0 to 65535, where 0 picks a free port")
    return port


def _market(value: str) -> str:
    kind, _, file = value.partition(":")
    if value not in ("synthetic", "manual") and (kind != "replay" or not file):
        raise BadOption(f"--market {value}: synthetic, manual, or replay:FILE")
    return value


def _symbols(value: str | list[str]) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    found = tuple(name.strip().upper() for name in names if name.strip())
    if not found:
        raise BadOption("--symbols: at least one symbol, such as BTCUSDT,ETHUSDT")
    return found


def _seed(value: str | int) -> int:
    try:
        seed = int(value)
    except ValueError:
        seed = -1
    if not 0 <= seed < 2**63:
        raise BadOption(f"--seed {value}: a whole number from 0 to {2**63 - 1}")
    return seed


def _durability(value: str) -> str:
    if value not in ("write", "fsync"):
        raise BadOption(f"--durability {value}: write or fsync")
    return value


def _latency(value: str | float) -> tuple[float, float]:
    least, _, most = str(value).partition(":")
    try:
        found = float(least), float(most or least)
    except ValueError:
        found = -1.0, -1.0
    if not 0 <= found[0] <= found[1] <= 60_000:
        raise BadOption(f"--latency-ms {value}: milliseconds from 0 to 60000, one number or two as in 5:50")
    return found


def _token(value: str) -> str:
    if not value.isascii() or not value.isprintable() or not value.strip():
        raise BadOption("--control-token: printable ASCII characters")
    return value


def _lifetime(value: str | float) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 24 * 3600:
        raise BadOption(f"--connection-lifetime-s {value}: seconds above 0 and at most 86400")
    return seconds


def _accounts(values: list[str]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for value in values:
        key, _, secret = value.partition(":")
        # the secret is not repeated in the message: it may end in a log
        if not key or not secret or not key.isascii() or not key.isprintable() or " " in key:
            raise BadOption(f"--account {key}:…: a key and a secret as in mock-key:mock-secret")
        if key in found:
            raise BadOption(f"--account {key}:…: the key is given twice")
        found[key] = secret
    return tuple(found.items())


def _balances(values: list[str] | dict[str, str]) -> dict[str, int]:
    pairs = [value.partition("=")[::2] for value in values] if isinstance(values, list) else values.items()
    found: dict[str, int] = {}
    for asset, text in pairs:
        try:
            units = parse_amount(text)
        except NotAnAmount:
            units = -1
        if not asset.isalnum() or asset != asset.upper() or not 0 <= units <= 2**62:
            raise BadOption(f"--balance {asset}={text}: an asset and an amount as in USDT=100000")
        found[asset] = units
    return found


def options_or_exit(arguments: list[str]) -> Options:
    """The options, or one line on stderr and exit code 2."""
    try:
        return read_options(arguments)
    except BadOption as error:
        print(f"veighna_ext.exchange: {error}", file=sys.stderr)
        raise SystemExit(2) from None
