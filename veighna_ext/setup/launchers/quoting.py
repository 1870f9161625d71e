"""A path or a sentence written so that the file it is put into gives it back unchanged."""

from __future__ import annotations

import re
from collections.abc import Mapping

_DESKTOP_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def desktop_value(text: str) -> str:
    """`text` as a string value of a .desktop file."""
    escaped = "".join(_DESKTOP_ESCAPES.get(char, char) for char in text)
    return "\\s" + escaped[1:] if escaped.startswith(" ") else escaped


def exec_argument(text: str) -> str:
    """`text` as one quoted argument of a .desktop file's `Exec`, before the file's own escapes."""
    quoted = re.sub(r'(["`$\\])', r"\\\1", text)
    return '"' + quoted.replace("%", "%%") + '"'


def batch_text(text: str) -> str:
    """`text` between double quotes in a batch file."""
    return text.replace("%", "%%").replace('"', "'")


def powershell_literal(text: str) -> str:
    """`text` as a PowerShell string that expands nothing."""
    # PowerShell takes the typographic quotes for plain ones
    return "'" + re.sub("(['‘’‚‛])", r"\1\1", text) + "'"


def fill(template: str, values: Mapping[str, str]) -> str:
    """`template` with every `@NAME@` replaced; one pass, so that a value may itself look like a place."""
    return re.sub(r"@([A-Z_]+)@", lambda place: values[place[1]], template)
