"""The learner's side of the wall: reads names and uses objects there, as the judge asks. What it says is believed by nobody."""

from __future__ import annotations

import builtins
import contextlib
import importlib
import inspect
import io
import json
import random
import sys
import types
from collections.abc import Callable
from typing import Any

from . import folder
from .data import SIGN
from .uses import OPERATORS, use
from .wire import decode, encode

LONGEST_TEXT = 2000
MUTABLE = (list, dict, set, bytearray, io.StringIO, io.BytesIO)


class Answering:
    """In the learner's child. `exchange(message)` sends one to the judge and gives the next request."""

    def __init__(self, names: dict, exchange: Callable[[dict], dict | None]):
        self._names, self._exchange = names, exchange
        self._kept: list = []
        self._places: dict[int, int] = {}
        self.files = folder.Folder()

    def answer(self, request: dict) -> dict:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                reply = self._answer(request)
        except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt are answers too
            reply = self._raised(error)
        text = printed.getvalue()
        return {**reply, "printed": text} if text else reply

    def told(self, names: list[str]) -> dict[str, dict]:
        """What the judge would ask for first: those of the names that are functions or classes, as "get" gives them."""
        return {name: self.answer({"op": "get", "name": name}) for name in names if callable(self._names.get(name))}

    async def answer_awaited(self, request: dict) -> dict:
        """As `answer`, for a coroutine: it runs in the loop that the cells run in."""
        try:
            value = await self._kept[request["id"]]
            return self.answer({"op": "given", "args": [], "value": value})
        except BaseException as error:  # noqa: BLE001
            return self._raised(error)

    def _answer(self, request: dict) -> dict:
        op = request["op"]
        if "seeds" in request:
            _seed(request["seeds"])
        if "files" in request:
            self.files.write(request["files"])
        if op == "folder":
            return self.files.changed()
        if op == "set":
            self._names.update({name: self._decode(value) for name, value in request["values"].items()})
            return {"value": None}
        arguments = [self._decode(value) for value in request.get("args", ())]
        named = {name: self._decode(value) for name, value in request.get("kwargs", {}).items()}
        handles = request.get("handles", True)
        if op == "get":
            return self._name(request["name"])
        if op == "function":
            if request["name"] not in self._names:
                return {"error": "NameError", "text": f"name '{request['name']}' is not defined"}
            return {"value": self._encode(self._names[request["name"]](*arguments, **named), handles)}
        if op == "given":
            return {"value": self._encode(request["value"], handles)}
        target = self._kept[request["id"]]
        if op != "call":
            return {"value": self._encode(use(op, request, target, arguments), handles)}
        before = self._snapshot([*arguments, *named.values()])
        value = target(*arguments, **named)
        same = next((n for n, given in enumerate(arguments) if given is value and isinstance(value, MUTABLE)), None)
        reply = {"value": {SIGN: "argument", "n": same} if same is not None else self._encode(value, handles)}
        if before is not None and before != self._snapshot([*arguments, *named.values()]):
            reply["args"] = [self._encode(value, handles) for value in arguments]
            reply["kwargs"] = {name: self._encode(value, handles) for name, value in named.items()}
        return reply

    def _name(self, name: str) -> dict:
        if name not in self._names:
            return {"missing": True}
        value = self._names[name]
        if isinstance(value, types.ModuleType):
            return {"module": value.__name__}
        return {"value": self._encode(value, True)}

    def _snapshot(self, arguments: list) -> str | None:
        """What the arguments are, where some can be changed in place; None where none can."""
        if not any(
            isinstance(x, MUTABLE) or type(x).__module__.partition(".")[0] in ("numpy", "pandas") for x in arguments
        ):
            return None
        try:
            return json.dumps(encode(arguments, lambda x: {"id": id(x)}))
        except Exception:  # noqa: BLE001 - a value that cannot be carried: it is compared by nothing
            return None

    def _raised(self, error: BaseException) -> dict:
        reply: dict = {"error": type(error).__name__, "text": text_of(error), "line": _families(type(error))}
        for part, value in (("args", list(error.args)), ("state", dict(vars(error)))):
            with contextlib.suppress(BaseException):
                reply[f"error {part}"] = self._encode(value, True)
        if type(error).__module__ == "__main__":  # it may have attributes that are worked out
            reply["error self"] = self._handle(error)
        return reply

    def _encode(self, value: Any, handles: bool) -> Any:
        if handles:
            return encode(value, self._handle, self._handle)
        if "numpy" in sys.modules:
            with contextlib.suppress(Exception):
                value = value.tolist() if type(value).__module__ == "numpy" else value
        return encode(value)

    def _handle(self, x: Any) -> dict:
        """What stays here, described: the same object has the same number each time."""
        place = self._places.get(id(x))
        if place is None:
            place = self._places[id(x)] = len(self._kept)
            self._kept.append(x)
        kind, name = type(x), getattr(x, "__name__", "")
        is_class = isinstance(x, type)
        return {
            SIGN: "handle",
            "id": place,
            "category": _category(x),
            "type": f"{kind.__module__}.{kind.__qualname__}",
            "name": name if type(name) is str else "",
            "families": _families(x if is_class else kind),
            "error": is_class and issubclass(x, BaseException),
            "bound": getattr(x, "__self__", None) is not None
            and not isinstance(getattr(x, "__self__", None), types.ModuleType),
            "equal": kind.__eq__ is not object.__eq__ and not is_class,
            "truth": hasattr(kind, "__bool__") or hasattr(kind, "__len__"),
            "contains": hasattr(kind, "__contains__"),
            "own": sorted(
                {name for cls in type.mro(kind) if cls.__module__ == "__main__" for name in vars(cls)} & OPERATORS
            ),
        }

    def _decode(self, data: Any) -> Any:
        return decode(data, self._made)

    def _made(self, kind: str, data: dict, decoded: Callable) -> Any:
        if kind == "home":
            return self._kept[data["id"]]
        if kind == "import":
            value: Any = importlib.import_module(data["module"])
            for part in filter(None, data["name"].split(".")):
                value = getattr(value, part)
            return value
        if kind == "name":
            return self._names[data["name"]]
        if kind == "member":
            return self._names[data["name"]][data["member"]]
        if kind == "subclass":
            more = data["more"]
            if more[SIGN] == "built":
                return self._names[more["name"]](*decoded(data["v"]))
            return self._made(more[SIGN], more, decoded)
        if kind == "masked":
            return data["v"]
        if kind == "iterator":
            return iter(decoded(data["v"]))
        if kind == "callback":
            return self._callback(data["id"], data["name"], data["doc"])
        if kind == "error":
            return self._error(data["name"])(*[decoded(value) for value in data["args"]])
        raise ValueError(kind)

    def _error(self, name: str) -> type[Exception]:
        """The class of exceptions that has this name here."""
        kind = getattr(builtins, name, None) or self._names.get(name)
        return kind if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError

    def _callback(self, number: int, name: str, told: str | None) -> Callable:
        """A function of the test's own, called from here: the judge works it out."""

        def stub(*arguments: Any, **named: Any) -> Any:
            request = self._exchange(
                {
                    "back": number,
                    "args": [self._encode(value, True) for value in arguments],
                    "kwargs": {key: self._encode(value, True) for key, value in named.items()},
                }
            )
            while request is not None and request["op"] != "return":  # the test's function calls the learner's in turn
                request = self._exchange(self.answer(request))
            if request is None:
                raise SystemExit
            if "error" in request:
                raise self._error(request["error"])(request["text"])
            return self._decode(request["value"])

        stub.__name__ = stub.__qualname__ = name
        stub.__doc__ = told
        return stub


def _category(x: Any) -> str:
    if isinstance(x, type):
        return "class"
    if inspect.iscoroutine(x):
        return "coroutine"
    if (
        isinstance(x, (types.FunctionType, types.BuiltinFunctionType, types.MethodType))
        or type(x).__name__ == "_lru_cache_wrapper"
    ):
        return "function"
    if hasattr(type(x), "__next__"):
        return "iterator"
    return "callable" if callable(x) else "instance"


def _families(kind: type) -> list[list[str]]:
    """Module and name of a class and of those that it inherits from."""
    return [[str(cls.__module__), str(cls.__qualname__)] for cls in type.mro(kind)[:30]]


def _seed(seeds: dict) -> None:
    """The test has seeded its own random numbers: the learner's begin at the same place."""
    if "random" in seeds:
        random.seed(seeds["random"])
    if "numpy" in seeds:
        with contextlib.suppress(ImportError):
            importlib.import_module("numpy").random.seed(seeds["numpy"])


def text_of(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST_TEXT].encode("utf8", "replace").decode("utf8")
    except BaseException:  # noqa: BLE001 - a learner's own exception class
        return ""
