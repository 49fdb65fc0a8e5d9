"""The names that a test sees: the instructor's, then Python's, then the learner's."""

from __future__ import annotations

import builtins
import importlib
import symtable
from functools import lru_cache
from typing import Any

from .link import Link, RemoteError
from .remote import Remote
from .wall import NAMED

# Modules that go by another name; a module is taken from the judge's own interpreter and only under a name that is its own.
ALIASES = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "mpl": "matplotlib",
    "sns": "seaborn",
    "sp": "sympy",
    "alt": "altair",
    "go": "plotly.graph_objects",
    "px": "plotly.express",
    "dt": "datetime",
}


class Names(dict):
    """The judge's builtins. A name that neither the notebook nor Python has is looked up in the learner's box."""

    def __init__(self) -> None:
        super().__init__(vars(builtins))
        self.link: Link | None = None
        # bound by the instructor's cells so far: where one of them failed, they stay undefined
        self.ours: set[str] = set()
        self._fetched: set[str] = set()
        self.told: dict[str, dict] = {}  # replies that came along with a test, good until the learner's code runs

    def __missing__(self, name: str) -> Any:
        if hasattr(builtins, name):  # IPython lends some, such as display, while a cell runs
            return getattr(builtins, name)
        if self.link is None or name.startswith("__") or name in self.ours:
            raise KeyError(name)
        value = self.fetch(name)
        self[name] = value
        self._fetched.add(name)
        return value

    def fetch(self, name: str) -> Any:
        """The learner's value of `name`. Raises KeyError where there is none."""
        reply = self.told.get(name) or self.link.raw({"op": "get", "name": name})
        if not reply.get("missing"):
            self.link.wall.used[NAMED + name] = None
        if "module" in reply:
            own = ALIASES.get(name, name)
            if reply["module"] != own:
                raise RemoteError(f"{name} is a module under another name")
            return importlib.import_module(own)
        if reply.get("missing"):
            raise KeyError(name)
        if "error" in reply:
            raise RemoteError(f"{reply['error']}: {reply.get('text', '')}")
        return self.link.value(reply.get("value"))

    def forget(self) -> None:
        """After the learner's code ran, data may be another: look it up again. Functions stay."""
        self.told = {}
        for name in [name for name in self._fetched if not issubclass(type(self.get(name)), Remote)]:
            del self[name]
            self._fetched.discard(name)

    def forget_all(self) -> None:
        for name in self._fetched:
            self.pop(name, None)
        self._fetched.clear()


@lru_cache(maxsize=2048)
def bound(source: str) -> frozenset[str]:
    """The names that a cell gives a value to, at its top level."""
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported())
