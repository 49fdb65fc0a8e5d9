"""An axis of a still figure: where a value stands on it, and what is written along it."""

from __future__ import annotations

import math

from .known import CannotDraw, number, present

NICE = (1, 2, 5, 10)
TICKS = 6  # at most about so many, where the figure does not say which


class Axis:
    """`at(value)` is 0 at the axis' low end and 1 at its high end. An axis of names has its first name at 0, the next at 1, and so on."""

    def __init__(self, spec: dict, values: list, *, bars: bool = False, room: float = 0.05):
        """`values` are all that stand on the axis; `bars` are measured along it, so it holds 0; `room` is left free at each end."""
        self.spec, self.title = spec, spec.get("title", {}).get("text", "")
        values = [value for value in values if present(value)]
        numbers = [number(value) for value in values]
        self.names = list(dict.fromkeys(values)) if spec.get("type") == "category" or None in numbers else []
        if spec.get("range"):
            self.low, self.high = map(float, spec["range"])
        elif self.names:
            self.low, self.high = -0.5, len(self.names) - 0.5
        else:
            low, high = min(numbers), max(numbers)
            if bars:
                low, high = min(low, 0), max(high, 0)
            more = (high - low) * room or 1
            self.low, self.high = low - (0 if bars and low == 0 else more), high + (0 if bars and high == 0 else more)
        if self.low == self.high:
            raise CannotDraw(
                f"an axis ({self.title or 'without a title'}) begins where it ends, at {self.low:g}. Give it another range."
            )
        if spec.get("autorange") == "reversed":
            self.low, self.high = self.high, self.low

    def value(self, value) -> float:
        """The value as a number: of a name, which one it is."""
        return float(self.names.index(value) if self.names else value)

    def at(self, value: float) -> float:
        return (value - self.low) / (self.high - self.low)

    def holds(self, value: float) -> bool:
        return min(self.low, self.high) <= value <= max(self.low, self.high)

    def ticks(self) -> list[tuple[float, str]]:
        """(where, what is written there) of each tick, from the low numbers to the high."""
        if self.spec.get("visible") is False:
            return []
        if self.spec.get("tickvals"):
            values = [self.value(value) for value in self.spec["tickvals"]]
            texts = self.spec.get("ticktext") or [written(value) for value in values]
        elif self.names:
            values, texts = range(len(self.names)), self.names
        else:
            step = float(self.spec.get("dtick") or self._step())
            first, last = (
                math.ceil(min(self.low, self.high) / step - 1e-9),
                math.floor(max(self.low, self.high) / step + 1e-9),
            )
            values = [step * count for count in range(first, last + 1)]
            texts = [written(value) for value in values]
        return [(self.at(value), str(text)) for value, text in zip(values, texts) if self.holds(value)]

    def _step(self) -> float:
        """The smallest of 1, 2, 5, 10, 20, ... that gives no more than TICKS steps."""
        rough = abs(self.high - self.low) / TICKS
        ten = 10 ** math.floor(math.log10(rough))
        return next(ten * nice for nice in NICE if ten * nice >= rough)


def written(value: float) -> str:
    """A number at a tick: no zeros behind, thousands set apart from 10,000 on (2024 may be a year)."""
    text = f"{value:.10g}" if abs(value) < 10_000 else f"{value:,.0f}"
    return text.replace("-", "\u2212")
