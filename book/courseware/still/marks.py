"""The marks of a still figure: bars, lines, markers, reaches, and the texts that stand at them.

A place across is in per cent of the plot, a place down in pixels from its top.
"""

from __future__ import annotations

from html import escape
from itertools import chain, groupby

from .axis import Axis
from .known import BARE, DASHES, HATCHES, SYMBOLS, each, lies, mode, present

SERIES = [f"var(--cw-{letter})" for letter in "abcde"]
LINE = 16  # pixels from one line of text to the next
GAP = 10  # from a mark's end to the middle of the line of text beside it


def short(value: float) -> str:
    return f"{round(value, 2):g}"


def text(words, x: str, y: float, *, anchor: str = "middle", aside: float = 0, kind: str = "") -> str:
    """Words with `<br>` between their lines, the lines centred on `y`; `aside` pixels to the right of `x`."""
    lines = [escape(line.strip()) for line in str(words).split("<br>")]
    first = y - LINE * (len(lines) - 1) / 2
    place = f'x="{x}"' + (f' dx="{short(aside)}"' if aside else "")
    inside = (
        lines[0]
        if len(lines) == 1
        else "".join(f'<tspan {place} y="{short(first + LINE * n)}">{line}</tspan>' for n, line in enumerate(lines))
    )
    named, anchored = f' class="{kind}"' if kind else "", f' text-anchor="{anchor}"' if anchor != "middle" else ""
    return f'<text{named} {place} y="{short(first)}"{anchored}>{inside}</text>'


def colour(trace: dict, number: int) -> str | list[str]:
    """The colour of the trace `number`, or of each of its points: the author's, else that of the page's series."""
    line, marker = trace.get("line", {}), trace.get("marker", {})
    return marker.get("color") or line.get("color") or SERIES[number % len(SERIES)]


class Marks:
    """Draws trace by trace; `shapes` and `words` are what is drawn, `hatches` what the shapes are filled with."""

    def __init__(self, data: list[dict], layout: dict, x: Axis, y: Axis, tall: float, name: str):
        self.data, self.layout, self.x, self.y, self.tall, self.name = data, layout, x, y, tall, name
        self.lying = any(lies(trace) for trace in data)
        self.shapes: list[str] = []
        self.words: list[str] = []
        self.hatches: dict[str, None] = {}
        self.bars = [trace for trace in data if trace["type"] == "bar"]
        self._ends: dict[tuple, float] = {}  # where the next bar begins that is stacked here
        for number, trace in enumerate(data):
            self._bars(trace, number) if trace["type"] == "bar" else self._points(trace, number)

    def across(self, value: float) -> str:
        return f"{short(100 * self.x.at(value))}%"

    def down(self, value: float) -> float:
        return self.tall * (1 - self.y.at(value))

    # ---- bars ----
    def _beside(self, trace: dict) -> tuple[int, int]:
        """(which, of how many) bars that stand side by side on one place: only where the series share one."""
        along = "y" if self.lying else "x"
        places = [place for bar in self.bars for place in bar[along]]
        if self.layout.get("barmode", "group") != "group" or len(set(places)) == len(places):
            return 0, 1
        return self.bars.index(trace), len(self.bars)

    def _bars(self, trace: dict, number: int) -> None:
        which, many = self._beside(trace)
        wide = trace.get("width", 0.8 if many == 1 else 0.92 / many)
        place_axis, size_axis = (self.y, self.x) if self.lying else (self.x, self.y)
        places, sizes = (trace["y"], trace["x"]) if self.lying else (trace["x"], trace["y"])
        shift = (which - (many - 1) / 2) * wide
        for n, (place, size) in enumerate(zip(places, sizes)):
            if not present(place, size):
                continue
            start, size = self._stacked(place, float(size)), float(size)
            middle = place_axis.value(place) + shift
            along = sorted((size_axis.at(start), size_axis.at(start + size)))
            beside = sorted((place_axis.at(middle - wide / 2), place_axis.at(middle + wide / 2)))
            left_right, low_high = (along, beside) if self.lying else (beside, along)
            self._bar(trace, number, n, left_right, low_high)
            if words := str(each(trace.get("text", ""), n) or ""):
                self._bar_text(trace, words, size < 0, left_right, low_high)

    def _stacked(self, place, size: float) -> float:
        """Where the bar begins: bars of less than nothing are stacked downwards by themselves."""
        if self.layout.get("barmode") != "stack":
            return 0
        start = self._ends.get((place, size < 0), 0)
        self._ends[place, size < 0] = start + size
        return start

    def _bar(self, trace: dict, number: int, n: int, left_right, low_high) -> None:
        box = (
            f'x="{short(100 * left_right[0])}%" width="{short(100 * (left_right[1] - left_right[0]))}%" '
            f'y="{short(self.tall * (1 - low_high[1]))}" height="{short(self.tall * (low_high[1] - low_high[0]))}"'
        )
        filled = each(colour(trace, number), n)
        hatch = each(trace.get("marker", {}).get("pattern", {}).get("shape", ""), n)
        if not hatch:
            self.shapes.append(f'<rect {box} style="fill:{escape(filled)}"/>')
            return
        self.hatches[hatch] = None
        self.shapes.append(f'<rect class="cw-hatched" {box} style="fill:{escape(filled)};stroke:{escape(filled)}"/>')
        self.shapes.append(f'<rect {box} fill="url(#{hatch_id(self.name, hatch)})"/>')

    def _bar_text(self, trace: dict, words: str, negative: bool, left_right, low_high) -> None:
        across, down = 50 * sum(left_right), self.tall * (1 - sum(low_high) / 2)
        if trace.get("textposition", "auto") != "outside":
            self.words.append(text(words, f"{short(across)}%", down, kind="cw-on"))
        elif self.lying:
            end = f"{short(100 * left_right[0 if negative else 1])}%"
            self.words.append(
                text(words, end, down, anchor="end" if negative else "start", aside=-6 if negative else 6)
            )
        else:
            end = self.tall * (1 - low_high[0 if negative else 1])
            more = LINE * words.count("<br>") / 2
            self.words.append(text(words, f"{short(across)}%", end + (GAP + more) * (1 if negative else -1)))

    # ---- lines and points ----
    def _points(self, trace: dict, number: int) -> None:
        shown, marker = mode(trace), trace.get("marker", {})
        filled, half = colour(trace, number), marker.get("size", 6) / 2
        pairs = list(enumerate(zip(trace["x"], trace["y"])))
        runs = [list(run) for there, run in groupby(pairs, lambda pair: present(*pair[1])) if there]
        points = [[(n, self.x.value(x), self.y.value(y)) for n, (x, y) in run] for run in runs]
        if "lines" in shown:
            self._line(trace, trace.get("line", {}).get("color") or each(filled, 0), points)
        for n, x, y in chain.from_iterable(points):
            if error := trace.get("error_x"):
                self._reach(error, n, x, y, each(filled, n))
            if "markers" in shown:
                self._marker(each(marker.get("symbol", "circle"), n), half, x, y, each(filled, n))
            if "text" in shown and str(each(trace.get("text", ""), n) or "").strip():
                self._point_text(trace, each(trace["text"], n), half, x, y)

    def _line(self, trace: dict, stroke: str, runs) -> None:
        """In a drawing of its own, 100 wide, that is pulled to the plot's width: the stroke keeps its own. Where a value is missing
        the line is broken."""
        line = trace.get("line", {})
        dash = DASHES[line.get("dash", "solid")]
        look = f'style="stroke:{escape(stroke)};stroke-width:{short(line.get("width", 2))}"'
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        paths = [" ".join(f"{short(100 * self.x.at(x))},{short(self.down(y))}" for _, x, y in run) for run in runs]
        drawn = "".join(
            f'<polyline points="{path}" fill="none" vector-effect="non-scaling-stroke"{dashed} {look}/>'
            for path in paths
        )
        self.shapes.append(
            f'<svg viewBox="0 0 100 {short(self.tall)}" preserveAspectRatio="none" width="100%" height="{short(self.tall)}">{drawn}</svg>'
        )

    def _reach(self, error: dict, n: int, x: float, y: float, stroke: str) -> None:
        """From the value less its error to the value and its error: a line with an end at each side."""
        more = error["array"][n]
        low, high = self.across(x - (error.get("arrayminus") or error["array"])[n]), self.across(x + more)
        y, half = self.down(y), error.get("width", 6) / 2
        ends = ((low, high, y, y), (low, low, y - half, y + half), (high, high, y - half, y + half))
        lines = "".join(
            f'<line x1="{a}" x2="{b}" y1="{short(c)}" y2="{short(d)}"/>' for a, b, c, d in (ends if low != high else ())
        )
        if lines:
            self.shapes.append(
                f'<g style="stroke:{escape(stroke)};stroke-width:{short(error.get("thickness", 2))}">{lines}</g>'
            )

    def _marker(self, symbol: str, half: float, x: float, y: float, filled: str) -> None:
        base, bare = symbol.removesuffix("-open"), symbol.endswith("-open")
        stroked = bare or base in BARE
        paint = (
            f"fill:{'none' if base in BARE else 'var(--cw-surface)'};stroke:{escape(filled)}"
            if stroked
            else f"fill:{escape(filled)}"
        )
        self.shapes.append(
            f'<svg x="{self.across(x)}" y="{short(self.down(y))}"><path transform="scale({short(half)})" '
            f'd="{SYMBOLS[base]}" vector-effect="non-scaling-stroke" style="{paint}"/></svg>'
        )

    def _point_text(self, trace: dict, words: str, half: float, x: float, y: float) -> None:
        height, side = trace.get("textposition", "middle center").split()
        more = half + GAP + LINE * str(words).count("<br>") / 2
        down = self.down(y) + {"top": -more, "middle": 0, "bottom": more}[height]
        aside = {"left": -1, "center": 0, "right": 1}[side] * ((half if height == "middle" else 0) + 5)
        anchor = {"left": "end", "center": "middle", "right": "start"}[side]
        self.words.append(text(words, self.across(x), down, anchor=anchor, aside=aside, kind="cw-over"))


def hatch_id(name: str, shape: str) -> str:
    return f"{name}-hatch-{list(HATCHES).index(shape)}"


def hatch(name: str, shape: str) -> str:
    """The lines of a hatch, in the colour of the ground, over the bar's own colour."""
    return (
        f'<pattern id="{hatch_id(name, shape)}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<path d="{HATCHES[shape]}"/></pattern>'
    )
