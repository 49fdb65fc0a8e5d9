"""A plotly figure in a page: no CDN, no copy of plotly.js in the notebook, readable without seeing it."""

from __future__ import annotations

import json
from itertools import zip_longest

import plotly.graph_objects as go
import plotly.io as pio
import traitlets as t

from courseware.widgets.base import HERE, ChartWidget, module

SHOWN = ("scatter", "bar", "pie")
_DEFAULT_COLOURS = {colour.lower() for colour in pio.templates["plotly"].layout.colorway}


def _plain(value):
    """Numpy values, dates and the like as plotly itself writes them to JSON, but without its packed arrays."""
    return (
        value.item()
        if hasattr(value, "item")
        else value
        if isinstance(value, (str, int, float, bool, type(None)))
        else str(value)
    )


def _list(values) -> list:
    return [] if values is None else [_plain(value) for value in values]


def points(figure: go.Figure) -> dict:
    """Every plotted point of a figure: {"columns": headings, "rows": lists of values}, series by series.

    Columns are the axes' titles; a column names the series where there are several. Raises ValueError for a chart
    that the book's plotly.js cannot draw.
    """
    rows, several = [], len(figure.data) > 1
    heads = [figure.layout.xaxis.title.text or "x", figure.layout.yaxis.title.text or "y"]
    for number, trace in enumerate(figure.data, 1):
        if trace.type not in SHOWN:
            raise ValueError(
                f"Figure shows {', '.join(SHOWN)} charts (the book carries plotly.js basic), not {trace.type}. Draw it as one of these."
            )
        if trace.type == "pie":
            heads = ["part", "value"]
            pairs = zip_longest(_list(trace.labels), _list(trace.values))
        else:
            x, y = _list(trace.x), _list(trace.y)
            pairs = zip_longest(x or range(len(y)), y or range(len(x)))
            if trace.type == "bar" and trace.orientation == "h":  # what is measured heads the row, then the measure
                pairs = ((label, length) for length, label in pairs)
                heads = [figure.layout.yaxis.title.text or "y", figure.layout.xaxis.title.text or "x"]
        rows += [[*([trace.name or f"series {number}"] if several else []), *pair] for pair in pairs]
    # plotly's line breaks in labels
    unbroken = [[cell.replace("<br>", " ") if isinstance(cell, str) else cell for cell in row] for row in rows]
    return {
        "columns": [*(["series"] if several else []), *(head.replace("<br>", " ") for head in heads)],
        "rows": unbroken,
    }


def _spec(figure: go.Figure) -> dict:
    """The figure as plain data: no template, no title (it stands above the chart), default colours left to the page's theme."""
    spec = json.loads(json.dumps(figure.to_plotly_json(), default=_jsonable))
    for part in ("template", "title"):
        spec["layout"].pop(part, None)
    for trace in spec["data"]:
        for part in ("marker", "line"):
            colour = trace.get(part, {}).get("color")
            if isinstance(colour, str) and colour.lower() in _DEFAULT_COLOURS:
                del trace[part]["color"]
    return {"data": spec["data"], "layout": spec["layout"]}


def _jsonable(value):
    return _list(value) if hasattr(value, "__iter__") else _plain(value)


class Figure(ChartWidget):
    """A figure with its message as the visible title, an alternative text, its source, and its numbers as a table."""

    _esm = module(HERE / "figure.js")
    alt = t.Unicode().tag(sync=True)
    source = t.Unicode().tag(sync=True)
    spec = t.Dict().tag(sync=True)
    table = t.Dict().tag(sync=True)

    @classmethod
    def of(cls, figure: go.Figure, *, alt: str, source: str = "", title: str = "") -> Figure:
        """Show `figure` (scatter or bar; in JupyterLab alone a pie too). The book draws it when it is built (courseware/still), and an
        option that is not drawn there stops the build.

        `title` is what the chart says, as a sentence (else the figure's own title); `alt` says in words what a reader
        would see; `source` names who published the numbers and the year. Colours may be CSS tokens: "var(--cw-a)".
        Raises ValueError without a title or an alt text, or for another kind of chart.
        """
        title = title or figure.layout.title.text or ""
        if not title or not alt:
            raise ValueError(
                "Figure.of needs a title (the chart's message) and an alt text (what there is to see, in words)."
            )
        return cls(title=title, alt=alt, source=source, spec=_spec(figure), table=points(figure))
