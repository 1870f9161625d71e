"""The CSV file holds what the table shows."""

from __future__ import annotations

import csv
from pathlib import Path

from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from vnpy.event import EventEngine

from tests.gui.monitors.conftest import Shown
from tests.gui.monitors.samples import cells, log, order, send, tick, wait_rows
from veighna_ext.widgets import monitors


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_a_csv_has_the_shown_rows_and_columns_in_the_shown_order(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine, tmp_path: Path
) -> None:
    monitor = shown(monitors.TickMonitor)
    names = {"rb2610": "螺纹钢", "rb2611": "a,\"b\"", "IF2610": "沪深300"}
    send(event_engine, monitor, *(tick(symbol, name=name) for symbol, name in names.items()))
    wait_rows(qtbot, monitor, 3)
    monitor.filter_bar.line.setText("rb")
    for column in monitor.view.shown_columns()[3:]:
        monitor.show_column(column, False)
    monitor.view.horizontalHeader().moveSection(1, 0)
    path = tmp_path / "ticks.csv"
    monitor.write_csv(path)
    labels = [monitor.model.columns[column].label for column in monitor.view.shown_columns()]
    assert read(path) == [labels, ["a,\"b\"", "rb2611", "10"], ["螺纹钢", "rb2610", "10"]]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")


def test_saving_asks_for_a_file_without_stopping_the_window(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine, tmp_path: Path
) -> None:
    monitor = shown(monitors.LogMonitor)
    send(event_engine, monitor, log("first"))
    wait_rows(qtbot, monitor, 1)
    monitor.save_csv()
    dialog = monitor.findChild(QFileDialog)
    assert dialog is not None
    assert dialog.isVisible()
    path = tmp_path / "log.csv"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: any(str(path) in text for text in cells(monitor, "msg")))
    assert read(path)[1][1] == "first"


def test_a_file_that_cannot_be_written_is_named_in_the_log(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine, tmp_path: Path
) -> None:
    monitor, lines = shown(monitors.OrderMonitor), shown(monitors.LogMonitor)
    path = tmp_path / "missing" / "orders.csv"
    monitor.write_csv(path)
    qtbot.waitUntil(lambda: any(str(path) in text for text in cells(lines, "msg")))


def test_a_long_table_is_written_while_the_window_goes_on(
    shown: Shown, qtbot: QtBot, event_engine: EventEngine, tmp_path: Path
) -> None:
    monitor, lines = shown(monitors.OrderMonitor), shown(monitors.LogMonitor)
    send(event_engine, monitor, *(order(number) for number in range(4000)))
    wait_rows(qtbot, monitor, 4000)
    path = tmp_path / "orders.csv"
    monitor.write_csv(path)
    qtbot.waitUntil(lambda: any(str(path) in text for text in cells(lines, "msg")))
    assert len(read(path)) == 4001
