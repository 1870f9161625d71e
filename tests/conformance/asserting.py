"""What every answer of the venue must keep, whoever asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

AMOUNT = re.compile(r"\d+\.\d{8}")


def amount(text: object) -> Decimal:
    """An amount as Binance writes it: a text with eight decimals."""
    assert isinstance(text, str), repr(text)
    assert AMOUNT.fullmatch(text), text
    return Decimal(text)


def has(answer: Mapping[str, Any], **expected: Any) -> None:
    """An answer that says at least this."""
    said = {name: answer.get(name, "absent") for name in expected}
    assert said == expected, dict(answer)


def refused(step: Mapping[str, Any], code: int, message: str, status: int = 400) -> None:
    """A refusal with Binance's text to the full stop, its code and status where the client tells them."""
    assert "answer" not in step, f"not refused: {step}"
    assert step["message"] == message, step
    assert step["code"] in (None, code), step
    assert step["status"] in (None, status), step


def no_complaints(complaints: list[str]) -> None:
    """The client itself found nothing wrong."""
    assert not complaints, "\n".join(complaints)
