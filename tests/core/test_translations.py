"""Every sentence a user can see exists in both languages."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from veighna_ext.core import i18n
from veighna_ext.core.paths import resources_dir

ROOT = Path(__file__).parents[2]
SOURCES = sorted([ROOT / "run.py", *(ROOT / "veighna_ext").rglob("*.py"), *(ROOT / "gateways").rglob("*.py")])
CATALOGUE = resources_dir() / "locale" / "zh_CN" / "LC_MESSAGES" / "veighna_ext.po"
PLACEHOLDER = re.compile(r"\{[^{}]*\}")

SHOWN_BY = {
    "setText", "setWindowTitle", "setToolTip", "setPlaceholderText", "setStatusTip", "setTitle",
    "setInformativeText",    "setLabelText", "setHeaderLabels", "addTab", "addRow", "addMenu",
    "QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QMenu", "QDockWidget",
    "StartupProblem",
}  # fmt: skip
WORD = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = str(getattr(node.func, "attr", "") or getattr(node.func, "id", ""))
            yield name, node


def messages() -> dict[str, str]:
    """Every msgid in the code with one place that uses it."""
    found = {}
    for path in SOURCES:
        for name, call in calls(path):
            if name in ("_", "ngettext"):
                for argument in call.args[: 2 if name == "ngettext" else 1]:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        found[argument.value] = f"{path.relative_to(ROOT)}:{call.lineno}"
    return found


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file)


def test_every_message_has_a_chinese_translation(catalogue: Catalog) -> None:
    translated = {
        text
        for message in catalogue
        if message.string and not message.fuzzy
        for text in (message.id if isinstance(message.id, tuple) else (message.id,))
    }
    missing = {text: place for text, place in messages().items() if text not in translated}
    assert not missing


def test_no_translation_is_left_over(catalogue: Catalog) -> None:
    known = set(messages())
    ids = {
        message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id
    }
    assert ids - known == set()


def test_translations_keep_the_placeholders(catalogue: Catalog) -> None:
    for message in catalogue:
        if isinstance(message.id, str) and message.id:
            assert sorted(PLACEHOLDER.findall(message.id)) == sorted(
                PLACEHOLDER.findall(str(message.string))
            ), message.id


def test_the_compiled_catalogue_is_that_of_the_source(catalogue: Catalog, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.mo"
    with fresh.open("wb") as file:
        write_mo(file, catalogue)
    with fresh.open("rb") as new, CATALOGUE.with_suffix(".mo").open("rb") as shipped:
        expected, found = GNUTranslations(new), GNUTranslations(shipped)
    ids = [
        message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.id
    ]
    assert {text: found.ngettext(text, "", 2) for text in ids} == {
        text: expected.ngettext(text, "", 2) for text in ids
    }
    assert [text for text in ids if found.gettext(text) != expected.gettext(text)] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_texts_are_looked_up_where_they_are_shown(path: Path) -> None:
    """A literal with words in it, handed straight to something that shows it, would never be translated."""
    bare = [
        f"{call.lineno}: {argument.value!r}"
        for name, call in calls(path)
        if name in SHOWN_BY
        for argument in call.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and WORD.search(argument.value)
    ]
    assert not bare


def test_messages_are_literals_and_not_built_at_run_time() -> None:
    built = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        for name, call in calls(path)
        if name == "_" and call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert not built


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}, "en"),
        ({"LC_ALL": "zh_TW.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh"),
    ],
)
def test_auto_follows_the_environment(environ: dict[str, str], language: str) -> None:
    assert i18n.detect_language(environ) == language


def test_the_language_can_be_switched_and_says_what_it_does_not_know() -> None:
    before = i18n.language()
    try:
        assert i18n.set_language("zh") == "zh"
        assert i18n._("Exit") == "退出"
        assert i18n.gettext_code() == "zh_CN"
        assert i18n.set_language("en") == "en"
        assert i18n._("Exit") == "Exit"
        with pytest.raises(ValueError, match="klingon"):
            i18n.set_language("klingon")
    finally:
        i18n.set_language(before)
