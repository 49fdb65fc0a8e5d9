"""What Python asks of an object by its operators, for the class that stands in place of a learner's."""

from __future__ import annotations


def give_operators(kind: type) -> None:
    """The operators of arithmetic, each from the left, from the right and in place; those of order, and of rounding."""
    names = "add sub mul truediv floordiv mod pow matmul and_ or_ xor lshift rshift".split()

    def left(name: str):
        return lambda self, other: self._operate("operate", name, other)

    def right(name: str):
        return lambda self, other: self._operate("reflected", name, other)

    for name in names:
        bare = name.strip("_")
        setattr(kind, f"__{bare}__", left(name))
        setattr(kind, f"__r{bare}__", right(name))
        setattr(kind, f"__i{bare}__", left(f"i{bare}"))
    for name in ("neg", "pos", "abs", "invert"):
        setattr(kind, f"__{name}__", lambda self, name=name: self._ask("operate", name=name))
    for name in ("lt", "le", "gt", "ge"):
        setattr(kind, f"__{name}__", lambda self, other, name=name: self._compare(name, other))
    for name in ("floor", "ceil", "trunc"):
        setattr(kind, f"__{name}__", lambda self, name=name: self._make(name))
    kind.__divmod__ = lambda self, other: (self // other, self % other)
