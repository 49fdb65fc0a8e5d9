"""sympy's expressions as trees of class names. Only classes of sympy's own are made, and none from text but a symbol's name."""

from __future__ import annotations

import sys
from typing import Any

from .data import NotData

NUMBERS = ("Integer", "Rational", "Half", "Zero", "One", "NegativeOne", "Float")
ASSUMED = ("real", "positive", "negative", "integer", "nonnegative", "nonzero", "commutative", "complex", "rational")


def taken_apart(x: Any) -> dict | None:
    """An expression, or a matrix of them; None for every other object of sympy."""
    sympy = sys.modules["sympy"]
    kind = type(x)
    if isinstance(x, sympy.MatrixBase):
        return {"is": kind.__name__, "shape": list(x.shape), "v": list(x)}
    if not isinstance(x, sympy.Basic):
        return None
    if kind.__name__ == "Symbol":
        given = {name: value for name, value in x._assumptions_orig.items() if name in ASSUMED}
        return {"is": "Symbol", "name": x.name, "assumed": given}
    if kind.__name__ in NUMBERS:
        return (
            {"is": "Float", "v": str(x), "digits": int(x._prec)}
            if kind.__name__ == "Float"
            else {"is": "Rational", "v": [x.p, x.q]}
        )
    if getattr(sympy, kind.__name__, None) is not kind and kind.__name__ not in _singletons(sympy):
        return None
    return {"is": kind.__name__, "args": list(x.args)}


def _singletons(sympy: Any) -> dict:
    return {type(value).__name__: value for value in (sympy.pi, sympy.E, sympy.I, sympy.oo, -sympy.oo, sympy.nan, sympy.zoo, sympy.true,
                                                      sympy.false, sympy.S.EmptySet, sympy.S.Reals, sympy.GoldenRatio)}  # fmt: skip


def put_together(body: dict) -> Any:
    """The expression that `taken_apart` took apart."""
    import sympy

    kind = body["is"]
    if kind == "Symbol":
        return sympy.Symbol(
            str(body["name"]), **{name: bool(value) for name, value in body["assumed"].items() if name in ASSUMED}
        )
    if kind == "Rational":
        p, q = body["v"]
        return sympy.Rational(int(p), int(q))
    if kind == "Float":
        if not set(body["v"]) <= set("0123456789.+-e"):
            raise NotData("that is no number")
        return sympy.Float(body["v"][:1000], precision=min(int(body["digits"]), 10_000))
    if kind in _singletons(sympy):
        return _singletons(sympy)[kind]
    cls = getattr(sympy, kind, None) if type(kind) is str and not kind.startswith("_") else None
    entries = body["v"] if "shape" in body else body["args"]
    if not all(isinstance(entry, sympy.Basic) for entry in entries):  # a text would be evaluated
        raise NotData("that is no expression")
    if "shape" in body and isinstance(cls, type) and issubclass(cls, sympy.MatrixBase):
        return cls(int(body["shape"][0]), int(body["shape"][1]), entries)
    if isinstance(cls, type) and issubclass(cls, sympy.Basic):
        return cls(*entries, **({"evaluate": False} if issubclass(cls, (sympy.Add, sympy.Mul, sympy.Pow)) else {}))
    raise NotData("there is no such expression")
