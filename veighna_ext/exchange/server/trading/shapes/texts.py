"""Amounts as answers print them; the same few are printed again and again."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from veighna_ext.exchange.amounts import format_amount

amount_text = lru_cache(maxsize=1 << 14)(format_amount)
ZERO: Final = format_amount(0)
