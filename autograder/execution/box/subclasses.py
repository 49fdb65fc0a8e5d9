"""What the judge holds in place of a learner's object whose class is a subclass of a built-in type: its data, and the object."""

from __future__ import annotations

from typing import Any

from .remote import Remote, RemoteCallable

SUBCLASSES: dict[tuple, type] = {}


def subclassed(base: Any, remote: Remote) -> Any:
    """The data of a learner's object whose class is a subclass of a built-in type: of a like class, with that type's own
    operators but for those that it has of its own, and what only the learner's class has is asked of their object."""
    kind, name = type(base), remote._info["families"][0][1].rpartition(".")[2]
    key = kind, name, *remote._info["own"]
    if key not in SUBCLASSES:

        def answered(method: Any):
            return lambda self, *arguments: method(self._learners, *arguments)

        def asked(self: Any, attribute: str) -> Any:
            if attribute == "_learners":
                raise AttributeError(attribute)
            return getattr(self._learners, attribute)

        own = {"__getattr__": asked, "__repr__": lambda self: repr(self._learners), "__module__": "__main__"}
        methods = {operator: getattr(RemoteCallable, operator, None) for operator in remote._info["own"]}
        own |= {operator: answered(method) for operator, method in methods.items() if method is not None}
        SUBCLASSES[key] = type(name, (kind,), own)
    try:
        made = SUBCLASSES[key](base)
        made._learners = remote
    except TypeError:  # a type that nothing inherits from
        return base
    return made
