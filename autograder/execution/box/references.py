"""What goes across by its name: things that any process can import for itself."""

from __future__ import annotations

import sys
from typing import Any


def reference(value: Any) -> tuple[str, str] | None:
    """Module and name of what any process can import for itself: math.sin, int, numpy.mean."""
    name, module = (
        getattr(value, "__qualname__", None) or getattr(value, "__name__", None),
        getattr(value, "__module__", None),
    )
    if type(name) is not str or not callable(value):
        return None
    owner = getattr(value, "__self__", None)
    candidates = [module, "numpy" if type(value).__name__ == "ufunc" else None, getattr(owner, "__name__", None)]
    candidates.append(getattr(getattr(value, "__objclass__", None), "__module__", None))  # str.upper
    for candidate in candidates:
        found: Any = sys.modules.get(candidate) if type(candidate) is str and candidate != "__main__" else None
        for part in name.split("."):
            found = getattr(found, part, None) if found is not None else None
        if found is value:
            return str(candidate), name
    return None
