"""The whole figure: its title, its legend, the picture with its axes, its source, its numbers as a table."""

from __future__ import annotations

import itertools
from html import escape
from math import ceil

from .axis import Axis
from .known import check, lies, present
from .marks import LINE, Marks, colour, hatch, short, text

NARROW = 240  # pixels of a plot on a phone, where not each tick may have room for its number
LETTER = 7  # pixels of an average letter, rather more than less: no font is measured here
ENDS = 22  # letters to a line of the labels at the ends of lines


def as_html(figure: dict, name: str) -> str:
    """The figure as it stands in a page. `figure`: the title, alt, source, spec and table that `Figure.of` keeps; `name`: an id that
    nothing else in the page begins with. Raises CannotDraw, which names what cannot be drawn."""
    data, layout = figure["spec"]["data"], figure["spec"]["layout"]
    check(data, layout)
    title, source = escape(figure["title"]), figure.get("source")
    return (
        f'<section class="cw cw-plain" role="group" aria-labelledby="{name}"><div id="{name}" class="cw-title">{title}</div>'
        f'<div class="cw-figure">{picture(data, layout, figure["alt"], name)}</div>'
        + (f'<p class="cw-source">Source: {escape(source)}</p>' if source else "")
        + f"<details><summary>The numbers as a table</summary>{table(figure['title'], **figure['table'])}</details></section>"
    )


def table(caption: str, columns: list[str], rows: list[list]) -> str:
    """As shared.js writes it: the first cell of each row heads its row, and what is too wide scrolls in a frame of its own."""
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    lines = "".join(
        f'<tr><th scope="row">{cell(first)}</th>{"".join(f"<td>{cell(one)}</td>" for one in rest)}</tr>'
        for first, *rest in rows
    )
    return (
        f'<div class="cw-scroll" role="region" tabindex="0" aria-label="{escape(caption)}"><table class="cw-table">'
        f"<caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def cell(value) -> str:
    return escape("" if not present(value) else f"{value:.12g}" if isinstance(value, float) else str(value))


def picture(data: list[dict], layout: dict, alt: str, name: str) -> str:
    """The legend, if it needs one, and the picture itself."""
    x, y = axes(data, layout)
    below = 24 + LINE * max((words.count("<br>") for _, words in x.ticks()), default=0) + (LINE + 6 if x.title else 0)
    tall = layout.get("height", 360) - below - LINE
    marks = Marks(data, layout, x, y, tall, name)
    named = [(trace, n) for n, trace in enumerate(data) if trace.get("name") and trace.get("showlegend") is not False]
    if len(named) < 2 or layout.get("showlegend") is False:
        named = []
    ends = ends_of(named, y, tall) if all("lines" in trace.get("mode", "") for trace, _ in named) else ""
    legend = "".join(f"<li>{swatch(trace, n)}{escape(trace['name'])}</li>" for trace, n in named)
    names = "".join(f'<span style="top:{short(tall * (1 - at))}px">{lines(words)}</span>' for at, words in y.ticks())
    defs = "".join(hatch(name, shape) for shape in marks.hatches)
    return (
        (f'<ul class="cw-legend{" cw-narrow" if ends else ""}">{legend}</ul>' if legend else "")
        + f'<div class="cw-still" role="img" aria-label="{escape(alt)}">'
        + (f"<p>{lines(y.title)}</p>" if y.title else "")
        + (f'<div class="cw-ticks" style="height:{short(tall)}px">{names}</div>' if names else "")
        + f'<svg height="{short(tall + below)}" text-anchor="middle">'
        + (f"<defs>{defs}</defs>" if defs else "")
        + f'<g class="cw-grid">{"".join(ground(data, layout, x, y, tall))}</g>{"".join(marks.shapes)}'
        + "".join(under(x, tall, below) + marks.words + notes(layout, x, tall))
        + f"</svg>{ends}</div>"
    )


def axes(data: list[dict], layout: dict) -> tuple[Axis, Axis]:
    """The axes, long enough for all that stands on them."""
    lying = any(lies(trace) for trace in data)
    measured = ("x" if lying else "y") if any(trace["type"] == "bar" for trace in data) else ""
    values = {letter: [value for trace in data for value in trace[letter]] for letter in "xy"}
    for trace in data:
        if error := trace.get("error_x"):
            lower = error.get("arrayminus") or error["array"]
            values["x"] += [one + more for one, more in zip(trace["x"], error["array"])]
            values["x"] += [one - less for one, less in zip(trace["x"], lower)]
    if measured and layout.get("barmode") == "stack":
        sums: dict[tuple, float] = {}
        for trace in data:
            for place, size in zip(trace["y" if lying else "x"], trace[measured]):
                if present(place, size):
                    sums[place, float(size) < 0] = sums.get((place, float(size) < 0), 0) + float(size)
        values[measured] += sums.values()
    made = [Axis(layout.get(f"{letter}axis", {}), values[letter], bars=letter == measured) for letter in "xy"]
    return made[0], made[1]


def ground(data: list[dict], layout: dict, x: Axis, y: Axis, tall: float) -> list[str]:
    """What lies under the marks: bands, a line at each number, and the line on which the bars stand."""
    drawn = []
    for band in layout.get("shapes", []):
        left, right = sorted((x.at(x.value(band["x0"])), x.at(x.value(band["x1"]))))
        drawn.append(
            f'<rect x="{short(100 * left)}%" width="{short(100 * (right - left))}%" height="{short(tall)}" class="cw-band"/>'
        )
    bars, lying = [trace for trace in data if trace["type"] == "bar"], any(lies(trace) for trace in data)
    for axis, upright in ((x, True), (y, False)):
        if axis.names:
            continue
        base = axis.at(0) if bars and upright == lying and axis.holds(0) else None
        for at in sorted({at for at, _ in axis.ticks()} | ({base} if base is not None else set())):
            kind = ' class="cw-base"' if at == base else ""
            drawn.append(
                f'<line{kind} x1="{short(100 * at)}%" x2="{short(100 * at)}%" y2="{short(tall)}"/>'
                if upright
                else f'<line{kind} x2="100%" y1="{short(tall * (1 - at))}" y2="{short(tall * (1 - at))}"/>'
            )
    return drawn


def under(x: Axis, tall: float, below: float) -> list[str]:
    """The names or numbers under the plot; where a phone has no room for each number, every second one stands on a desk only."""
    ticks = x.ticks()
    wide = max((LETTER * len(words) for _, words in ticks), default=0) + LETTER
    apart = min((NARROW * abs(b[0] - a[0]) for a, b in itertools.pairwise(ticks)), default=NARROW)
    few = not x.names and wide > apart
    drawn = [
        text(
            words,
            f"{short(100 * at)}%",
            tall + 15 + LINE * words.count("<br>") / 2,
            kind="cw-tick cw-more" if few and n % 2 else "cw-tick",
        )
        for n, (at, words) in enumerate(ticks)
    ]
    return drawn + ([text(x.title, "50%", tall + below - 8, kind="cw-tick")] if x.title else [])


def notes(layout: dict, x: Axis, tall: float) -> list[str]:
    """The annotations: words at a value across and a share of the height."""
    drawn = []
    for note in layout.get("annotations", []):
        aside = {"top": LINE / 2, "bottom": -LINE / 2}.get(note.get("yanchor", "middle"), 0)
        place = f"{short(100 * x.at(x.value(note['x'])))}%"
        drawn.append(text(note["text"], place, tall * (1 - note["y"]) + aside, kind="cw-over"))
    return drawn


def last(trace: dict):
    """The value of y at the end of the line."""
    return [y for x, y in zip(trace["x"], trace["y"]) if present(x, y)][-1]


def ends_of(named: list[tuple[dict, int]], y: Axis, tall: float) -> str:
    """The names of lines beside their last points, moved apart where they would lie on each other; "" for none."""
    wanted = sorted(((tall * (1 - y.at(y.value(last(trace)))), trace, n) for trace, n in named), key=lambda one: one[0])
    heights = [LINE * ceil(len(trace["name"]) / ENDS) for _, trace, _ in wanted]
    places: list[float] = []
    for (top, _, _), high in zip(wanted, heights):
        places.append(max(top - high / 2, places[-1] + heights[len(places) - 1] + 3 if places else top - high / 2))
    free = tall + LINE
    for n in reversed(range(len(places))):  # what was moved too far down goes up again
        places[n] = min(places[n], free - heights[n])
        free = places[n] - 3
    labels = "".join(
        f'<span style="top:{short(place)}px;color:{escape(colour(trace, n))}">{escape(trace["name"])}</span>'
        for place, (_, trace, n) in zip(places, wanted)
    )
    return f'<div class="cw-ends">{labels}</div>' if labels else ""


def swatch(trace: dict, number: int) -> str:
    """What a series looks like, as shared.js draws it in a legend."""
    marker, drawn = trace.get("marker", {}), colour(trace, number)
    pattern, symbol = marker.get("pattern", {}).get("shape"), marker.get("symbol", "circle")
    look = {
        "style": f"--swatch: {drawn if isinstance(drawn, str) else drawn[0]}",
        "data-mode": "bar" if trace["type"] == "bar" else trace.get("mode", "lines+markers"),
        "data-pattern": pattern if isinstance(pattern, str) else None,
        "data-dash": trace.get("line", {}).get("dash", "solid"),
        "data-symbol": symbol if isinstance(symbol, str) else "circle",
    }
    written = "".join(f' {key}="{escape(value)}"' for key, value in look.items() if value)
    return f'<span class="cw-swatch" aria-hidden="true"{written}></span>'


def lines(words: str) -> str:
    """The words in the author's lines; on a phone the page breaks them where it must, so a space stands between them."""
    return escape(words.replace("<br>", "\n")).replace("-\n", "-<br>").replace("\n", " <br>")
