"""The client drives an exchange in another process, on any event loop, and says plainly what went wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.exchange.market.replay.tapes import NEW_YEAR, agg_file, trade
from tests.exchange.server.control.outside import TOKEN, Outside, serving, serving_synthetic
from veighna_ext.exchange.client import (
    BadOptions,
    ControlError,
    ExchangeClient,
    ExchangeCrashed,
    ExchangeOptions,
    ExchangeProcess,
    NotStarted,
    PortTaken,
)

if TYPE_CHECKING:
    from veighna_ext.widgets.loop import DesktopEventLoop

SMALL = ExchangeOptions(market="manual", symbols=["BTCUSDT"], seed=5)


@asynccontextmanager
async def client_of(outside: Outside) -> AsyncIterator[ExchangeClient]:
    """A client that knows the token."""
    async with ExchangeClient(outside.url + "/", TOKEN) as client:
        yield client


async def test_accounts_from_opening_to_closing() -> None:
    async with serving() as outside, client_of(outside) as client:
        made = await client.open_account(
            {"USDT": Decimal("1E+2"), "BTC": 2}, maker="0", api_key="k", secret="s"
        )
        assert (made.api_key, made.secret, made.kind) == ("k", "s", "HMAC")
        assert (await client.deposit("k", "USDT", "0.5")).free == "100.50000000"
        assert (await client.withdraw("k", "BTC", Decimal("1.5"))).free == "0.50000000"
        assert (await client.set_rights("k", can_withdraw=False, trade_group=3)).trade_group == 3
        rates = (await client.set_rates("k", "0.1", "0.2", "BTCUSDT")).symbol_rates["BTCUSDT"]
        assert (rates.maker, rates.taker) == ("0.10000000", "0.20000000")
        other = await client.add_key("k", may_trade=False)
        assert [each.api_key for each in (await client.account("k")).keys] == ["k", other.api_key]
        assert len((await client.remove_key(other.api_key, "k")).keys) == 1
        again = await client.reset_account(other.api_key)
        assert {each.asset: each.free for each in again.balances} == {
            "BTC": "2.00000000",
            "USDT": "100.00000000",
        }
        assert [each.id for each in await client.accounts()] == [1, 2, 3]
        await client.close_account(other.api_key)
        assert [each.id for each in await client.accounts()] == [1, 2]


async def test_more_accounts_than_fit_on_a_page_are_all_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("veighna_ext.exchange.client.PAGE", 2)
    async with serving() as outside, client_of(outside) as client:
        for _ in range(4):
            await client.open_account()
        assert [each.id for each in await client.accounts()] == [1, 2, 3, 4, 5, 6]


async def test_markets_and_faults() -> None:
    async with serving_synthetic() as outside, client_of(outside) as client:
        assert [each.symbol for each in await client.symbols()] == ["BTCUSDT", "ETHUSDT", "ETHBTC"]
        market = await client.change_market("BTCUSDT", price="64000", volatility=2, halt=True)
        assert (market.status, market.source.volatility) == ("HALT", 2)
        assert (await client.market("BTCUSDT")).status == "HALT"
        (faults,) = await client.set_faults(latency_ms=(5, 50), stale_md=True)
        assert (faults.latency_ms, faults.stale_md) == ((5, 50), True)
        assert len(await client.set_faults("first-key", reject_rate=0.5)) == 2
        assert len(await client.end_faults("first-key")) == 1
        assert await client.end_faults() == await client.faults() == []
        status = await client.status()
        assert (status.market, status.symbols["BTCUSDT"].status) == ("synthetic", "HALT")
        assert (await client.history(10)).times == []


async def test_replays(tmp_path: Path) -> None:
    tape = agg_file(tmp_path / "BTCUSDT-trades.csv", [trade(second) for second in range(30)])
    async with serving() as outside, client_of(outside) as client:
        assert (await client.start_replay(str(tape), speed=2, start="2025-01-01T00:00:05Z")).speed == 2
        assert (await client.pause_replay()).paused
        assert not (await client.resume_replay()).paused
        assert (await client.seek_replay(NEW_YEAR // 1000 + 20_000)).time >= NEW_YEAR // 1000 + 20_000
        assert (await client.set_replay_speed("max")).speed == "max"
        assert (await client.replay()).symbol == "BTCUSDT"
        await client.end_replay()
        with pytest.raises(ControlError, match="No replay is running"):
            await client.replay()


async def test_a_refusal_is_the_servers_sentence() -> None:
    async with serving() as outside, client_of(outside) as client:
        with pytest.raises(ControlError) as caught:
            await client.deposit("first-key", "USD", 1)
        assert str(caught.value) == "asset: 'USD' is no asset of this exchange; it has BNB, BTC, USDT"
        assert (caught.value.field, caught.value.status) == ("asset", 400)
        async with ExchangeClient(outside.url, "wrong") as stranger:
            with pytest.raises(ControlError, match="needs its token") as caught:
                await stranger.status()
            assert caught.value.status == 401


async def test_an_exchange_that_does_not_answer_is_named() -> None:
    async with ExchangeClient("http://127.0.0.1:9", "t") as client:
        with pytest.raises(
            ControlError, match=r"The exchange at http://127.0.0.1:9 does not answer: Connection refused$"
        ) as caught:
            await client.status()
        assert caught.value.status == 0


async def test_whoever_takes_too_long_does_not_hold_the_client_up() -> None:
    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1") as silent:
        port = silent.sockets[0].getsockname()[1]
        async with ExchangeClient(f"http://127.0.0.1:{port}", "t", timeout_s=0.1) as client:
            with pytest.raises(ControlError, match=r"nothing came within 0.1 s"):
                await client.status()


async def test_a_closed_client_may_be_used_again() -> None:
    async with serving() as outside, client_of(outside) as client:
        await client.status()
        await client.close()
        await client.status()


def test_the_client_is_light_until_it_is_used() -> None:
    heavy = "{'aiohttp', 'numpy', 'cryptography', 'vnpy', 'PySide6', 'sortedcontainers'}"
    code = f"import sys, veighna_ext.exchange.client; print(sorted({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_child_exchange_is_started_used_and_stopped() -> None:
    log: list[str] = []
    exchange = await ExchangeProcess.start(SMALL, on_log=log.append)
    assert (exchange.is_running, exchange.ready.seed, exchange.ready.pid) == (True, 5, exchange.pid)
    async with ExchangeClient(exchange.ready.rest, exchange.ready.control_token) as client:
        status = await client.status()
        assert (status.seed, status.market, list(status.symbols)) == (5, "manual", ["BTCUSDT"])
    assert await exchange.stop() == 0
    assert not exchange.is_running
    await exchange.wait()
    assert await exchange.stop() == 0
    assert list(exchange.lines) == log


async def test_an_exchange_that_is_told_to_end_by_its_control_has_not_crashed() -> None:
    exchange = await ExchangeProcess.start(SMALL)
    async with ExchangeClient(exchange.ready.rest, exchange.ready.control_token) as client:
        await client.shut_down()
    await exchange.wait()


async def test_bad_options_and_taken_ports_are_said_in_the_exchanges_own_words() -> None:
    with pytest.raises(BadOptions, match=r"^--market upside-down: synthetic, manual, or replay:FILE$"):
        await ExchangeProcess.start(ExchangeOptions(market="upside-down"))
    async with serving() as outside:
        sentence = f"^port {outside.port} of 127.0.0.1 is taken; choose another"
        with pytest.raises(PortTaken, match=sentence):
            await ExchangeProcess.start(ExchangeOptions(market="manual", port=outside.port))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
async def test_a_crash_is_an_exception_with_the_last_lines() -> None:
    exchange = await ExchangeProcess.start(SMALL)
    os.kill(exchange.pid, signal.SIGKILL)
    with pytest.raises(ExchangeCrashed) as caught:
        await exchange.wait()
    assert caught.value.message == "The exchange ended unexpectedly (killed by SIGKILL)."
    assert caught.value.code == -signal.SIGKILL


def a_python(folder: Path, code: str) -> str:
    """Something to be started in the exchange's place."""
    script = folder / "python"
    script.write_text(f"#!{sys.executable}\n{code}")
    script.chmod(0o755)
    return str(script)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a script that can be executed")
async def test_what_never_becomes_ready_is_ended_and_its_last_lines_are_told(tmp_path: Path) -> None:
    code = "import sys\nfor n in range(100): print('line', n, file=sys.stderr)\nprint('éé')\nsys.exit(7)"
    with pytest.raises(NotStarted) as caught:
        await ExchangeProcess.start(SMALL, python=a_python(tmp_path, code))
    assert caught.value.message == "The exchange did not start (exit code 7)."
    assert len(caught.value.lines) == 30
    assert "line 99" in caught.value.lines
    code = "import sys, time\nprint('working on it', file=sys.stderr, flush=True)\ntime.sleep(60)"
    with pytest.raises(NotStarted, match=r"The exchange was not ready within 0.5 s.") as caught:
        await ExchangeProcess.start(SMALL, python=a_python(tmp_path, code), within_s=0.5)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a script that can be executed")
async def test_who_does_not_want_to_end_is_killed(tmp_path: Path) -> None:
    ready = '{"event":"ready","rest":"http://x","ws":"ws://x","control_token":"t","seed":1,"pid":1}'
    code = f"import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint({ready!r}, flush=True)"
    exchange = await ExchangeProcess.start(SMALL, python=a_python(tmp_path, code + "\ntime.sleep(60)"))
    assert exchange.ready.rest == "http://x"
    assert await exchange.stop(within_s=0.2) == -signal.SIGKILL


async def test_the_desktops_own_loop_serves_as_well(loop: DesktopEventLoop) -> None:
    exchange = await ExchangeProcess.start(SMALL)
    async with ExchangeClient(exchange.ready.rest, exchange.ready.control_token) as client:
        assert (await client.status()).seed == 5
        with pytest.raises(ControlError, match="no asset"):
            await client.deposit("mock-key", "USD", 1)
    assert await exchange.stop() == 0


def test_uvloop_serves_as_well() -> None:
    uvloop = pytest.importorskip("uvloop")

    async def look() -> int:
        exchange = await ExchangeProcess.start(SMALL)
        async with ExchangeClient(exchange.ready.rest, exchange.ready.control_token) as client:
            seed = (await client.status()).seed
        await exchange.stop()
        return seed

    assert uvloop.run(look()) == 5


def test_options_become_the_exchanges_arguments(tmp_path: Path) -> None:
    options = ExchangeOptions(
        host="::1",
        port=8901,
        symbols=["BTCUSDT", "ETHUSDT"],
        accounts={"a": "-b"},
        balances={"USDT": "5"},
        data_dir=tmp_path,
        durability="fsync",
        rate_limit=False,
        legacy_listen_key=True,
        latency_ms=(5, 50.5),
        control_token="-t",
        more=["--strict-rate-limit"],
    )
    assert options.arguments() == [
        "--host=::1", "--port=8901", "--symbols=BTCUSDT,ETHUSDT", "--account=a:-b", "--balance=USDT=5",
        f"--data-dir={tmp_path}", "--durability=fsync", "--latency-ms=5:50.5", "--control-token=-t",
        "--no-rate-limit", "--legacy-listen-key", "--strict-rate-limit",
    ]  # fmt: skip
