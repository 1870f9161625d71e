"""JSON against a model: everything that was sent is looked at, nothing is overlooked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin

import msgspec

from tests.exchange.server.shapes.values import is_there

FIRST_MICROSECONDS = 10**14


@dataclass(frozen=True)
class EachOf:
    """An array whose elements are of several forms."""

    forms: tuple[Any, ...]
    choose: Callable[[Any], Any]


class Misshapen(AssertionError):
    """What came is not what Binance's documents promise."""


def read(raw: bytes, form: Any, *, in_microseconds: bool = False) -> Any:
    """What came, as its model; every time in it must be in the one unit."""
    if isinstance(form, EachOf):
        elements = [bytes(each) for each in msgspec.json.decode(raw, type=list[msgspec.Raw])]
        return [
            read(each, form.choose(json.loads(each)), in_microseconds=in_microseconds) for each in elements
        ]
    try:
        json.loads(
            raw.decode(), parse_float=_no_float, parse_constant=_no_float, object_pairs_hook=_once_each
        )
        value = _decoder(form).decode(raw)
        for time in times(value, form):
            # -1 stands for never, 0 for a time before anything happened
            if time > 0 and (time >= FIRST_MICROSECONDS) != in_microseconds:
                raise ValueError(f"{time} is in the wrong unit")
    except (ValueError, msgspec.ValidationError) as error:
        raise Misshapen(
            f"{error}\n  expected {_name(form)}\n  got {raw[:3000].decode(errors='replace')}"
        ) from None
    return value


@cache
def _decoder(form: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(form)


def _no_float(text: str) -> Any:
    raise ValueError(f"{text}: Binance sends decimals as text")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise ValueError(f"a field came twice: {names}")
    return dict(pairs)


def times(value: Any, form: Any) -> Iterator[int]:
    """Every time in a value that was read as a model."""
    if get_origin(form) is Annotated:
        if isinstance(value, int) and any(
            isinstance(each, msgspec.Meta) and each.extra for each in form.__metadata__
        ):
            yield value
    elif isinstance(value, msgspec.Struct):
        for name, its_form in _fields(type(value)):
            inside = getattr(value, name)
            if is_there(inside):
                yield from times(inside, its_form)
    elif isinstance(value, tuple):
        for each, its_form in zip(value, get_args(form), strict=True):
            yield from times(each, its_form)
    elif isinstance(value, list):
        for each in value:
            yield from times(each, get_args(form)[0] if get_args(form) else type(each))
    elif value is not None and get_args(form):
        for each in get_args(form):
            if get_origin(each) is Annotated:
                yield from times(value, each)


@cache
def _fields(form: type[msgspec.Struct]) -> list[tuple[str, Any]]:
    return [(field.name, field.type) for field in msgspec.structs.fields(form)]


def _name(form: Any) -> str:
    return getattr(form, "__name__", None) or str(form)
