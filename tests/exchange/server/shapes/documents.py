"""Models against what Binance's documents show: the same fields, of the same kinds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect as mi

from tests.exchange.server.shapes.extract import FILE, Shape
from tests.exchange.server.shapes.reading import EachOf

_DECIMALS = ("12.34567890", "-12.34567890", "12.345", "0", "1.0")


@cache
def documents() -> dict[str, Any]:
    """The facts that were extracted."""
    facts: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return facts


def differences(form: Any, shape: Shape, path: str = "$") -> list[str]:
    """What a documented shape has and a model forbids, or the other way round; nothing where they agree."""
    if isinstance(form, EachOf):
        return [
            f"{path}: no form fits"
            for each in shape
            if all(differences(one, each, f"{path}[]") for one in form.forms)
        ]
    return list(_differences(mi.type_info(form), shape, path))


def _differences(kind: Any, shape: Shape, path: str) -> Iterator[str]:
    if isinstance(kind, mi.Metadata):
        kind = kind.type
    if isinstance(kind, mi.UnionType):
        each = [list(_differences(one, shape, path)) for one in kind.types]
        if not any(not found for found in each):
            yield from min(each, key=len)
    elif isinstance(shape, dict):
        yield from _of_object(kind, shape, path)
    elif isinstance(shape, list):
        yield from _of_array(kind, shape, path)
    elif not _fits(kind, shape):
        yield f"{path}: documented as {shape}, here {type(kind).__name__}"


def _of_object(kind: Any, shape: dict[str, Shape], path: str) -> Iterator[str]:
    if not isinstance(kind, mi.StructType):
        yield f"{path}: documented as an object, here {type(kind).__name__}"
        return
    fields = {field.encode_name: field for field in kind.fields}
    names = set(shape)
    if kind.tag is not None and shape.get(str(kind.tag_field)) is not None:
        names.remove(str(kind.tag_field))
    for name in sorted(names):
        if name in fields:
            yield from _differences(fields[name].type, shape[name], f"{path}.{name}")
        else:
            yield f"{path}.{name}: documented, and unknown here"
    for name, field in fields.items():
        if field.required and name not in shape:
            yield f"{path}.{name}: always there here, and not documented"


def _of_array(kind: Any, shape: list[Shape], path: str) -> Iterator[str]:
    if isinstance(kind, mi.TupleType):
        if len(kind.item_types) != len(shape):
            yield f"{path}: documented with {len(shape)} places, here {len(kind.item_types)}"
        for place, (one, each) in enumerate(zip(kind.item_types, shape, strict=False)):
            yield from _differences(one, each, f"{path}[{place}]")
    elif isinstance(kind, mi.ListType):
        for each in shape:
            # a comment stood for what can be there
            if each != {}:
                yield from _differences(kind.item_type, each, f"{path}[]")
    else:
        yield f"{path}: documented as an array, here {type(kind).__name__}"


def _fits(kind: Any, shape: Shape) -> bool:
    if shape == "nothing":
        return isinstance(kind, mi.NoneType)
    if shape == "flag":
        return isinstance(kind, mi.BoolType)
    if isinstance(kind, mi.LiteralType):
        return all(isinstance(value, int if shape == "number" else str) for value in kind.values)
    if shape == "number":
        return isinstance(kind, mi.IntType)
    return isinstance(kind, mi.StrType) and (shape == "text" or _takes_a_number(kind))


def _takes_a_number(kind: mi.StrType) -> bool:
    form = msgspec.Meta(pattern=kind.pattern) if kind.pattern else None
    if form is None:
        return True
    import re

    return any(re.search(str(kind.pattern), each) for each in _DECIMALS)
