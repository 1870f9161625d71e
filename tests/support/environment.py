"""A world of its own for the test process: vnpy and Qt fix folders, language and platform when imported."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

VNPY_SETTINGS = {
    "font.family": "Noto Sans CJK SC",
    "font.size": 10,
    "log.console": False,
    "log.file": False,
    "database.timezone": "UTC",
}

_FOLDERS = {
    "HOME": "home",
    "USERPROFILE": "home",
    "XDG_CONFIG_HOME": "home/.config",
    "XDG_DATA_HOME": "home/.local/share",
    "XDG_CACHE_HOME": "home/.cache",
    "XDG_STATE_HOME": "home/.local/state",
    "XDG_RUNTIME_DIR": "runtime",
    "APPDATA": "home/AppData/Roaming",
    "LOCALAPPDATA": "home/AppData/Local",
}

_settings_when_imported: dict[str, Any] = {}


class TestWorld:
    """The folders of this run; `trader_dir` is where vnpy believes it was started."""

    __test__ = False

    def __init__(self) -> None:
        if "vnpy.trader.utility" in sys.modules:
            raise RuntimeError("vnpy was imported before the tests could choose its folders")
        self.root = Path(tempfile.mkdtemp(prefix="veighna-tests-")).resolve()
        self.trader_dir = self.root / "trader"
        for variable, folder in _FOLDERS.items():
            path = self.root / folder
            path.mkdir(parents=True, exist_ok=True)
            os.environ[variable] = str(path)
        (self.root / "runtime").chmod(0o700)
        os.environ["LANGUAGE"] = "en"
        os.environ["QT_API"] = "pyside6"
        if os.environ.get("QT_QPA_PLATFORM") != "xcb" or not os.environ.get("DISPLAY"):
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        self.refresh_trader_dir()
        atexit.register(self.remove)

    def refresh_trader_dir(self) -> Path:
        """
        Empty the trader folder and make it as on a first start.

        vnpy fixes the folder's path for the process, so every test gets the same path with fresh contents.
        """
        self._release_database()
        os.chdir(self.root)
        for folder in (self.trader_dir, self.root / "home" / ".config"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        vntrader = self.trader_dir / ".vntrader"
        vntrader.mkdir()
        (vntrader / "vt_setting.json").write_text(json.dumps(VNPY_SETTINGS), encoding="utf-8")
        os.chdir(self.trader_dir)
        return self.trader_dir

    def refresh_vnpy(self) -> Path:
        """The same, and vnpy's process-wide settings as it reads them on a first start."""
        folder = self.refresh_trader_dir()
        from vnpy.trader.setting import SETTINGS

        if not _settings_when_imported:
            _settings_when_imported.update(SETTINGS)
        SETTINGS.clear()
        SETTINGS.update(_settings_when_imported)
        return folder

    def remove(self) -> None:
        """Delete everything; the process is about to end."""
        self._release_database()
        os.chdir(tempfile.gettempdir())
        shutil.rmtree(self.root, ignore_errors=True)

    def _release_database(self) -> None:
        """vnpy keeps one database and one data feed per process."""
        sqlite = sys.modules.get("vnpy_sqlite.sqlite_database")
        if sqlite is not None:
            sqlite.db.close()
        for module, name in (("vnpy.trader.database", "database"), ("vnpy.trader.datafeed", "datafeed")):
            if module in sys.modules:
                setattr(sys.modules[module], name, None)
        backtesting = sys.modules.get("vnpy_ctastrategy.backtesting")
        if backtesting is not None:
            backtesting.load_bar_data.cache_clear()
            backtesting.load_tick_data.cache_clear()
