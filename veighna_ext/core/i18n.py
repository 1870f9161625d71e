"""The language of all we say. Standard library only: the set-up speaks before anything is installed."""

from __future__ import annotations

import gettext
import locale
import os
from collections.abc import Mapping

from veighna_ext.core.paths import resources_dir

DOMAIN = "veighna_ext"
LANGUAGES = ("auto", "zh", "en")

_active: gettext.NullTranslations = gettext.NullTranslations()
_language = "en"


def detect_language(environ: Mapping[str, str] = os.environ) -> str:
    """`zh` or `en` from the environment's first set language variable, as gettext reads them."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environ.get(name, "")
        if value and value.split(".")[0] not in ("C", "POSIX"):
            return "zh" if value.lower().startswith("zh") else "en"
    system = locale.getlocale()[0] or ""
    return "zh" if system.lower().startswith(("zh", "chinese")) else "en"


def set_language(choice: str) -> str:
    """Switch our texts to `zh`, `en` or what the environment says (`auto`); returns the language in force."""
    global _active, _language
    if choice not in LANGUAGES:
        raise ValueError(f"language must be one of {', '.join(LANGUAGES)}, not {choice!r}")
    _language = detect_language() if choice == "auto" else choice
    if _language == "zh":
        _active = gettext.translation(DOMAIN, resources_dir() / "locale", languages=["zh_CN"], fallback=True)
    else:
        _active = gettext.NullTranslations()
    return _language


def language() -> str:
    """The language in force: `zh` or `en`."""
    return _language


def gettext_code() -> str:
    """The value of `LANGUAGE` that makes vnpy's own catalogues follow ours."""
    return "zh_CN" if _language == "zh" else "en"


def _(message: str) -> str:
    """`message` in the language in force."""
    return _active.gettext(message) if message else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """`singular` or `plural` for `count` things, in the language in force."""
    return _active.ngettext(singular, plural, count)
