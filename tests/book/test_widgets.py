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
    page.wait_for_function(READY)
    page.evaluate("document.querySelector('.cw-growth').scrollIntoView()")
    page.wait_for_function("document.querySelector('.cw-growth .cw-chart')?.dataset.drawn > 0")
    assert (watch.outside, watch.errors) == ([], [])


def test_a_widget_that_cannot_start_says_so(built_book, open_page, tmp_path):
    html = (built_book / SIDE_BY_SIDE).read_text("utf8")
    assert html.count('"model_module":"anywidget"') >= 1
    broken = html.replace('"model_module":"anywidget"', '"model_module": "@jupyter-widgets/controls"', 1)
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


def test_pages_share_the_code_of_their_widgets_in_files(built_book):
    for page in (HOW_BIG, SIDE_BY_SIDE):
        html = (built_book / page).read_text("utf8")
        bodies = re.findall(r'widget-state\+json">(.*?)</script>', html, re.DOTALL)
        models = [model["state"] for body in bodies for model in json.loads(body)["state"].values()]
        named = {f"{model['_esm']}.js" for model in models}
        assert named and not any("_css" in model for model in models)
        assert set(re.findall(r'src="[^"]*_static/widgets/([^"]+)"', html)) == named
        assert all((built_book / "_static/widgets" / name).is_file() for name in named)
