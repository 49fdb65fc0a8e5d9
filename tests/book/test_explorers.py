"""The staffing and the cost explorer in their chapters, and for everybody: accessible, on a phone, in the dark."""

from __future__ import annotations

import pytest
from accessible import broken_rules
from widget_page import spaced

from outsourcing.widgets import Cost, Staffing


@pytest.mark.parametrize(
    "chapter, kind, words",
    [
        ("round-the-clock", "cw-staffing", "14 agents answer 88.8 %"),
        ("what-it-costs", "cw-cost", "A seat in the Philippines would cost"),
    ],
)
def test_chapters_hold_their_explorers(open_page, book_url, chapter, kind, words):
    page, watch = open_page(f"{book_url}/book/location/{chapter}.html")
    page.locator(f".{kind}").evaluate("(widget) => widget.scrollIntoView()")
    page.wait_for_function(
        "(kind) => { const charts = [...document.querySelectorAll(`.${kind} .cw-chart`)]; return charts.length && charts.every((chart) => chart.dataset.drawn > 0); }",
        arg=kind,
    )
    assert words in spaced(page.locator(f".{kind} .cw-status").first.inner_text())
    assert (watch.outside, watch.errors) == ([], [])


@pytest.mark.parametrize("make", [Staffing, Cost])
@pytest.mark.parametrize("width, dark", [(1280, False), (390, True)])
def test_explorers_are_accessible_and_fit(show, make, width, dark):
    page = show(make(), width=width, dark=dark)
    for summary in page.locator("summary").all():
        summary.click()
    assert broken_rules(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".cw-chart").first.get_attribute("aria-label").count(".") >= 2
    texts = page.locator(".cw-chart :is(.annotation-text, .textpoint)").evaluate_all(
        "(texts) => texts.map((text) => [text.getBoundingClientRect(), text.closest('.cw-chart').getBoundingClientRect()])"
    )
    assert texts and all(text["left"] >= frame["left"] and text["right"] <= frame["right"] for text, frame in texts), (
        "no label is cut at the chart's edge"
    )
