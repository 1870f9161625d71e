"""
Chance that can be asked at any place: every number is a pure function of a key and a position.

Uniform bits come from SplitMix64; other distributions from tables, so that a value never depends on which
numbers were asked for together with it, nor on how a machine computes logarithms of many numbers at once.
"""

from __future__ import annotations

import math
from hashlib import blake2b
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bits = npt.NDArray[np.uint64]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
_MIX_1 = 0xBF58476D1CE4E5B9
_MIX_2 = 0x94D049BB133111EB

FIELD: Final = 1 << 16
"""One draw of 64 bits is read as four fields with so many values."""
_COARSE: Final = 1 << 12


def key_of(seed: int, *words: str) -> int:
    """The key of a stream of numbers, from a seed or another key."""
    text = "/".join((str(seed), *words))
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")


def bits_at(key: int, position: int) -> int:
    """64 random bits."""
    z = (key + (position + 1) * _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * _MIX_1) & _MASK
    z = ((z ^ (z >> 27)) * _MIX_2) & _MASK
    return z ^ (z >> 31)


def bits(key: int, positions: Ints) -> Bits:
    """64 random bits for each position, the same as `bits_at` gives."""
    z = positions.astype(np.uint64)
    z += np.uint64(1)
    z *= np.uint64(_GOLDEN)
    z += np.uint64(key)
    z ^= z >> np.uint64(30)
    z *= np.uint64(_MIX_1)
    z ^= z >> np.uint64(27)
    z *= np.uint64(_MIX_2)
    z ^= z >> np.uint64(31)
    return z


def field(draw: Bits, number: int) -> Ints:
    """One of the four fields of each draw."""
    fields: Bits = (draw >> np.uint64(16 * number)) & np.uint64(FIELD - 1)
    return fields.view(np.int64)


def _bell(size: int) -> Floats:
    """The middle of each of `size` equally likely parts of the normal distribution."""
    quantile = NormalDist().inv_cdf
    upper = np.array([quantile((place + 0.5) / size) for place in range(size // 2, size)])
    return np.concatenate((-upper[::-1], upper))


_BELL = _bell(FIELD)
_WAIT = np.array([-math.log1p(-(place + 0.5) / FIELD) for place in range(FIELD)])
_COARSE_BELL = _bell(_COARSE)


def bell(fields: Ints) -> Floats:
    """Standard normal numbers."""
    return _BELL.take(fields)


def wait(fields: Ints) -> Floats:
    """Exponential numbers with mean 1."""
    return _WAIT.take(fields)


class Spread:
    """Positive numbers around 1; `width` is the standard deviation of their logarithm."""

    def __init__(self, width: float) -> None:
        self._table = np.array(
            [math.exp(width * place - width * width / 2) for place in _COARSE_BELL.tolist()]
        )

    def __call__(self, fields: Ints) -> Floats:
        return self._table.take(fields >> 4)
