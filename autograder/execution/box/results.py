"""What a test cell came to, and what the instructor's cells import."""

from __future__ import annotations

import ast
import contextlib
import datetime
import decimal
import math
import numbers
import re
import traceback
from typing import Any

from .answering import text_of
from .remote import Remote
from .subclasses import SUBCLASSES

__all__ = ["imports_of", "line_of", "number_of", "text_of"]


def imports_of(sources: list[str]) -> str:
    """The import statements of the instructor's own cells that a learner may edit: modules never come out of the box."""
    found = []
    for source in sources:
        with contextlib.suppress(SyntaxError, ValueError):
            for node in ast.parse(re.sub(r"^\s*[%!].*$", "pass", source, flags=re.MULTILINE)).body:
                if isinstance(node, (ast.Import, ast.ImportFrom)):
                    found.append(f"try:\n    {ast.unparse(node)}\nexcept ImportError:\n    pass")
    return "\n".join(dict.fromkeys(found))


def number_of(value: Any) -> float | str | None:
    """What a test cell evaluated to: nothing, a number of points, or something else (which says no more than that it ran).

    A number that nbgrader would not read as one (of numpy, in quotes) is told in words. What a learner's array makes of a
    sum of points is no number, and its type is told: to compare an array gives an array.
    """
    if value is None or issubclass(type(value), Remote):
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
    kind = type(value).__mro__[1] if type(value) in SUBCLASSES.values() else type(value)  # a learner has named it
    return kind.__name__ if table or isinstance(value, (numbers.Number, datetime.timedelta)) else "other"


def line_of(error: BaseException) -> int:
    """The line of the test cell that failed, 0 when it cannot be told."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_name == "<module>"]
    return lines[0] if lines else 0
