"""The value of a call of a learner's function, for a question's own scoring."""

from __future__ import annotations

from typing import Any

from ..verdicts import NOT_SERIALISABLE
from .box.data import NotData
from .box.wire import decode, plain


def carried(data: Any) -> dict[str, Any]:
    """{"value": as JSON's own types}, or {"verdict"} where it is no data."""
    try:
        return {"value": plain(decode(data))}
    except (NotData, TypeError, ValueError, RecursionError):
        return {"verdict": NOT_SERIALISABLE}
