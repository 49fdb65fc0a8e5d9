"""Plain data: what a code question passes to a learner's function and what it may get back."""

from __future__ import annotations

import math
import numbers
from typing import Any

DEEPEST = 8
LARGEST = 1_000  # values in all


def plain(value: Any) -> Any:
    """`value` as plain data: None, true or false, int, float, text, lists and mappings with text keys.

    Tuples become lists, and numbers of a library (numpy's) become int or float. Raises TypeError with a reason in the
    learner's words for anything else, for data that hold themselves, and for more than LARGEST values.
    """
    left = [LARGEST]

    def copy(value: Any, depth: int) -> Any:
        left[0] -= 1
        if left[0] < 0 or depth > DEEPEST:
            raise TypeError("more data than the question asks for")
        if value is None or isinstance(value, (bool, str)):
            return value if type(value) in (type(None), bool, str) else str(value)
        if isinstance(value, numbers.Integral):
            return int(value)
        if isinstance(value, numbers.Real):
            return float(value)
        if isinstance(value, (list, tuple)):
            return [copy(entry, depth + 1) for entry in value]
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {str(key): copy(entry, depth + 1) for key, entry in value.items()}
        raise TypeError(f"an object of type {type(value).__name__[:40]}, which is no plain data")

    return copy(value, 0)


def same(expected: Any, given: Any, tolerance: float) -> bool:
    """Is `given` the plain data that was expected? Never raises, whatever `given` is.

    Types are exact: true is not 1, and a text is not a number. Numbers compare by value: two whole numbers exactly,
    else within `tolerance` of the expected number (relative; near 0, absolute and a million times smaller). NaN equals
    nothing. The walk follows `expected`, so that what a learner returns cannot make it long.
    """
    if _number(expected) and _number(given):
        if type(expected) is type(given) is int:
            return bool(expected == given)
        try:
            return math.isclose(
                float(given), float(expected), rel_tol=0.0, abs_tol=tolerance * max(abs(float(expected)), 1e-6)
            )
        except OverflowError:
            return False
    if type(expected) is not type(given):
        return False
    if type(expected) is list:
        return len(expected) == len(given) and all(
            same(mine, theirs, tolerance) for mine, theirs in zip(expected, given, strict=True)
        )
    if type(expected) is dict:
        return expected.keys() == given.keys() and all(same(expected[key], given[key], tolerance) for key in expected)
    return bool(expected == given)


def _number(value: Any) -> bool:
    return type(value) in (int, float)
