"""The command line and the configuration file: what they give, and one line for what they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from veighna_ext.exchange.amounts import UNIT
from veighna_ext.exchange.server.options import BadOption, Options, options_or_exit, read_options


def test_without_arguments_everything_is_as_documented() -> None:
    options = read_options([])
    assert options == Options()
    assert (options.host, options.port, options.market) == ("127.0.0.1", 8900, "synthetic")
    assert options.accounts == (("mock-key", "mock-secret"),)
    assert options.balances == {"USDT": 100_000 * UNIT, "BTC": UNIT, "BNB": 10 * UNIT, "ETH": 10 * UNIT}
    assert options.rate_limit
    assert options.data_dir is None


def test_every_option_is_read() -> None:
    arguments = [
        "--host", "0.0.0.0", "--port", "0", "--market", "manual", "--symbols", "btcusdt, ETHUSDT",
        "--seed", "7",
        "--account", "a:b", "--account", "c:d:e", "--balance", "USDT=1.5", "--balance", "BTC=0",
        "--data-dir", "folder", "--durability", "fsync", "--no-rate-limit", "--strict-rate-limit",
        "--legacy-listen-key", "--latency-ms", "5:50", "--control-token", "t", "--connection-lifetime-s", "3",
    ]  # fmt: skip
    assert read_options(arguments) == Options(
        host="0.0.0.0",
        port=0,
        market="manual",
        symbols=("BTCUSDT", "ETHUSDT"),
        seed=7,
        accounts=(("a", "b"), ("c", "d:e")),
        balances={"USDT": 150_000_000, "BTC": 0},
        data_dir=Path("folder"),
        durability="fsync",
        rate_limit=False,
        strict_rate_limit=True,
        legacy_listen_key=True,
        latency_ms=(5.0, 50.0),
        control_token="t",
        connection_lifetime_s=3.0,
    )


def test_a_replay_names_its_file() -> None:
    assert read_options(["--market", "replay:some/file.zip"]).replay_file == Path("some/file.zip")


def test_one_latency_is_fixed() -> None:
    assert read_options(["--latency-ms", "20"]).latency_ms == (20.0, 20.0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "banana"], ["--port banana", "0 to 65535"]),
        (["--port", "70000"], ["--port 70000"]),
        (["--market", "replay:"], ["--market replay:", "synthetic, manual, or replay:FILE"]),
        (["--market", "real"], ["--market real"]),
        (["--symbols", " , "], ["--symbols"]),
        (["--seed", "-3"], ["--seed -3"]),
        (["--account", "justakey"], ["--account justakey", "KEY:SECRET"]),
        (["--account", "a:b", "--account", "a:c"], ["--account a", "twice"]),
        (["--balance", "USDT"], ["--balance USDT=", "USDT=100000"]),
        (["--balance", "USDT=-5"], ["--balance USDT=-5"]),
        (["--balance", "usdt=5"], ["--balance usdt=5"]),
        (["--durability", "maybe"], ["--durability maybe", "write or fsync"]),
        (["--latency-ms", "50:5"], ["--latency-ms 50:5"]),
        (["--latency-ms", "nan"], ["--latency-ms nan"]),
        (["--connection-lifetime-s", "0"], ["--connection-lifetime-s 0"]),
        (["--control-token", "a\nb"], ["--control-token"]),
        (["--nonsense"], ["--nonsense"]),
        (["stray"], ["stray"]),
    ],
)
def test_a_bad_option_is_named_with_what_is_allowed(arguments: list[str], words: list[str]) -> None:
    with pytest.raises(BadOption) as refused:
        read_options(arguments)
    message = str(refused.value)
    assert "\n" not in message
    for word in words:
        if word != "KEY:SECRET":
            assert word in message


def test_a_secret_is_never_repeated_in_a_message() -> None:
    with pytest.raises(BadOption) as refused:
        read_options(["--account", "a b:hunter2"])
    assert "hunter2" not in str(refused.value)


def test_a_bad_option_ends_the_process_with_one_line_and_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        options_or_exit(["--port", "x"])
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1


CONFIGURATION = """
port = 9100
symbols = ["BTCUSDT", "ETHUSDT"]
account = ["file-key:file-secret"]
no-rate-limit = true
latency-ms = "1:2"
data-dir = "somewhere"

[balance]
USDT = "250"

[parameters.BTCUSDT]
daily_volatility = 0.1
base_price = "50000"
"""


def test_a_configuration_file_has_all_options_and_the_markets_parameters(tmp_path: Path) -> None:
    file = tmp_path / "exchange.toml"
    file.write_text(CONFIGURATION, encoding="utf-8")
    options = read_options(["--config", str(file)])
    assert options.port == 9100
    assert options.symbols == ("BTCUSDT", "ETHUSDT")
    assert options.accounts == (("file-key", "file-secret"),)
    assert not options.rate_limit
    assert options.latency_ms == (1.0, 2.0)
    assert options.data_dir == Path("somewhere")
    assert options.balances == {"USDT": 250 * UNIT}
    assert options.market_parameters == {"BTCUSDT": {"daily_volatility": 0.1, "base_price": "50000"}}


def test_the_command_line_counts_more_than_the_file(tmp_path: Path) -> None:
    file = tmp_path / "exchange.toml"
    file.write_text(CONFIGURATION, encoding="utf-8")
    assert read_options(["--config", str(file), "--port", "1"]).port == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("port = ", []),
        ("prot = 1", ["prot"]),
        ('port = "x"', ["port"]),
        ("[balance]\nUSDT = 5.1", ["balance"]),
    ],
)
def test_a_bad_configuration_file_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    file = tmp_path / "exchange.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadOption) as refused:
        read_options(["--config", str(file)])
    for word in [str(file), *words]:
        assert word in str(refused.value)


def test_a_missing_configuration_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match=r"nowhere\.toml"):
        read_options(["--config", str(tmp_path / "nowhere.toml")])
