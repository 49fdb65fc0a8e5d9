"""The encoding of values that cross the wall of the box: JSON, and nothing but data.

`decode` is the boundary. It builds only exact built-in types, numpy's arrays and scalars of plain types, pandas' tables of
these, plotly figures from their JSON, and handles; it never unpickles, evaluates or imports by a name that it was given.
"""

from __future__ import annotations

import base64
import builtins
import datetime
import decimal
import fractions
import math
import sys
from collections.abc import Callable
from typing import Any

from . import tables

DEEPEST, MOST_ITEMS = 40, 200_000
BIGGEST_INT = 1 << 20  # bits
# Exact types of the standard library that their own text rebuilds.
TEXTUAL = {
    decimal.Decimal: decimal.Decimal,
    fractions.Fraction: fractions.Fraction,
    datetime.date: datetime.date.fromisoformat,
    datetime.datetime: datetime.datetime.fromisoformat,
    datetime.time: datetime.time.fromisoformat,
}
TEXTUAL_NAMED = {kind.__name__: make for kind, make in TEXTUAL.items()}
SIGN = "$"  # marks an encoded value that is more than JSON's own


class NotData(TypeError):
    """A value that cannot be carried, or bytes that are no value."""


def encode(value: Any, refs: list | None = None) -> Any:
    """`value` as JSON data. Objects that are no data become handles when there is a list `refs` to keep them in.

    Subclasses of str, float, list and so on are carried as their base: what they override stays behind. Raises NotData.
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
            return x.encode("utf8", "replace").decode("utf8")
        if kind is int:
            if x.bit_length() > BIGGEST_INT:
                raise NotData("the number is too large to be carried")
            return x if abs(x) < 1 << 53 else {SIGN: "int", "v": hex(x)}
        if kind is float:
            return x if math.isfinite(x) else {SIGN: "float", "v": repr(x)}
        if kind is complex:
            return {SIGN: "complex", "v": [repr(x.real), repr(x.imag)]}
        if kind is bytes:
            return {SIGN: "bytes", "v": base64.b64encode(x).decode()}
        if kind is list:
            return [one(y, depth + 1) for y in x]
        if kind is range:
            return {SIGN: "range", "v": [one(y, depth + 1) for y in (x.start, x.stop, x.step)]}
        if kind in TEXTUAL:
            return {SIGN: "text", "of": kind.__name__, "v": x.isoformat() if hasattr(x, "isoformat") else str(x)}
        if kind in (tuple, set, frozenset):
            return {SIGN: kind.__name__, "v": [one(y, depth + 1) for y in x]}
        if kind is dict:
            return {SIGN: "dict", "v": [[one(key, depth + 1), one(y, depth + 1)] for key, y in x.items()]}
        home = getattr(kind, "__module__", "")
        if home == "numpy" and "numpy" in sys.modules:
            array = sys.modules["numpy"].ascontiguousarray(x)
            if array.dtype.kind in "biufcSUmM":
                shape = [int(n) for n in getattr(x, "shape", ())]
                return {
                    SIGN: "array",
                    "dtype": array.dtype.str,
                    "shape": shape,
                    "v": base64.b64encode(array.tobytes()).decode(),
                }
        if home.partition(".")[0] == "pandas" and "pandas" in sys.modules:
            table = tables.taken_apart(x)
            if table is not None:
                return {SIGN: "table", "v": one(table, depth + 1)}
        if home.startswith("plotly.graph_objs") and kind.__name__ == "Figure":
            return {SIGN: "plotly", "v": x.to_json()}
        for base in (bool, int, float, str, bytes, list, tuple, set, frozenset, dict):
            if issubclass(kind, base):
                return one(_plain(base, x), depth)
        if refs is None:
            raise NotData(f"an object of type {kind.__qualname__} cannot be carried")
        refs.append(x)
        name = getattr(x, "__name__", "")
        return {
            SIGN: "handle",
            "id": len(refs) - 1,
            "type": f"{home}.{kind.__qualname__}",
            "callable": callable(x),
            "name": name if type(name) is str else "",
        }

    return one(value, 0)


def _plain(base: type, value: Any) -> Any:
    """The data of an instance of a subclass, read by the base's own methods and not by what it overrides."""
    if base is dict:
        return dict(zip(dict.keys(value), dict.values(value), strict=False))
    if base in (int, float):
        return base.__pos__(value) if base is float else base.__index__(value)
    if base is str:
        return str.__str__(value)
    if base is bytes:
        return bytes.join(b"", [bytes.__getitem__(value, slice(None))])
    return base(base.__iter__(value))


def decode(data: Any, handle: Callable[[dict], Any] | None = None) -> Any:
    """The value that `encode` wrote; `handle` makes what stands for an object that stayed behind. Raises NotData.

    Without a `handle`, in the process that grades, only JSON's own types are made, with tuples and large integers: no library
    sees a learner's bytes, and nothing is built that costs more than it is long (a set of numbers that share a hash, 1e999999999).
    """
    budget = [2 * MOST_ITEMS]

    def one(x: Any, depth: int) -> Any:
        budget[0] -= 1
        if depth > DEEPEST + 2 or budget[0] < 0:
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
        if kind == "range" and handle is not None:
            return range(*[int(one(y, depth + 1)) for y in body])
        if kind == "tuple":
            return tuple([one(y, depth + 1) for y in body])
        if kind == "dict" and (handle is not None or all(type(key) is str for key, _ in body)):
            return {one(key, depth + 1): one(y, depth + 1) for key, y in body}
        if kind == "text" and handle is not None:
            return _from_text(x["of"], body[:10_000])
        if kind in ("set", "frozenset") and handle is not None:
            return getattr(builtins, kind)([one(y, depth + 1) for y in body])
        if kind == "array" and handle is not None:
            return _array(x["dtype"], x["shape"], base64.b64decode(body))
        if kind == "table" and handle is not None:
            return tables.put_together(one(body, depth + 1))
        if kind == "plotly" and handle is not None:
            import plotly.io

            return plotly.io.from_json(body, skip_invalid=True)
        if kind == "handle" and handle is not None:
            return handle(x)
        raise NotData(f"an object of type {str(x.get('type'))[:80]} cannot be carried")

    try:
        return one(data, 0)
    except NotData:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a forged message breaks is a message that is no value
        raise NotData(f"the value cannot be read ({type(error).__name__})") from None


def _from_text(kind: str, text: str) -> Any:
    if kind == "Fraction" and "e" in text.lower():  # never written so, and 1e999999999 would be worked out
        raise NotData("that is no fraction")
    return TEXTUAL_NAMED[kind](text)


def _array(dtype: str, shape: list, data: bytes) -> Any:
    import numpy

    kind = numpy.dtype(dtype)
    if kind.hasobject or kind.kind not in "biufcSUmM":
        raise NotData("an array of objects cannot be carried")
    array = numpy.frombuffer(data, kind).reshape([int(n) for n in shape]).copy()
    return array if array.ndim else array[()]


def plain(value: Any) -> Any:
    """A decoded value as JSON's own types: tuples become lists. Raises NotData."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) in (list, tuple):
        return [plain(y) for y in value]
    if type(value) is dict:
        return {key if type(key) is str else plain(key): plain(y) for key, y in value.items()}
    raise NotData(f"an object of type {type(value).__name__} cannot be checked")
