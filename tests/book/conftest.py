"""Fixtures of the book's tests."""

from __future__ import annotations

import json
import os

import pytest
from ipywidgets.embed import embed_data
from widget_page import PAGES, READY, scripts

from courseware.widgets.base import PLOTLY_JS

pytest.register_assert_rewrite("demo_questions")  # it asserts what holds for every question

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8"><title>A widget</title>
<meta name="viewport" content="width=device-width">{scripts}<script defer src="course-host.js"></script></head><body><main><h1>A page</h1><h2>A widget</h2>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
<script type="application/vnd.jupyter.widget-view+json">{view}</script></main></body></html>"""


@pytest.fixture
def opened(built_book, open_page):
    """opened(name, **how) -> (page, the widget), from a folder of files; nothing may be asked of another host and nothing may fail."""
    watches = []

    def open_(name, tail="", **how):
        chapter, kind = PAGES[name]
        page, watch = open_page(f"file://{built_book}/book/{chapter}.html{tail}", **how)
        watches.append(watch)
        page.wait_for_function(READY)
        page.locator(kind).evaluate("(widget) => widget.scrollIntoView()")  # plotly comes when a chart is near
        page.wait_for_function(
            "(kind) => [...document.querySelectorAll(`${kind} .cw-chart`)].every((chart) => chart.dataset.drawn > 0)",
            arg=kind,
        )
        return page, page.locator(kind)

    yield open_
    assert all((watch.outside, watch.errors) == ([], []) for watch in watches), [watch.errors for watch in watches]


@pytest.fixture
def show(open_page, root, tmp_path):
    """show(widget, width, dark) -> page, in a folder that holds nothing but the page, the book's host and plotly.js."""
    os.symlink(root / "book/assets/course-host.js", tmp_path / "course-host.js")
    os.symlink(PLOTLY_JS.parent, tmp_path / "plotly")
    watches = []

    def show_(widget, width=1280, dark=False):
        data = embed_data(views=[widget], drop_defaults=False)
        loaded = scripts(data["manager_state"]["state"], tmp_path / "widgets")
        state, view = (
            json.dumps(part).replace("</", "<\\/") for part in (data["manager_state"], data["view_specs"][0])
        )
        file = tmp_path / "page.html"
        file.write_text(PAGE.format(theme="dark" if dark else "light", scripts=loaded, state=state, view=view), "utf8")
        page, watch = open_page(f"file://{file}", width=width, dark=dark)
        watches.append(watch)
        page.wait_for_function(
            "document.querySelectorAll('.cw-chart').length && [...document.querySelectorAll('.cw-chart')].every((chart) => chart.dataset.drawn > 0)"
        )
        return page

    yield show_
    assert [(watch.outside, watch.errors) for watch in watches] == [([], [])] * len(watches)
