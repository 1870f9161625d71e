"""Our own settings: at once in force, at once saved, never lost."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.gui.window.ways import LOOKS, clipped, dressed
from veighna_ext.core import settings as settings_module
from veighna_ext.core.notices import Level, NoticeBoard
from veighna_ext.core.settings import SettingsStore
from veighna_ext.widgets.theme import ThemeName, apply_theme, theme_name
from veighna_ext.window.settings_dialog import SettingsDialog


class Desk:
    """A store, a notice board and what applies the looks, as the main window has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = SettingsStore(folder)
        self.notices = NoticeBoard()
        self.restarts = 0

    def apply_looks(self) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        chosen = self.store.current
        apply_theme(app, chosen.theme, chosen.rising, chosen.font_family, chosen.font_size)

    def restart(self) -> None:
        self.restarts += 1

    def saved(self) -> settings_module.Settings:
        return SettingsStore(self.folder).current


@pytest.fixture
def desk(trader_dir: Path, qapp: QApplication) -> Iterator[Desk]:
    with dressed("en", "dark"):
        yield Desk(trader_dir)


@pytest.fixture
def dialog(qtbot: QtBot, desk: Desk) -> SettingsDialog:
    dialog = SettingsDialog(desk.store, desk.notices, desk.apply_looks, restart=desk.restart)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def tick(qtbot: QtBot, box: object) -> None:
    from PySide6.QtWidgets import QCheckBox

    assert isinstance(box, QCheckBox)
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def test_the_theme_changes_at_once_and_is_saved(qtbot: QtBot, desk: Desk, dialog: SettingsDialog) -> None:
    qtbot.keyClick(dialog.theme, Qt.Key.Key_Down)
    assert theme_name() == "light"
    assert desk.saved().theme == "light"
    assert not dialog.restart_line.isVisible()


def test_the_font_size_changes_at_once_and_automatic_is_remembered_as_such(
    qtbot: QtBot, desk: Desk, dialog: SettingsDialog
) -> None:
    dialog.font_size.setValue(14)
    assert QApplication.font().pointSize() == 14
    assert desk.saved().font_size == 14
    dialog.font_size.setValue(dialog.font_size.minimum())
    assert desk.saved().font_size == 0


def test_a_language_asks_for_a_restart_until_it_is_chosen_back(
    qtbot: QtBot, desk: Desk, dialog: SettingsDialog
) -> None:
    dialog.language.setCurrentIndex(dialog.language.findData("zh"))
    assert desk.saved().language == "zh"
    assert dialog.restart_line.isVisible()
    assert dialog.restart_button is not None
    qtbot.mouseClick(dialog.restart_button, Qt.MouseButton.LeftButton)
    assert desk.restarts == 1
    dialog.language.setCurrentIndex(dialog.language.findData("auto"))
    assert not dialog.restart_line.isVisible()


def test_without_a_way_to_restart_there_is_no_button_for_it(qtbot: QtBot, desk: Desk) -> None:
    dialog = SettingsDialog(desk.store, desk.notices, desk.apply_looks)
    qtbot.addWidget(dialog)
    assert dialog.restart_button is None


def test_an_app_can_be_left_out_and_taken_back(qtbot: QtBot, desk: Desk, dialog: SettingsDialog) -> None:
    desk.store.update(apps_left_out=("of_another_list",))
    tick(qtbot, dialog.apps["vnpy_scripttrader"])
    assert desk.saved().apps_left_out == ("of_another_list", "vnpy_scripttrader")
    assert dialog.restart_line.isVisible()
    tick(qtbot, dialog.apps["vnpy_scripttrader"])
    assert desk.saved().apps_left_out == ("of_another_list",)


def test_asking_before_exit_can_be_switched_off(qtbot: QtBot, desk: Desk, dialog: SettingsDialog) -> None:
    tick(qtbot, dialog.confirm_exit)
    assert not desk.saved().confirm_exit


def test_what_cannot_be_saved_holds_is_said_once_and_saved_later(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, desk: Desk, dialog: SettingsDialog
) -> None:
    before = desk.saved()
    with monkeypatch.context() as full:

        def refuse(path: Path, content: bytes) -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        full.setattr(settings_module, "write_atomically", refuse)
        qtbot.keyClick(dialog.theme, Qt.Key.Key_Down)
        tick(qtbot, dialog.confirm_exit)
    assert theme_name() == "light"
    assert desk.saved() == before
    assert dialog.unsaved_line.isVisible()
    [notice] = desk.notices.all()
    assert notice.level is Level.ERROR
    assert "No space left on device" in notice.text
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    assert not dialog.unsaved_line.isVisible()
    assert (desk.saved().theme, desk.saved().confirm_exit) == ("light", False)


def test_a_font_that_is_not_installed_stays_chosen(qtbot: QtBot, desk: Desk) -> None:
    desk.store.update(font_family="No Such Font")
    dialog = SettingsDialog(desk.store, desk.notices, desk.apply_looks)
    qtbot.addWidget(dialog)
    assert dialog.font_family.currentData() == "No Such Font"
    dialog.rising.setCurrentIndex(1)
    assert desk.saved().font_family == "No Such Font"


@pytest.mark.parametrize(("language", "theme"), LOOKS)
@pytest.mark.parametrize("font_size", [9, 16])
def test_it_is_readable_in_both_languages_and_themes(
    qtbot: QtBot, desk: Desk, language: str, theme: ThemeName, font_size: int
) -> None:
    with dressed(language, theme):
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, theme, size=font_size)
        dialog = SettingsDialog(desk.store, desk.notices, desk.apply_looks, restart=desk.restart)
        qtbot.addWidget(dialog)
        dialog.language.setCurrentIndex(1)
        dialog.show()
        qtbot.waitExposed(dialog)
        qtbot.waitUntil(lambda: not clipped(dialog), timeout=1000)


def test_it_opens_high_enough_to_show_every_setting_where_the_screen_has_the_room(
    qtbot: QtBot, dialog: SettingsDialog
) -> None:
    with qtbot.waitExposed(dialog):
        dialog.show()
    assert dialog.screen().availableSize().height() > 760
    assert dialog.area.verticalScrollBar().maximum() == 0
