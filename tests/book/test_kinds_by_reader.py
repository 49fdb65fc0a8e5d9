"""Decisions, texts and functions as a reader of the book works on them: by keyboard, judged by the arithmetic or by themselves."""

from __future__ import annotations

import json

import pytest
from accessible import broken_rules
from one_question import ROOT, practice, write_page

from courseware.questions import load_questions


def demo(kind):
    return load_questions(ROOT / f"tests/data/kinds/{kind}.yml")[0]


@pytest.fixture
def three(tmp_path, open_page):
    """A decision, a text and a function on one page; the graded demonstrations are practice here."""
    questions = [demo(kind) for kind in ("decision", "written", "code")]
    for question in questions:
        object.__setattr__(question, "use", "practice")
    page, watch = open_page(write_page(tmp_path, *map(practice, questions)))
    page.wait_for_selector("html[data-course-widgets=ready]")
    yield page
    assert not watch.errors and not watch.outside


def box(page, id_):
    return page.locator(f'.cw-question[data-question="{id_}"]')


def kept(page, id_):
    return json.loads(page.evaluate("localStorage.getItem('course-progress')") or "{}").get("questions", {}).get(id_)


def test_a_decision_is_ranked_as_it_is_weighed_and_checked(three):
    here = box(three, "demo-10")
    ranking = here.get_by_role("table", name="Ranking by your weights")
    here.get_by_role("button", name="Check").click()
    assert here.locator(".cw-status").inner_text() == "Set the weights, then choose one option."
    # equal weights: India 19/3, Poland 19/3, Philippines 16/3
    rows = [row.inner_text().split() for row in ranking.locator("tbody tr").all()]
    assert rows == [["India", "1", "6.33"], ["Poland", "1", "6.33"], ["Philippines", "3", "5.33"]]
    here.get_by_role("spinbutton", name="English, as a number").fill("8")
    here.get_by_role("slider", name="Few disasters", exact=True).focus()
    three.keyboard.press("Home")
    # 5, 8, 0 of 13: Philippines 99/13, India 85/13, Poland 71/13
    assert [row.inner_text().split()[0] for row in ranking.locator("tbody tr").all()] == [
        "Philippines",
        "India",
        "Poland",
    ]
    here.get_by_role("status").filter(has_text="Philippines first, 7.62. The order changed.").wait_for(state="attached")
    here.get_by_role("radio", name="India").check()
    here.get_by_role("button", name="Check").click()
    assert (
        here.locator(".cw-status").inner_text()
        == "Your weights put Philippines first, not India. 0 of 3 conditions hold. One more try."
    )
    assert "follows from the weights" not in here.inner_text()
    for name, weight in {"Low cost": 5, "English": 2, "Few disasters": 3}.items():
        here.get_by_role("spinbutton", name=f"{name}, as a number").fill(str(weight))
    here.get_by_role("button", name="Check again").click()
    assert here.locator(".cw-status").inner_text() == "Your choice is first by your weights. 3 of 3 conditions hold."
    assert "A choice follows from the weights." in here.inner_text() and here.get_by_role("slider").first.is_disabled()
    assert kept(three, "demo-10")["right"] is True and kept(three, "demo-10")["answer"]["weights"] == {
        "cost": 5,
        "talk": 2,
        "risk": 3,
    }


def test_a_reader_judges_a_text_and_loses_none_of_it(three):
    here = box(three, "demo-09")
    text, compare = (
        here.get_by_role("textbox", name="Your answer"),
        here.get_by_role("button", name="Compare with a model answer"),
    )
    compare.click()
    assert here.locator(".cw-status").inner_text() == "Write your answer first."
    text.press_sequentially("In Manila")
    assert here.get_by_text("2 of 5 to 8 words", exact=True).is_visible()
    compare.click()
    assert (
        here.locator(".cw-status").inner_text() == "2 of 5 to 8 words: write 3 more."
        and "for talk" not in here.inner_text()
    )
    three.reload()
    assert text.input_value() == "In Manila", "what was begun outlives a reload"
    text.press("End")
    text.press_sequentially(" for the cost.")
    text.press("Tab")
    assert three.evaluate("document.activeElement.textContent") == "Compare with a model answer", "Tab leaves the text"
    three.keyboard.press("Enter")
    assert "In Manila, for cost and for talk." in here.inner_text()
    assert here.locator(".cw-status").inner_text() == "Compare yours with it. Did you have it?"
    entry = kept(three, "demo-09")
    assert (entry["done"], entry["right"], entry["answer"]) == (True, False, "In Manila for the cost.")
    here.get_by_role("button", name="I had it").click()
    assert kept(three, "demo-09")["right"] is kept(three, "demo-09")["firstRight"] is True
    three.reload()
    assert text.input_value() == "In Manila for the cost."
    assert here.get_by_role("button", name="I had it").get_attribute("aria-pressed") == "true"
    here.get_by_role("button", name="Start this question again").click()
    assert text.input_value() == "In Manila for the cost." and "for talk" not in here.inner_text()


def test_a_function_is_compared_with_a_solution(three):
    here = box(three, "demo-08")
    assert (
        here.get_by_role("table", name="Examples for cagr")
        .get_by_role("rowheader", name="cagr(100, 121, 2)")
        .is_visible()
    )
    text = here.get_by_role("textbox", name="Your function")
    assert text.input_value().startswith("def cagr(start, end, years):")
    here.get_by_role("button", name="Show a solution").click()
    assert here.locator(".cw-status").inner_text() == "Write the function cagr first."
    text.fill("def cagr(a, b, c):\n    return 0")
    here.get_by_role("button", name="Show a solution").click()
    assert "(1 / years) - 1" in here.inner_text() and kept(three, "demo-08")["done"] is True
    here.get_by_role("button", name="Not yet").click()
    assert "comes again" in here.locator(".cw-status").inner_text() and kept(three, "demo-08")["right"] is False


def test_nothing_is_in_the_way_of_a_screen_reader(three):
    three.set_viewport_size({"width": 390, "height": 800})
    for id_, button in (("demo-09", "Compare with a model answer"), ("demo-08", "Show a solution")):
        box(three, id_).get_by_role("textbox").fill("one two three four five six")
        box(three, id_).get_by_role("button", name=button).click()
    box(three, "demo-10").get_by_role("radio", name="Poland").check()
    for _ in range(2):
        box(three, "demo-10").get_by_role("button", name="Check").click()
    assert three.evaluate("document.documentElement.scrollWidth") <= 390
    assert broken_rules(three, ".cw-question") == []
