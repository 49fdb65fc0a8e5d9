"""The ways in which the judge may use an object of the learner's."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any


def use(op: str, request: dict, target: Any, arguments: list) -> Any:
    if op == "attribute":
        return getattr(target, request["name"])
    if op == "set attribute":
        return setattr(target, request["name"], arguments[0])
    if op == "delete attribute":
        return delattr(target, request["name"])
    if op == "operate":
        return getattr(operator, request["name"])(target, *arguments)
    if op == "reflected":
        return getattr(operator, request["name"])(arguments[0], target)
    if op == "make":  # float(x), len(x), str(x) ...
        return MAKERS[request["name"]](target, *arguments)
    raise ValueError(op)


# What an object's class may answer in its own way, where it is a subclass of a built-in type.
OPERATORS = frozenset(f"__{name}__" for name in (
    "eq ne lt le gt ge add sub mul truediv floordiv mod pow matmul and or xor lshift rshift radd rsub rmul rtruediv rfloordiv rmod "
    "rpow rand ror rxor iadd isub imul neg pos abs invert round len iter contains getitem setitem delitem bool hash call enter exit "
    "int float index reversed"
).split())  # fmt: skip
MAKERS: dict[str, Callable] = {
    "float": float, "int": int, "complex": complex, "str": str, "repr": repr, "len": len, "hash": hash, "bool": bool,
    "format": format, "iter": iter, "next": next, "round": round, "reversed": reversed, "dir": dir, "divmod": divmod,
    "enter": lambda x: type(x).__enter__(x), "exit": lambda x, *a: type(x).__exit__(x, *(a or (None, None, None))),
    "isinstance": lambda kind, x: isinstance(x, kind), "issubclass": lambda kind, x: issubclass(x, kind), "bytes": bytes,
    "floor": lambda x: type(x).__floor__(x), "ceil": lambda x: type(x).__ceil__(x), "trunc": lambda x: type(x).__trunc__(x),
}  # fmt: skip
