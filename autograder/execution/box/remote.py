"""Calls across the wall, as data: the learner's side that answers them, and the handles that the judge holds."""

from __future__ import annotations

import builtins
import contextlib
import io
import itertools
import sys
import types
from collections.abc import Callable
from typing import Any

from .wire import decode, encode

LONGEST_TEXT, MOST_ITEMS = 2000, 100_000


class Answering:
    """In the learner's child: reads names and calls functions there. What it says is believed by nobody."""

    def __init__(self, names: dict):
        self._names, self._kept = names, []

    def answer(self, request: dict) -> dict:
        printed = io.StringIO()
        try:
            with contextlib.redirect_stdout(printed):
                reply = self._answer(request)
        except BaseException as error:  # noqa: BLE001 - SystemExit and KeyboardInterrupt are answers too
            reply = {"error": type(error).__name__, "text": _text(error)}
        text = printed.getvalue()
        return {**reply, "printed": text} if text else reply

    def _answer(self, request: dict) -> dict:
        op, refs = request["op"], self._kept if request.get("handles", True) else None
        arguments = decode(request.get("args", []), self._held)
        named = decode(request["kwargs"], self._held) if "kwargs" in request else {}
        if op == "get":
            if request["name"] not in self._names:
                return {"missing": True}
            value = self._names[request["name"]]
            if isinstance(value, types.ModuleType):
                return {"module": value.__name__}
            return {"value": self._encode(value, refs)}
        if op == "function":
            if request["name"] not in self._names:
                return {"error": "NameError", "text": f"name '{request['name']}' is not defined"}
            target = self._names[request["name"]]
        else:
            target = self._kept[request["id"]]
        if op in ("call", "function"):
            value = target(*arguments, **named)
        elif op == "attribute":
            value = getattr(target, request["name"])
        elif op == "length":
            value = len(target)
        elif op == "item":
            value = target[arguments[0]]
        elif op == "items":
            value = list(itertools.islice(iter(target), MOST_ITEMS))
        elif op == "text":
            value = str(target)
        else:
            raise ValueError(op)
        reply = {"value": self._encode(value, refs)}
        if value is None and any(isinstance(argument, (list, dict, set)) for argument in arguments):
            reply["args"] = encode(arguments, self._kept)  # a function that gives nothing back may have worked in place
        return reply

    def _encode(self, value: Any, refs: list | None) -> Any:
        if refs is None and "numpy" in sys.modules:
            with contextlib.suppress(Exception):
                value = value.tolist() if type(value).__module__ == "numpy" else value
        return encode(value, refs)

    def _held(self, handle: dict) -> Any:
        return self._kept[handle["id"]]


def _text(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST_TEXT].encode("utf8", "replace").decode("utf8")
    except BaseException:  # noqa: BLE001 - a learner's own exception class
        return ""


class RemoteError(Exception):
    """What a learner's object does not offer across the wall, or an exception of a class that exists only there."""


class CannotCross(Exception):
    """A test asks for what the wall does not let through: the test's fault, never the learner's."""


class Link:
    """In the judge: sends a request through the trusted side into the learner's box and rebuilds what comes back."""

    def __init__(self, ask: Callable[[dict], dict], changed: Callable[[], None]):
        self._ask, self._changed = ask, changed

    def raw(self, request: dict) -> dict:
        reply = self._ask(request)
        return reply if isinstance(reply, dict) else {"error": "RemoteError", "text": "no answer"}

    def value(self, data: Any) -> Any:
        return decode(data, self._handle)

    def __call__(self, op: str, arguments: tuple = (), named: dict | None = None, **more: Any) -> Any:
        kept = []
        request = {"op": op, "args": _sent(list(arguments), kept), "kwargs": _sent(dict(named or {}), kept), **more}
        reply = self.raw(request)
        self._changed()
        if isinstance(reply.get("printed"), str):
            sys.stdout.write(reply["printed"])
        if "error" in reply:
            raise rebuilt(reply)
        value = self.value(reply.get("value"))
        if value is None and "args" in reply:
            _update(arguments, self.value(reply["args"]))
        return value

    def _handle(self, data: dict) -> Remote:
        kind = RemoteFunction if data.get("callable") is True else Remote
        return kind(self, int(data["id"]), str(data.get("type"))[:200], str(data.get("name"))[:200])


def _sent(value: Any, kept: list) -> Any:
    """The judge's arguments: handles go home by their number; anything else that is no data is refused."""
    data = encode(value, kept)
    numbers = dict(enumerate(kept))
    for x in kept:
        if not isinstance(x, Remote):
            raise CannotCross(
                f"the test gives the learner's code an object of type {type(x).__name__}, which is no data"
            )

    def home(data: Any) -> Any:
        if isinstance(data, list):
            return [home(x) for x in data]
        if isinstance(data, dict) and data.get("$") == "handle":
            return {**data, "id": object.__getattribute__(numbers[data["id"]], "_id")}
        return {key: home(x) for key, x in data.items()} if isinstance(data, dict) else data

    return home(data) if kept else data


def _update(arguments: tuple, after: Any) -> None:
    if type(after) is not list or len(after) != len(arguments):
        return
    for before, now in zip(arguments, after, strict=True):
        if type(before) is not type(now):
            continue
        if type(before) is list:
            before[:] = now
        elif type(before) in (dict, set):
            before.clear()
            before.update(now)


class Remote:
    """A learner's object that stays in its box. Every use is a message; it cannot be compared nor taken for true."""

    __slots__ = ("__name__", "_id", "_link", "_type")
    __hash__ = None

    def __init__(self, link: Link, id_: int, kind: str, name: str):
        for field, value in (("_link", link), ("_id", id_), ("_type", kind), ("__name__", name)):
            object.__setattr__(self, field, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(f"{self._type} object: {name} is not given out of the learner's box")
        return self._link("attribute", id=self._id, name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        raise CannotCross(f"the test sets the attribute {name} of an object that stays in the learner's box")

    def __await__(self):
        raise CannotCross("the test awaits what stays in the learner's box")

    def __len__(self) -> int:
        length = self._link("length", id=self._id)
        if type(length) is not int or length < 0:
            raise RemoteError("that is no length")
        return length

    def __getitem__(self, key: Any) -> Any:
        return self._link("item", (key,), id=self._id)

    def __str__(self) -> str:
        text = self._link("text", id=self._id)
        return text if type(text) is str else ""

    def __repr__(self) -> str:
        return f"<learner's {self._type}>"

    def __bool__(self) -> bool:
        raise RemoteError(f"a learner's {self._type} is neither true nor false here: compare its values")

    def __eq__(self, other: object) -> bool:
        raise RemoteError(f"a learner's {self._type} cannot be compared: compare its values")

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __eq__

    def __iter__(self):
        items = self._link("items", id=self._id)
        return iter(items if type(items) is list else [])


class RemoteFunction(Remote):
    """A learner's function or class: calling it carries data only, both ways."""

    __slots__ = ()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._link("call", arguments, named, id=self._id)

    def __bool__(self) -> bool:
        return True


def rebuilt(reply: dict) -> Exception:
    """The learner's exception: a built-in class by its name, with its text; RemoteError for every other."""
    name, text = str(reply.get("error"))[:80], str(reply.get("text", ""))[:LONGEST_TEXT]
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception) and kind is not StopIteration:
        with contextlib.suppress(Exception):
            return kind(text)
    return RemoteError(f"{name}: {text}")
