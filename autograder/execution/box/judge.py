"""The judge: runs the instructor's test cells, in a process that no learner's code has ever been in.

It starts as a fork of a process that has run only the instructor's own cells. A name that these do not define is asked of
the learner's box, each time a test looks for it: data comes as data, functions as handles.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import datetime
import decimal
import importlib
import io
import math
import numbers
import random
import signal
import symtable
import sys
import traceback
from typing import Any

from .remote import CannotCross, Link, Remote, RemoteError
from .wire import NotData

# Modules that go by another name; a module is taken from the judge's own interpreter and only under a name that is its own.
ALIASES = {
    "np": "numpy",
    "pd": "pandas",
    "plt": "matplotlib.pyplot",
    "go": "plotly.graph_objects",
    "px": "plotly.express",
}


class Names(dict):
    """The judge's builtins. A name that neither the notebook nor Python has is looked up in the learner's box."""

    def __init__(self):
        super().__init__(vars(builtins))
        self.link: Link | None = None
        self.ours: set[str] = (
            set()
        )  # bound by the instructor's cells so far: where one of them failed, they stay undefined
        self._fetched: set[str] = set()

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
        reply = self.link.raw({"op": "get", "name": name})
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
        for name in [name for name in self._fetched if not isinstance(self.get(name), Remote)]:
            del self[name]
            self._fetched.discard(name)

    def forget_all(self) -> None:
        for name in self._fetched:
            self.pop(name, None)
        self._fetched.clear()


class Judge:
    """The instructor's namespace, in IPython's shell."""

    def __init__(self, kernel, theirs: list[str]):
        self._shell, self._names, self._theirs = kernel.shell, Names(), theirs
        self._own = self._shell.user_ns
        self._own["__builtins__"] = self._names
        self._shell.showtraceback = lambda *_, **__: None  # a traceback that nobody sees costs 10 ms
        self._shell.showsyntaxerror = lambda *_, **__: None
        self._shell.display_formatter.active_types = ["text/plain"]

    def open(self, cells: list[str], imports: str) -> int:
        """Run the instructor's first cells, for every fork; the number that ran through. The first that fails is undone."""
        self._run(imports)
        for n, source in enumerate(cells):
            before = dict(self._own)
            if not self._run(source).success:
                self._own.clear()
                self._own.update(before)
                return n
        return len(cells)

    def serve(self, receive, send) -> None:
        """The judge's child: runs what it is sent until the other side hangs up."""

        def ask(request: dict) -> dict:
            send({"t": "ask", "content": request})
            reply = receive()
            if reply is None:
                raise SystemExit
            return reply["answer"]

        signal.signal(signal.SIGINT, signal.default_int_handler)
        self._names.link = Link(ask, self._names.forget)
        while (request := receive()) is not None:
            self._names.forget_all()
            reply = self._test(request["test"]) if "test" in request else self._own_cell(request["cell"])
            send({"t": "verdict", "content": reply})

    def _own_cell(self, source: str) -> dict:
        result = self._run(source)
        return {"error": None if result.success else type(result.error_in_exec or result.error_before_exec).__name__}

    def _test(self, source: str) -> dict:
        """{"value": None | number | "other"} when the cell ran through, {"error", "text", "line", "fault"} when it did not."""
        shadowed = [name for name in self._theirs if (name in self._own or hasattr(builtins, name)) and name in source]
        mine = {name: self._own[name] for name in shadowed if name in self._own}
        try:
            for name in shadowed:
                try:
                    self._own[name] = self._names.fetch(name)
                except KeyError:
                    return {"error": "NameError", "text": f"name '{name}' is not defined", "line": 0}
                except (RemoteError, NotData) as error:
                    return {"error": type(error).__name__, "text": str(error), "line": 0}
            self._shell.automagic = False  # `save(10) == 11` calls the learner's function, whatever magic has its name
            result = self._run(source)
        finally:
            self._shell.automagic = True
            for name in shadowed:
                self._own.pop(name, None)
            self._own.update(mine)
        error = result.error_in_exec or result.error_before_exec
        if error is not None:
            return {
                "error": type(error).__name__,
                "text": _text(error),
                "line": _line(error),
                "fault": isinstance(error, CannotCross),
                "opaque": isinstance(error, (RemoteError, NotData)),
            }
        return {"value": _number(result.result)}

    def _run(self, source: str):
        try:
            return self._run_cell(source)
        finally:
            self._names.ours |= bound(self._shell.transform_cell(source)) - set(self._theirs)

    def _run_cell(self, source: str):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return self._shell.run_cell(source, store_history=False, silent=False)


def imports_of(sources: list[str]) -> str:
    """The import statements of the instructor's own cells that a learner may edit: modules never come out of the box."""
    found = []
    for source in sources:
        with contextlib.suppress(SyntaxError, ValueError):
            for node in ast.parse(source).body:
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    found.append(f"try:\n    {ast.unparse(node)}\nexcept ImportError:\n    pass")
    return "\n".join(dict.fromkeys(found))


def bound(source: str) -> set[str]:
    """The names that a cell gives a value to, at its top level."""
    try:
        symbols = symtable.symtable(source, "cell", "exec").get_symbols()
    except (SyntaxError, ValueError):
        return set()
    return {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_imported()}


def _number(value: Any) -> float | str | None:
    """What a test cell evaluated to: nothing, a number of points, or something else (which says no more than that it ran).

    A number that nbgrader would not read as one (of numpy, in quotes) is told in words. What a learner's array makes of a
    sum of points is no number, and its type is told: to compare an array gives an array.
    """
    if value is None or isinstance(value, Remote):
        return None if value is None else "other"
    home, read = type(value).__module__.partition(".")[0], type(value) in (int, float)
    if home == "numpy" and getattr(value, "ndim", 1) == 0:
        value = value.item()
    if isinstance(value, bool):
        return "other" if value else "False"
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = float(value)
    if isinstance(value, (numbers.Real, decimal.Decimal)):
        with contextlib.suppress(OverflowError, ValueError):
            number = float(value)
            return number if read and math.isfinite(number) else repr(number)
        return "inf"
    table = home == "pandas" or (home == "numpy" and getattr(getattr(value, "dtype", None), "kind", "O") != "O")
    return type(value).__name__ if table or isinstance(value, (numbers.Number, datetime.timedelta)) else "other"


def _line(error: BaseException) -> int:
    """The line of the test cell that failed, 0 when it cannot be told."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_name == "<module>"]
    return lines[0] if lines else 0


def _text(error: BaseException) -> str:
    with contextlib.suppress(Exception):
        return str(error)[:2000].encode("utf8", "replace").decode("utf8")
    return ""


def reseed(seed: int) -> None:
    """The same random numbers for every submission."""
    random.seed(seed)
    if "numpy" in sys.modules:
        sys.modules["numpy"].random.seed(seed % 2**32)
