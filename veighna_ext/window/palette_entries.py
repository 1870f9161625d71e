"""What the command palette offers: the menus' actions and the connected contracts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar
from vnpy.trader.object import ContractData

from veighna_ext.window.ranking import Entry

Source = Callable[[], Iterable[Entry]]
PATH = " › "


def menu_entries(bar: QMenuBar) -> Iterator[Entry]:
    """Every enabled action that can be reached from the menu bar, with its path and shortcut."""
    return _walk(bar.actions(), (), (bar,))


def contract_entries(
    contracts: Sequence[ContractData], choose: Callable[[ContractData], object]
) -> list[Entry]:
    """Every contract by its vt_symbol; its name and gateway are searched too."""
    return [
        Entry(
            contract.vt_symbol,
            f"{contract.name} · {contract.gateway_name}" if contract.name else contract.gateway_name,
            run=partial(choose, contract),
        )
        for contract in contracts
    ]


def _walk(actions: Iterable[QAction], path: tuple[str, ...], within: tuple[QObject, ...]) -> Iterator[Entry]:
    for action in actions:
        if action.isSeparator() or not (action.isVisible() and action.isEnabled()):
            continue
        title = _plain(action.text())
        # `action.menu()` would hand the menu to the action's wrapper and take it along when that is collected
        menu = cast("QMenu | None", QMenu.menuInAction(action))
        if menu is not None:
            yield from _walk(menu.actions(), (*path, title), (*within, action, menu))
        elif title:
            yield Entry(
                title,
                PATH.join(path),
                icon=action.icon(),
                run=partial(_trigger, action, within),
                keywords=_explanation(action, title),
                shortcut=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
            )


def _trigger(action: QAction, _within: tuple[QObject, ...]) -> None:
    """Holds what the action is in: shiboken takes it for deleted once its menu's wrapper is collected."""
    action.trigger()


def _explanation(action: QAction, title: str) -> str:
    """The action's tooltip, unless it is the one that Qt makes of the text."""
    explanation = action.toolTip()
    return "" if _plain(explanation) == title else explanation


def _plain(text: str) -> str:
    """A menu text without its mnemonic mark, also as Chinese menus append it: 系统(&S)."""
    text = re.sub(r"\s*\(&\w\)", "", text)
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…").strip()
