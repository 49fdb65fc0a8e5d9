"""What a still figure can draw: the keys of a plotly figure that it reads, and the values that it knows."""

from __future__ import annotations

LAYOUT = {"height", "barmode", "showlegend", "legend", "xaxis", "yaxis", "shapes", "annotations"}
AXIS = {"title", "type", "range", "autorange", "tickvals", "ticktext", "dtick", "tickangle", "visible", "automargin"}
BAR = {"type", "name", "x", "y", "orientation", "width", "text", "textposition", "marker", "showlegend"}
SCATTER = {"type", "name", "x", "y", "mode", "line", "marker", "error_x", "text", "textposition", "showlegend"}
MARKER, LINE = {"color", "size", "symbol", "pattern"}, {"color", "dash", "width"}
ERROR = {"type", "array", "arrayminus", "symmetric", "thickness", "width"}
BAND = {"type", "x0", "x1", "xref", "y0", "y1", "yref", "fillcolor", "layer", "line"}
NOTE = {"text", "x", "xref", "y", "yref", "yanchor", "showarrow"}

DASHES = {"solid": "", "dash": "8 5", "longdash": "14 5", "dot": "2 4", "dashdot": "9 4 2 4"}
# The outline of each marker, half its size being 1.
SYMBOLS = {
    "circle": "M-1 0a1 1 0 1 1 2 0a1 1 0 1 1-2 0Z",
    "square": "M-.9-.9H.9V.9H-.9Z",
    "diamond": "M0-1.3L1.3 0 0 1.3-1.3 0Z",
    "x": "M-.9-.9L.9 .9M-.9 .9L.9-.9",
    "line-ns": "M0-1.3V1.3",
}
BARE = {"x", "line-ns"}  # strokes with nothing to fill
HATCHES = {"/": "M-1 7 7-1M-1 1 1-1M5 7 7 5", "x": "M0 0 6 6M6 0 0 6", "+": "M3 0V6M0 3H6", ".": "M3 3h.01"}
MODES = {
    "+".join(part for part, on in zip(("lines", "markers", "text"), bits) if on)
    for bits in ((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1))
}
BAR_TEXT = {"inside", "outside", "auto"}
POINT_TEXT = {f"{up} {side}" for up in ("top", "middle", "bottom") for side in ("left", "center", "right")}
BARMODES, AXIS_TYPES = {"group", "stack", "overlay"}, {"linear", "category"}


class CannotDraw(ValueError):
    """A figure asks for what a still figure does not know; the message names it and says what to do."""


def known(what: str, given: dict, keys: set[str]) -> None:
    """Raises CannotDraw where `given` has a key that is not among `keys`."""
    if unknown := sorted(set(given) - keys):
        raise CannotDraw(
            f"{what} has {', '.join(map(repr, unknown))}, which a still figure does not draw. Leave it out; known are: {', '.join(sorted(keys))}."
        )


def one_of(what: str, value, values) -> None:
    """Raises CannotDraw where `value` is not one of `values`."""
    if value not in values:
        raise CannotDraw(
            f"{what} is {value!r}, which a still figure does not draw. Choose one of: {', '.join(sorted(map(repr, values)))}."
        )


def check(data: list[dict], layout: dict) -> None:
    """Raises CannotDraw where the figure asks for what is not drawn: better no book than a figure that lost something."""
    known("the layout", layout, LAYOUT)
    one_of("barmode", layout.get("barmode", "group"), BARMODES)
    for letter in "xy":
        axis = layout.get(f"{letter}axis", {})
        known(f"the {letter} axis", axis, AXIS)
        known(f"the {letter} axis' title", axis.get("title", {}), {"text"})
        one_of(f"the {letter} axis' type", axis.get("type", "linear"), AXIS_TYPES)
        one_of(f"the {letter} axis' tickangle", axis.get("tickangle", 0), {0})
        one_of(f"the {letter} axis' autorange", axis.get("autorange", True), {True, "reversed"})
    for shape in layout.get("shapes", []):
        known("a shape", shape, BAND)
        one_of("a shape's type", shape.get("type"), {"rect"})
        upright = (shape.get("xref", "x"), shape.get("yref"), shape.get("y0"), shape.get("y1"))
        one_of("a shape's place (xref, yref, y0, y1)", upright, {("x", "paper", 0, 1)})
    for note in layout.get("annotations", []):
        known("an annotation", note, NOTE)
        one_of("an annotation's arrow", note.get("showarrow", True), {False})
        one_of("an annotation's place (xref, yref)", (note.get("xref", "x"), note.get("yref", "y")), {("x", "paper")})
    if not data:
        raise CannotDraw("the figure has no trace, so there is nothing to draw.")
    for number, trace in enumerate(data, 1):
        _check_trace(f"trace {number} ({trace.get('name') or trace.get('type')})", trace)
    if len({trace.get("orientation", "v") for trace in data if trace["type"] == "bar"}) > 1:
        raise CannotDraw("some bars lie and some stand, which a still figure does not draw. Give all one orientation.")


def _check_trace(what: str, trace: dict) -> None:
    one_of(f"{what}: its type", trace.get("type"), {"bar", "scatter"})
    bar = trace["type"] == "bar"
    known(what, trace, BAR if bar else SCATTER)
    if not trace.get("x") or not trace.get("y") or len(trace["x"]) != len(trace["y"]):
        raise CannotDraw(f"{what} needs as many values of x as of y, and at least one.")
    marker, line = trace.get("marker", {}), trace.get("line", {})
    if not any(present(*pair) for pair in zip(trace["x"], trace["y"])):
        raise CannotDraw(f"{what} has no point with both a value of x and one of y.")
    if bar and not all(number(size) is not None for size in trace["x" if lies(trace) else "y"] if present(size)):
        raise CannotDraw(
            f"{what}: its bars are as long as {trace['x' if lies(trace) else 'y']!r}, which are no numbers."
        )
    for name, values in one_each(trace):
        if len(values) != len(trace["x"]):
            raise CannotDraw(
                f"{what} has {len(trace['x'])} points and a list of {len(values)} for {name}. Give one each."
            )
    known(f"{what}: its marker", marker, MARKER)
    known(f"{what}: its marker's pattern", marker.get("pattern", {}), {"shape"})
    known(f"{what}: its line", line, LINE)
    known(f"{what}: its error_x", trace.get("error_x", {}), ERROR)
    one_of(f"{what}: its line's dash", line.get("dash", "solid"), DASHES)
    for shape in listed(marker.get("pattern", {}).get("shape", "")):
        one_of(f"{what}: its pattern", shape, {"", *HATCHES})
    for symbol in listed(marker.get("symbol", "circle")):
        one_of(f"{what}: its symbol", symbol.removesuffix("-open"), SYMBOLS)
    if bar:
        one_of(f"{what}: its textposition", trace.get("textposition", "auto"), BAR_TEXT)
    else:
        one_of(f"{what}: its mode", mode(trace), MODES)
        one_of(f"{what}: its textposition", trace.get("textposition", "middle center"), POINT_TEXT)


def one_each(trace: dict) -> list[tuple[str, list]]:
    """(its name, the list) of all that the trace gives for each point."""
    marker, error = trace.get("marker", {}), trace.get("error_x", {})
    given = {
        "text": trace.get("text"),
        "marker.color": marker.get("color"),
        "marker.symbol": marker.get("symbol"),
        "marker.pattern.shape": marker.get("pattern", {}).get("shape"),
        "error_x.array": error.get("array", [] if error else None),
        "error_x.arrayminus": error.get("arrayminus"),
    }
    return [(name, values) for name, values in given.items() if isinstance(values, list)]


def present(*values) -> bool:
    """Whether no value is missing: neither nothing nor no number (NaN)."""
    return all(value is not None and value == value for value in values)


def number(value) -> float | None:
    """The value as a number, or None where it is a name."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def lies(trace: dict) -> bool:
    return trace.get("orientation") == "h"


def mode(trace: dict) -> str:
    """Which of lines, markers and text a scatter shows, in that order."""
    parts = trace.get("mode", "lines+markers").split("+")
    return "+".join(sorted(parts))  # by name, which is the order too


def listed(value) -> list:
    """One value for all points, or a list of one each, as a list."""
    return value if isinstance(value, list) else [value]


def each(value, number: int):
    """The value for the point `number`, where there may be one for all."""
    return value[number] if isinstance(value, list) else value
