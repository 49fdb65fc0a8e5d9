"""What the tests of the staffing and the cost explorer share: what the page says, plots and saves."""

from __future__ import annotations

import csv
import io
import re
from types import SimpleNamespace

from widget_page import status


def says(page, words):
    """The status sentence, once it holds these words."""
    return status(page.locator("body"), re.escape(words))


def plotted(page, number=0):
    """The traces of one chart as plotly has them, once the frame in which it draws is over."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return [
        SimpleNamespace(**trace)
        for trace in page.evaluate(
            """(number) => document.querySelectorAll('.cw-chart')[number].data.filter(({ mode }) => mode !== 'text').map((trace) =>
        ({ name: trace.name, x: [...trace.x], y: [...trace.y], base: trace.base ? [...trace.base] : null,
           plus: trace.error_x?.array ?? null, minus: trace.error_x?.arrayminus ?? null, pattern: trace.marker?.pattern?.shape ?? null }))""",
            number,
        )
    ]


def series(page, start, number=0):
    return next(trace for trace in plotted(page, number) if trace.name.startswith(start))


def saved(page):
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").click()
    return list(csv.DictReader(io.StringIO(download.value.path().read_text("utf8"))))
