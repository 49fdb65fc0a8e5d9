"""In the judge: sends a request through the trusted side into the learner's box and rebuilds what comes back."""

from __future__ import annotations

import builtins
import contextlib
import enum
import inspect
import itertools
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

from . import classes
from .data import SIGN, NotData
from .inplace import update
from .references import reference
from .remote import Remote, RemoteCallable, RemoteClass, RemoteIterator
from .subclasses import SUBCLASSES, subclassed
from .wall import Wall
from .wire import decode, encode

KINDS = {"class": RemoteClass, "function": RemoteCallable, "callable": RemoteCallable, "iterator": RemoteIterator}
FUNCTIONS = (types.FunctionType, types.MethodType, types.BuiltinFunctionType)
MOST_ITEMS = 10_000  # of an iterator that a test gives
LONGEST = 2000
RUNNERS = ("unittest", "doctest", "pytest", "_pytest")


class RemoteError(Exception):
    """An exception of a class that exists only in the learner's process and is none of Python's."""


class Link:
    """`ask(request)` gives the learner's reply. `own` is the judge's namespace."""

    def __init__(self, ask: Callable[[dict], dict], own: dict):
        self._ask, self._own = ask, own
        self.wall, self.test = Wall(), ""
        self.before: Callable[[dict], None] = lambda request: None  # what goes along with a request
        self.after: Callable[[], None] = lambda: None  # after learner's code ran, data may be another
        self._remotes: dict[int, Any] = {}
        self._data: dict[int, Any] = {}  # of objects whose class is a subclass of a built-in type
        self._callbacks: list[Callable] = []
        self._errors: dict[str, type] = {}

    def raw(self, request: dict) -> dict:
        reply = self._ask(request)
        while isinstance(reply, dict) and "back" in reply:
            reply = self._ask(self._call_back(reply))
        return reply if isinstance(reply, dict) else {"error": "RuntimeError", "text": "no answer"}

    def __call__(self, op: str, arguments: tuple = (), named: dict | None = None, **more: Any) -> Any:
        request = {"op": op, "args": [self.sent(x) for x in arguments], **more}
        if named:
            request["kwargs"] = {str(key): self.sent(x) for key, x in named.items()}
        self.before(request)
        reply = self.raw(request)
        self.after()
        if type(reply.get("printed")) is str:
            sys.stdout.write(reply["printed"])
        if "error" in reply:
            raise self.rebuilt(reply)
        if "args" in reply and self.wall.may_change():
            for before, now in zip(arguments, reply["args"], strict=False):
                update(before, self.value(now))
            for key, now in reply.get("kwargs", {}).items():
                update((named or {}).get(key), self.value(now))
        value = reply.get("value")
        if type(value) is dict and value.get(SIGN) == "argument":
            return arguments[int(value["n"])]
        return self.value(value)

    def value(self, data: Any) -> Any:
        """What came back. Raises Refused for what cannot be carried: nobody knows whether it is right."""
        try:
            return decode(data, self._made)
        except NotData as error:
            self.wall.refuse(f"the answer cannot be carried out of the learner's process ({error})")

    def _made(self, kind: str, data: dict, decoded: Callable) -> Any:
        if kind == "subclass":
            return self._subclassed(decoded(data["v"]), self._handle(data["more"]))
        if kind == "handle":
            return self._handle(data)
        if kind == "masked":
            self.wall.need("masked", "the answer is a masked array, which a comparison may take for equal to anything")
            return data["v"]
        raise NotData("there is no such thing")

    def _subclassed(self, base: Any, remote: Remote) -> Any:
        """The same object of the learner's is the same object here each time: `fav() is Color.RED`."""
        place = remote._info["id"]
        made = self._data.get(place)
        if made is None or (type(base) not in (list, dict, set) and base != made):
            known = self.known_class(remote._info["families"][:1])
            own = known is not None and issubclass(known, type(base)) and hasattr(known, "_make")
            made = self._data[place] = known._make(base) if own else subclassed(base, remote)
        elif type(base) in (list, dict, set):
            update(made, base)
        return made

    def _handle(self, data: dict) -> Any:
        place, category = int(data["id"]), str(data["category"])
        if place not in self._remotes:
            info = {name: bool(data.get(name)) for name in ("bound", "equal", "truth", "contains", "error")}
            families = [[str(module)[:200], str(name)[:200]] for module, name in data["families"]][:30]
            own = [str(name) for name in data.get("own") or []][:60]
            info |= {
                "own": own,
                "id": place,
                "category": category,
                "families": families,
                "type": str(data.get("type"))[:200],
            }
            made: Any = KINDS.get(category, Remote)(self, info | {"name": data.get("name")})
            shared = classes.class_of_both(self._own, families) if category == "class" else None
            if shared is not None:
                made = shared
            elif info["error"]:
                made = self._error_class(families)
            elif category == "coroutine":
                made = self.awaited(made)
            self._remotes[place] = made
        self.wall.meet(category, str(data.get("type"))[:100])
        return self._remotes[place]

    async def awaited(self, remote: Remote) -> Any:
        """A learner's coroutine as one of the judge's."""
        return self("await", id=remote._info["id"])

    def known_class(self, families: list[list[str]]) -> type | None:
        return classes.known_class(self._own, families)

    def operator_of(self, families: list[list[str]], name: str) -> Callable | None:
        return classes.operator_of(self._own, families, name)

    def _error_class(self, families: list[list[str]]) -> type:
        """A learner's class of exceptions as one of the judge's own, with the same name and the nearest class that both have."""
        module, name = families[0] if families else ["builtins", "Exception"]
        if module.partition(".")[0] in RUNNERS:  # one that skips a test, or ends it early, is no error to them
            return self._error_class(families[1:])
        if module == "builtins":
            found = getattr(builtins, name, None)
            return found if isinstance(found, type) and issubclass(found, Exception) else RemoteError
        known = self.known_class(families[:1])
        if known is not None and issubclass(known, Exception):
            return known
        if name not in self._errors:
            parts = {"__module__": "__main__", "__getattr__": _of_theirs}
            self._errors[name] = type(name.rpartition(".")[2], (self._error_class(families[1:]),), parts)
        return self._errors[name]

    def rebuilt(self, reply: dict) -> Exception:
        """The learner's exception: of a class that the judge knows, or of one made like it, with its arguments and its text."""
        text = str(reply.get("text", ""))[:LONGEST]
        families = [entry for entry in reply.get("line") or [] if type(entry) is list and len(entry) == 2]
        kind = self._error_class(
            [[str(module), str(name)] for module, name in families] or [["builtins", str(reply.get("error"))]]
        )
        if kind is RemoteError:
            return RemoteError(f"{str(reply.get('error'))[:80]}: {text}")
        try:
            error = kind.__new__(kind)
            arguments = decode(reply["error args"], self._made) if "error args" in reply else [text]
            error.args = tuple(arguments)
            state = decode(reply.get("error state"), self._made)
            if type(state) is dict:
                vars(error).update(
                    {str(name): value for name, value in state.items() if not str(name).startswith("__")}
                )
            if type(reply.get("error self")) is dict:
                vars(error)["_learners"] = lambda: self._made("handle", reply["error self"], decode)
        except Exception:  # noqa: BLE001 - a class that is made in a way of its own, or arguments that cannot be carried
            return RemoteError(f"{str(reply.get('error'))[:80]}: {text}")
        return error

    def sent(self, value: Any) -> Any:
        """An argument of the judge's. Raises Refused for what is no data and has no way across."""
        try:
            return encode(value, self._sent_object, self.sent_subclass)
        except (NotData, RecursionError, ValueError) as error:
            self.wall.refuse(f"the test gives the learner's code a value that cannot be carried ({error})")

    def home(self, value: Any) -> dict:
        if issubclass(type(value), Remote):
            return {SIGN: "home", "id": value._info["id"]}
        raise NotData(f"an object of type {type(value).__name__}")

    def sent_subclass(self, value: Any) -> dict:
        """What goes along with the data of an object whose class is a subclass of a built-in type."""
        if type(value) in SUBCLASSES.values():
            return {SIGN: "home", "id": value._learners._info["id"]}
        kind = type(value)
        if self._own.get(kind.__name__) is kind and isinstance(value, enum.Enum):
            return {SIGN: "member", "name": kind.__name__, "member": value.name}
        if self._own.get(kind.__name__) is kind and hasattr(kind, "_fields"):
            return {SIGN: "built", "name": kind.__name__}
        raise NotData(f"an object of the test's own class {kind.__name__}")

    def _sent_object(self, value: Any) -> dict:
        if issubclass(type(value), Remote):
            return self.home(value)
        for place, made in self._remotes.items():
            if made is value:
                return {SIGN: "home", "id": place}
        if isinstance(value, types.ModuleType):
            return {SIGN: "import", "module": value.__name__, "name": ""}
        if found := reference(value):
            return {SIGN: "import", "module": found[0], "name": found[1]}
        if isinstance(value, type) and self._own.get(value.__name__) is value:
            return {SIGN: "name", "name": value.__name__}
        if isinstance(value, Exception):
            return {SIGN: "error", "name": type(value).__name__, "args": [self.sent(x) for x in value.args]}
        own = type(value).__module__.partition(".")[0] in ("__main__", "functools", "unittest")
        if isinstance(value, FUNCTIONS) or (callable(value) and own and not isinstance(value, type)):
            self._callbacks.append(value)
            name, told = (
                getattr(value, "__name__", "function"),
                inspect.getdoc(value) if hasattr(value, "__code__") else None,
            )
            return {SIGN: "callback", "id": len(self._callbacks) - 1, "name": str(name), "doc": told}
        if isinstance(value, Iterator):
            items = list(itertools.islice(value, MOST_ITEMS + 1))
            if len(items) <= MOST_ITEMS:
                return {SIGN: "iterator", "v": self.sent(items)}
        raise NotData(f"an object of type {type(value).__name__}")

    def _call_back(self, reply: dict) -> dict:
        """Work out a function of the test's for the learner's code; the request that takes the result back."""
        try:
            function = self._callbacks[int(reply["back"])]
            arguments = [self.value(x) for x in reply["args"]]
            named = {str(key): self.value(x) for key, x in reply["kwargs"].items()}
            return {"op": "return", "value": self.sent(function(*arguments, **named))}
        except Exception as error:  # noqa: BLE001 - the test's function may well raise
            text = ""
            with contextlib.suppress(Exception):
                text = str(error)[:LONGEST]
            return {"op": "return", "error": type(error).__name__, "text": text}


def _of_theirs(error: Exception, name: str) -> Any:
    """What a learner's exception works out: a property, a slot. Asked only where the copy of it has no such attribute."""
    theirs = vars(error).get("_learners")
    if theirs is None or name.startswith("__"):
        raise AttributeError(f"'{type(error).__name__}' object has no attribute '{name}'")
    return getattr(theirs(), name)
