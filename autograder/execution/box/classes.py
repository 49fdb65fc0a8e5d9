"""Which of the judge's own classes is meant by the module and the name that a learner's object gives."""

from __future__ import annotations

import builtins
import sys
import types
from collections.abc import Callable

from .remote import RemoteClass


def known_class(own: dict, families: list[list[str]]) -> type | None:
    """The first of the classes that the judge has too: the instructor's own, by the names in `own`, or one of a library that it has
    imported."""
    for module, name in families:
        found = own.get(name) if module == "__main__" else None
        if module not in ("__main__", "builtins"):
            found = sys.modules.get(module)
            for part in name.split("."):
                found = vars(found).get(part) if isinstance(found, (types.ModuleType, type)) else None
        if type(found) is not RemoteClass and isinstance(found, type) and found is not object:
            return found
    return None


def class_of_both(own: dict, families: list[list[str]]) -> type | None:
    """A class of Python's or of a library's, which the judge has itself: int, numpy.float64."""
    module, name = families[0]
    if module == "builtins":
        found = getattr(builtins, name, None)
        return found if isinstance(found, type) else None
    return known_class(own, families[:1]) if module != "__main__" else None


def operator_of(own: dict, families: list[list[str]], name: str) -> Callable | None:
    """An operator of the instructor's class, for an object that says it is of that class. It is worked out in the judge, of the
    object's attributes, and not by what the learner's process has made of that class."""
    kind = known_class(own, families[:1]) if families[0][0] == "__main__" else None
    method = getattr(kind, f"__{name}__", None)
    stock = method is not None and method is getattr(object, f"__{name}__", None)
    return method if stock or isinstance(method, types.FunctionType) else None
