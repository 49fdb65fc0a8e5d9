"""Values of libraries as data: for each type, what it is taken apart into, and how it is put together again.

A type is matched exactly: a subclass that a learner wrote is none of these. What is put together is of the library's own
class, made by constructors that run nothing of what they are given.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import fractions
import io
import pathlib
import random
import re
import sys
import types
import uuid
import zoneinfo
from collections.abc import Callable
from typing import Any

from . import algebra, arrays, tables
from .data import NotData

KEYS, VALUES, ITEMS = type({}.keys()), type({}.values()), type({}.items())
FACTORIES = {kind.__name__: kind for kind in (int, float, str, bool, list, tuple, set, dict, bytes, complex)}
ENOUGH = 10_000  # characters of a text that something is made from


def _moment(x: Any) -> list:
    zone = x.tzinfo
    key = zone.key if type(zone) is zoneinfo.ZoneInfo else None
    return [x.isoformat(), key, x.fold]


def _moment_made(kind: type) -> Callable[[list], Any]:
    def make(body: list) -> Any:
        text, key, fold = body
        made = kind.fromisoformat(text[:ENOUGH])
        return made.replace(tzinfo=zoneinfo.ZoneInfo(key) if key else made.tzinfo, fold=fold)

    return make


def _fraction(text: str) -> fractions.Fraction:
    if "e" in text.lower():  # never written so, and 1e999999999 would be worked out
        raise NotData("that is no fraction")
    return fractions.Fraction(text[:ENOUGH])


def _default(x: collections.defaultdict) -> list | None:
    factory = x.default_factory
    if factory is not None and FACTORIES.get(getattr(factory, "__name__", "")) is not factory:
        return None
    return [factory and factory.__name__, dict(x)]


def _buffer(kind: type) -> Callable[[list], Any]:
    def make(body: list) -> Any:
        made = kind(body[0])
        made.seek(body[1])
        return made

    return make


def _drawn(state: tuple) -> random.Random:
    made = random.Random()
    made.setstate(state)
    return made


# type -> (what it is taken apart into (None: it cannot be), how it is made)
STANDARD: dict[type, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    range: (lambda x: [x.start, x.stop, x.step], lambda v: range(*v)),
    slice: (lambda x: [x.start, x.stop, x.step], lambda v: slice(*v)),
    type(...): (lambda x: None, lambda v: ...),
    bytearray: (bytes, bytearray),
    decimal.Decimal: (str, lambda v: decimal.Decimal(v[:ENOUGH])),
    fractions.Fraction: (str, _fraction),
    datetime.date: (lambda x: x.isoformat(), datetime.date.fromisoformat),
    datetime.datetime: (_moment, _moment_made(datetime.datetime)),
    datetime.time: (_moment, _moment_made(datetime.time)),
    datetime.timedelta: (lambda x: [x.days, x.seconds, x.microseconds], lambda v: datetime.timedelta(*v)),
    datetime.timezone: (lambda x: x.utcoffset(None), datetime.timezone),
    zoneinfo.ZoneInfo: (lambda x: x.key, zoneinfo.ZoneInfo),
    random.Random: (lambda x: x.getstate(), _drawn),
    uuid.UUID: (str, uuid.UUID),
    pathlib.PurePosixPath: (str, pathlib.PurePosixPath),
    pathlib.PosixPath: (str, pathlib.PosixPath),
    re.Pattern: (lambda x: [x.pattern, x.flags & ~re.DEBUG], lambda v: re.compile(v[0][:ENOUGH], v[1])),
    collections.Counter: (dict, collections.Counter),
    collections.OrderedDict: (lambda x: list(x.items()), collections.OrderedDict),
    collections.deque: (lambda x: [list(x), x.maxlen], lambda v: collections.deque(v[0], v[1])),
    collections.defaultdict: (_default, lambda v: collections.defaultdict(v[0] and FACTORIES[v[0]], v[1])),
    types.MappingProxyType: (dict, types.MappingProxyType),
    types.SimpleNamespace: (lambda x: dict(vars(x)), lambda v: types.SimpleNamespace(**v)),
    KEYS: (list, lambda v: dict.fromkeys(v).keys()),
    VALUES: (list, lambda v: dict(enumerate(v)).values()),
    ITEMS: (list, lambda v: dict(v).items()),
    io.StringIO: (lambda x: [x.getvalue(), x.tell()], _buffer(io.StringIO)),
    io.BytesIO: (lambda x: [x.getvalue(), x.tell()], _buffer(io.BytesIO)),
}
NAMED = {f"{kind.__module__}.{kind.__qualname__}": make for kind, (_, make) in STANDARD.items()}
MODULES = {"numpy": arrays, "pandas": tables, "sympy": algebra}


def taken(x: Any, kind: type) -> tuple[str, Any] | None:
    """(name of its type, data) of a value that one of these libraries made; None for every other object."""
    if kind in STANDARD:
        body = STANDARD[kind][0](x)
        return (f"{kind.__module__}.{kind.__qualname__}", body) if body is not None or kind is type(...) else None
    home = kind.__module__.partition(".")[0] if isinstance(getattr(kind, "__module__", None), str) else ""
    if home in MODULES and home in sys.modules:
        body = MODULES[home].taken_apart(x)
        return None if body is None else (home, body)
    if home == "scipy" and "scipy.sparse" in sys.modules:
        body = arrays.sparse_taken_apart(x)
        return None if body is None else ("scipy", body)
    if kind.__name__ == "Figure" and kind.__module__.startswith("plotly.graph_objs"):
        return "plotly", x.to_json()
    return None


def made(name: str, body: Any) -> Any:
    """The value that `taken` took apart. Raises whatever a forged body breaks."""
    if name in NAMED:
        return NAMED[name](body)
    if name in MODULES:
        return MODULES[name].put_together(body)
    if name == "scipy":
        return arrays.sparse_put_together(body)
    if name == "plotly":
        import plotly.io

        return plotly.io.from_json(body, skip_invalid=True)
    raise NotData("there is no such type")
