"""Whether two processes have the same: a hash of the data that a notebook's names stand for, which is equal where that is."""

from __future__ import annotations

import hashlib
import os
import pickle
import random
import sys
import types


def likeness(shell, numbers: str) -> str:
    """A hash of all that the notebook's names stand for and of the random numbers to come, of which `numbers` is one; "" where
    something among it cannot be compared."""
    hidden = shell.user_ns_hidden
    names = {name: value for name, value in shell.user_ns.items() if not (name in hidden and hidden[name] is value)}
    whole = hashlib.sha256(numbers.encode())
    try:
        weigher = _Weigher(_Into(whole))
        for name in sorted(names):
            weigher.dump((name, names[name]))
    except Exception:  # noqa: BLE001 - a file, a generator, a connection: whatever has no data to compare
        return ""
    return whole.hexdigest()


def random_state() -> str:
    """A hash of where the generators of random numbers stand."""
    state = [random.getstate()]
    if "numpy" in sys.modules:
        state.append(sys.modules["numpy"].random.get_state())
    return hashlib.sha256(pickle.dumps(state)).hexdigest()


class _Into:
    def __init__(self, whole):
        self.write = whole.update


class _Weigher(pickle.Pickler):
    """Pickles functions, classes and modules of the notebook's by what is in them, where pickle itself knows only names."""

    def __init__(self, file: _Into):
        super().__init__(file, protocol=5)
        self._seen: dict[int, int] = {}

    def reducer_override(self, x: object):
        parts = _parts(x)
        if parts is None:
            return NotImplemented
        if id(x) in self._seen:  # a class is met again in its own methods
            return _piece, ("again", self._seen[id(x)])
        self._seen[id(x)] = len(self._seen)
        return _piece, parts


def _piece(*parts: object) -> tuple:
    """What stands in a pickle for something taken apart. It is never read."""
    return parts


def _parts(x: object) -> tuple | None:
    """What there is to compare of x, None for what pickle knows better."""
    if isinstance(x, types.FunctionType):
        if _is_installed(x):
            return None
        cells = [cell.cell_contents for cell in x.__closure__ or ()]
        return "function", x.__qualname__, _code(x.__code__), x.__defaults__, x.__kwdefaults__, cells, x.__dict__
    if isinstance(x, types.ModuleType):
        here = os.getcwd() + os.sep
        own = (getattr(x, "__file__", None) or "").startswith(here)
        return "module", x.__name__, _public(x) if own else None
    if isinstance(x, type) and not _is_installed(x):
        return "class", x.__qualname__, x.__bases__, _public(x)
    if isinstance(x, property):
        return "property", x.fget, x.fset, x.fdel
    if isinstance(x, (staticmethod, classmethod)):
        return type(x).__name__, x.__func__
    return None


def _is_installed(x: object) -> bool:
    """Does it come from a package, where its name says it all?"""
    module = sys.modules.get(getattr(x, "__module__", None) or "")
    file = getattr(module, "__file__", None)
    return module is not None and module.__name__ != "__main__" and not (file or "").startswith(os.getcwd() + os.sep)


def _public(x: object) -> dict:
    skipped = ("__dict__", "__weakref__", "__builtins__", "__loader__", "__spec__", "__cached__")
    return {name: value for name, value in vars(x).items() if name not in skipped}


def _code(code: types.CodeType) -> tuple:
    constants = [_code(x) if isinstance(x, types.CodeType) else x for x in code.co_consts]
    return code.co_code, code.co_names, code.co_varnames, code.co_filename, code.co_firstlineno, constants
