"""The formulas that run in the reader's browser are the library's: the widget's own module, evaluated in Chromium."""

from __future__ import annotations

import itertools

import pytest

from outsourcing import market
from outsourcing.widgets import MarketGrowth


@pytest.fixture(scope="module")
def in_browser(browser):
    """in_browser(expression, argument) evaluates an expression in which `growth` is the market growth widget's module."""
    page = browser.new_page()
    page.evaluate(
        """async (source) => {
        globalThis.growth = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    }""",
        str(MarketGrowth._esm),
    )
    yield lambda expression, argument=None: page.evaluate(f"(given) => {expression}", argument)
    page.close()


def test_project_is_equal(in_browser):
    cases = [
        list(case)
        for case in itertools.product((0.01, 45.2, 261.9, 1000), (-0.5, 0, 0.005, 0.091, 0.25, 1.2), (0, 1, 8, 40))
    ]
    answers = in_browser("given.map(([value, rate, years]) => growth.project(value, rate, years))", cases)
    assert answers == pytest.approx([market.project(*case) for case in cases], rel=1e-12)


def test_path_is_equal(in_browser):
    for case in ([261.9, 0.091, 2022, 2030], [245.9, 0.091, 2021, 2030], [300, 0, 2026, 2026], [10, 0.25, 2019, 2040]):
        theirs, ours = in_browser("growth.path(...given)", case), market.path(*case)
        assert [year for year, _ in theirs] == [year for year, _ in ours]
        assert [value for _, value in theirs] == pytest.approx([value for _, value in ours], rel=1e-12)


def test_published_projections_hold_in_the_browser_too(in_browser, reference_checks):
    rows = [row for row in reference_checks if row["method"] == "cagr_project"]
    assert len(rows) >= 2
    for row in rows:
        given = row["inputs"]
        assert in_browser("growth.project(...given)", [given["start"], given["cagr"], given["years"]]) == pytest.approx(
            row["expected"]["end"], abs=float(row["tolerance"])
        ), row["id"]
