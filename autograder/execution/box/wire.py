"""The encoding of values that cross the wall of the box: JSON, and nothing but data.

`decode` is the boundary. It builds only exact built-in types, values of libraries by the table in `library`, and what its
caller makes of a handle; it never unpickles, evaluates or imports by a name that it was given.
"""

from __future__ import annotations

import base64
import builtins
import math
from collections.abc import Callable
from typing import Any

from . import library
from .data import BIGGEST_INT, DEEPEST, MOST_ITEMS, SIGN, NotData

BASES = (bool, int, float, complex, str, bytes, list, tuple, set, frozenset, dict)


def encode(value: Any, keep: Callable[[Any], dict] | None = None, subclass: Callable[[Any], dict] | None = None) -> Any:
    """`value` as JSON data. `keep` makes something of an object that is no data, `subclass` of one whose class is a subclass of
    a built-in type (what is added to its data); without them the first is refused, and the second is its base's data alone.

    Raises NotData.
    """
    budget = [MOST_ITEMS]

    def one(x: Any, depth: int) -> Any:
        budget[0] -= 1
        if depth > DEEPEST or budget[0] < 0:
            raise NotData("the value is too large or too deep to be carried")
        kind = type(x)
        if x is None or kind is bool:
            return x
        if kind is str:
            return x if x.isascii() else x.encode("utf8", "replace").decode("utf8")
        if kind is int:
            return _integer(x)
        if kind is float:
            return x if math.isfinite(x) else {SIGN: "float", "v": repr(x)}
        if kind is list:
            return _flat(x, budget) or [one(y, depth + 1) for y in x]
        if kind is complex:
            return {SIGN: "complex", "v": [repr(x.real), repr(x.imag)]}
        if kind is bytes:
            return {SIGN: "bytes", "v": base64.b64encode(x).decode()}
        if kind in (tuple, set, frozenset):
            return {SIGN: kind.__name__, "v": [one(y, depth + 1) for y in x]}
        if kind is dict:
            return {SIGN: "dict", "v": [[one(key, depth + 1), one(y, depth + 1)] for key, y in x.items()]}
        taken = library.taken(x, kind)
        if taken is not None:
            name, body = taken
            return {SIGN: "library", "of": name, "v": one(body, depth + 1)}
        for base in BASES:
            if issubclass(kind, base):
                data = one(_plain(base, x), depth)
                return data if subclass is None else {SIGN: "subclass", "v": data, "more": subclass(x)}
        if keep is None:
            raise NotData(f"an object of type {kind.__qualname__} cannot be carried")
        return keep(x)

    return one(value, 0)


def same_data(a: Any, b: Any) -> bool:
    """Are two encoded values the same? A set is the same in any order."""
    if a == b or type(a) is not type(b):
        return a == b
    if type(a) is dict and a.get(SIGN) == b.get(SIGN) and a.get(SIGN) in ("set", "frozenset"):
        return sorted(map(repr, a["v"])) == sorted(map(repr, b["v"]))
    if type(a) is dict:
        return a.keys() == b.keys() and all(same_data(a[key], b[key]) for key in a)
    return type(a) is list and len(a) == len(b) and all(map(same_data, a, b))


def _integer(x: int) -> Any:
    if -(1 << 53) < x < 1 << 53:
        return x
    if x.bit_length() > BIGGEST_INT:
        raise NotData("the number is too large to be carried")
    return {SIGN: "int", "v": hex(x)}


def _flat(x: list, budget: list[int]) -> list | None:
    """A long list of small integers, or of plain floats or texts, as it is: ten times as fast as item by item."""
    if len(x) < 32:
        return None
    kinds = set(map(type, x))
    if kinds == {int}:
        plain = min(x) > -(1 << 53) and max(x) < 1 << 53
    elif kinds == {float}:
        plain = all(map(math.isfinite, x))
    else:
        plain = kinds == {str} and all(map(str.isascii, x))
    if not plain:
        return None
    budget[0] -= len(x) // 8
    if budget[0] < 0:
        raise NotData("the value is too large to be carried")
    return list(x)


def _plain(base: type, value: Any) -> Any:
    """The data of an instance of a subclass, read by the base's own methods and not by what it overrides."""
    if base is dict:
        return dict(zip(dict.keys(value), dict.values(value), strict=False))
    if base in (int, float):
        return base.__pos__(value) if base is float else base.__index__(value)
    if base is complex:
        return complex.__pos__(value)
    if base is str:
        return str.__str__(value)
    if base is bytes:
        return bytes.join(b"", [bytes.__getitem__(value, slice(None))])
    return base(base.__iter__(value))


def decode(data: Any, make: Callable[[str, dict, Callable], Any] | None = None) -> Any:
    """The value that `encode` wrote; `make(kind, data, decoded)` builds what is more than data (handles and the like), where
    `decoded` decodes what lies in it. Raises NotData.

    Without `make`, in the process that grades, only JSON's own types are made, with tuples and large integers: no library
    sees a learner's bytes, and nothing is built that costs more than it is long (a set of numbers that share a hash, 1e999999999).
    """
    budget = [2 * MOST_ITEMS]

    def one(x: Any, depth: int = 0) -> Any:
        budget[0] -= 1
        if depth > 2 * DEEPEST or budget[0] < 0:
            raise NotData("the value is too large or too deep")
        if x is None or type(x) in (bool, int, float, str):
            return x
        if type(x) is list:
            return [one(y, depth + 1) for y in x]
        kind, body = x.get(SIGN), x.get("v")
        if kind == "int":
            return int(body, 16)
        if kind == "float":
            return float(body)
        if kind == "complex":
            return complex(float(body[0]), float(body[1]))
        if kind == "bytes":
            return base64.b64decode(body)
        if kind == "tuple":
            return tuple([one(y, depth + 1) for y in body])
        if kind == "dict" and (make is not None or all(type(key) is str for key, _ in body)):
            return {one(key, depth + 1): one(y, depth + 1) for key, y in body}
        if make is None:
            raise NotData(f"an object of type {str(x.get('type'))[:80]} cannot be carried")
        if kind in ("set", "frozenset"):
            return getattr(builtins, kind)([one(y, depth + 1) for y in body])
        if kind == "library":
            value = library.made(str(x["of"]), one(body, depth + 1))
            return make("masked", {"v": value}, one) if type(value).__name__ == "MaskedArray" else value
        return make(str(kind), x, lambda y: one(y, depth + 1))

    try:
        return one(data)
    except NotData:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a forged message breaks is a message that is no value
        raise NotData(f"the value cannot be read ({type(error).__name__})") from None


def plain(value: Any) -> Any:
    """A decoded value as JSON's own types: tuples become lists. Raises NotData."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) in (list, tuple):
        return [plain(y) for y in value]
    if type(value) is dict:
        return {key if type(key) is str else plain(key): plain(y) for key, y in value.items()}
    raise NotData(f"an object of type {type(value).__name__} cannot be checked")
