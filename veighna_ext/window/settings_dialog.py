"""Our own settings: each choice holds at once and is saved at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from veighna_ext.core.i18n import _
from veighna_ext.core.notices import NoticeBoard
from veighna_ext.core.settings import SettingsStore
from veighna_ext.widgets.icons import icon
from veighna_ext.widgets.theme import apply_theme
from veighna_ext.window.app_names import official_app_titles
from veighna_ext.window.saving import save_settings
from veighna_ext.window.texts import Heading, remark

SMALLEST_FONT, LARGEST_FONT = 6, 32
AUTOMATIC_SIZE = SMALLEST_FONT - 1
NEEDS_RESTART = ("language", "apps_left_out")


class SettingsDialog(QDialog):
    """Non-modal. What cannot be saved is kept here and saved with the next change."""

    def __init__(
        self,
        store: SettingsStore,
        notices: NoticeBoard,
        apply_looks: Callable[[], None],
        parent: QWidget | None = None,
        *,
        apps: Mapping[str, str] | None = None,
        restart: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._notices = notices
        self._apply_looks = apply_looks
        self._restart = restart
        self._at_start = store.current
        self._apps = official_app_titles() if apps is None else dict(apps)
        self.unsaved: dict[str, object] = {}
        self.setObjectName("settings")
        self.setWindowTitle(_("Desktop settings"))
        self.setSizeGripEnabled(True)
        self._build()
        room = self.screen().availableSize()
        # a scroll area asks for less than its page
        wanted = self.sizeHint() - self.area.sizeHint() + self._page.sizeHint()
        self.resize(
            min(max(520, wanted.width()), room.width() - 40),
            min(max(600, wanted.height()), room.height() - 40),
        )

    def _build(self) -> None:
        self._page = QWidget()
        column = QVBoxLayout(self._page)
        column.setContentsMargins(20, 16, 20, 16)
        form = _Form()
        for title, add_rows in (
            (_("Language"), self._add_language),
            (_("Looks"), self._add_looks),
            (_("Closing"), self._add_closing),
            (_("Apps loaded at start"), self._add_apps),
        ):
            form.add_section(title)
            add_rows(form)
        column.addLayout(form)
        column.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidget(self._page)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.area, 1)
        outer.addWidget(self._build_unsaved_line())
        outer.addWidget(self._build_restart_line())
        self._show_lines()

    def _add_language(self, form: _Form) -> None:
        choices = {"auto": _("Automatic (as the system)"), "zh": "简体中文", "en": "English"}
        self.language = _combo(
            choices, self._store.current.language, lambda value: self._change(language=value)
        )
        form.add(_("Language of the window"), self.language)

    def _add_looks(self, form: _Form) -> None:
        current = self._store.current
        self.theme = _combo(
            {"dark": _("Dark"), "light": _("Light")}, current.theme, lambda value: self._change(theme=value)
        )
        self.rising = _combo(
            {"red": _("Red rises, green falls (China)"), "green": _("Green rises, red falls (West)")},
            current.rising,
            lambda value: self._change(rising=value),
        )
        families = {"": _("Automatic"), **{name: name for name in QFontDatabase.families()}}
        families.setdefault(current.font_family, current.font_family)
        self.font_family = _combo(
            families, current.font_family, lambda value: self._change(font_family=value)
        )
        self.font_size = QSpinBox()
        self.font_size.setRange(AUTOMATIC_SIZE, LARGEST_FONT)
        self.font_size.setSpecialValueText(_("Automatic"))
        self.font_size.setSuffix(_(" pt"))
        self.font_size.setKeyboardTracking(False)
        self.font_size.setValue(current.font_size if current.font_size >= SMALLEST_FONT else AUTOMATIC_SIZE)
        self.font_size.valueChanged.connect(
            lambda size: self._change(font_size=size if size >= SMALLEST_FONT else 0)
        )
        form.add(_("Theme"), self.theme)
        form.add(_("Price colours"), self.rising)
        form.add(_("Font"), self.font_family)
        form.add(_("Font size"), self.font_size)

    def _add_closing(self, form: _Form) -> None:
        self.confirm_exit = QCheckBox(_("Ask before the main window closes"))
        self.confirm_exit.setChecked(self._store.current.confirm_exit)
        self.confirm_exit.toggled.connect(lambda wanted: self._change(confirm_exit=wanted))
        form.add_wide(self.confirm_exit)

    def _add_apps(self, form: _Form) -> None:
        form.add_wide(remark(_("An app that is not loaded costs no time and no memory.")))
        self.apps: dict[str, QCheckBox] = {}
        for package, title in self._apps.items():
            box = QCheckBox(title)
            box.setToolTip(package)
            box.setChecked(package not in self._store.current.apps_left_out)
            box.toggled.connect(self._change_apps)
            self.apps[package] = box
            form.add_wide(box)

    def _build_unsaved_line(self) -> QFrame:
        self.save_button = QPushButton(icon("save"), _("Save again"))
        self.save_button.clicked.connect(self._save_again)
        text = _("Not saved: the data folder cannot be written.")
        self.unsaved_line = _line(text, self.save_button)
        return self.unsaved_line

    def _build_restart_line(self) -> QFrame:
        self.restart_button: QPushButton | None = None
        if self._restart is not None:
            self.restart_button = QPushButton(icon("restart"), _("Restart now"))
            self.restart_button.clicked.connect(self._restart)
        self.restart_line = _line(
            _("Takes effect after the next start of this program."), self.restart_button
        )
        return self.restart_line

    def _save_again(self) -> None:
        self._change()

    def _change_apps(self) -> None:
        elsewhere = [name for name in self._store.current.apps_left_out if name not in self.apps]
        left_out = [package for package, box in self.apps.items() if not box.isChecked()]
        self._change(apps_left_out=(*elsewhere, *left_out))

    def _change(self, **changes: object) -> None:
        self.unsaved.update(changes)
        if save_settings(self._store, self._notices, **self.unsaved):
            self.unsaved.clear()
            self._apply_looks()
        else:
            self._apply_unsaved_looks()
        self._show_lines()

    def _apply_unsaved_looks(self) -> None:
        """The store could not take the choice, but the user still wants to see it."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        size = self.font_size.value() if self.font_size.value() >= SMALLEST_FONT else 0
        apply_theme(
            app, self.theme.currentData(), self.rising.currentData(), self.font_family.currentData(), size
        )

    def _show_lines(self) -> None:
        wanted = {name: getattr(self._store.current, name) for name in NEEDS_RESTART} | self.unsaved
        self.restart_line.setVisible(
            any(wanted[name] != getattr(self._at_start, name) for name in NEEDS_RESTART)
        )
        self.unsaved_line.setVisible(bool(self.unsaved))


class _Form(QGridLayout):
    """Labels at the left, fields at the right, both aligned across all sections."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(10)
        self.setColumnStretch(1, 1)

    def add(self, text: str, field: QWidget) -> None:
        """A field with its label."""
        label = QLabel(text)
        label.setBuddy(field)
        row = self.rowCount()
        self.addWidget(label, row, 0)
        self.addWidget(field, row, 1)

    def add_wide(self, widget: QWidget) -> None:
        """A widget over the whole width."""
        self.addWidget(widget, self.rowCount(), 0, 1, 2)

    def add_section(self, title: str) -> None:
        """A heading, with some air above it unless it is the first."""
        if self.count():
            self.setRowMinimumHeight(self.rowCount(), 4)
        self.add_wide(Heading(title, 1.1))


def _combo(choices: Mapping[str, str], chosen: str, changed: Callable[[str], None]) -> QComboBox:
    combo = QComboBox()
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    combo.setMinimumContentsLength(26)
    for value, text in choices.items():
        combo.addItem(text, value)
    combo.setCurrentIndex(combo.findData(chosen))
    combo.currentIndexChanged.connect(lambda index: changed(combo.itemData(index)))
    return combo


def _line(text: str, button: QPushButton | None) -> QFrame:
    """A strip at the foot of the dialog: what to know, and what to press."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    strip = QFrame()
    strip.setAutoFillBackground(True)
    strip.setBackgroundRole(QPalette.ColorRole.Button)
    row = QHBoxLayout(strip)
    row.setContentsMargins(20, 8, 20, 10)
    row.addWidget(label, 1)
    if button is not None:
        button.setAutoDefault(False)
        row.addWidget(button)
    return strip
