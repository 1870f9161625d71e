"""Run inside the environment by the doctor: asks Qt what it sees and prints the answer as one JSON line."""

from __future__ import annotations

import json
import sys


def ask_qt() -> dict[str, object]:
    """Qt's version, its platform plugin, the screens and the fonts it would use."""
    from PySide6.QtCore import QLibraryInfo, qVersion
    from PySide6.QtGui import QFont, QFontDatabase, QFontInfo, QGuiApplication

    application = QGuiApplication(sys.argv[:1])
    screens = [
        {
            "name": screen.name(),
            "width": screen.size().width(),
            "height": screen.size().height(),
            "dpi": round(screen.logicalDotsPerInch()),
            "scale": screen.devicePixelRatio(),
        }
        for screen in application.screens()
    ]
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    return {
        "qt": qVersion(),
        "plugins": QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath),
        "platform": application.platformName(),
        "screens": screens,
        "ui_font": f"{QFontInfo(QFont()).family()} {QFontInfo(QFont()).pointSizeF():g} pt",
        "chinese_fonts": chinese,
    }


if __name__ == "__main__":
    print(json.dumps(ask_qt()))
