"""Fixtures of the book's tests."""

from __future__ import annotations

import pytest
from widget_page import PAGES, READY


@pytest.fixture
def opened(built_book, open_page):
    """opened(name, **how) -> (page, the widget), from a folder of files; nothing may be asked of another host and nothing may fail."""
    watches = []

    def open_(name, tail="", **how):
        chapter, kind = PAGES[name]
        page, watch = open_page(f"file://{built_book}/book/{chapter}.html{tail}", **how)
        watches.append(watch)
        page.wait_for_function(READY)
        page.wait_for_function(
            "(kind) => [...document.querySelectorAll(`${kind} .cw-chart`)].every((chart) => chart.dataset.drawn > 0)",
            arg=kind,
        )
        return page, page.locator(kind)

    yield open_
    assert all((watch.outside, watch.errors) == ([], []) for watch in watches), [watch.errors for watch in watches]
