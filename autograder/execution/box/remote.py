"""What the judge holds in place of a learner's object: every use of it is a message, and what comes back is data."""

from __future__ import annotations

import builtins
import math
import types
from typing import TYPE_CHECKING, Any

from .operators import give_operators
from .wall import OBJECT

if TYPE_CHECKING:
    from .link import Link

# Names with two underscores are asked for by libraries that only want to know what an object is. These are a test's own.
GIVEN_OUT = frozenset(
    "doc name qualname module annotations dict code defaults kwdefaults closure wrapped members slots func self mro "
    "dataclass_fields dataclass_params match_args abstractmethods total type_params cause context notes text_signature".split()
)
KINDS = {
    "generator": types.GeneratorType,
    "function": types.FunctionType,
    "method": types.MethodType,
    "builtin_function_or_method": types.BuiltinFunctionType,
    "property": property,
}


class Remote:
    """A learner's object that stays in its box."""

    __slots__ = ("__name__", "_info", "_link")

    def __init__(self, link: Link, info: dict):
        for field, value in (("_link", link), ("_info", info), ("__name__", str(info.get("name"))[:200])):
            object.__setattr__(self, field, value)

    def _ask(self, op: str, *arguments: Any, **more: Any) -> Any:
        answer = self._link(op, arguments, id=self._info["id"], **more)
        if op.endswith("attribute") or self._info["category"] in (
            "instance",
            "callable",
        ):  # afterwards: it may have none
            self._need(OBJECT, "the test looks into an object of the learner's own")
        return answer

    def _need(self, what: str, why: str) -> None:
        self._link.wall.need(what, f"{why} ({self._info['type']})")

    def _make(self, name: str, *arguments: Any) -> Any:
        return self._ask("make", *arguments, name=name)

    @property
    def __class__(self) -> type:
        """The nearest class that the judge knows too, so that isinstance() answers as in the learner's process."""
        return self._link.known_class(self._info["families"]) or KINDS.get(self._info["families"][0][1], type(self))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.strip("_") not in GIVEN_OUT:
            if name in self._link.test:
                self._link.wall.doubt(
                    f"the test looks at a part of an object that stays in the learner's process ({name})"
                )
            raise AttributeError(f"{self._info['type']} object: {name} is not given out of the learner's process")
        return self._ask("attribute", name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set attribute", value, name=name)

    def __delattr__(self, name: str) -> None:
        self._ask("delete attribute", name=name)

    def __dir__(self) -> list[str]:
        return self._make("dir")

    def __await__(self):
        return self._link.awaited(self).__await__()

    def __len__(self) -> int:
        return _whole(self._make("len"))

    def __hash__(self) -> int:
        return _whole(self._make("hash"))

    def __index__(self) -> int:
        return _whole(self._ask("operate", name="index"))

    def __int__(self) -> int:
        return _whole(self._make("int"))

    def __float__(self) -> float:
        value = self._make("float")
        return value if type(value) is float else math.nan

    def __complex__(self) -> complex:
        return complex(self._make("complex"))

    def __str__(self) -> str:
        return _text(self._make("str"))

    def __repr__(self) -> str:
        return _text(self._make("repr"))

    def __format__(self, how: str) -> str:
        return _text(self._make("format", how))

    def __bytes__(self) -> bytes:
        value = self._make("bytes")
        return value if type(value) is bytes else b""

    def __bool__(self) -> bool:
        return self._make("bool") is True if self._info["truth"] else True

    def __round__(self, digits: Any = None) -> Any:
        return self._make("round", *([] if digits is None else [digits]))

    def __getitem__(self, key: Any) -> Any:
        return self._ask("operate", key, name="getitem")

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("operate", key, value, name="setitem")

    def __delitem__(self, key: Any) -> None:
        self._ask("operate", key, name="delitem")

    def __iter__(self) -> Any:
        return self._make("iter")

    def __reversed__(self) -> Any:
        return self._make("reversed")

    def __contains__(self, item: Any) -> bool:
        if not self._info["contains"]:
            return any(item is x or item == x for x in self)
        self._need("contains", "whether a value is in it is answered by the learner's own object")
        return self._ask("operate", item, name="contains") is True

    def __enter__(self) -> Any:
        return self._make("enter")

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool:
        swallowed = self._ask("make", *([type(error), error, None] if error is not None else []), name="exit") is True
        if swallowed and error is not None:
            self._need("swallow", "the learner's own object takes the test's error for settled")
        return swallowed

    def _compare(self, name: str, other: Any) -> Any:
        if own := self._link.operator_of(self._info["families"], name):
            return own(self, other)
        what = "compare" if isinstance(_home(other), Remote) else "compare with data"
        self._need(what, "the comparison is answered by the learner's own object")
        return self._ask("operate", other, name=name)

    def __eq__(self, other: object) -> Any:
        return self._compare("eq", other) if self._info["equal"] or _custom(other) else self is other

    def __ne__(self, other: object) -> Any:
        return self._compare("ne", other) if self._info["equal"] or _custom(other) else self is not other

    def _operate(self, op: str, name: str, other: Any) -> Any:
        # a number of the test's would be told, and the learner's object would say what comes of it
        bare = "r" * (op == "reflected") + name.strip("_")
        if not bare.startswith("i") and (own := self._link.operator_of(self._info["families"], bare)):
            return own(self, other)
        if not isinstance(other, Remote):
            self._need("arithmetic", "the result is worked out by the learner's own object")
        return self._ask(op, other, name=name)


class RemoteCallable(Remote):  # calling it carries data, both ways
    __slots__ = ()

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        if (self._info["bound"] and (arguments or named)) or self._info["category"] == "callable":
            self._need(f"method {self.__name__}", "the result is that of a method of the learner's own object")
        return self._link("call", arguments, named, id=self._info["id"])


class RemoteIterator(Remote):
    __slots__ = ()

    def __iter__(self) -> RemoteIterator:
        return self

    def __next__(self) -> Any:
        return self._make("next")


class RemoteClass(RemoteCallable):
    __slots__ = ()

    @property
    def __class__(self) -> type:
        return type

    @property
    def __bases__(self) -> tuple:
        """The classes that it inherits from, as far as the judge knows them: for issubclass()."""
        known = self._link.known_class(self._info["families"])
        built_in = [getattr(builtins, name, None) for module, name in self._info["families"] if module == "builtins"]
        return (
            (known,) if known is not None else tuple(kind for kind in built_in if isinstance(kind, type)) or (object,)
        )

    @property
    def __mro__(self) -> Any:
        return self._ask("attribute", name="__mro__")

    def __instancecheck__(self, value: Any) -> bool:
        return isinstance(_home(value), Remote) and self._ask("make", value, name="isinstance") is True

    def __subclasscheck__(self, other: Any) -> bool:
        return isinstance(_home(other), Remote) and self._ask("make", other, name="issubclass") is True


def _home(value: Any) -> Any:
    return (
        value
        if issubclass(type(value), Remote)
        else type(value).__dict__.get("_learners", getattr(value, "_learners", None))
    )


def _custom(other: object) -> bool:
    return issubclass(type(other), Remote) and other._info["equal"]


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("that is no whole number")
    return value


def _text(value: Any) -> str:
    return value if type(value) is str else ""


give_operators(Remote)
for _kind in (Remote, RemoteCallable, RemoteIterator, RemoteClass):  # else a test would read the docstrings of these
    _kind.__doc__ = property(lambda self: self._ask("attribute", name="__doc__"))
