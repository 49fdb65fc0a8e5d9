"""The host that runs the book's widgets: from a folder of files, one that cannot start, and their code once a page."""

from __future__ import annotations

import json
import re

from widget_page import HOW_BIG, READY, SIDE_BY_SIDE, expect_status, start


def test_widgets_run_from_files(built_book, open_page):
    page, watch = start(open_page, f"file://{built_book}/{SIDE_BY_SIDE}")
    page.locator(".cw-comparison").get_by_role("radio", name="KPO only").check()
    expect_status(page, ".cw-comparison", "KPO only")
    page.wait_for_function("location.hash.includes('show=kpo')")
    page.goto(f"file://{built_book}/{HOW_BIG}")
    page.wait_for_function("document.querySelector('.cw-growth .cw-chart')?.dataset.drawn > 0")
    assert (watch.outside, watch.errors) == ([], [])


def test_a_widget_that_cannot_start_says_so(built_book, open_page, tmp_path):
    html = (built_book / SIDE_BY_SIDE).read_text("utf8")
    assert html.count('"model_module": "anywidget"') >= 1
    broken = html.replace('"model_module": "anywidget"', '"model_module": "@jupyter-widgets/controls"', 1)
    page, watch = open_page(f"file://{built_book}/{SIDE_BY_SIDE}", alone=True)
    page.route(
        f"file://{built_book}/{SIDE_BY_SIDE}", lambda route: route.fulfill(body=broken, content_type="text/html")
    )
    page.reload()
    page.wait_for_function(READY)
    assert (
        page.locator(".course-widget-failed").inner_text().startswith("This interactive element could not start here")
    )
    assert any("the book cannot run the widget" in error for error in watch.errors)


def test_a_page_holds_the_code_of_its_widgets_once(built_book):
    html = (built_book / HOW_BIG).read_text("utf8")
    states = [json.loads(body)["state"] for body in re.findall(r'widget-state\+json">(.*?)</script>', html, re.DOTALL)]
    parts = [
        model["state"][part]
        for state in states
        for model in state.values()
        for part in ("_esm", "_css")
        if part in model["state"]
    ]
    texts = [part for part in parts if isinstance(part, str)]
    assert len(texts) == len(set(texts)) < len(parts)
