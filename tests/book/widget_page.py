"""What the tests of the widgets on their chapters' pages share: where a widget stands, what it says, draws and saves."""

from __future__ import annotations

import csv
import io
import re
import sys
from pathlib import Path

from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "book/_ext"))
from course_code import into_files  # noqa: E402

STYLE = f'<link rel="stylesheet" href="{(ROOT / "book/courseware/widgets/widgets.css").as_uri()}">'
READY = "document.documentElement.dataset.courseWidgets === 'ready'"
SIDE_BY_SIDE = "book/differences/side-by-side.html"
HOW_BIG = "book/market/how-big.html"
PAGES = {  # the chapter of each widget, and the widget's class
    "MarketGrowth": ("market/how-big", ".cw-growth"),
    "Staffing": ("location/round-the-clock", ".cw-staffing"),
    "Cost": ("location/what-it-costs", ".cw-cost"),
    "Comparison": ("differences/side-by-side", ".cw-comparison"),
    "LocationMatrix": ("location/weighted-decision", ".cw-matrix"),
    "Vintages": ("market/vintages", ".cw-vintages"),
    "TaskSorter": ("differences/sort-tasks", ".cw-sorter"),
}


def scripts(models, folder):
    """The widgets' code in files, as the build writes it, and the tags that load them and their style."""
    return STYLE + "".join(
        f'<script defer src="{(folder / name).as_uri()}"></script>' for name in into_files(models, folder)
    )


def start(open_page, address, **how):
    """(page, watch) of a page of the book, once its widgets are ready."""
    page, watch = open_page(address, **how)
    page.wait_for_function(READY)
    return page, watch


def spaced(text):
    """A no-break space counts as a space: "30 %" stays on one line."""
    return text.replace("\u00a0", " ")


def status(widget, pattern, part=".cw-status"):
    """The widget's sentence, once the pattern is found in it."""
    sentence = widget.locator(part).first
    expect(sentence).to_have_text(re.compile(re.sub(r"\\? ", r"\\s", pattern)), timeout=30_000)
    return spaced(sentence.inner_text())


def expect_status(page, widget, pattern):
    """The widget's sentence, once it has settled."""
    return status(page.locator(widget), pattern)


def drawn(widget, number=0):
    """The data of a chart as plotly has drawn them."""
    widget.page.wait_for_timeout(150)
    return (
        widget.locator(".cw-chart")
        .nth(number)
        .evaluate(
            "(chart) => chart.data.map(({ x, y, name, base, line }) => ({ x: [...x], y: [...y], name, base, line }))"
        )
    )


def series(widget, number):
    """Wait until the first chart draws so many series."""
    widget.page.wait_for_function(
        "([chart, number]) => chart.data.length === number",
        arg=[widget.locator(".cw-chart").first.element_handle(), number],
    )


def saved_csv(page, button):
    with page.expect_download() as download:
        button.click()
    return list(csv.reader(io.StringIO(download.value.path().read_text("utf8"))))
