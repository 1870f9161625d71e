"""What the doctor finds: one fact each, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

OK = "ok"
NOTE = "note"
MISSING = "missing"


@dataclass(frozen=True)
class Finding:
    """`key` is the same in every language; `status` is `ok`, `note` (works without) or `missing` (needed)."""

    key: str
    name: str
    value: str
    status: str = OK
    advice: str = ""
