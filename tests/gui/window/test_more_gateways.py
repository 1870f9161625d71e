"""The list of gateways and the command that brings each."""

from __future__ import annotations

import shlex
import subprocess
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from tests.gui.window.ways import LOOKS, clipped, dressed
from veighna_ext.core.catalogue import gateways
from veighna_ext.core.paths import install_command
from veighna_ext.widgets.theme import ThemeName
from veighna_ext.window.gateway_rows import GatewayRow, gateway_rows
from veighna_ext.window.more_gateways import MoreGatewaysDialog

ROWS = [
    GatewayRow("BINANCE_SPOT", "Crypto", "vnpy_binance", True),
    GatewayRow("CTP", "China futures", "vnpy_ctp", False),
    GatewayRow("XTP", "China stocks", "vnpy_xtp", False),
]


@pytest.fixture
def dialog(qtbot: QtBot) -> MoreGatewaysDialog:
    dialog = MoreGatewaysDialog(rows=lambda: ROWS)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def visible(dialog: MoreGatewaysDialog) -> list[str]:
    return [row.name for number, row in enumerate(dialog.rows) if not dialog.table.isRowHidden(number)]


def state_of_ctp(dialog: MoreGatewaysDialog) -> str:
    return dialog.table.model().index(1, 3).data()


def test_every_declared_gateway_is_a_row() -> None:
    rows = gateway_rows()
    assert [row.package for row in rows] == [entry.package for entry in gateways()]
    names = [row.name for row in rows]
    assert {"CTP", "XTP", "TORA_STOCK", "IB", "XT", "BINANCE_SPOT"} <= set(names)
    assert {row.package for row in rows if row.installed} >= {"vnpy_binance"}


def test_the_command_installs_into_this_very_environment() -> None:
    assert shlex.split(install_command("vnpy_ctp", platform="linux")) == [
        sys.executable, "-m", "pip", "install", "vnpy_ctp",
    ]  # fmt: skip


def test_a_path_with_blanks_survives_the_shell() -> None:
    python = "/home/some one/我的/bin/python"
    assert shlex.split(install_command("vnpy_ctp", python, "linux"))[0] == python
    assert install_command("vnpy_ctp", r"C:\Some One\python.exe", "win32").startswith(
        '"C:\\Some One\\python.exe" -m'
    )


def test_the_command_is_one_a_shell_understands() -> None:
    done = subprocess.run(
        install_command("vnpy_ctp").replace("install vnpy_ctp", "--version"),
        shell=True,
        capture_output=True,
        check=False,
    )
    assert done.stdout.startswith(b"pip ")


def test_the_first_gateway_to_install_is_chosen_and_its_command_copied(
    qtbot: QtBot, dialog: MoreGatewaysDialog
) -> None:
    assert dialog.command.text() == install_command("vnpy_ctp")
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == install_command("vnpy_ctp")


def test_a_click_on_a_row_shows_its_command(qtbot: QtBot, dialog: MoreGatewaysDialog) -> None:
    place = dialog.table.visualRect(dialog.table.model().index(2, 0)).center()
    qtbot.mouseClick(dialog.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert dialog.command.text() == install_command("vnpy_xtp")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("xtp", ["XTP"]),
        ("china", ["CTP", "XTP"]),
        ("vnpy_b", ["BINANCE_SPOT"]),
        ("china stocks", ["XTP"]),
        ("zz", []),
    ],
)
def test_typing_narrows_the_list(
    qtbot: QtBot, dialog: MoreGatewaysDialog, typed: str, expected: list[str]
) -> None:
    qtbot.keyClicks(dialog.search, typed)
    assert visible(dialog) == expected
    assert dialog.empty.isVisible() == (not expected)
    if expected:
        assert dialog.rows[dialog.table.currentRow()].name in expected


def test_what_was_installed_meanwhile_is_seen_when_it_is_opened_again(qtbot: QtBot) -> None:
    rows = list(ROWS)
    dialog = MoreGatewaysDialog(rows=lambda: rows)
    qtbot.addWidget(dialog)
    dialog.show()
    before = state_of_ctp(dialog)
    dialog.close()
    rows[1] = GatewayRow("CTP", "China futures", "vnpy_ctp", True)
    dialog.show()
    assert state_of_ctp(dialog) != before


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_it_is_readable_in_both_languages_and_themes(qtbot: QtBot, language: str, theme: ThemeName) -> None:
    with dressed(language, theme):
        dialog = MoreGatewaysDialog()
        qtbot.addWidget(dialog)
        dialog.resize(600, 320)
        dialog.show()
        qtbot.waitExposed(dialog)
        assert not clipped(dialog)
        assert dialog.table.viewport().height() > dialog.table.rowHeight(0) * 2
