"""A learner's own function in their own kernel: its source is kept, and the examples are tried on it. Nothing is scored here."""

from __future__ import annotations

import builtins
import contextlib
import copy
import dis
import inspect
import io
import reprlib
import signal
import threading
import types
from collections.abc import Callable, Iterator
from typing import Any

from IPython import get_ipython

from .questions.kinds import code
from .questions.kinds._data import plain, same

LONGEST_TEXT = 80
_short = reprlib.Repr()
_short.maxstring = _short.maxother = 60


def find(name: str) -> Callable | None:
    """What the notebook calls `name`, if it can be called."""
    found = _namespace().get(name)
    return found if callable(found) else None


def source(public: dict) -> str:
    """The whole text of the cell that defines the function, with what stands beside it (imports, helpers).

    "" when there is none yet, or it was not written in this notebook.
    """
    function = find(public["function"])
    try:
        function = inspect.unwrap(function)
        if function.__globals__ is not _namespace():
            return ""
        return "".join(inspect.findsource(function)[0]).removesuffix("\n")
    except Exception:  # noqa: BLE001 - anything can bear the name: a class, a built-in, an object that pretends
        return ""


def is_missing(public: dict) -> bool:
    """Nothing written yet: no function, the starter as it was, or one that says so itself."""
    function = find(public["function"])
    return (
        function is None
        or _unwritten(public)
        or _says_so(attempt(function, public["examples"][0], public["tolerance"]))
    )


def _unwritten(public: dict) -> bool:
    written = source(public)
    return bool(written and code.unfinished(public, written))


def _says_so(tried: dict) -> bool:
    return tried["error"] == "NotImplementedError"


def try_examples(public: dict) -> dict[str, Any]:
    """{"rows": [{"yours": short text, "right": ...}], "text": what came out, "note": what to mind}, for the page. Never raises."""
    name, examples = public["function"], public["examples"]
    function = find(name)
    if function is None:
        return {"rows": [], "text": f"There is no function {name} yet: run the cell in which you write it.", "note": ""}
    rows = []
    for example in examples:
        if rows and rows[-1]["error"] == "KeyboardInterrupt":
            rows.append({**rows[-1], "yours": "not tried"})
        else:
            rows.append(attempt(function, example, public["tolerance"]))
    right = sum(row["right"] for row in rows)
    text = f"{right} of {len(rows)} examples {'gives' if right == 1 else 'give'} what is expected."
    if _unwritten(public) or (rows and _says_so(rows[0])):  # known without calling it again: it may never end
        text = f"{name} is not written yet: put your own lines into its cell, run that cell, then try the examples."
    return {"rows": rows, "text": text, "note": _note(public)}


def attempt(function: Callable, example: dict, tolerance: float) -> dict[str, Any]:
    """One example: what came out as short text, whether it is right, and the name of the error that stopped it, if any."""
    try:
        with contextlib.redirect_stdout(_Nowhere()), _interruptible():
            value = function(*copy.deepcopy(example["args"]))
            shown = _short.repr(value)[:LONGEST_TEXT]
        right = "gives" in example and same(example["gives"], plain(value), tolerance)
        return {"yours": shown, "right": right, "error": ""}
    except BaseException as error:  # noqa: BLE001 - an interrupt and an exit too: they end the trial, not the notebook
        name = type(error).__name__
        return {"yours": _told(name, error), "right": example.get("raises") == name, "error": name}


def on_main_thread(act: Callable[[], None]) -> None:
    """Run `act` where Interrupt Kernel reaches it. JupyterLab hands a widget's messages to another thread than the cells'."""

    def safely() -> None:
        with contextlib.suppress(KeyboardInterrupt):  # one that comes between two calls must not end the kernel
            act()

    shell = get_ipython()
    if threading.current_thread() is threading.main_thread() or shell is None:
        safely()
    else:
        shell.kernel.io_loop.add_callback(safely)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Outside a cell the kernel ignores interrupts; while a learner's function runs it must not."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class _Nowhere(io.TextIOBase):
    """What a function prints while it is tried belongs to no cell."""

    def write(self, text: str) -> int:
        return len(text)


def _told(name: str, error: BaseException) -> str:
    if name == "KeyboardInterrupt":
        return "was interrupted"
    try:
        text = " ".join(str(error).split())
    except Exception:  # noqa: BLE001 - an error of the learner's own
        text = ""
    return f"{name}: {text}"[:LONGEST_TEXT] if text else f"raises {name}"


def _note(public: dict) -> str:
    written = source(public)
    if not written:
        return f"{public['function']} was not written in this notebook: what counts is what stands in the cell above."
    if others := [name for name in used(written) if name in _namespace()]:
        return (
            f"Your cell uses {', '.join(others)} from another cell. Put it into this one too: only this cell is graded."
        )
    return ""


def used(source: str) -> list[str]:
    """The names that a cell uses and neither defines nor has from Python itself."""
    try:
        found = [*_instructions(compile(source, "cell", "exec"))]
    except (SyntaxError, ValueError):
        return []
    defined = {name for how, name in found if how.startswith("STORE_")}
    return sorted({name for how, name in found if how in ("LOAD_NAME", "LOAD_GLOBAL")} - defined - set(dir(builtins)))


def _instructions(block: types.CodeType) -> Iterator[tuple[str, str]]:
    for instruction in dis.get_instructions(block):
        if instruction.opname in ("LOAD_NAME", "LOAD_GLOBAL", "STORE_NAME", "STORE_GLOBAL"):
            yield instruction.opname, instruction.argval
    for constant in block.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _instructions(constant)


def _namespace() -> dict[str, Any]:
    shell = get_ipython()
    return shell.user_ns if shell else {}
