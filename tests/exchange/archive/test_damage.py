"""An archive that is gone, damaged, locked or full costs old closed orders at most, and it is said."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.exchange.archive.answers import desks, everything, plain_order
from tests.exchange.archive.flows import (
    NAMES,
    archiving,
    drive,
    in_memory,
    move_all,
    never_archiving,
    renaming_flow,
)
from tests.exchange.engine.invariants import check_open_state
from veighna_ext.exchange import queries
from veighna_ext.exchange.archive import ARCHIVE_NAME
from veighna_ext.exchange.archive.closed_orders import PAUSE
from veighna_ext.exchange.exchange import Exchange

LOST = r"[\d,]+ closed orders cannot be asked for; balances, open orders and newer ones are complete\."
UNREADABLE = "cannot be read .*: questions about old orders and fills may find less than there was"
UNWRITABLE = "cannot be written .*: they stay in memory"


def used(folder: Path, commands: int = 1200) -> Exchange:
    """An exchange that has moved a lot to its archive, and whose newest snapshot no longer has it."""
    exchange = archiving(folder)
    drive(exchange, renaming_flow(3), commands)
    move_all(exchange)
    exchange.snapshot()
    return exchange


def what_counts(exchange: Exchange) -> object:
    """All balances and open orders."""
    balances = {
        (account.id, asset): (each.free, each.locked)
        for account in exchange.venue.accounts.values()
        for asset, each in account.balances.items()
    }
    return balances, [
        plain_order(order)
        for desk in desks(exchange)
        for order in queries.open_orders(desk.account, desk.market.symbol.name)
    ]


def numbers(exchange: Exchange) -> list[list[int]]:
    """The ids of the orders of each desk, as far as they can be asked for."""
    return [[order.id for order in queries.orders(desk, 10**6, 0)] for desk in desks(exchange)]


def delete(path: Path) -> None:
    """Somebody cleared up."""
    path.unlink()


def overwrite(path: Path) -> None:
    """Another program wrote its own."""
    path.write_bytes(b"no archive at all " * 1000)


def empty(path: Path) -> None:
    """A full disk, or a copy that failed."""
    path.write_bytes(b"")


def halve(path: Path) -> None:
    """The end of the file is lost."""
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def make_newer(path: Path) -> None:
    """A later version of the program wrote it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize("damage", [delete, overwrite, empty, halve, make_newer])
def test_without_its_archive_the_exchange_starts_with_all_balances_and_open_orders_and_says_what_is_lost(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    exchange = used(tmp_path)
    before, kept = what_counts(exchange), [[order.id for order in desk.orders] for desk in desks(exchange)]
    exchange.close()
    damage(tmp_path / ARCHIVE_NAME)
    again = archiving(tmp_path)
    check_open_state(again.venue)
    assert what_counts(again) == before
    assert numbers(again) == kept
    assert re.search(LOST, again.warnings[-1])
    is_kept = (tmp_path / (ARCHIVE_NAME + ".damaged")).exists()
    assert is_kept == (damage in (overwrite, halve, make_newer)) == (len(again.warnings) == 2)
    # it goes on with a new archive, which lacks nothing from now on
    drive(again, renaming_flow(4, 1200), 600)
    move_all(again)
    assert sum(in_memory(again)) < 100
    found = numbers(again)
    again.snapshot()
    again.close()
    last = archiving(tmp_path)
    assert last.warnings == []
    assert numbers(last) == found
    last.close()


def test_without_a_snapshot_the_journal_alone_brings_everything_back(tmp_path: Path) -> None:
    exchange = archiving(tmp_path)
    drive(exchange, renaming_flow(3), 1000)
    move_all(exchange)
    before = everything(exchange, NAMES)
    exchange.close()
    delete(tmp_path / ARCHIVE_NAME)
    again = archiving(tmp_path)
    assert again.warnings == []
    assert everything(again, NAMES) == before
    move_all(again)
    assert everything(again, NAMES) == before
    again.close()


def test_an_older_copy_of_the_archive_is_used_and_what_it_lacks_is_said(tmp_path: Path) -> None:
    exchange = used(tmp_path, 600)
    exchange.close()
    shutil.copy(tmp_path / ARCHIVE_NAME, tmp_path / "copy")
    exchange = archiving(tmp_path)
    drive(exchange, renaming_flow(4, 600), 600)
    move_all(exchange)
    exchange.snapshot()
    before, all_numbers = what_counts(exchange), numbers(exchange)
    exchange.close()
    (tmp_path / "copy").replace(tmp_path / ARCHIVE_NAME)
    again = archiving(tmp_path)
    assert len(again.warnings) == 1
    assert re.search(f"lacks orders that are nowhere else. {LOST}", again.warnings[0])
    assert what_counts(again) == before
    for found, once in zip(numbers(again), all_numbers, strict=True):
        assert 0 < len(found) < len(once)
        assert set(found) < set(once)
    again.close()


@pytest.mark.expected_errors(UNREADABLE, r"it is kept as archive\.db\.damaged and a new one begins\. " + LOST)
def test_damage_that_shows_only_later_is_said_once_and_stops_nothing(tmp_path: Path) -> None:
    mirror = never_archiving()
    drive(mirror, renaming_flow(3), 3000)
    exchange = used(tmp_path, 3000)
    exchange.close()
    path = tmp_path / ARCHIVE_NAME
    content = bytearray(path.read_bytes())
    for place in range(8 * 4096, len(content), 3 * 4096):
        content[place : place + 64] = bytes(64)
    path.write_bytes(content)
    again = archiving(tmp_path)
    assert what_counts(again) == what_counts(mirror)
    assert all(set(found) < set(once) for found, once in zip(numbers(again), numbers(mirror), strict=True))
    drive(again, renaming_flow(4, 3000), 600)
    drive(mirror, renaming_flow(4, 3000), 600)
    move_all(again)
    assert sum(in_memory(again)) < 100
    assert what_counts(again) == what_counts(mirror)
    again.close()


@pytest.mark.expected_errors(UNWRITABLE)
def test_a_full_disk_keeps_orders_in_memory_until_there_is_room(tmp_path: Path) -> None:
    mirror, exchange = never_archiving(), archiving(tmp_path)
    archive = exchange.closed_orders._archive
    assert archive is not None
    ((pages,),) = archive._writer.execute("PRAGMA page_count")
    archive._writer.execute(f"PRAGMA max_page_count = {pages + 4}")
    for each in (mirror, exchange):
        drive(each, renaming_flow(6), 1500)
    move_all(exchange)
    assert sum(in_memory(exchange)) > 500
    assert everything(exchange, NAMES) == everything(mirror, NAMES)
    archive._writer.execute("PRAGMA max_page_count = 1000000")
    for _ in range(PAUSE):
        exchange.tidy()
    move_all(exchange)
    assert sum(in_memory(exchange)) < 100
    assert everything(exchange, NAMES) == everything(mirror, NAMES)
    exchange.close()


def test_nobody_waits_while_another_program_holds_the_archive(tmp_path: Path) -> None:
    exchange = archiving(tmp_path)
    with closing(sqlite3.connect(tmp_path / ARCHIVE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        drive(exchange, renaming_flow(6), 1000)
        while exchange.closed_orders._writing is None:
            assert exchange.tidy()
        drive(exchange, renaming_flow(7, 1000), 300)
        assert exchange.tidy()
        assert sum(in_memory(exchange)) > 500
        before = everything(exchange, NAMES)
        other.execute("COMMIT")
    move_all(exchange)
    assert sum(in_memory(exchange)) < 100
    assert everything(exchange, NAMES) == before
    exchange.close()


def test_an_archive_that_cannot_be_opened_stops_nothing(tmp_path: Path) -> None:
    exchange = used(tmp_path)
    before = what_counts(exchange)
    exchange.close()
    path = tmp_path / ARCHIVE_NAME
    path.rename(tmp_path / "elsewhere")
    path.mkdir()
    again = archiving(tmp_path)
    assert len(again.warnings) == 1
    assert re.search(f"cannot be opened .*{LOST} Newer ones stay in memory", again.warnings[0])
    assert what_counts(again) == before
    mirror = never_archiving()
    drive(mirror, renaming_flow(3), 1200)
    for each in (again, mirror):
        drive(each, renaming_flow(4, 1200), 600)
    assert not again.tidy()
    assert sum(in_memory(again)) > 100
    again.snapshot()
    again.close()
    path.rmdir()
    (tmp_path / "elsewhere").rename(path)
    last = archiving(tmp_path)
    assert last.warnings == []
    assert everything(last, NAMES) == everything(mirror, NAMES)
    last.close()


def test_an_archive_ahead_of_its_journal_forgets_what_has_not_happened(tmp_path: Path) -> None:
    """As after a power failure that took the end of the journal, or a journal cut at a damaged record."""
    exchange = used(tmp_path / "now", 900)
    drive(exchange, renaming_flow(4, 900), 300)
    exchange.commit()
    shutil.copytree(tmp_path / "now", tmp_path / "lost")
    drive(exchange, renaming_flow(5, 1200), 900)
    move_all(exchange)
    exchange.close()
    for path in (tmp_path / "lost").glob(ARCHIVE_NAME + "*"):
        path.unlink()
    shutil.copy(tmp_path / "now" / ARCHIVE_NAME, tmp_path / "lost")
    mirror = never_archiving()
    drive(mirror, renaming_flow(3), 900)
    drive(mirror, renaming_flow(4, 900), 300)
    again = archiving(tmp_path / "lost")
    assert again.warnings == []
    assert everything(again, NAMES) == everything(mirror, NAMES)
    # the same ids are given out again, to other orders
    for each in (mirror, again):
        drive(each, renaming_flow(6, 1200), 900)
    move_all(again)
    assert everything(again, NAMES) == everything(mirror, NAMES)
    again.close()
