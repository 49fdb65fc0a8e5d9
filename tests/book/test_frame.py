"""The frame of each page: the first page, the place in the course, what is answered, the reader's path and where they left off."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from accessible import broken_rules
from widget_page import READY

ROOT = Path(__file__).resolve().parents[2]
PATHS = yaml.safe_load((ROOT / "book/paths.yml").read_text("utf8"))


def test_the_first_page_says_what_the_words_are_and_where_to_start(built_book, open_page):
    page, watch = open_page(f"file://{built_book}/index.html", width=390, height=844)
    page.wait_for_function(READY)
    words = page.locator("article").inner_text()
    assert "business process outsourcing" in words and "knowledge process outsourcing" in words
    for part in (
        page.get_by_text("business process outsourcing").first,
        page.locator(".start"),
        page.locator(".course-sum"),
    ):
        box = part.bounding_box()
        assert box["y"] + box["height"] <= 844
    assert page.locator(".start").count() == 1 and "make " not in words
    assert page.title() and page.locator("meta[name=description]").count() == 1
    assert page.locator(".cw-question").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator(".start").click()
    page.wait_for_url("**/book/foundations/what-is-bpo.html")
    assert (watch.outside, watch.errors) == ([], [])


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_first_page_is_accessible(book_url, open_page, width, dark):
    page, watch = open_page(f"{book_url}/index.html", width=width, dark=dark)
    page.wait_for_function(READY)
    assert broken_rules(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= width
    assert (watch.outside, watch.errors) == ([], [])


def test_each_path_is_a_list_with_minutes_that_add_up(built_book, open_page):
    page, _ = open_page(f"file://{built_book}/index.html")
    for name, path in PATHS.items():
        box = page.locator(f".course-path[data-path={name}]")
        minutes = [int(re.search(r"(\d+) min", text)[1]) for text in box.locator("li").all_inner_texts()]
        assert len(minutes) == len(path["pages"]) and all(0 < one <= 30 for one in minutes)
        total = box.locator("h3 small").inner_text()
        hours = float(total.split()[0]) if total.endswith("h") else int(total.split()[0]) / 60
        assert abs(hours - sum(minutes) / 60) < 0.06 and hours <= 4.5


def test_pages_before_and_after_are_those_of_the_readers_path(book_url, open_page):
    page, watch = open_page(f"{book_url}/index.html")
    page.locator(".course-path[data-path=buyer] a", has_text="BPO and KPO side by side").click()
    page.wait_for_url("**/side-by-side.html")
    assert page.locator(".step").inner_text() == f"Buyer: step 3 of {len(PATHS['buyer']['pages'])}"
    assert "Rules and judgement" in page.locator(".turn [rel=next]").inner_text()
    page.locator(".turn [rel=prev]").click()
    page.wait_for_url("**/what-is-kpo.html")
    page.goto(f"{book_url}/index.html")
    assert page.locator(".go-on").inner_text() == "Go on: What is KPO?"
    page.locator(".go-on").click()
    page.wait_for_url("**/what-is-kpo.html")
    assert (watch.outside, watch.errors) == ([], [])


def test_what_is_answered_stands_above_the_page_and_in_the_list(book_url, open_page):
    page, watch = open_page(f"{book_url}/book/foundations/what-is-bpo.html")
    asks = page.locator(".frame").get_attribute("data-asks").split()
    kept = {"schema": 1, "questions": {asks[0]: {"tries": 1, "answer": "a", "done": True, "right": True}}}
    page.evaluate("(kept) => localStorage.setItem('course-progress', kept)", json.dumps(kept))
    page.reload()
    assert page.locator(".answered").inner_text() == f"1 of {len(asks)} questions answered"
    ring = page.locator(".book a[aria-current=page] .ring")
    assert ring.get_attribute("data-done") == "some"
    assert f"1 of {len(asks)} questions answered" in page.locator(".book a[aria-current=page]").inner_text()
    for broken in ("{", "[]", '{"questions": 3}', '{"questions": {"foundations-01": null}}'):
        page.evaluate("(kept) => localStorage.setItem('course-progress', kept)", broken)
        page.reload()
        assert page.locator(".answered").inner_text() == f"0 of {len(asks)} questions answered"
    assert (watch.outside, watch.errors) == ([], [])


def test_the_last_page_of_a_learner_does_not_lead_to_the_instructors(built_book):
    for page in built_book.rglob("*.html"):
        if "book/teaching" in str(page) or "redirect" in page.read_text("utf8")[:300].lower():
            continue
        turn = re.search(r'<nav class="turn".*?</nav>', page.read_text("utf8"), re.DOTALL)
        assert turn is None or "teaching/" not in turn[0], page


def test_a_blocked_storage_is_no_error(built_book, open_page):
    page, watch = open_page("about:blank", alone=True)
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    page.goto(f"file://{built_book}/index.html")
    page.wait_for_function(READY)
    page.get_by_role("button", name=re.compile("^Colours")).click()
    assert page.locator("html").get_attribute("data-theme") == "light" and watch.errors == []
